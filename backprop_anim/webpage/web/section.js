/** The plane of two coordinates on which a network is asked: of two inputs, or through the space of more of them. */

import { sampleOf } from "./given.js";

/**
 * @typedef {import("./engine/trainer.js").Data} Data
 * @typedef {[number, number]} Place two coordinates, those of two inputs in the units of the file
 *
 * @typedef {object} SectionWords all of it in the units of the file
 * @property {[number, number] | null} columns the inputs that are the coordinates, or none where they are mixed
 * @property {[string, string]} names
 * @property {string} said which plane it is; empty where it is all there is
 * @property {number[]} base a place of it
 * @property {number[][]} along what one unit of each coordinate adds to the inputs
 * @property {number[][]} across what one unit of each input adds to the coordinates
 */

export class Section {
  /** @param {SectionWords} words */
  constructor(words) {
    this.words = words;
  }

  /**
   * @param {ArrayLike<number>} inputs of one sample
   * @returns {Place}
   */
  placeOf(inputs) {
    const { columns, across, base } = this.words;
    if (columns) return [inputs[columns[0]], inputs[columns[1]]];
    const dot = (/** @type {number[]} */ part) =>
      part.reduce((sum, value, k) => sum + value * (inputs[k] - base[k]), 0);
    return [dot(across[0]), dot(across[1])];
  }

  /**
   * @param {Data} file
   * @returns {Place[]} of every sample
   */
  placesOf({ inputs, count }) {
    return Array.from({ length: count }, (_, s) => this.placeOf(sampleOf(inputs, count, s)));
  }

  /**
   * @param {ArrayLike<number>} place
   * @returns {number[]} the inputs there
   */
  inputsAt(place) {
    const { columns, along, base } = this.words;
    if (columns) return base.map((value, k) => (columns.includes(k) ? place[columns.indexOf(k)] : value));
    return base.map((value, k) => value + place[0] * along[0][k] + place[1] * along[1][k]);
  }

  /**
   * @param {number[]} inputs of one sample
   * @param {Place} place
   * @returns {number[]} the sample moved there along the plane
   */
  moved(inputs, place) {
    const { columns, along } = this.words;
    if (columns) return inputs.map((value, k) => (columns.includes(k) ? place[columns.indexOf(k)] : value));
    const from = this.placeOf(inputs);
    const [x, y] = [place[0] - from[0], place[1] - from[1]];
    return inputs.map((value, k) => value + x * along[0][k] + y * along[1][k]);
  }
}
