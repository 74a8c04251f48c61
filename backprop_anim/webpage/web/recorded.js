/** The run that the page was made of: its kept states, losses and data; it is read once and never changes. */

import { orders } from "./engine/batches.js";
import { Network } from "./engine/network.js";
import { optimizers } from "./engine/optimizers.js";
import { schedules } from "./engine/schedules.js";
import { Trainer } from "./engine/trainer.js";
import { Given, trainedData } from "./given.js";
import { written } from "./names.js";
import { unpack } from "./packed.js";
import { Section } from "./section.js";
import { Units } from "./units.js";

/**
 * @typedef {import("./packed.js").Packed} Packed
 * @typedef {import("./engine/trainer.js").Data} Data
 * @typedef {import("./engine/trainer.js").TrainingSettings} TrainingSettings
 * @typedef {import("./engine/network.js").NetworkSettings} NetworkSettings
 * @typedef {import("./engine/parts.js").Part} Part
 * @typedef {"classes" | "curve" | "series" | "regression"} Kind
 *
 * @typedef {object} PageData what the file holds, as JSON
 * @property {string} name
 * @property {string} title
 * @property {string} subtitle
 * @property {string} stepWord
 * @property {Kind} kind
 * @property {NetworkSettings} network
 * @property {TrainingSettings} training
 * @property {string} trainedBy who trained, where it was not this program; empty otherwise
 * @property {Part} init
 * @property {number} seed
 * @property {string} lossLabel
 * @property {number} lossDecimals
 * @property {{count: number, inputs: Packed, targets: Packed, labels: Packed | null, truth: Packed | null}} data
 * @property {{inputs: string[], given: string[], outputs: string[], classes: string[]}} names `given`: of what the
 *   network is given, which may be features of the inputs
 * @property {import("./expression.js").Tree[] | null} features formulas in the inputs, in the units of the file
 * @property {{data: {count: number, inputs: Packed, targets: Packed, labels: Packed | null}, losses: Packed} | null} heldOut
 *   samples that are not trained on, and the loss over them at each kept state
 * @property {{inputs: import("./units.js").UnitWords, targets: import("./units.js").UnitWords}} units
 * @property {import("./csv.js").InputColumn[]} columns those of the file that became the inputs; none without a file
 * @property {number[]} dates which inputs are days since the start of 1970
 * @property {[number, number] | null} shownRange
 * @property {[number, number] | null} pictureSize columns and rows of the picture whose pixels the samples are
 * @property {string} hero the panel that leads; empty where none shows the task at a glance
 * @property {import("./section.js").SectionWords | null} section the plane on which two inputs are shown
 * @property {Record<string, number>} outputs which output panels show that have room for one
 * @property {{steps: Packed, ends: Packed, between: Packed | null, rows: Packed | null, batch: number,
 *   noise: Packed | null, updates: Packed | null}} states `rows` are the samples that the step from each state saw,
 *   `batch` for each, filled up with −1
 * @property {{count: number, low: Packed, high: Packed}} losses
 * @property {{count: number, low: Packed, high: Packed}} [totals] with what the weights cost, where they cost something
 * @property {{step: number, text: string}[]} milestones
 * @property {number | null} divergedAt
 * @property {string[]} panels those that the film names
 * @property {{about: string, theme: "auto" | "light" | "dark", panels: string[][]}} page
 * @property {{step: number, sample: number | null}[]} slowMotion steps that are told while the recording plays
 * @property {Record<string, Record<string, string | string[]>>} themes
 * @property {Record<string, any>} experiment
 * @property {string} untwinned parts that the engine has no twin of: such a run cannot be trained on here
 * @property {string[]} notes
 */

/** @type {import("./section.js").SectionWords} */
const NO_SECTION = { columns: [0, 1], names: ["", ""], said: "", base: [0, 0], along: [], across: [] };

/**
 * @typedef {object} HeldOut samples that are not trained on
 * @property {Data} data as the network would be trained on them
 * @property {Data} file the same in the units of the file
 * @property {number[] | null} labels
 * @property {Float64Array} losses over them at each kept state
 */

export class Recorded {
  /** @param {PageData} words */
  constructor(words) {
    this.words = words;
    this.network = new Network(words.network);
    /** What the network is given for inputs. */
    this.given = new Given(new Units(words.units.inputs), words.features);
    this.targetUnits = new Units(words.units.targets);
    const { inputs, given, outputs, classes } = words.names;
    /** The names as views write them; as the file has them they stand in `words`. */
    this.written = {
      inputs: inputs.map(written),
      given: given.map(written),
      outputs: outputs.map(written),
      classes: classes.map(written),
    };
    /** The plane of the views that have one; empty where the task has none. */
    this.section = new Section(words.section ?? NO_SECTION);
    /** @type {number[]} */
    this.steps = [];
    /** @type {Float64Array} all kept states, one after another */
    this.states = new Float64Array(0);
    /** @type {Data} */
    this.data = { inputs: new Float64Array(0), targets: new Float64Array(0), count: words.data.count };
    /** @type {Data} the same in the units of the file */
    this.file = this.data;
    /** @type {HeldOut | null} */
    this.heldOut = null;
    /** @type {number[] | null} class of each sample */
    this.labels = null;
    /** @type {Float64Array} */
    this.truth = new Float64Array(0);
    /** @type {Float64Array} */
    this.rows = new Float64Array(0);
    /** @type {Float64Array} */
    this.noise = new Float64Array(0);
    /** @type {Float64Array} */
    this.updates = new Float64Array(0);
    this.lossesLow = new Float64Array(0);
    this.lossesHigh = new Float64Array(0);
    this.totals = new Float64Array(0);
  }

