/**
 * How the first weights are drawn, from the page's own random numbers.
 *
 * @typedef {(network: import("./network.js").Network, random: import("./random.js").Random) => Float64Array} Draw
 */

import { Registry } from "./parts.js";

/** @type {Registry<Draw>} */
export const initializers = new Registry("initializer");

/**
 * Draw layer by layer, W before b, as the Python engine does.
 *
 * @param {import("./network.js").Network} network
 * @param {boolean} sameBias whether biases are drawn like weights; otherwise they are zeros
 * @param {(inputs: number, outputs: number) => number} draw
 */
function fill(network, sameBias, draw) {
  const parameters = new Float64Array(network.parameterCount);
  for (let layer = 1; layer < network.sizes.length; layer++) {
    const [inputs, outputs] = [network.sizes[layer - 1], network.sizes[layer]];
    for (let unit = 0; unit < outputs; unit++) {
      for (let source = 0; source < inputs; source++) {
        parameters[network.index(layer, unit, source)] = draw(inputs, outputs);
      }
    }
    for (let unit = 0; unit < outputs && network.bias && sameBias; unit++) {
      parameters[network.index(layer, unit, -1)] = draw(inputs, outputs);
    }
  }
  return parameters;
}

/**
 * Draw vectors of length 1 at right angles to each other, all directions equally likely: the method of Gram and
 * Schmidt, each projection taken off twice so that rounding leaves none of it.
 *
 * @param {number} count at most `size`
 * @param {number} size
 * @param {import("./random.js").Random} random
 */
function rightAngles(count, size, random) {
  /** @type {Float64Array[]} */
  const found = [];
  while (found.length < count) {
    const vector = Float64Array.from({ length: size }, () => random.normal());
    for (const other of [...found, ...found]) {
      const share = product(vector, other);
      for (let k = 0; k < size; k++) vector[k] -= share * other[k];
    }
    const length = Math.sqrt(product(vector, vector));
    if (length > 1e-8) found.push(vector.map((number) => number / length));
  }
  return found;
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function product(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

initializers.register(
  "normal",
  ({ scale = 0.5, bias = "zeros" }) =>
    (network, random) =>
      fill(network, bias === "same", () => scale * random.normal()),
);
initializers.register(
  "uniform",
  ({ low = -0.5, high = 0.5, bias = "zeros" }) =>
    (network, random) =>
      fill(network, bias === "same", () => low + (high - low) * random.uniform()),
);
initializers.register(
  "xavier",
  ({ bias = "zeros" }) =>
    (network, random) =>
      fill(network, bias === "same", (inputs, outputs) => Math.sqrt(2 / (inputs + outputs)) * random.normal()),
);
initializers.register(
  "he",
  ({ bias = "zeros" }) =>
    (network, random) =>
      fill(network, bias === "same", (inputs) => Math.sqrt(2 / inputs) * random.normal()),
);
initializers.register(
  "lecun",
  ({ bias = "zeros" }) =>
    (network, random) =>
      fill(network, bias === "same", (inputs) => Math.sqrt(1 / inputs) * random.normal()),
);
initializers.register("orthogonal", ({ gain = 1 }) => (network, random) => {
  const parameters = new Float64Array(network.parameterCount);
  for (let layer = 1; layer < network.sizes.length; layer++) {
    const [inputs, outputs] = [network.sizes[layer - 1], network.sizes[layer]];
    const turned = rightAngles(Math.min(inputs, outputs), Math.max(inputs, outputs), random);
    for (let unit = 0; unit < outputs; unit++) {
      for (let source = 0; source < inputs; source++) {
        const number = outputs >= inputs ? turned[source][unit] : turned[unit][source];
        parameters[network.index(layer, unit, source)] = gain * number;
      }
    }
  }
  return parameters;
});
initializers.register("zeros", () => (network) => new Float64Array(network.parameterCount));
