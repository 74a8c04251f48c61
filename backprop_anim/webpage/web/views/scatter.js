/** What a network predicts against what is so: a dot for each sample, on the diagonal where it is right. */

import { lineColor } from "../colors.js";
import { element, fitted } from "../dom.js";
import { extent, plain, ticks } from "../numbers.js";
import { evenly } from "../samples.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("../engine/trainer.js").Data} Data
 */

const ROOM = { left: 50, right: 12, top: 30, bottom: 44 };
const PAD = 0.06;
const MOST_DOTS = 400;
const MOST_LINES = 120;
const NEAR = 14;
const HOLLOW = 3.2;

export class ScatterView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    const { words, written, file } = session.recorded;
    /** The output that is shown. */
    this.output = words.outputs.scatter ?? 0;
    this.name = written.outputs[this.output] || "y";
    this.canvas = element("canvas", { tabindex: 0, role: "img", onpointerdown: (event) => this.pick(event) });
    host.append(this.canvas, element("p", { class: "hint" }, "Click a dot to follow that sample"));
    const { heldOut } = session.recorded;
    const [low, high] = extent([file, ...(heldOut ? [heldOut.file] : [])].flatMap((data) => extent(this.column(data))));
    const room = PAD * (high - low) || 0.5;
    /** @type {[number, number]} of both axes */
    this.range = [low - room, high + room];
    this.box = { x: 0, y: 0, side: 1 };
    /** @type {[number, number, number][]} the samples that are drawn, with their places in pixels */
    this.dots = [];
  }

  /**
   * @param {Data} data in the units of the file
   * @returns {Float64Array} the targets of the shown output
   */
  column({ targets, count }) {
    return targets.subarray(this.output * count, (this.output + 1) * count);
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const side = Math.min(width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom);
    this.box = { x: ROOM.left + (width - ROOM.left - ROOM.right - side) / 2, y: ROOM.top, side };
    this.drawAxes(context, palette);
    this.drawSamples(context, shown, palette);
    this.drawHeldOut(context, shown, palette);
    this.canvas.setAttribute(
      "aria-label",
      `${this.name} predicted against actual: loss ${plain(shown.loss ?? 0)}, right on the diagonal`,
    );
  }

  /**
   * @param {number} value in the units of the file
   * @returns {number} pixels along an axis
   */
  along(value) {
    const [low, high] = this.range;
    return (this.box.side * (value - low)) / (high - low);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawAxes(context, palette) {
    const { x, y, side } = this.box;
    context.font = "14px Film, sans-serif";
    context.lineWidth = 1;
    context.strokeStyle = palette.hairline;
    context.fillStyle = palette.muted;
    for (const tick of ticks(...this.range, 4)) {
      const at = this.along(tick);
      context.beginPath();
      context.moveTo(x, y + side - at);
      context.lineTo(x + side, y + side - at);
      context.stroke();
      context.textAlign = "right";
      context.fillText(plain(tick), x - 7, y + side - at + 5);
      context.textAlign = "center";
      context.fillText(plain(tick), x + at, y + side + 18);
    }
    context.textAlign = "right";
    context.fillText(`actual ${this.name}`, x + side, y + side + 38);
    context.textAlign = "left";
    context.fillText(`predicted ${this.name}`, x, y - 11);
    context.save();
    context.beginPath();
    context.moveTo(x, y + side);
    context.lineTo(x + side, y);
    context.setLineDash([9, 5]);
    context.lineWidth = 2.2;
    context.strokeStyle = palette.target;
    context.stroke();
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSamples(context, shown, palette) {
    const { data, network, sample } = shown.state;
    const { targetUnits } = this.session.recorded;
    const { x, y, side } = this.box;
    const answers = shown.all.a[network.depth];
    const first = this.output * data.count;
    const chosen = evenly(data.count, MOST_DOTS, sample);
    const size = Math.max(2.5, Math.min(5, (0.15 * side) / Math.sqrt(chosen.length)));
    context.fillStyle = lineColor(palette);
    context.strokeStyle = palette.muted;
    context.lineWidth = 1;
    this.dots = chosen.map((s) => {
      const across = this.along(targetUnits.file(this.output, data.targets[first + s]));
      const up = this.along(targetUnits.file(this.output, answers[first + s]));
      const [px, py] = [x + Math.max(0, Math.min(side, across)), y + side - Math.max(0, Math.min(side, up))];
      if (chosen.length <= MOST_LINES && across >= 0 && across <= side) {
        context.globalAlpha = 0.5;
        context.beginPath();
        context.moveTo(px, py);
        context.lineTo(px, y + side - across);
        context.stroke();
      }
      context.globalAlpha = 0.62;
      context.beginPath();
      const beyond = (up > side ? 1 : 0) - (up < 0 ? 1 : 0); // a mark at the edge points to where it would be
      if (beyond) {
        context.moveTo(px - size - 1, py);
        context.lineTo(px, py - beyond * 2 * size);
        context.lineTo(px + size + 1, py);
      } else context.arc(px, py, size, 0, 7);
      context.fill();
      return [s, px, py];
    });
    context.globalAlpha = 1;
    this.drawRing(context, palette, sample);
  }

  /**
   * Draw the samples that are not trained on, hollow.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawHeldOut(context, shown, palette) {
    const { heldOut, network } = shown.state;
    if (!heldOut || !shown.heldOut) return;
    const { x, y, side } = this.box;
    const { count } = heldOut.file;
    const targets = this.column(heldOut.file);
    const answers = shown.heldOut.a[network.depth];
    const { targetUnits } = this.session.recorded;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.2;
    for (const s of evenly(count, MOST_DOTS, 0)) {
      const up = this.along(targetUnits.file(this.output, answers[this.output * count + s]));
      if (!(up >= 0 && up <= side)) continue;
      circle(context, x + this.along(targets[s]), y + side - up, HOLLOW);
    }
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    context.textAlign = "right";
    context.fillText("held out", x + side, y - 11);
    circle(context, x + side - context.measureText("held out").width - 10, y - 16, HOLLOW);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {number} sample the one that is told about
   */
  drawRing(context, palette, sample) {
    const told = this.dots.find(([s]) => s === sample);
    if (!told) return;
    context.lineWidth = 2.2;
    context.strokeStyle = palette.ink;
    circle(context, told[1], told[2], 11);
  }

  /** @param {PointerEvent} event */
  pick(event) {
    const bounds = this.canvas.getBoundingClientRect();
    let [best, nearest] = [-1, NEAR];
    for (const [s, px, py] of this.dots) {
      const away = Math.hypot(px - event.clientX + bounds.left, py - event.clientY + bounds.top);
      if (away < nearest) [best, nearest] = [s, away];
    }
    if (best < 0) return;
    this.session.sampleChosen = best;
    this.session.changed();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.stroke();
}
