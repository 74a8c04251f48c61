/** Every neuron's own function of the input, as a picture at its place, with the place of the input marked in it. */

import { along, classColor, mixed, rgb } from "../colors.js";
import { fitted } from "../dom.js";
import { Field } from "../field.js";
import { sampleOf } from "../given.js";
import { extent } from "../numbers.js";
import { answersTo } from "../shown.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("./network_layout.js").Node} Node
 */

const GRID = 24;

export class NeuronPictures {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Session} session
   */
  constructor(canvas, session) {
    this.canvas = canvas;
    this.session = session;
    /** @type {[number, number][]} of the inputs */
    this.ranges = rangesOf(session);
    this.scratch = document.createElement("canvas");
    this.scratch.width = this.scratch.height = GRID;
    /** @type {Field | null} */
    this.field = null;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {import("./network_layout.js").Layout} layout
   * @param {number[] | null} pointed the input under the pointer
   */
  draw(shown, palette, layout, pointed) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const context = fitted(this.canvas, width, height);
    const { network, parameters, file, sample } = shown.state;
    const { given, width: inputs } = this.session.recorded;
    const half = layout.size / 2;
    if (inputs > 2) {
      this.drawPlain(context, shown, palette, layout);
      return;
    }
    const fine = inputs === 1 ? 2 * GRID : GRID;
    if (this.field?.network !== network) {
      this.field = new Field(network, this.ranges, fine, (place) => given.row(place));
    }
    const layers = this.field.answers(parameters);
    const input = pointed ?? sampleOf(file.inputs, file.count, sample);
    const answers = pointed ? answersTo(network, parameters, given.row(input)) : shown.pass.a;
    for (const node of layout.nodes) {
      const values = layers[node.layer].subarray(node.unit * this.field.count, (node.unit + 1) * this.field.count);
      const box = { x: node.x - half, y: node.y - half, side: layout.size };
      context.save();
      context.beginPath();
      context.roundRect(box.x, box.y, box.side, box.side, Math.min(8, box.side / 6));
      context.clip();
      context.fillStyle = palette.surface;
      context.fill();
      if (inputs === 2) this.paintMap(context, node, values, palette, box);
      else this.paintCurve(context, values, palette, box, node.layer === network.depth);
      this.mark(context, palette, box, input, answers[node.layer][node.unit], values);
      context.restore();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Node} node
   * @param {Float64Array} values
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   */
  paintMap(context, node, values, palette, box) {
    const { network } = this.session.shown.state;
    const isClass = node.layer === network.depth && this.session.samples.labels !== null;
    const pixels = new ImageData(GRID, GRID);
    const [low, high] = isClass ? [0, 1] : spanOf(network, node.layer, values);
    const ground = rgb(isClass ? palette.background : palette.surface);
    const one = network.sizes[network.depth] === 1;
    const minus = isClass ? (one ? rgb(classColor(palette, 0)) : ground) : rgb(palette.negative);
    const plus = isClass ? rgb(classColor(palette, one ? 1 : node.unit)) : rgb(palette.positive);
    const middle = (low + high) / 2;
    for (let k = 0; k < values.length; k++) {
      const level = Math.max(-1, Math.min(1, (values[k] - middle) / ((high - low) / 2 || 1)));
      const color = level < 0 ? minus : plus;
      for (let part = 0; part < 3; part++) {
        pixels.data[4 * k + part] = ground[part] + Math.abs(level) * 0.85 * (color[part] - ground[part]);
      }
      pixels.data[4 * k + 3] = 255;
    }
    /** @type {CanvasRenderingContext2D} */ (this.scratch.getContext("2d")).putImageData(pixels, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.scratch, 0.5, 0.5, GRID - 1, GRID - 1, box.x, box.y, box.side, box.side);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float64Array} values
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   * @param {boolean} isOutput
   */
  paintCurve(context, values, palette, box, isOutput) {
    const height = heightIn(values);
    const inset = box.side * 0.16;
    context.beginPath();
    values.forEach((value, k) => {
      const x = box.x + inset + (k / (values.length - 1)) * (box.side - 2 * inset);
      const y = box.y + inset + (1 - height(value)) * (box.side - 2 * inset);
      if (k) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.strokeStyle = isOutput ? palette.accent : palette.ink;
    context.lineWidth = 2;
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   * @param {number[]} input
   * @param {number} answer
   * @param {Float64Array} values
   */
  mark(context, palette, box, input, answer, values) {
    const share = (/** @type {number} */ k) => {
      const [low, high] = this.ranges[k];
      return Math.max(0, Math.min(1, (input[k] - low) / (high - low || 1)));
    };
    const inset = box.side * 0.16;
    context.beginPath();
    if (input.length === 2) {
      context.arc(box.x + share(0) * box.side, box.y + (1 - share(1)) * box.side, 3.2, 0, 7);
      context.fillStyle = palette.background;
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
      return;
    }
    const inner = box.side - 2 * inset;
    context.arc(box.x + inset + share(0) * inner, box.y + inset + (1 - heightIn(values)(answer)) * inner, 3.4, 0, 7);
    context.fillStyle = this.session.recorded.words.kind === "curve" ? along(palette.ramp, share(0)) : palette.accent;
    context.fill();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {import("./network_layout.js").Layout} layout
   */
  drawPlain(context, shown, palette, layout) {
    const { pass } = shown;
    const half = layout.size / 2;
    for (const node of layout.nodes) {
      const value = Math.max(-1, Math.min(1, pass.a[node.layer][node.unit]));
      context.beginPath();
      context.roundRect(node.x - half, node.y - half, layout.size, layout.size, 6);
      context.fillStyle = mixed(palette.surface, palette.ink, 0.75 * Math.abs(value));
      context.fill();
    }
  }
}

/**
 * @param {Session} session
 * @returns {[number, number][]}
 */
function rangesOf(session) {
  const { file, width, words } = session.recorded;
  return Array.from({ length: width }, (_, axis) => {
    const values = file.inputs.subarray(axis * file.count, (axis + 1) * file.count);
    const [low, high] = extent(values);
    const room = width === 2 && words.kind === "classes" ? 0.08 * (high - low) : 0;
    return [low - room, high + room || 1];
  });
}

/**
 * Return the values that have the full colours: the activation's bounds, or what is seen around 0.
 *
 * @param {import("../engine/network.js").Network} network
 * @param {number} layer
 * @param {Float64Array} values
 * @returns {[number, number]}
 */
function spanOf(network, layer, values) {
  if (layer > 0) {
    const kind = network.kinds[layer - 1];
    if (kind === "sigmoid" || kind === "softmax") return [0, 1];
    if (kind === "tanh" || kind === "sine") return [-1, 1];
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (layer === 0 && low >= 0) return [low, high];
  const most = Math.max(Math.abs(low), Math.abs(high), 1e-9);
  return [-most, most];
}

/**
 * @param {Float64Array} values
 * @returns {(value: number) => number} a value's height, 0 to 1
 */
function heightIn(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high - low < 0.2) [low, high] = [(low + high) / 2 - 0.1, (low + high) / 2 + 0.1];
  return (value) => Math.max(0, Math.min(1, (value - low) / (high - low)));
}
