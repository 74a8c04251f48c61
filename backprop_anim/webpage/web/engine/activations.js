/**
 * Activation functions and their derivatives, as they are in Python; arrays hold neurons one after another, samples
 * of a neuron side by side.
 *
 * @typedef {object} Activation
 * @property {boolean} outputOnly whether it may stand in the last layer alone
 * @property {(z: Float64Array, a: Float64Array, n: number) => void} value writes f(z) into `a`, for n neurons
 * @property {(z: Float64Array, a: Float64Array, delta: Float64Array, n: number) => void} backward turns dL/da, in
 *   `delta`, into dL/dz in place
 * @property {(z: number, a: number) => number} slope f'(z), given z and a = f(z)
 */

import { Registry } from "./parts.js";

/** @type {Registry<Activation>} */
export const activations = new Registry("activation");

/**
 * Return an activation that acts on each neuron alone, so that dL/dz = dL/da · f'(z).
 *
 * @param {(z: number) => number} f
 * @param {(z: number, a: number) => number} slope
 * @returns {Activation}
 */
function elementwise(f, slope) {
  return {
    outputOnly: false,
    slope,
    value(z, a) {
      for (let k = 0; k < z.length; k++) a[k] = f(z[k]);
    },
    backward(z, a, delta) {
      for (let k = 0; k < z.length; k++) delta[k] *= slope(z[k], a[k]);
    },
  };
}

activations.register("sigmoid", () => ({
  outputOnly: false,
  slope: (_z, a) => (1 - a) * a,
  value(z, a) {
    for (let k = 0; k < z.length; k++) a[k] = 1 / (1 + Math.exp(-z[k]));
  },
  backward(_z, a, delta) {
    for (let k = 0; k < a.length; k++) delta[k] *= (1 - a[k]) * a[k];
  },
}));
activations.register("tanh", () => ({
  outputOnly: false,
  slope: (_z, a) => 1 - a * a,
  value(z, a) {
    for (let k = 0; k < z.length; k++) a[k] = Math.tanh(z[k]);
  },
  backward(_z, a, delta) {
    for (let k = 0; k < a.length; k++) delta[k] *= 1 - a[k] * a[k];
  },
}));
activations.register("hard_tanh", () =>
  elementwise(
    (z) => Math.min(1, Math.max(-1, z)),
    (z) => (Math.abs(z) < 1 ? 1 : 0),
  ),
);
activations.register("relu", () =>
  elementwise(
    (z) => Math.max(z, 0),
    (z) => (z > 0 ? 1 : 0),
  ),
);
activations.register("leaky_relu", ({ slope = 0.01 }) =>
  elementwise(
    (z) => Math.max(slope * z, z),
    (z) => (z > 0 ? 1 : slope),
  ),
);
activations.register("elu", ({ alpha = 1 }) =>
  elementwise(
    (z) => (z > 0 ? z : alpha * Math.expm1(z)),
    (z) => (z > 0 ? 1 : alpha * Math.exp(z)),
  ),
);
activations.register("selu", () => {
  const alpha = 1.6732632423543772; // both constants as NumPy holds them: Klambauer et al. (2017), appendix A1
  const scale = 1.0507009873554805;
  return elementwise(
    (z) => scale * (z > 0 ? z : alpha * Math.expm1(z)),
    (z) => scale * (z > 0 ? 1 : alpha * Math.exp(z)),
  );
});
activations.register("swish", () =>
  elementwise(
    (z) => z / (1 + Math.exp(-z)),
    (z) => {
      const gate = 1 / (1 + Math.exp(-z));
      return gate * (1 + z * (1 - gate));
    },
  ),
);
activations.register("gelu", () => {
  const root = Math.sqrt(2 / Math.PI);
  const cubic = 0.044715;
  /** @param {number} z */
  const bend = (z) => Math.tanh(root * z * (1 + cubic * z * z));
  return elementwise(
    (z) => 0.5 * z * (1 + bend(z)),
    (z) => {
      const t = bend(z);
      return 0.5 * z * (1 - t * t) * root * (1 + 3 * cubic * z * z) + 0.5 * (1 + t);
    },
  );
});
activations.register("softplus", () =>
  elementwise(
    (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    (z) => 1 / (1 + Math.exp(-z)),
  ),
);
activations.register("sine", ({ frequency = 1 }) =>
  elementwise(
    (z) => Math.sin(frequency * z),
    (z) => frequency * Math.cos(frequency * z),
  ),
);
activations.register("linear", () => ({
  outputOnly: false,
  slope: () => 1,
  value(z, a) {
    a.set(z);
  },
  backward() {},
}));
activations.register("softmax", () => ({
  outputOnly: true,
  slope: (_z, a) => a * (1 - a),
  value(z, a, n) {
    const count = z.length / n;
    for (let s = 0; s < count; s++) {
      let most = -Infinity;
      for (let k = s; k < z.length; k += count) if (z[k] > most) most = z[k];
      let sum = 0;
      for (let k = s; k < z.length; k += count) sum += a[k] = Math.exp(z[k] - most);
      for (let k = s; k < z.length; k += count) a[k] /= sum;
    }
  },
  backward(_z, a, delta, n) {
    const count = a.length / n; // the transposed Jacobian: dL/dz = a · (dL/da − Σ a·dL/da)
    for (let s = 0; s < count; s++) {
      let sum = 0;
      for (let k = s; k < a.length; k += count) sum += a[k] * delta[k];
      for (let k = s; k < a.length; k += count) delta[k] = a[k] * (delta[k] - sum);
    }
  },
}));
