/**
 * Rules that turn a gradient into an update, as they are in Python; all act on whole flat vectors of parameters.
 *
 * @typedef {object} Optimizer
 * @property {number} memorySize how many vectors it carries from step to step; they start as zeros
 * @property {(gradient: Float64Array, rate: number, step: number, memory: Float64Array[], out: Float64Array) => void}
 *   update writes Δp into `out` and brings `memory` up to date; `step` counts from 1
 */

import { Registry } from "./parts.js";

/** @type {Registry<Optimizer>} */
export const optimizers = new Registry("optimizer");

optimizers.register("sgd", () => ({
  memorySize: 0,
  update(gradient, rate, _step, _memory, out) {
    for (let k = 0; k < out.length; k++) out[k] = -rate * gradient[k];
  },
}));
optimizers.register("momentum", ({ momentum = 0.9, nesterov = false }) => ({
  memorySize: 1,
  update(gradient, rate, _step, [velocity], out) {
    for (let k = 0; k < out.length; k++) {
      velocity[k] = momentum * velocity[k] + gradient[k];
      out[k] = -rate * (nesterov ? momentum * velocity[k] + gradient[k] : velocity[k]);
    }
  },
}));
optimizers.register("rmsprop", ({ decay = 0.99, epsilon = 1e-8 }) => ({
  memorySize: 1,
  update(gradient, rate, _step, [square], out) {
    for (let k = 0; k < out.length; k++) {
      square[k] = decay * square[k] + (1 - decay) * gradient[k] * gradient[k];
      out[k] = (-rate * gradient[k]) / (Math.sqrt(square[k]) + epsilon);
    }
  },
}));
optimizers.register("adam", ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }) => ({
  memorySize: 2,
  update(gradient, rate, step, [mean, square], out) {
    const first = -rate / (1 - beta1 ** step);
    const second = 1 / (1 - beta2 ** step);
    for (let k = 0; k < out.length; k++) {
      mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
      square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
      out[k] = (first * mean[k]) / (Math.sqrt(square[k] * second) + epsilon);
    }
  },
}));
