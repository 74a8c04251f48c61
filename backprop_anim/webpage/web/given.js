/** What a network is given for a sample: its inputs or their features, in the units that it is trained in. */

import { evaluated } from "./expression.js";

/**
 * @typedef {import("./units.js").Units} Units
 * @typedef {import("./engine/trainer.js").Data} Data
 */

export class Given {
  /**
   * @param {Units} units
   * @param {import("./expression.js").Tree[] | null} features formulas in the inputs, or none
   */
  constructor(units, features) {
    this.units = units;
    this.features = features;
  }

  /**
   * @param {ArrayLike<number>} inputs of one sample, in the units of the file
   * @returns {number[]} NaN where a feature has no value
   */
  row(inputs) {
    return this.units.trainedRow(this.features ? this.features.map((tree) => evaluated(tree, inputs)) : inputs);
  }

  /**
   * @param {Float64Array} inputs in the units of the file, samples side by side
   * @param {number} count of samples
   * @returns {Float64Array} what the network is given, samples side by side
   */
  columns(inputs, count) {
    if (!this.features) return this.units.trainedColumns(inputs, count);
    const found = new Float64Array(this.features.length * count);
    for (let s = 0; s < count; s++) {
      this.row(sampleOf(inputs, count, s)).forEach((value, k) => {
        found[k * count + s] = value;
      });
    }
    return found;
  }
}

/**
 * @param {Float64Array} columns samples side by side
 * @param {number} count of samples
 * @param {number} s
 * @returns {number[]} one of the samples
 */
export function sampleOf(columns, count, s) {
  return Array.from({ length: columns.length / count }, (_, k) => columns[k * count + s]);
}

/**
 * @param {Data} file samples in the units of the file
 * @param {Given} given
 * @param {Units} targets
 * @returns {Data} as the network is trained on them
 */
export function trainedData(file, given, targets) {
  const { inputs, count } = file;
  return { inputs: given.columns(inputs, count), targets: targets.trainedColumns(file.targets, count), count };
}
