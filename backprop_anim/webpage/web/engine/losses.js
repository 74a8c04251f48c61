/**
 * Losses and their gradients at the network's output, as they are in Python; arrays hold outputs one after another,
 * samples of an output side by side.
 *
 * @typedef {object} Loss
 * @property {string} output the only output activation that it goes with, or ""; its gradient is then dL/dz
 * @property {boolean} needsClasses
 * @property {(z: Float64Array, a: Float64Array, y: Float64Array, count: number) => number} value the loss of `count`
 *   samples
 * @property {(z: Float64Array, a: Float64Array, y: Float64Array, count: number, out: Float64Array) => void} gradient
 *   writes dL/da, or dL/dz where `output` is set, into `out`
 */

import { Registry } from "./parts.js";

/** @type {Registry<Loss>} */
export const losses = new Registry("loss");

/**
 * @param {(count: number) => number} share by which the sum of squares is multiplied
 * @returns {Loss}
 */
function squares(share) {
  return {
    output: "",
    needsClasses: false,
    value(_z, a, y, count) {
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += (a[k] - y[k]) * (a[k] - y[k]);
      return sum * share(count);
    },
    gradient(_z, a, y, count, out) {
      const twice = 2 * share(count);
      for (let k = 0; k < a.length; k++) out[k] = (a[k] - y[k]) * twice;
    },
  };
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} y
 * @param {number} count
 * @param {Float64Array} out
 */
function difference(a, y, count, out) {
  for (let k = 0; k < a.length; k++) out[k] = (a[k] - y[k]) / count;
}

losses.register("mse", () => squares((count) => 1 / count));
losses.register("sse", () => squares(() => 1));
losses.register("cross_entropy", () => ({
  output: "softmax",
  needsClasses: true,
  value(z, _a, y, count) {
    let total = 0;
    for (let s = 0; s < count; s++) {
      let most = -Infinity;
      for (let k = s; k < z.length; k += count) if (z[k] > most) most = z[k];
      let sum = 0;
      let chosen = 0;
      for (let k = s; k < z.length; k += count) {
        sum += Math.exp(z[k] - most);
        chosen += y[k] * (z[k] - most);
      }
      total += Math.log(sum) - chosen;
    }
    return total / count;
  },
  gradient: (_z, a, y, count, out) => difference(a, y, count, out),
}));
losses.register("binary_cross_entropy", () => ({
  output: "sigmoid",
  needsClasses: true,
  value(z, _a, y, count) {
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += Math.max(z[k], 0) + Math.log1p(Math.exp(-Math.abs(z[k]))) - y[k] * z[k];
    return sum / count;
  },
  gradient: (_z, a, y, count, out) => difference(a, y, count, out),
}));