  /**
   * @param {PageData} words
   * @returns {Promise<Recorded>}
   */
  static async open(words) {
    if (words.untwinned) standIn(words.training);
    const found = new Recorded(words);
    const { data, states, losses, totals = null } = words;
    const parts = [data.inputs, data.targets, data.labels, data.truth, states.steps, states.ends, states.between];
    const more = [states.rows, states.noise, states.updates, losses.low, losses.high, totals?.high ?? null];
    const [inputs, targets, labels, truth, steps, ends, between, rows, noise, updates, low, high, above] =
      await Promise.all([...parts, ...more].map(unpack));
    found.file = { inputs, targets, count: data.count };
    found.data = trainedData(found.file, found.given, found.targetUnits);
    found.labels = labels.length ? Array.from(labels) : null;
    if (words.heldOut) found.heldOut = await found.openHeldOut(words.heldOut);
    found.steps = Array.from(steps);
    const size = found.network.parameterCount;
    found.states = new Float64Array(found.steps.length * size);
    found.states.set(between, size);
    found.states.set(ends.subarray(0, size), 0);
    found.states.set(ends.subarray(ends.length - size), found.states.length - size);
    Object.assign(found, { truth, rows, noise, updates, lossesLow: low, lossesHigh: high, totals: above });
    return found;
  }

  /**
   * @param {NonNullable<PageData["heldOut"]>} words
   * @returns {Promise<HeldOut>}
   */
  async openHeldOut({ data, losses }) {
    const [inputs, targets, labels, along] = await Promise.all(
      [data.inputs, data.targets, data.labels, losses].map(unpack),
    );
    const file = { inputs, targets, count: data.count };
    const classes = labels.length ? Array.from(labels) : null;
    return { data: trainedData(file, this.given, this.targetUnits), file, labels: classes, losses: along };
  }

  /** @returns {number} how many inputs a sample has */
  get width() {
    return this.file.inputs.length / this.file.count;
  }

  /**
   * @param {number} row
   * @returns {Float64Array} the parameters of a kept state; not to be written into
   */
  state(row) {
    const size = this.network.parameterCount;
    return this.states.subarray(row * size, (row + 1) * size);
  }

  /**
   * @param {number} step
   * @returns {number} the last kept state at or before a step
   */
  rowAt(step) {
    let [low, high] = [0, this.steps.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.steps[middle] <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * Work out the step that leaves a kept state, as training did.
   *
   * @param {number} row
   * @returns {Trainer | null} with its batch, gradient and update; null for the last state, which none leaves
   */
  stepFrom(row) {
    if (row >= this.steps.length - 1) return null;
    const { words, data } = this;
    const all = words.training.batch === null;
    if (!all && !this.rows.length) return null; // the batch is not known
    const trainer = new Trainer(words.network, words.training, data, this.state(row), { step: this.steps[row] });
    const arrays = (this.network.bias ? 2 : 1) * this.network.depth;
    const plain = new Float64Array(arrays).fill(1);
    trainer.prepare({
      rows: all ? null : this.batchFrom(row),
      noise: this.noise.length ? this.noise.subarray(row * arrays, (row + 1) * arrays) : plain,
    });
    const size = trainer.update.length;
    if (this.updates.length) trainer.update.set(this.updates.subarray(row * size, (row + 1) * size));
    return trainer;
  }

  /**
   * @param {number} row
   * @returns {number[]} the samples that the step from a kept state saw
   */
  batchFrom(row) {
    const { batch } = this.words.states;
    return Array.from(this.rows.subarray(row * batch, (row + 1) * batch)).filter((sample) => sample >= 0);
  }
}

/**
 * Let parts without a twin be named; the updates that they made are stored, so nothing is asked of them.
 *
 * @param {TrainingSettings} training
 */
function standIn({ optimizer, schedule, order }) {
  if (!optimizers.names.includes(optimizer.kind)) optimizers.register(optimizer.kind, optimizers.maker("sgd"));
  if (!schedules.names.includes(schedule.kind)) schedules.register(schedule.kind, schedules.maker("constant"));
  if (!orders.names.includes(order.kind)) orders.register(order.kind, orders.maker("cyclic"));
}
