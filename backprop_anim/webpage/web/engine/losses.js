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
 * @property {(a: number, y: number) => Told} [tell] how formulas write what an output adds to the loss of one sample
 *
 * @typedef {{any: string, value: string}} Told where a stands for the answer and y for the target: for every answer, and
 *   for this one; the value is empty where the output adds nothing
 */

import { Registry } from "./parts.js";

/** @type {Registry<Loss>} */
export const losses = new Registry("loss");

/**
 * @param {boolean} half whether one half of it is the loss
 * @param {(count: number) => number} part by which the sum of squares is multiplied
 * @returns {Loss}
 */
function squares(half, part) {
  const written = half ? "½(a−y)²" : "(a−y)²";
  const share = (/** @type {number} */ count) => (half ? part(count) / 2 : part(count));
  return {
    tell: () => ({ any: written, value: written }),
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

losses.register("mse", ({ half = false }) => squares(half, (count) => 1 / count));
losses.register("sse", ({ half = false }) => squares(half, () => 1));
losses.register("mae", () => ({
  output: "",
  needsClasses: false,
  tell: () => ({ any: "|a−y|", value: "|a−y|" }),
  value(_z, a, y, count) {
    let sum = 0;
    for (let k = 0; k < a.length; k++) sum += Math.abs(a[k] - y[k]);
    return sum / count;
  },
  gradient(_z, a, y, count, out) {
    for (let k = 0; k < a.length; k++) out[k] = Math.sign(a[k] - y[k]) / count;
  },
}));
losses.register("huber", ({ delta = 1 }) => ({
  output: "",
  needsClasses: false,
  tell(a, y) {
    const times = delta === 1 ? "" : `${delta}·`;
    return { any: "h(a−y)", value: Math.abs(a - y) <= delta ? "½(a−y)²" : `${times}(|a−y|−${delta / 2})` };
  },
  value(_z, a, y, count) {
    let sum = 0;
    for (let k = 0; k < a.length; k++) {
      const error = Math.abs(a[k] - y[k]);
      const inside = Math.min(error, delta);
      sum += inside * (error - inside / 2);
    }
    return sum / count;
  },
  gradient(_z, a, y, count, out) {
    for (let k = 0; k < a.length; k++) out[k] = Math.max(-delta, Math.min(delta, a[k] - y[k])) / count;
  },
}));
losses.register("cross_entropy", () => ({
  output: "softmax",
  needsClasses: true,
  tell: (_a, y) => ({ any: "−log p", value: y ? "−log(a)" : "" }),
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
  tell: (_a, y) => ({ any: "−log p", value: y >= 0.5 ? "−log(a)" : "−log(1−a)" }),
  value(z, _a, y, count) {
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += Math.max(z[k], 0) + Math.log1p(Math.exp(-Math.abs(z[k]))) - y[k] * z[k];
    return sum / count;
  },
  gradient: (_z, a, y, count, out) => difference(a, y, count, out),
}));
