/**
 * A network of objects, one for each neuron and each link, worked one sample at a time: the design that TensorFlow
 * Playground's nn.ts made well known, written anew as what the page's engine is measured beside. Derivatives add up in
 * the objects until `update` is called.
 */

const KINDS = {
  sigmoid: {
    value: (z) => 1 / (1 + Math.exp(-z)),
    slope(z) {
      const a = this.value(z);
      return a * (1 - a);
    },
  },
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  linear: { value: (z) => z, slope: () => 1 },
};

class Link {
  constructor(from, to, weight) {
    this.from = from;
    this.to = to;
    this.weight = weight;
    this.slopes = 0;
  }
}

class Neuron {
  constructor(kind, bias) {
    this.kind = kind;
    this.bias = bias;
    /** @type {Link[]} */
    this.incoming = [];
    /** @type {Link[]} */
    this.outgoing = [];
    this.z = 0;
    this.a = 0;
    this.delta = 0;
    this.slopes = 0;
  }

  fire() {
    this.z = this.bias;
    for (const link of this.incoming) this.z += link.weight * link.from.a;
    this.a = this.kind.value(this.z);
  }

  /** @param {number} blame dL/da */
  learn(blame) {
    this.delta = blame * this.kind.slope(this.z);
    this.slopes += this.delta;
    for (const link of this.incoming) link.slopes += this.delta * link.from.a;
  }

  blame() {
    let sum = 0;
    for (const link of this.outgoing) sum += link.weight * link.to.delta;
    return sum;
  }
}

export class ObjectNetwork {
  /**
   * @param {number[]} sizes
   * @param {string[]} activations of the layers after the input
   * @param {ArrayLike<number>} parameters layer by layer, for each neuron its weights, then its bias
   */
  constructor(sizes, activations, parameters) {
    let next = 0;
    this.layers = [Array.from({ length: sizes[0] }, () => new Neuron(KINDS.linear, 0))];
    for (let layer = 1; layer < sizes.length; layer++) {
      const before = this.layers[layer - 1];
      this.layers.push(
        Array.from({ length: sizes[layer] }, () => {
          const neuron = new Neuron(KINDS[activations[layer - 1]], 0);
          for (const from of before) {
            const link = new Link(from, neuron, parameters[next++]);
            neuron.incoming.push(link);
            from.outgoing.push(link);
          }
          neuron.bias = parameters[next++];
          return neuron;
        }),
      );
    }
  }

  /** @param {number[]} inputs */
  forward(inputs) {
    this.layers[0].forEach((neuron, k) => {
      neuron.a = inputs[k];
    });
    for (const layer of this.layers.slice(1)) for (const neuron of layer) neuron.fire();
  }

  /**
   * Add up the derivatives of a sample's squared error.
   *
   * @param {number[]} target
   * @returns {number} the error
   */
  backward(target) {
    let loss = 0;
    this.layers[this.layers.length - 1].forEach((neuron, k) => {
      const off = neuron.a - target[k];
      loss += off * off;
      neuron.learn(2 * off);
    });
    for (let layer = this.layers.length - 2; layer > 0; layer--) {
      for (const neuron of this.layers[layer]) neuron.learn(neuron.blame());
    }
    return loss;
  }

  /**
   * Move every weight and bias against the mean derivative, and forget it.
   *
   * @param {number} rate
   * @param {number} count samples
   * @param {number[] | null} noise factors of W1, b1, W2, …
   */
  update(rate, count, noise) {
    for (let layer = 1; layer < this.layers.length; layer++) {
      const ofWeights = (rate / count) * (noise ? noise[2 * layer - 2] : 1);
      const ofBiases = (rate / count) * (noise ? noise[2 * layer - 1] : 1);
      for (const neuron of this.layers[layer]) {
        for (const link of neuron.incoming) {
          link.weight -= ofWeights * link.slopes;
          link.slopes = 0;
        }
        neuron.bias -= ofBiases * neuron.slopes;
        neuron.slopes = 0;
      }
    }
  }

  /**
   * Make one training step.
   *
   * @param {number[][]} inputs
   * @param {number[][]} targets
   * @param {number} rate
   * @param {number[] | null} noise
   * @returns {number} the mean error before it
   */
  step(inputs, targets, rate, noise) {
    let loss = 0;
    for (let s = 0; s < inputs.length; s++) {
      this.forward(inputs[s]);
      loss += this.backward(targets[s]);
    }
    this.update(rate, inputs.length, noise);
    return loss / inputs.length;
  }
}
