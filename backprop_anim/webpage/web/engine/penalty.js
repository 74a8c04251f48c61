/** What large weights cost beside the loss of the data, as it is in Python; biases are free. */

/** @typedef {import("./network.js").Network} Network */

/**
 * Add the gradient of weight_decay/2 · Σw² + l1 · Σ|w|.
 *
 * @param {{weight_decay?: number, l1?: number}} strengths
 * @param {Network} network
 * @param {Float64Array} parameters
 * @param {Float64Array} gradient
 */
export function addPenalty({ weight_decay = 0, l1 = 0 }, network, parameters, gradient) {
  if (!weight_decay && !l1) return;
  for (let layer = 1; layer <= network.depth; layer++) {
    for (let unit = 0; unit < network.sizes[layer]; unit++) {
      const start = network.index(layer, unit, 0);
      for (let k = start; k < start + network.sizes[layer - 1]; k++) {
        gradient[k] += weight_decay * parameters[k] + l1 * Math.sign(parameters[k]);
      }
    }
  }
}
