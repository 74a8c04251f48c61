/**
 * The forward and the backward pass over a batch, in buffers that are allocated once; samples run along the inner
 * loops, and each layer is one pass over its numbers.
 *
 *     z = W a + b,  a = f(z),  δ = dL/da · f'(z),  δ of the layer before = Wᵀ δ · f',  dL/dW = δ aᵀ
 */

/** @typedef {import("./losses.js").Loss} Loss */
/** @typedef {import("./network.js").Network} Network */

export class Backprop {
  /**
   * @param {Network} network
   * @param {Loss} loss
   * @param {number} count samples in a batch
   */
  constructor(network, loss, count) {
    this.network = network;
    this.loss = loss;
    this.count = count;
    const rows = network.sizes.map((n) => n * count);
    /** Activations of layers 0 … L, the first being the inputs. */
    this.a = rows.map((length) => new Float64Array(length));
    /** Pre-activations and deltas of layers 1 … L, at their layer's number; the first is empty. */
    this.z = rows.map((length, layer) => new Float64Array(layer ? length : 0));
    this.delta = rows.map((length, layer) => new Float64Array(layer ? length : 0));
  }

  /**
   * Send the samples in `a[0]` through the network.
   *
   * @param {Float64Array} parameters
   * @returns {Float64Array} the last activations, which the next call overwrites
   */
  forward(parameters) {
    const { network, count } = this;
    for (let layer = 1; layer < network.sizes.length; layer++) {
      this.weigh(layer, parameters);
      network.activations[layer - 1].value(this.z[layer], this.a[layer], network.sizes[layer]);
    }
    return this.a[network.depth].subarray(0, network.sizes[network.depth] * count);
  }

  /**
   * Write z = W a + b of a layer.
   *
   * @param {number} layer
   * @param {Float64Array} parameters
   */
  weigh(layer, parameters) {
    const { network, count } = this;
    const inputs = network.sizes[layer - 1];
    const width = network.width(layer);
    const before = this.a[layer - 1];
    const z = this.z[layer];
    let row = network.offsets[layer - 1];
    for (let start = 0; start < z.length; start += count, row += width) {
      const bias = network.bias ? parameters[row + inputs] : 0;
      for (let s = 0; s < count; s++) {
        let sum = bias;
        for (let i = 0, at = s; i < inputs; i++, at += count) sum += parameters[row + i] * before[at];
        z[start + s] = sum;
      }
    }
  }

  /**
   * @param {Float64Array} targets
   * @returns {number} the loss of the last forward pass
   */
  lossValue(targets) {
    const { depth } = this.network;
    return this.loss.value(this.z[depth], this.a[depth], targets, this.count);
  }

  /**
   * Fill `gradient`, dL/dp, for the last forward pass.
   *
   * @param {Float64Array} parameters
   * @param {Float64Array} targets
   * @param {Float64Array} gradient
   */
  backward(parameters, targets, gradient) {
    const { network, loss, count } = this;
    const last = network.depth;
    loss.gradient(this.z[last], this.a[last], targets, count, this.delta[last]);
    for (let layer = last; layer > 0; layer--) {
      if (layer < last) this.pullBack(layer, parameters);
      if (layer < last || !loss.output) {
        network.activations[layer - 1].backward(this.z[layer], this.a[layer], this.delta[layer], network.sizes[layer]);
      }
      this.collect(layer, gradient);
    }
  }

  /**
   * Write dL/da of a layer, which is Wᵀ δ of the next, into its delta.
   *
   * @param {number} layer
   * @param {Float64Array} parameters
   */
  pullBack(layer, parameters) {
    const { network, count } = this;
    const delta = this.delta[layer];
    const next = this.delta[layer + 1];
    const units = network.sizes[layer + 1];
    const width = network.width(layer + 1);
    const offset = network.offsets[layer];
    for (let i = 0, start = 0; start < delta.length; i++, start += count) {
      for (let s = 0; s < count; s++) {
        let sum = 0;
        for (let j = 0, at = s, weight = offset + i; j < units; j++, at += count, weight += width) {
          sum += parameters[weight] * next[at];
        }
        delta[start + s] = sum;
      }
    }
  }

  /**
   * Write dL/dW = δ aᵀ and dL/db = Σ δ of a layer.
   *
   * @param {number} layer
   * @param {Float64Array} gradient
   */
  collect(layer, gradient) {
    const { network, count } = this;
    const inputs = network.sizes[layer - 1];
    const width = network.width(layer);
    const before = this.a[layer - 1];
    const delta = this.delta[layer];
    let row = network.offsets[layer - 1];
    for (let start = 0; start < delta.length; start += count, row += width) {
      for (let i = 0, from = 0; i < inputs; i++, from += count) {
        let sum = 0;
        for (let s = 0; s < count; s++) sum += delta[start + s] * before[from + s];
        gradient[row + i] = sum;
      }
      if (network.bias) {
        let sum = 0;
        for (let s = 0; s < count; s++) sum += delta[start + s];
        gradient[row + inputs] = sum;
      }
    }
  }
}
