/** The settings that a reader can change, by the keys of an experiment file: what is allowed, and where each is kept. */

import { activations } from "./engine/activations.js";
import { orders } from "./engine/batches.js";
import { losses } from "./engine/losses.js";
import { optimizers } from "./engine/optimizers.js";

/**
 * @typedef {import("./engine/parts.js").Part} Part
 * @typedef {import("./engine/trainer.js").TrainingSettings} TrainingSettings
 * @typedef {import("./engine/network.js").NetworkSettings} NetworkSettings
 *
 * @typedef {{network: NetworkSettings, training: TrainingSettings, init: Part, seed: number, classes: boolean}} Settings
 *
 * @typedef {object} Key
 * @property {(settings: Settings) => any} read
 * @property {(settings: Settings, value: any) => void} write a value that was checked
 * @property {(settings: Settings) => string[] | null} words the words that are allowed, or null for numbers
 * @property {[number, number]} [range] of numbers
 * @property {boolean} [whole]
 * @property {boolean} [anew] whether it needs another network
 * @property {(settings: Settings) => string} [taken] why it has to stay 0; empty where it has not
 */

export const MOST_LAYERS = 6;
export const MOST_NEURONS = 32;

/** @param {Settings} settings */
const hiddenSizes = ({ network }) => network.sizes.slice(1, -1);

/** @param {Settings} settings */
const outputKind = ({ network }) => network.activations[network.activations.length - 1].kind;

/** @type {Record<string, Key>} */
export const KEYS = {
  "training.aggression": number(1e-6, 1000, ({ training }) => training, "aggression"),
  "training.noise": number(0, 10, ({ training }) => training, "noise"),
  "training.batch": {
    read: ({ training }) => training.batch ?? "full",
    write: ({ training }, value) => {
      training.batch = value === "full" ? null : value;
    },
    words: () => null,
    range: [1, 1e6],
    whole: true,
  },
  "training.order": word(
    ({ training }) => training,
    "order",
    () => orders.names,
  ),
  "training.optimizer": word(
    ({ training }) => training,
    "optimizer",
    ({ training }) => optimizers.names.filter((kind) => !training.weight_decay || !optimizers.make({ kind }).decays),
  ),
  "training.weight_decay": {
    ...number(0, 1000, ({ training }) => training, "weight_decay"),
    taken: ({ training: { optimizer } }) =>
      optimizers.make(optimizer).decays ? `${optimizer.kind} has a weight decay of its own` : "",
  },
  "training.l1": number(0, 1000, ({ training }) => training, "l1"),
  "training.loss": word(
    ({ training }) => training,
    "loss",
    (settings) =>
      losses.names.filter((name) => {
        const { output, needsClasses } = losses.make({ kind: name });
        return (!output || output === outputKind(settings)) && (!needsClasses || settings.classes);
      }),
  ),
  "network.activation": {
    read: ({ network }) => network.activations[0].kind,
    write: ({ network }, kind) => {
      network.activations = network.activations.map((part, k, every) => (k < every.length - 1 ? { kind } : part));
    },
    words: (settings) =>
      hiddenSizes(settings).length
        ? activations.names.filter((name) => !activations.make({ kind: name }).outputOnly)
        : [],
  },
  "network.hidden": {
    read: hiddenSizes,
    write: ({ network }, sizes) => {
      const parts = network.activations;
      const hidden = parts.length > 1 ? parts[0] : { kind: "tanh" };
      network.activations = [...sizes.map(() => hidden), parts[parts.length - 1]];
      network.sizes = [network.sizes[0], ...sizes, network.sizes[network.sizes.length - 1]];
    },
    words: () => null,
    anew: true,
  },
  seed: { ...number(0, 2 ** 32 - 1, (settings) => settings, "seed"), whole: true, anew: true },
};

/**
 * @param {number} low
 * @param {number} high
 * @param {(settings: Settings) => any} holder
 * @param {string} name
 * @returns {Key}
 */
function number(low, high, holder, name) {
  return {
    read: (settings) => holder(settings)[name] ?? 0,
    write: (settings, value) => {
      holder(settings)[name] = value;
    },
    words: () => null,
    range: [low, high],
  };
}

/**
 * @param {(settings: Settings) => any} holder
 * @param {string} name
 * @param {(settings: Settings) => string[]} words
 * @returns {Key}
 */
function word(holder, name, words) {
  return {
    read: (settings) => holder(settings)[name].kind,
    write: (settings, kind) => {
      holder(settings)[name] = { kind };
    },
    words,
  };
}

/**
 * Return a value as a setting takes it.
 *
 * @param {string} key
 * @param {any} value
 * @param {Settings} settings
 * @returns {any}
 * @throws {RangeError} with what is allowed
 */
export function checked(key, value, settings) {
  const setting = Object.hasOwn(KEYS, key) ? KEYS[key] : null;
  if (!setting) throw new RangeError(`there is no setting ${key}; there are ${Object.keys(KEYS).join(", ")}`);
  if (key === "network.hidden") return checkedSizes(value);
  const words = setting.words(settings);
  if (words) {
    if (!words.includes(value)) throw new RangeError(`${key} is one of ${words.join(", ")}, not ${value}`);
    return value;
  }
  if (key === "training.batch" && value === "full") return value;
  const [low, high] = setting.range ?? [0, 0];
  if (typeof value !== "number" || !(value >= low && value <= high) || (setting.whole && !Number.isInteger(value))) {
    const kind = setting.whole ? "a whole number" : "a number";
    const full = key === "training.batch" ? "full, or " : "";
    throw new RangeError(`${key} is ${full}${kind} from ${low} to ${high}, not ${value}`);
  }
  const taken = value && setting.taken?.(settings);
  if (taken) throw new RangeError(`${key} stays 0: ${taken}`);
  return value;
}

/** @param {any} value */
function checkedSizes(value) {
  const fits = (/** @type {any} */ n) => Number.isInteger(n) && n >= 1 && n <= MOST_NEURONS;
  const sizes = typeof value === "number" ? [value] : value;
  if (!Array.isArray(sizes) || sizes.length > MOST_LAYERS || !sizes.every(fits)) {
    const allowed = `up to ${MOST_LAYERS} layers of 1 to ${MOST_NEURONS} neurons, such as [6, 7]`;
    throw new RangeError(`network.hidden is a list of ${allowed}, not ${JSON.stringify(value)}`);
  }
  return [...sizes];
}
