/** The plane of two coordinates on which a network is asked: of two inputs, or through the space of more of them. */

/**
 * @typedef {import("./units.js").Units} Units
 * @typedef {import("./engine/trainer.js").Data} Data
 * @typedef {[number, number]} Place two coordinates, those of two inputs in the units of the file
 *
 * @typedef {object} SectionWords
 * @property {[number, number] | null} columns the inputs that are the coordinates, or none where they are mixed
 * @property {[string, string]} names
 * @property {string} said which plane it is; empty where it is all there is
 * @property {number[]} base a place of it, as the network is trained
 * @property {number[][]} along what one unit of each coordinate adds, as the network is trained
 */

export class Section {
  /**
   * @param {SectionWords} words
   * @param {Units} units of the inputs
   */
  constructor(words, units) {
    this.words = words;
    this.units = units;
  }

  /**
   * @param {ArrayLike<number>} row one sample, as the network is trained on it
   * @returns {Place}
   */
  placeOf(row) {
    const { columns, along, base } = this.words;
    if (columns) return [this.units.file(columns[0], row[columns[0]]), this.units.file(columns[1], row[columns[1]])];
    const dot = (/** @type {number[]} */ part) => part.reduce((sum, value, k) => sum + value * (row[k] - base[k]), 0);
    return [dot(along[0]), dot(along[1])];
  }

  /**
   * @param {Data} data
   * @returns {Place[]} of every sample
   */
  placesOf(data) {
    const width = this.words.base.length;
    const row = new Float64Array(width);
    return Array.from({ length: data.count }, (_, s) => {
      for (let k = 0; k < width; k++) row[k] = data.inputs[k * data.count + s];
      return this.placeOf(row);
    });
  }

  /**
   * @param {ArrayLike<number>} place
   * @returns {number[]} the inputs there, as the network is trained
   */
  inputsAt(place) {
    const { columns, along, base } = this.words;
    if (columns) {
      const found = [...base];
      for (const k of [0, 1]) found[columns[k]] = this.units.trained(columns[k], place[k]);
      return found;
    }
    return base.map((value, k) => value + place[0] * along[0][k] + place[1] * along[1][k]);
  }

  /**
   * @param {number[]} row one sample in the units of the file
   * @param {Place} place
   * @returns {number[]} the sample moved there along the plane
   */
  moved(row, place) {
    const { columns, along } = this.words;
    if (columns) return row.map((value, k) => (columns.includes(k) ? place[columns.indexOf(k)] : value));
    const trained = this.units.trainedRow(row);
    const from = this.placeOf(trained);
    const [x, y] = [place[0] - from[0], place[1] - from[1]];
    return this.units.fileRow(trained.map((value, k) => value + x * along[0][k] + y * along[1][k]));
  }
}
