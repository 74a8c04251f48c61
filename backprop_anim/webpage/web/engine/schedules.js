/**
 * How the aggression changes over a run; past its end a schedule stays at its last value.
 *
 * @typedef {(step: number, steps: number) => number} Schedule the factor of a step, counted from 0, of so many
 */

import { Registry } from "./parts.js";

/** @type {Registry<Schedule>} */
export const schedules = new Registry("schedule");

/**
 * @param {number} step
 * @param {number} steps
 * @returns {number} 0 for the first step up to 1 for the last
 */
function progress(step, steps) {
  return steps > 1 ? Math.min(1, step / (steps - 1)) : 0;
}

schedules.register("constant", () => () => 1);
schedules.register(
  "step",
  ({ every = 1000, factor = 0.5 }) =>
    (step, steps) =>
      factor ** Math.floor(Math.min(step, Math.max(0, steps - 1)) / every),
);
schedules.register(
  "linear",
  ({ final = 0.05 }) =>
    (step, steps) =>
      1 + (final - 1) * progress(step, steps),
);
schedules.register(
  "cosine",
  ({ final = 0.05 }) =>
    (step, steps) =>
      final + ((1 - final) * (1 + Math.cos(Math.PI * progress(step, steps)))) / 2,
);
