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
initializers.register("zeros", () => (network) => new Float64Array(network.parameterCount));
