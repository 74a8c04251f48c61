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
schedules.register(
  "exponential",
  ({ final = 0.05 }) =>
    (step, steps) =>
      final ** progress(step, steps),
);
schedules.register("one_cycle", ({ rise = 0.3 }) => (step, steps) => {
  const now = Math.min(step, steps - 1);
  const peak = rise * steps - 1;
  const wave = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ share) =>
    to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
  if (now <= peak) return wave(1 / 25, 1, peak > 0 ? now / peak : 1);
  return wave(1, 1 / 250000, Math.max(0, (now - peak) / (steps - 1 - peak)));
});
schedules.register("warmup", ({ steps: rise = 100, start = 1 / 3, then = { kind: "constant" } }) => {
  const after = schedules.make(then);
  return (step, steps) => {
    const now = Math.min(step, steps - 1); // a run that is shorter than the rise stays where it came
    return now < rise ? start + ((1 - start) * now) / rise : after(step - rise, steps - rise);
  };
});
