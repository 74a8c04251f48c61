/** The samples that a network learns from: rows in the file's units that can be added, moved and removed, and as the engine wants them. */

import { sampleOf, trainedData } from "./given.js";

/**
 * @typedef {import("./units.js").Units} Units
 * @typedef {import("./given.js").Given} Given
 */

/**
 * @typedef {{inputs: number[], target: number | number[] | string}} Sample a class is given by its name
 * @typedef {import("./engine/trainer.js").Data} Data
 * @typedef {import("./recorded.js").Recorded} Recorded
 */

export class Samples {
  /**
   * @param {number[][]} inputs
   * @param {number[][]} targets numbers for the network's outputs
   * @param {number[] | null} labels
   * @param {string[]} classes names of the classes
   * @param {{inputs: Given, targets: Units}} units
   */
  constructor(inputs, targets, labels, classes, units) {
    this.units = units;
    this.inputs = inputs;
    this.targets = targets;
    this.labels = labels;
    this.classes = classes;
  }

  /** @param {Recorded} recorded */
  static from(recorded) {
    return Samples.of(recorded, recorded.file, recorded.labels);
  }

  /**
   * @param {Recorded} recorded
   * @returns {Samples | null} the samples that are not trained on
   */
  static heldOut(recorded) {
    return recorded.heldOut && Samples.of(recorded, recorded.heldOut.file, recorded.heldOut.labels);
  }

  /**
   * @param {Recorded} recorded
   * @param {Data} data in the units of the file
   * @param {number[] | null} labels
   */
  static of(recorded, data, labels) {
    const { words, given, targetUnits } = recorded;
    const every = Array.from({ length: data.count }, (_, s) => s);
    return new Samples(
      every.map((s) => sampleOf(data.inputs, data.count, s)),
      every.map((s) => sampleOf(data.targets, data.count, s)),
      labels && [...labels],
      words.names.classes,
      { inputs: given, targets: targetUnits },
    );
  }

  get count() {
    return this.inputs.length;
  }

  copy() {
    const rows = (/** @type {number[][]} */ given) => given.map((row) => [...row]);
    return new Samples(
      rows(this.inputs),
      rows(this.targets),
      this.labels && [...this.labels],
      this.classes,
      this.units,
    );
  }

  /** @returns {Data} as the engine wants them */
  asData() {
    return trainedData(this.inFile(), this.units.inputs, this.units.targets);
  }

  /** @returns {Data} in the units of the file */
  inFile() {
    const across = (/** @type {number[][]} */ rows) => {
      const n = rows[0]?.length ?? 0;
      const found = new Float64Array(n * rows.length);
      rows.forEach((row, s) => {
        row.forEach((value, k) => {
          found[k * rows.length + s] = value;
        });
      });
      return found;
    };
    return { inputs: across(this.inputs), targets: across(this.targets), count: this.count };
  }

  /** @returns {Sample[]} */
  asList() {
    return this.inputs.map((inputs, s) => ({ inputs: [...inputs], target: this.targetOf(s) }));
  }

  /** @param {number} s */
  targetOf(s) {
    if (this.labels) return this.classes[this.labels[s]];
    return this.targets[s].length === 1 ? this.targets[s][0] : [...this.targets[s]];
  }

  /**
   * @param {Sample} sample
   * @param {number} width of the inputs
   * @param {number} outputs
   * @throws {RangeError} where it does not fit the others
   */
  add({ inputs, target }, width, outputs) {
    this.checkInputs(inputs, width);
    if (this.labels) {
      const label = this.classes.indexOf(String(target));
      if (label < 0) throw new RangeError(`a target is one of ${this.classes.join(", ")}, not ${String(target)}`);
      this.labels.push(label);
      this.targets.push(oneHot(label, outputs));
    } else {
      const row = Array.isArray(target) ? target : [/** @type {number} */ (target)];
      checkNumbers(row, outputs, "target");
      this.targets.push([...row]);
    }
    this.inputs.push([...inputs]);
  }

  /**
   * Put other samples of the same kind in place of all.
   *
   * @param {{inputs: number[][], targets: number[][], labels: number[] | null}} given
   */
  replace({ inputs, targets, labels }) {
    const [width, outputs] = [this.inputs[0].length, this.targets[0].length];
    const count = Array.isArray(inputs) ? inputs.length : 0;
    if (!count || targets?.length !== count || (this.labels ? labels?.length !== count : labels !== null)) {
      throw new RangeError("its samples are not whole");
    }
    for (const row of inputs) this.checkInputs(row, width);
    for (const row of targets) checkNumbers(row, outputs, "targets");
    if (labels?.some((label) => !Number.isInteger(label) || !(label in this.classes)))
      throw new RangeError("its classes are not this page's");
    this.inputs = inputs;
    this.targets = targets;
    this.labels = labels;
  }

  /**
   * @param {number} s
   * @param {number[]} inputs
   */
  move(s, inputs) {
    this.check(s);
    this.checkInputs(inputs, this.inputs[s].length);
    this.inputs[s] = [...inputs];
  }

  /** @param {number} s */
  remove(s) {
    this.check(s);
    if (this.count < 2) throw new RangeError("the last sample cannot be removed");
    for (const rows of [this.inputs, this.targets, this.labels]) rows?.splice(s, 1);
  }

  /**
   * @param {number[]} inputs
   * @param {number} width
   */
  checkInputs(inputs, width) {
    checkNumbers(inputs, width, "inputs");
    if (!this.units.inputs.row(inputs).every(Number.isFinite)) {
      throw new RangeError(`a feature has no value for the inputs ${JSON.stringify(inputs)}`);
    }
  }

  /** @param {number} s */
  check(s) {
    if (!Number.isInteger(s) || s < 0 || s >= this.count) {
      throw new RangeError(`there is no sample ${s}; they are counted from 0 to ${this.count - 1}`);
    }
  }
}

/**
 * @param {number} label
 * @param {number} outputs
 * @returns {number[]} the target of a class: 0 or 1 of one output, otherwise 1 at its place
 */
export function oneHot(label, outputs) {
  return outputs === 1 ? [label] : Array.from({ length: outputs }, (_, k) => (k === label ? 1 : 0));
}

/**
 * @param {ArrayLike<number>} row
 * @param {number} width
 * @param {string} what
 */
function checkNumbers(row, width, what) {
  const numbers = Array.from(row ?? []);
  if (numbers.length !== width || !numbers.every(Number.isFinite)) {
    throw new RangeError(`${what} are ${width} number${width === 1 ? "" : "s"}, not ${JSON.stringify(row)}`);
  }
}

/**
 * @param {number} count
 * @param {number} most
 * @param {number} one that is among them in any case
 * @returns {number[]} the numbers of evenly chosen samples
 */
export function evenly(count, most, one) {
  const n = Math.min(count, most);
  const chosen = new Set(Array.from({ length: n }, (_, k) => Math.floor((k * (count - 1)) / Math.max(1, n - 1))));
  if (one < count) chosen.add(one);
  return [...chosen];
}
