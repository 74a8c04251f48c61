/** What a reader changed: as an experiment that can be trained, and as plain words for a link. */

import { Network } from "./engine/network.js";
import { Samples } from "./samples.js";
import { checked, KEYS } from "./settings.js";
import { toYaml } from "./yaml.js";

/** @typedef {import("./session.js").Session} Session */

/**
 * @param {Session} session
 * @returns {string} an experiment that gives the same run, or goes on as this one did
 */
export function yamlOf(session) {
  const { recorded, trainer } = session;
  const { experiment } = recorded.words;
  // Arrays stand in no file that a reader has: they are written down as rows.
  const task = isDataChanged(session) || experiment.task.kind === "arrays" ? { task: tableTask(session) } : {};
  if (!trainer) return toYaml({ ...experiment, ...task, ...recordedStart(session) });
  const { kind, by, ...trained } = experiment.training; // what goes on here is trained here
  const { training, network, seed } = session.settings;
  const given = arraysOf(trainer.network, session.start.parameters);
  const said = "# The same settings, data and first weights; with noise or mini-batches the course will be another.\n";
  return (
    said +
    toYaml({
      ...experiment,
      ...task,
      seed,
      network: {
        layers: network.sizes,
        activation: network.activations,
        bias: network.bias,
        init: { kind: "given", ...given },
        ...freezing(network.frozen ?? [], given),
      },
      training: {
        ...trained,
        steps: Math.max(1, trainer.step - session.start.step),
        loss: training.loss,
        optimizer: training.optimizer,
        aggression: training.aggression,
        noise: training.noise,
        batch: training.batch ?? "full",
        order: training.order,
        ...(training.weight_decay === undefined ? {} : { weight_decay: training.weight_decay }),
        ...(training.l1 === undefined ? {} : { l1: training.l1 }),
      },
    })
  );
}

/**
 * @param {Session} session
 * @returns {{network?: Record<string, any>}} the network with its first weights, where others trained it: no rule gives them
 */
function recordedStart({ recorded }) {
  const { experiment } = recorded.words;
  if (!experiment.training.by) return {};
  const given = arraysOf(recorded.network, recorded.state(0));
  return { network: { ...experiment.network, init: { kind: "given", ...given } } };
}

/**
 * @param {string[]} frozen
 * @param {Record<string, any>} arrays those that the network has
 * @returns {{freeze?: string[]}} what of a network is held still, as a file has it
 */
function freezing(frozen, arrays) {
  const freeze = frozen.filter((name) => Object.hasOwn(arrays, name));
  return freeze.length ? { freeze } : {};
}

/**
 * @param {Session} session
 * @returns {Record<string, any>} all that a reader changed, and the state that is shown, for a link
 */
export function editsOf(session) {
  const settings = Object.fromEntries(
    Object.keys(KEYS)
      .map((key) => [key, session.get(key), KEYS[key].read(session.recordedSettings())])
      .filter(([, now, then]) => JSON.stringify(now) !== JSON.stringify(then))
      .map(([key, now]) => [key, now]),
  );
  const { inputs, targets, labels } = session.samples;
  return {
    step: session.step,
    parameters: Array.from(session.shown.state.parameters),
    ...(Object.keys(settings).length ? { settings } : {}),
    ...(isDataChanged(session) ? { data: { inputs, targets, labels } } : {}),
  };
}

/**
 * Take up what a link says was changed.
 *
 * @param {Session} session
 * @param {any} edited
 * @throws {RangeError} where it does not fit this page
 */
export function redo(session, edited) {
  const settings = session.recordedSettings();
  // What is now 0 comes first: an optimizer may need it to be.
  const entries = Object.entries(edited.settings ?? {}).sort(([, one], [, other]) => +(other === 0) - +(one === 0));
  for (const [key, value] of entries) KEYS[key].write(settings, checked(key, value, settings));
  const samples = Samples.from(session.recorded);
  if (edited.data) samples.replace(edited.data);
  const size = new Network(settings.network).parameterCount;
  const { parameters, step } = edited;
  const fits = Array.isArray(parameters) && parameters.length === size && parameters.every(Number.isFinite);
  if (!fits || !Number.isInteger(step) || step < 0) throw new RangeError("its weights do not fit its network");
  session.settings = settings;
  session.samples = samples;
  session.start = { parameters: Float64Array.from(parameters), step };
  session.losses = [];
  session.renew(Float64Array.from(parameters), step);
  session.changed();
}

/**
 * @param {Session} session
 * @returns {Record<string, any>} the samples as a task of the kind table
 */
function tableTask({ samples, recorded }) {
  const { names } = recorded.words;
  const name = (/** @type {string[]} */ known, /** @type {number} */ k, /** @type {string} */ letter) =>
    known[k] || `${letter}${k + 1}`;
  const inputs = samples.inputs[0].map((_, k) => name(names.inputs, k, "x"));
  const classes = samples.labels ? ["class"] : samples.targets[0].map((_, k) => name(names.outputs, k, "y"));
  const rows = samples.inputs.map((row, s) => [
    ...row,
    ...(samples.labels ? [samples.classes[samples.labels[s]]] : samples.targets[s]),
  ]);
  return {
    kind: "table",
    columns: [...inputs, ...classes],
    rows,
    inputs,
    targets: classes,
    ...(samples.labels ? { names: { classes: names.classes } } : {}),
    ...(recorded.words.kind === "curve" ? { curve: true } : {}),
    normalize: unitsOf(recorded.words.units, inputs.length, samples.labels ? 0 : classes.length),
  };
}

/**
 * @param {import("./recorded.js").PageData["units"]} units
 * @param {number} nInputs
 * @param {number} nTargets
 * @returns {Record<string, number[]> | string} the units that the network is trained in, as a file has them
 */
function unitsOf(units, nInputs, nTargets) {
  if (!units.inputs && !units.targets) return "none";
  const same = (/** @type {number} */ n) => ({ shift: Array(n).fill(0), scale: Array(n).fill(1) });
  const inputs = units.inputs ?? same(nInputs);
  const targets = units.targets ?? same(nTargets);
  return { shift: [...inputs.shift, ...targets.shift], scale: [...inputs.scale, ...targets.scale] };
}

/**
 * @param {Session} session
 * @returns {boolean} whether the samples are not the recorded ones
 */
function isDataChanged({ samples, recorded }) {
  const { inputs, targets } = samples;
  const original = Samples.from(recorded);
  return JSON.stringify([inputs, targets]) !== JSON.stringify([original.inputs, original.targets]);
}

/**
 * @param {Network} network
 * @param {Float64Array} parameters
 * @returns {Record<string, number[] | number[][]>} W1, b1, … as lists
 */
function arraysOf(network, parameters) {
  /** @type {Record<string, number[] | number[][]>} */
  const found = {};
  for (let layer = 1; layer <= network.depth; layer++) {
    const units = Array.from({ length: network.sizes[layer] }, (_, unit) => unit);
    const sources = Array.from({ length: network.sizes[layer - 1] }, (_, source) => source);
    found[`W${layer}`] = units.map((unit) => sources.map((source) => parameters[network.index(layer, unit, source)]));
    if (network.bias) found[`b${layer}`] = units.map((unit) => parameters[network.index(layer, unit, -1)]);
  }
  return found;
}
