/** What adds up to an output of a network with one input: each neuron of the last hidden layer, weighted, and the sum. */

import { classColor } from "../colors.js";
import { element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { extent } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const ALONG = 121;
const MOST_OUTPUTS = 2;
const NAME_ROOM = 26;

export class PartsView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.host = host;
    const inputs = session.recorded.file.inputs;
    /** @type {[number, number]} */
    this.range = extent(inputs);
    this.canvas = element("canvas", {
      class: "parts",
      role: "img",
      "aria-label": "what each neuron of the last hidden layer adds",
    });
    this.said = element("p", { class: "hint" }, "thick: the sum, before the output's own function");
    host.append(this.canvas, this.said);
    /** @type {Field | null} */
    this.field = null;
  }

  /**
   * @param {Shown} shown
   * @returns {boolean} whether such a network can be shown so
   */
  static fits(shown) {
    const { file, network } = shown.state;
    return network.sizes[0] === 1 && file.inputs.length === file.count && network.depth > 1;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const { network, parameters } = shown.state;
    if (this.field?.network !== network) {
      this.field = new Field(network, [this.range], ALONG, (place) => this.session.recorded.given.row(place));
    }
    const layers = this.field.answers(parameters);
    const { depth, sizes } = network;
    const outputs = Math.min(MOST_OUTPUTS, sizes[depth]);
    for (let k = 0; k < outputs; k++) {
      const box = { y: (k * height) / outputs + 4, height: height / outputs - 12 };
      const curves = [];
      for (let j = 0; j < sizes[depth - 1]; j++) {
        const weight = parameters[network.index(depth, k, j)];
        curves.push(layers[depth - 1].subarray(j * ALONG, (j + 1) * ALONG).map((a) => weight * a));
      }
      const sum = this.field.pass.z[depth].subarray(k * ALONG, (k + 1) * ALONG);
      this.plot(context, palette, curves, sum, box, width);
      context.font = "italic 16px Film, sans-serif";
      context.fillStyle = palette.ink;
      context.textAlign = "left";
      const name = this.session.recorded.written.outputs[k] || "y";
      const beside = context.measureText(name).width <= NAME_ROOM - 6;
      context.fillText(name, 0, beside ? box.y + box.height / 2 + 5 : box.y + 14);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Float64Array[]} curves
   * @param {Float64Array} sum
   * @param {{y: number, height: number}} box
   * @param {number} width
   */
  plot(context, palette, curves, sum, box, width) {
    const most = Math.max(
      1e-9,
      ...[...curves, sum].map((curve) => curve.reduce((high, v) => Math.max(high, Math.abs(v)), 0)),
    );
    const y = (/** @type {number} */ value) => box.y + box.height * (0.5 - (0.48 * value) / most);
    const x = (/** @type {number} */ k) => NAME_ROOM + (k / (ALONG - 1)) * (width - NAME_ROOM);
    const stroke = (/** @type {Float64Array} */ curve, /** @type {string} */ color, /** @type {number} */ thick) => {
      context.beginPath();
      curve.forEach((value, k) => {
        if (k) context.lineTo(x(k), y(value));
        else context.moveTo(x(k), y(value));
      });
      context.strokeStyle = color;
      context.lineWidth = thick;
      context.stroke();
    };
    stroke(new Float64Array(ALONG), palette.hairline, 1);
    curves.forEach((curve, j) => {
      stroke(curve, classColor(palette, j), 1.3);
    });
    stroke(sum, palette.ink, 3);
  }
}
