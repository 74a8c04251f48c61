/** Training, a step at a time: a batch, its gradient, noise, and the update; whoever holds it decides when. */

import { Backprop } from "./backprop.js";
import { BatchStream, orders } from "./batches.js";
import { losses } from "./losses.js";
import { Network } from "./network.js";
import { optimizers } from "./optimizers.js";
import { addPenalty } from "./penalty.js";
import { Random } from "./random.js";
import { schedules } from "./schedules.js";

/**
 * @typedef {import("./parts.js").Part} Part
 *
 * @typedef {object} TrainingSettings
 * @property {Part} loss
 * @property {Part} optimizer
 * @property {number} aggression
 * @property {Part} schedule
 * @property {number} steps over which the schedule runs
 * @property {number} noise
 * @property {number | null} batch samples a step; null means all of them
 * @property {Part} order
 * @property {number} [weight_decay] what large weights cost beside the loss, with l1
 * @property {number} [l1]
 *
 * @typedef {{inputs: Float64Array, targets: Float64Array, count: number}} Data inputs and targets in rows: neurons one
 *   after another, samples side by side
 */

export class Trainer {
  /**
   * @param {import("./network.js").NetworkSettings} network
   * @param {TrainingSettings} training
   * @param {Data} data
   * @param {Float64Array} parameters where it starts; the trainer keeps a copy
   * @param {{step?: number, seed?: number}} [from] how many updates lie behind, and the seed of noise and order
   */
  constructor(network, training, data, parameters, { step = 0, seed = 0 } = {}) {
    this.network = new Network(network);
    this.training = training;
    this.data = data;
    this.loss = losses.make(training.loss);
    this.schedule = schedules.make(training.schedule);
    this.optimizer = optimizers.make(training.optimizer);
    this.parameters = Float64Array.from(parameters);
    this.gradient = new Float64Array(parameters.length);
    this.update = new Float64Array(parameters.length);
    this.memory = this.emptyMemory();
    /** Steps since the memory was empty. */
    this.remembered = 0;
    this.step = step;
    const random = new Random(seed);
    this.noiseRandom = new Random(random.next());
    const size = Math.min(training.batch ?? data.count, data.count);
    this.batches =
      training.batch === null
        ? null
        : new BatchStream(orders.make(training.order), data.count, size, new Random(random.next()));
    this.arrays = this.network.arrays();
    /** @type {Map<number, {pass: Backprop, targets: Float64Array}>} buffers by the size of the batch */
    this.passes = new Map();
    /** The samples of the last step; null means all. @type {number[] | null} */
    this.rows = null;
    /** What the last step multiplied each array's gradient by; null without noise. @type {ArrayLike<number> | null} */
    this.factors = null;
  }

  /** @returns {Float64Array[]} */
  emptyMemory() {
    return Array.from({ length: this.optimizer.memorySize }, () => new Float64Array(this.parameters.length));
  }

  /** @returns {number} the aggression of the next step */
  get rate() {
    return this.training.aggression * this.schedule(this.step, this.training.steps);
  }

  /**
   * Work out the next update without making it.
   *
   * @param {{rows?: number[] | null, noise?: ArrayLike<number>}} [given] the batch, and the factor of each array's
   *   gradient, where they are not to be drawn
   * @returns {number} the loss of the batch
   */
  prepare({ rows, noise } = {}) {
    this.rows = rows !== undefined ? rows : this.batches ? this.batches.take() : null;
    const loss = this.findGradient(this.rows);
    this.shake(noise);
    this.remembered++;
    this.optimizer.update(this.gradient, this.rate, this.remembered, this.memory, this.parameters, this.update);
    for (const index of this.network.held) this.update[index] = 0;
    return loss;
  }

  /** Make the update that was worked out. */
  apply() {
    const { parameters, update } = this;
    for (let k = 0; k < parameters.length; k++) parameters[k] += update[k];
    this.step++;
  }

  /**
   * Make one update.
   *
   * @param {{rows?: number[] | null, noise?: ArrayLike<number>}} [given] as for `prepare`
   * @returns {number} the loss of the batch before the update
   */
  advance(given) {
    const loss = this.prepare(given);
    this.apply();
    return loss;
  }

  /**
   * Find the gradient of the present state for some samples, and of what its weights cost.
   *
   * @param {number[] | null} rows
   * @returns {number} the loss of the samples
   */
  findGradient(rows) {
    const { pass, targets } = this.passOf(rows);
    pass.forward(this.parameters);
    pass.backward(this.parameters, targets, this.gradient);
    addPenalty(this.training, this.network, this.parameters, this.gradient);
    return pass.lossValue(targets);
  }

  /**
   * Multiply each array's gradient by its noise.
   *
   * @param {ArrayLike<number>} [given]
   */
  shake(given) {
    const { noise } = this.training;
    this.factors = null;
    if (!noise && !given) return;
    const count = (this.network.bias ? 2 : 1) * this.network.depth;
    const factors = given ?? Array.from({ length: count }, () => 1 + noise * this.noiseRandom.normal());
    for (let k = 0; k < this.gradient.length; k++) this.gradient[k] *= factors[this.arrays[k]];
    this.factors = factors;
  }

  /**
   * @param {number} index of a parameter
   * @returns {number} what its gradient was multiplied by in the last step
   */
  factorOf(index) {
    return this.factors?.[this.arrays[index]] ?? 1;
  }

  /**
   * Return buffers that hold some samples.
   *
   * @param {number[] | null} rows null means all
   */
  passOf(rows) {
    const { data, network } = this;
    const size = rows === null ? data.count : rows.length;
    let held = this.passes.get(rows === null ? -1 : size);
    if (!held) {
      const targets = rows === null ? data.targets : new Float64Array(size * network.sizes[network.depth]);
      held = { pass: new Backprop(network, this.loss, size), targets };
      if (rows === null) held.pass.a[0].set(data.inputs);
      this.passes.set(rows === null ? -1 : size, held);
    }
    if (rows !== null) {
      pick(data.inputs, data.count, rows, held.pass.a[0]);
      pick(data.targets, data.count, rows, held.targets);
    }
    return held;
  }

  /** @returns {number} the loss over all data at the present state */
  lossOverAll() {
    const { pass, targets } = this.passOf(null);
    pass.forward(this.parameters);
    return pass.lossValue(targets);
  }
}

/**
 * Copy the columns `rows` of `from`, which is `count` wide, into `to`.
 *
 * @param {Float64Array} from
 * @param {number} count
 * @param {number[]} rows
 * @param {Float64Array} to
 */
function pick(from, count, rows, to) {
  for (let start = 0, at = 0; start < from.length; start += count) {
    for (let k = 0; k < rows.length; k++) to[at++] = from[start + rows[k]];
  }
}
