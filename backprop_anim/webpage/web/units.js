/** Between the units of a file and those that a network is trained in: each column less a shift, by a scale. */

/** @typedef {{shift: number[], scale: number[]} | null} UnitWords null where they are the same */

export class Units {
  /** @param {UnitWords} words */
  constructor(words) {
    this.words = words;
  }

  /**
   * @param {number} k of the column
   * @param {number} value that the network is trained on
   * @returns {number} in the units of the file
   */
  file(k, value) {
    return this.words ? value * this.words.scale[k] + this.words.shift[k] : value;
  }

  /**
   * @param {number} k of the column
   * @param {number} value in the units of the file
   * @returns {number} that the network is trained on
   */
  trained(k, value) {
    return this.words ? (value - this.words.shift[k]) / this.words.scale[k] : value;
  }

  /**
   * @param {ArrayLike<number>} row one sample, as the network is trained on it
   * @returns {number[]} in the units of the file
   */
  fileRow(row) {
    return Array.from(row, (value, k) => this.file(k, value));
  }

  /**
   * @param {ArrayLike<number>} row one sample in the units of the file
   * @returns {number[]} as the network is trained on it
   */
  trainedRow(row) {
    return Array.from(row, (value, k) => this.trained(k, value));
  }

  /**
   * @param {Float64Array} columns in the units of the file, samples side by side
   * @param {number} count of samples
   * @returns {Float64Array} as the network is trained on them
   */
  trainedColumns(columns, count) {
    return this.words ? columns.map((value, at) => this.trained(Math.floor(at / count), value)) : columns;
  }
}
