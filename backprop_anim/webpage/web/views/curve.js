/** A drawn curve: what the network draws beside it, in colours along its way; a reader can draw another. */

import { along, lineColor } from "../colors.js";
import { wantsStillness } from "../dom.js";
import { extent } from "../numbers.js";
import { ALONG, FitPicture } from "./fit_picture.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {[number, number]} Point
 */

const RESIDUALS = 24;

export class CurveView extends FitPicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    const learns = wantsStillness() ? "then press Train for the network to learn it" : "and the network learns it";
    super(host, session, `Draw any closed line here, ${learns}`);
    /** @type {Point[]} the line that is being drawn */
    this.drawing = [];
    this.listenToLines();
  }

  /** @returns {Point[]} */
  get targets() {
    return this.session.samples.targets.map((row) => [row[0], row[1]]);
  }

  /** @returns {Point[]} */
  get heldOut() {
    const { heldOut } = this.session.recorded;
    if (!heldOut) return [];
    const { targets, count } = heldOut.file;
    return Array.from({ length: count }, (_, s) => [targets[s], targets[count + s]]);
  }

  /**
   * @param {number[]} _input
   * @param {number[]} outputs
   * @returns {Point}
   */
  point(_input, outputs) {
    const { targetUnits } = this.session.recorded;
    return [targetUnits.file(0, outputs[0]), targetUnits.file(1, outputs[1])];
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    super.draw(shown, palette);
    const context = this.canvas.getContext("2d");
    if (context && this.drawing.length > 1) this.stroke(context, this.drawing, palette.accent, 2.5, [], false);
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {Point[]} points
   */
  scale(width, height, points) {
    const [x0, x1] = extent(points.map(([x]) => x));
    const [y0, y1] = extent(points.map(([, y]) => y));
    const per = Math.max((1.12 * (x1 - x0 || 1)) / (width - 16), (1.12 * (y1 - y0 || 1)) / (height - 60));
    const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
    this.pixel = (/** @type {Point} */ [x, y]) =>
      /** @type {Point} */ ([width / 2 + (x - middle[0]) / per, height / 2 + 10 - (y - middle[1]) / per]);
    this.place = (/** @type {Point} */ [px, py]) =>
      /** @type {Point} */ ([middle[0] + (px - width / 2) * per, middle[1] - (py - height / 2 - 10) * per]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawTarget(context, palette) {
    this.stroke(context, this.targets, palette.target, 2.2, [9, 5], true);
  }

  /** @returns {number} */
  get residualStride() {
    return Math.max(1, Math.round(this.targets.length / RESIDUALS));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Point[]} line
   */
  drawLine(context, palette, line) {
    context.lineWidth = 4.5;
    context.lineCap = "round";
    const pieces = 60;
    for (let piece = 0; piece < pieces; piece++) {
      const part = line.slice(piece * 4, piece * 4 + 5);
      context.beginPath();
      part.forEach((point, k) => {
        const [x, y] = this.pixel(point);
        if (k) context.lineTo(x, y);
        else context.moveTo(x, y);
      });
      context.strokeStyle = along(palette.ramp, piece / (pieces - 1));
      context.stroke();
    }
  }

  /**
   * @param {Palette} palette
   * @param {number} input
   */
  colorAt(palette, input) {
    const [low, high] = this.range;
    return along(palette.ramp, (input - low) / (high - low || 1));
  }

  /**
   * @param {Palette} palette
   * @returns {[string, string, number[]][]}
   */
  keys(palette) {
    return [
      ["target", palette.target, [5, 3]],
      ["network", lineColor(palette), []],
    ];
  }

  /** @returns {number} */
  get keyLeft() {
    return 4;
  }

  /** @param {PointerEvent} event */
  inputAt(event) {
    return this.drawing.length ? this.pointed : this.nearest(this.pointOf(event));
  }

  listenToLines() {
    const { canvas, session } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.place || !session.canTrain) return;
      this.drawing = [this.place(this.pointOf(event))];
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.place || !this.drawing.length) return;
      this.drawing.push(this.place(this.pointOf(event)));
      session.changed();
    });
    canvas.addEventListener("pointerup", () => {
      const line = this.drawing;
      this.drawing = [];
      if (line.length > 8) {
        session.setCurve(line);
        this.ondrawn();
      } else if (line.length) session.changed();
    });
    canvas.addEventListener("pointercancel", () => {
      this.drawing = [];
      session.changed();
    });
  }

  /**
   * @param {Point} at in pixels
   * @returns {number | null} the input whose answer is drawn nearest to there
   */
  nearest(at) {
    const { field } = this;
    if (!field) return null;
    const outputs = field.pass.a[field.network.depth];
    const [low, high] = this.range;
    let [best, least] = [/** @type {number | null} */ (null), 40];
    for (let k = 0; k < ALONG; k++) {
      const [x, y] = this.pixel(this.point([0], [outputs[k], outputs[ALONG + k]]));
      const away = Math.hypot(x - at[0], y - at[1]);
      if (away < least) [best, least] = [low + ((high - low) * k) / (ALONG - 1), away];
    }
    return best;
  }
}
