/** Where a network draws the line between classes: its answer at every place of a plane of two inputs. */

import { classColor, rgb } from "../colors.js";
import { zeroLines } from "../contour.js";
import { ClassChoice } from "./class_choice.js";
import { drawKey, KEY_LINE, keyOf } from "./class_key.js";
import { drawMark } from "./marks.js";
import { PlanePicture, SIDE } from "./plane_picture.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const STRENGTH = 0.34;
const ROOM = { left: 40, right: 8, top: 30, bottom: 44 };

export class PlaneView extends PlanePicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    super(host, session, ROOM);
    this.choice = new ClassChoice(session.recorded.written.classes);
    this.hint.append("Click the plane to add a", this.choice.element);
    /** @type {import("../section.js").Place[] | null} of the samples that are not trained on, once they are drawn */
    this.placesHeldOut = null;
    /** @type {import("./class_key.js").Key | null} */
    this.key = null;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const context = this.begin();
    if (!context) return;
    this.paint(context, shown, palette);
    this.writeAxes(context, palette);
    this.writeKey(context, palette);
    this.drawSamples(context, shown, palette);
    const [x, y] = this.names;
    const right = shown.right.filter(Boolean).length;
    this.canvas.setAttribute(
      "aria-label",
      `The plane of ${x} and ${y}: ${right} of ${shown.state.data.count} samples on the right side`,
    );
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  paint(context, shown, palette) {
    const outputs = this.answers(shown);
    const { network } = shown.state;
    const n = network.sizes[network.depth];
    const pixels = new ImageData(SIDE, SIDE);
    const ground = rgb(palette.background);
    const classes = Array.from({ length: Math.max(2, n) }, (_, k) => rgb(classColor(palette, k)));
    const chance = 1 / classes.length;
    const share = new Float64Array(classes.length);
    const count = SIDE * SIDE;
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let c = 0; c < classes.length; c++) {
        const p = n === 1 ? (c ? outputs[k] : 1 - outputs[k]) : outputs[c * count + k];
        share[c] = Math.max(0, Math.min(1, (p - chance) / (1 - chance)));
        sum += share[c];
      }
      const most = Math.max(1, sum);
      for (let part = 0; part < 3; part++) {
        let value = ground[part];
        for (let c = 0; c < classes.length; c++) {
          value += ((STRENGTH * share[c]) / most) * (classes[c][part] - ground[part]);
        }
        pixels.data[4 * k + part] = value + (((k + Math.floor(k / SIDE)) % 2) * 0.5 - 0.25);
      }
      pixels.data[4 * k + 3] = 255;
    }
    this.paintPixels(context, pixels);
    this.drawBorders(context, outputs, n, palette);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float64Array} outputs
   * @param {number} n
   * @param {Palette} palette
   */
  drawBorders(context, outputs, n, palette) {
    const { x, y, width, height } = this.box;
    const count = SIDE * SIDE;
    context.save();
    context.beginPath();
    for (let k = 0; k < (n === 1 ? 1 : n - 1); k++) {
      const ahead = (/** @type {number} */ at) => {
        if (n === 1) return outputs[at] - 0.5;
        let other = -Infinity;
        for (let c = 0; c < n; c++) if (c !== k) other = Math.max(other, outputs[c * count + at]);
        return outputs[k * count + at] - other;
      };
      for (const line of zeroLines(ahead, SIDE)) {
        line.forEach(([column, row], k) => {
          const [px, py] = [x + (column / (SIDE - 1)) * width, y + (row / (SIDE - 1)) * height];
          if (k) context.lineTo(px, py);
          else context.moveTo(px, py);
        });
      }
    }
    const spread = n === 1 ? outputs.reduce((most, p) => Math.max(most, Math.abs(p - 0.5)), 0) : 1;
    context.globalAlpha = Math.min(1, spread * 20);
    context.setLineDash([6, 4]);
    context.lineWidth = 2;
    context.strokeStyle = palette.ink;
    context.stroke();
    context.restore();
  }

  /** @returns {CanvasRenderingContext2D | null} the canvas with the axes below a key that has room for all classes */
  begin() {
    this.room.top = ROOM.top;
    const context = super.begin();
    if (!context) return null;
    context.font = "14px Film, sans-serif";
    const measure = (/** @type {string} */ text) => context.measureText(text).width;
    const { x, width } = this.box;
    this.key = keyOf(this.session.recorded.written.classes, width - measure(this.names[1]) - 20, x + width, measure);
    if (this.key.beside) return context;
    this.room.top += KEY_LINE * this.key.lines.length;
    return super.begin();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  writeKey(context, palette) {
    if (!this.key) return;
    const { x, y, width } = this.box;
    drawKey(context, palette, this.key, x + width, y - 11 - (this.key.beside ? 0 : KEY_LINE));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSamples(context, shown, palette) {
    const { data, file, labels, sample } = shown.state;
    const right = shown.right;
    const places = this.section.placesOf(file);
    const { scale } = this;
    const size = Math.max(3, scale * Math.min(6.5, 13 * data.count ** -0.2));
    for (let s = 0; s < data.count; s++) {
      const [px, py] = this.pixelOf(places[s]);
      if (!right[s]) {
        context.lineWidth = 1.5;
        context.strokeStyle = palette.ink;
        context.beginPath();
        context.arc(px, py, size + 3.5 * scale, 0, 7);
        context.stroke();
      }
      const label = labels ? labels[s] : 0;
      drawMark(context, label, px, py, size, classColor(palette, label), palette.background);
    }
    this.drawHeldOut(context, shown, palette, size);
    this.drawRing(context, palette, places[sample]);
  }

  /**
   * Draw the samples that are not trained on, hollow.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {number} size
   */
  drawHeldOut(context, shown, palette, size) {
    const { heldOut } = shown.state;
    if (!heldOut?.labels) return;
    const { labels } = heldOut;
    this.placesHeldOut ??= this.section.placesOf(heldOut.file);
    this.placesHeldOut.forEach((place, s) => {
      const [x, y] = this.pixelOf(place);
      drawMark(context, labels[s], x, y, 0.85 * size, palette.background, classColor(palette, labels[s]), 1.8);
    });
  }

  /**
   * @param {number[]} inputs
   * @param {boolean} other whether it is of the class after the chosen one
   */
  add(inputs, other) {
    const { classes } = this.session.recorded.words.names;
    const target = classes[(this.choice.chosen + Number(other)) % classes.length];
    const { sizes, depth } = this.session.shown.state.network;
    this.session.edit((samples) => samples.add({ inputs, target }, inputs.length, sizes[depth]));
  }
}
