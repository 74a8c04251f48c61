/** A series, or the probability of a class, over a single input: the network's line among the observations. */

import { lineColor } from "../colors.js";
import { extent, labelled, plain, ticks } from "../numbers.js";
import { FitPicture, ROOM } from "./fit_picture.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {[number, number]} Point
 */

const MOST_RESIDUALS = 60;

export class SeriesView extends FitPicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    const { classes } = session.recorded.written;
    const isOfClasses = classes.length > 0;
    super(
      host,
      session,
      isOfClasses ? `Click above to add a ${classes[1]}, below a ${classes[0]}` : "Click to add an observation",
    );
    this.listenToClicks();
  }

  /** @returns {Point[]} */
  get targets() {
    const { samples } = this.session;
    return samples.targets.map((row, s) => [samples.inputs[s][0], row[0]]);
  }

  /** @returns {Point[]} */
  get heldOut() {
    const { heldOut } = this.session.recorded;
    if (!heldOut) return [];
    const { inputs, targets, count } = heldOut.file;
    return Array.from({ length: count }, (_, s) => [inputs[s], targets[s]]);
  }

  /**
   * @param {number[]} input
   * @param {number[]} outputs
   * @returns {Point}
   */
  point([input], outputs) {
    return [input, this.session.recorded.targetUnits.file(0, outputs[0])];
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {Point[]} points
   */
  scale(width, height, points) {
    const [x0, x1] = extent(points.map(([x]) => x));
    const [y0, y1] = extent(points.map(([, y]) => y));
    const pad = 0.12 * (y1 - y0 || 1);
    this.axes = { x0, x1, y0: y0 - pad, y1: y1 + pad };
    const [w, h] = [width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom];
    const { axes } = this;
    this.pixel = (/** @type {Point} */ [x, y]) =>
      /** @type {Point} */ ([
        ROOM.left + ((x - axes.x0) / (axes.x1 - axes.x0 || 1)) * w,
        ROOM.top + h * (1 - (y - axes.y0) / (axes.y1 - axes.y0)),
      ]);
    this.place = (/** @type {Point} */ [px, py]) =>
      /** @type {Point} */ ([
        axes.x0 + ((px - ROOM.left) / w) * (axes.x1 - axes.x0),
        axes.y0 + (1 - (py - ROOM.top) / h) * (axes.y1 - axes.y0),
      ]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {number} width
   * @param {number} height
   */
  drawTarget(context, palette, width, height) {
    this.drawAxes(context, palette, width, height);
    const { truth, file: data } = this.session.recorded;
    if (truth.length && this.session.mode === "recording") {
      const curve = Array.from(truth, (y, s) => /** @type {Point} */ ([data.inputs[s], y])).sort((a, b) => a[0] - b[0]);
      this.stroke(context, curve, palette.target, 2.2, [9, 5], false);
    }
    this.drawHeldOut(context, palette);
    context.fillStyle = palette.ink;
    context.globalAlpha = 0.45;
    for (const point of this.targets) {
      const [x, y] = this.pixel(point);
      context.beginPath();
      context.arc(x, y, 3, 0, 7);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /**
   * Draw the observations that are not trained on, hollow.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawHeldOut(context, palette) {
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.2;
    for (const point of this.heldOut) {
      const [x, y] = this.pixel(point);
      context.beginPath();
      context.arc(x, y, 3, 0, 7);
      context.stroke();
    }
  }

  /** @returns {number} */
  get residualStride() {
    return this.targets.length > MOST_RESIDUALS ? 0 : 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Point[]} line
   */
  drawLine(context, palette, line) {
    this.stroke(context, line, lineColor(palette), 3.5, [], false);
  }

  /** @param {Palette} palette */
  colorAt(palette) {
    return lineColor(palette);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {number} width
   * @param {number} height
   */
  drawAxes(context, palette, width, height) {
    const { axes } = this;
    if (!axes) return;
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    context.strokeStyle = palette.hairline;
    context.lineWidth = 1;
    context.textAlign = "right";
    for (const tick of ticks(axes.y0, axes.y1, 4)) {
      const [, y] = this.pixel([axes.x0, tick]);
      context.beginPath();
      context.moveTo(ROOM.left, y);
      context.lineTo(width - ROOM.right, y);
      context.stroke();
      context.fillText(plain(tick), ROOM.left - 7, y + 5);
    }
    context.textAlign = "center";
    const shownRange = this.session.recorded.words.shownRange;
    const [from, to] = shownRange ?? [axes.x0, axes.x1];
    const ofDays = this.session.recorded.words.dates.includes(0);
    for (const [tick, text] of labelled(from, to, 4, ofDays)) {
      const share = (tick - from) / (to - from || 1);
      context.fillText(text, ROOM.left + share * (width - ROOM.left - ROOM.right), height - ROOM.bottom + 19);
    }
    context.textAlign = "right";
    context.fillText(this.session.recorded.written.inputs[0] || "", width - ROOM.right, height - ROOM.bottom + 38);
  }

  /**
   * @param {Palette} palette
   * @returns {[string, string, number[]][]}
   */
  keys(palette) {
    const { classes } = this.session.recorded.written;
    const color = lineColor(palette);
    if (classes.length) return [[`probability of ${classes[1]}`, color, []]];
    return [
      ["target", palette.target, [5, 3]],
      ["network", color, []],
    ];
  }

  listenToClicks() {
    const { session } = this;
    this.canvas.addEventListener("pointerdown", (event) => {
      if (!this.place || !session.canTrain) return;
      const [input, y] = this.place(this.pointOf(event));
      const { classes } = session.recorded.words.names;
      const target = classes.length ? classes[y < 0.5 ? 0 : 1] : y;
      session.edit((samples) => samples.add({ inputs: [input], target }, 1, 1));
    });
  }
}
