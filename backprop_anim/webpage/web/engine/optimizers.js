/**
 * Rules that turn a gradient into an update, as they are in Python; all act on whole flat vectors of parameters.
 *
 * @typedef {object} Optimizer
 * @property {boolean} [decays] whether it makes weights smaller by itself
 * @property {number} memorySize how many vectors it carries from step to step; they start as zeros
 * @property {(gradient: Float64Array, rate: number, step: number, memory: Float64Array[], parameters: Float64Array,
 *   out: Float64Array) => void} update writes Δp into `out` and brings `memory` up to date; `step` counts from 1,
 *   `parameters` is the state that the update leaves
 */

import { Registry } from "./parts.js";

/** @type {Registry<Optimizer>} */
export const optimizers = new Registry("optimizer");

optimizers.register("sgd", () => ({
  memorySize: 0,
  update(gradient, rate, _step, _memory, _parameters, out) {
    for (let k = 0; k < out.length; k++) out[k] = -rate * gradient[k];
  },
}));
/**
 * @param {number} momentum how much of the velocity stays
 * @param {boolean} ahead whether the step is made with the velocity that the next gradient will find
 * @returns {Optimizer}
 */
function inertia(momentum, ahead) {
  return {
    memorySize: 1,
    update(gradient, rate, _step, [velocity], _parameters, out) {
      for (let k = 0; k < out.length; k++) {
        velocity[k] = momentum * velocity[k] + gradient[k];
        out[k] = -rate * (ahead ? momentum * velocity[k] + gradient[k] : velocity[k]);
      }
    },
  };
}

/**
 * @param {{beta1?: number, beta2?: number, epsilon?: number}} options
 * @param {number} decay of each parameter, as a share of the rate
 * @returns {Optimizer}
 */
function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }, decay) {
  return {
    memorySize: 2,
    update(gradient, rate, step, [mean, square], parameters, out) {
      const first = -rate / (1 - beta1 ** step);
      const second = 1 / (1 - beta2 ** step);
      for (let k = 0; k < out.length; k++) {
        mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
        square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
        out[k] = (first * mean[k]) / (Math.sqrt(square[k] * second) + epsilon) - rate * decay * parameters[k];
      }
    },
  };
}

optimizers.register("momentum", ({ momentum = 0.9, nesterov = false }) => inertia(momentum, nesterov));
optimizers.register("nesterov", ({ momentum = 0.9 }) => inertia(momentum, true));
optimizers.register("adagrad", ({ epsilon = 1e-10 }) => ({
  memorySize: 1,
  update(gradient, rate, _step, [squares], _parameters, out) {
    for (let k = 0; k < out.length; k++) {
      squares[k] += gradient[k] * gradient[k];
      out[k] = (-rate * gradient[k]) / (Math.sqrt(squares[k]) + epsilon);
    }
  },
}));
optimizers.register("rmsprop", ({ decay = 0.99, epsilon = 1e-8 }) => ({
  memorySize: 1,
  update(gradient, rate, _step, [square], _parameters, out) {
    for (let k = 0; k < out.length; k++) {
      square[k] = decay * square[k] + (1 - decay) * gradient[k] * gradient[k];
      out[k] = (-rate * gradient[k]) / (Math.sqrt(square[k]) + epsilon);
    }
  },
}));
optimizers.register("adam", (options) => adam(options, 0));
optimizers.register("adamw", ({ weight_decay = 0.01, ...options }) => ({
  ...adam(options, weight_decay),
  decays: weight_decay > 0,
}));
