/** A network's answers at many places at once: over a plane of two inputs, or along a single one. */

import { Backprop } from "./engine/backprop.js";
import { losses } from "./engine/losses.js";

/** @typedef {import("./engine/network.js").Network} Network */

export class Field {
  /**
   * @param {Network} network
   * @param {[number, number][]} ranges of the inputs, or of the coordinates of a plane: one, or two
   * @param {number} side places along each
   * @param {(place: number[]) => number[]} givenAt what the network is given at a place
   */
  constructor(network, ranges, side, givenAt) {
    this.network = network;
    this.side = side;
    this.count = ranges.length === 2 ? side * side : side;
    this.pass = new Backprop(network, losses.make({ kind: "mse" }), this.count);
    const places = this.pass.a[0];
    const [x, y] = ranges;
    const at = (/** @type {[number, number]} */ [low, high], /** @type {number} */ k) =>
      side > 1 ? low + ((high - low) * k) / (side - 1) : low;
    for (let k = 0; k < this.count; k++) {
      const place = [at(x, k % side)];
      if (y) place.push(at(y, side - 1 - Math.floor(k / side))); // the second one rises upwards
      givenAt(place).forEach((value, i) => {
        places[i * this.count + k] = Number.isFinite(value) ? value : 0; // where a feature has no value
      });
    }
  }

  /**
   * @param {Float64Array} parameters
   * @returns {Float64Array[]} answers of layers 0 … L, row by row from the top
   */
  answers(parameters) {
    this.pass.forward(parameters);
    return this.pass.a;
  }
}
