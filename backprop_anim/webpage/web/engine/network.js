/** Layers, activations and the order in which all parameters stand in one flat vector; it holds no numbers itself. */

import { activations } from "./activations.js";

/**
 * @typedef {import("./parts.js").Part} Part
 * @typedef {{sizes: number[], bias: boolean, activations: Part[], frozen?: string[]}} NetworkSettings those
 *   arrays, such as W1 and b1, are frozen that training holds still
 * @typedef {{layer: number, kind: "weight" | "bias", unit: number, source: number}} Place of a parameter; layers from
 *   1, units from 0, and a bias has the source −1
 */

export class Network {
  /** @param {NetworkSettings} settings */
  constructor({ sizes, bias, activations: parts, frozen = [] }) {
    this.sizes = sizes;
    this.bias = bias;
    this.activations = parts.map((part) => activations.make(part));
    /** The words of the activations. */
    this.kinds = parts.map((part) => part.kind);
    /** Where the block [W | b] of each layer starts; its rows are those of the neurons. */
    this.offsets = [0];
    for (let layer = 1; layer < sizes.length; layer++) {
      this.offsets.push(this.offsets[layer - 1] + sizes[layer] * this.width(layer));
    }
    this.parameterCount = this.offsets[sizes.length - 1];
    /** The places of parameters that training holds still. */
    this.held = Array.from({ length: frozen.length ? this.parameterCount : 0 }, (_, index) => index).filter((index) => {
      const { layer, kind } = this.place(index);
      return frozen.includes(`${kind === "bias" ? "b" : "W"}${layer}`);
    });
  }

  /** @returns {number} the number of layers that have weights */
  get depth() {
    return this.sizes.length - 1;
  }

  /**
   * @param {number} layer from 1
   * @returns {number} numbers in a row of the layer's block: its inputs and the bias
   */
  width(layer) {
    return this.sizes[layer - 1] + (this.bias ? 1 : 0);
  }

  /**
   * @param {number} layer from 1
   * @param {number} unit
   * @param {number} source −1 for the bias
   * @returns {number} the place of a parameter in the flat vector
   */
  index(layer, unit, source) {
    const column = source < 0 ? this.sizes[layer - 1] : source;
    return this.offsets[layer - 1] + unit * this.width(layer) + column;
  }

  /**
   * @param {number} index
   * @returns {Place}
   */
  place(index) {
    let layer = 1;
    while (index >= this.offsets[layer]) layer++;
    const inside = index - this.offsets[layer - 1];
    const source = inside % this.width(layer);
    const unit = Math.floor(inside / this.width(layer));
    return source === this.sizes[layer - 1]
      ? { layer, kind: "bias", unit, source: -1 }
      : { layer, kind: "weight", unit, source };
  }

  /** @returns {number[]} for each parameter which array it belongs to: W1, b1, W2, … as 0, 1, 2, … */
  arrays() {
    const perLayer = this.bias ? 2 : 1;
    return Array.from({ length: this.parameterCount }, (_, index) => {
      const { layer, kind } = this.place(index);
      return (layer - 1) * perLayer + (kind === "bias" ? 1 : 0);
    });
  }
}
