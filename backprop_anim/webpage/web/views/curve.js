/** What the network answers beside what it should: a drawn curve, or a series over its single input. */

import { along, lineColor } from "../colors.js";
import { element, fitted, wantsStillness } from "../dom.js";
import { Field } from "../field.js";
import { dateText, extent, labelled, plain, ticks } from "../numbers.js";
import { answersTo } from "../shown.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {[number, number]} Point
 */

const ALONG = 241;
const RESIDUALS = 24;
const MOST_SERIES_RESIDUALS = 60;
const ROOM = { left: 44, right: 10, top: 30, bottom: 44 };

export class CurveView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.isCurve = session.recorded.words.kind === "curve";
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    const learns = wantsStillness() ? "then press Train for the network to learn it" : "and the network learns it";
    const told = this.isCurve ? `Draw any closed line here, ${learns}` : this.told;
    this.hint = element("p", { class: "hint" }, told);
    host.append(this.canvas, this.hint);
    const inputs = session.recorded.file.inputs;
    /** The places of the observations that are not trained on. */
    this.heldOut = this.pointsHeldOut();
    /** @type {Point} */
    this.range = extent(inputs);
    /** @type {Field | null} */
    this.field = null;
    /** @type {(point: Point) => Point} */
    this.pixel = (point) => point;
    /** @type {number | null} where along the input the pointer is */
    this.pointed = null;
    /** @type {Point[]} the line that is being drawn */
    this.drawing = [];
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    /** Called once a line is drawn and is the new target. */
    this.ondrawn = () => {};
    this.listen();
  }

  /** @returns {string} what a click does */
  get told() {
    const { classes } = this.session.recorded.written;
    return classes.length ? `Click above to add a ${classes[1]}, below a ${classes[0]}` : "Click to add an observation";
  }

  /** @returns {Point[]} what the network should answer, as places of the picture */
  get targets() {
    const { samples } = this.session;
    return samples.targets.map((row, s) => (this.isCurve ? [row[0], row[1]] : [samples.inputs[s][0], row[0]]));
  }

  /**
   * @param {Float64Array} outputs
   * @param {number} count
   * @param {(k: number) => number} input
   * @returns {Point[]}
   */
  points(outputs, count, input) {
    return Array.from({ length: count }, (_, k) => this.point([input(k)], [outputs[k], outputs[count + k]]));
  }

  /**
   * @param {number[]} input
   * @param {number[]} outputs
   * @returns {Point} where an answer is drawn, in the units of the file
   */
  point([input], outputs) {
    const { targetUnits } = this.session.recorded;
    const y = targetUnits.file(0, outputs[0]);
    return this.isCurve ? [y, targetUnits.file(1, outputs[1])] : [input, y];
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const { network, parameters, file } = shown.state;
    const { given } = this.session.recorded;
    if (this.field?.network !== network) {
      this.field = new Field(network, [this.range], ALONG, (place) => given.row(place));
    }
    const [low, high] = this.range;
    const line = this.points(
      this.field.answers(parameters)[network.depth],
      ALONG,
      (k) => low + ((high - low) * k) / (ALONG - 1),
    );
    this.scale(width, height, [...this.targets, ...this.heldOut]);
    if (!this.isCurve) this.drawAxes(context, palette, width, height);
    this.drawTarget(context, palette);
    const answers = this.points(shown.all.a[network.depth], file.count, (s) => file.inputs[s]);
    this.drawResiduals(context, palette, answers);
    this.drawLine(context, palette, line);
    this.drawProbe(context, palette, shown);
    if (this.drawing.length > 1) this.stroke(context, this.drawing, palette.accent, 2.5, [], false);
    this.writeKey(context, palette);
    this.canvas.setAttribute("aria-label", `The network's curve beside its target: loss ${plain(shown.loss ?? 0)}`);
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {Point[]} points
   */
  scale(width, height, points) {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const [x0, x1, y0, y1] = [...extent(xs), ...extent(ys)];
    if (this.isCurve) {
      const per = Math.max((1.12 * (x1 - x0 || 1)) / (width - 16), (1.12 * (y1 - y0 || 1)) / (height - 60));
      const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
      this.pixel = ([x, y]) => [width / 2 + (x - middle[0]) / per, height / 2 + 10 - (y - middle[1]) / per];
      this.place = (/** @type {Point} */ [px, py]) =>
        /** @type {Point} */ ([middle[0] + (px - width / 2) * per, middle[1] - (py - height / 2 - 10) * per]);
    } else {
      const pad = 0.12 * (y1 - y0 || 1);
      this.axes = { x0, x1, y0: y0 - pad, y1: y1 + pad };
      const [w, h] = [width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom];
      const { axes } = this;
      this.pixel = ([x, y]) => [
        ROOM.left + ((x - axes.x0) / (axes.x1 - axes.x0 || 1)) * w,
        ROOM.top + h * (1 - (y - axes.y0) / (axes.y1 - axes.y0)),
      ];
      this.place = (/** @type {Point} */ [px, py]) =>
        /** @type {Point} */ ([
          axes.x0 + ((px - ROOM.left) / w) * (axes.x1 - axes.x0),
          axes.y0 + (1 - (py - ROOM.top) / h) * (axes.y1 - axes.y0),
        ]);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Point[]} points
   * @param {string} color
   * @param {number} width
   * @param {number[]} dash
   * @param {boolean} close
   */
  stroke(context, points, color, width, dash, close) {
    context.save();
    context.beginPath();
    points.forEach((point, k) => {
      const [x, y] = this.pixel(point);
      if (k) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    if (close) context.closePath();
    context.setLineDash(dash);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawTarget(context, palette) {
    if (this.isCurve) {
      this.stroke(context, this.targets, palette.target, 2.2, [9, 5], true);
      return;
    }
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

  /** @returns {Point[]} */
  pointsHeldOut() {
    const { heldOut } = this.session.recorded;
    if (!heldOut) return [];
    const { inputs, targets, count } = heldOut.file;
    return Array.from({ length: count }, (_, s) =>
      this.isCurve ? [targets[s], targets[count + s]] : [inputs[s], targets[s]],
    );
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

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Point[]} answers
   */
  drawResiduals(context, palette, answers) {
    const { targets } = this;
    const every = this.isCurve ? Math.max(1, Math.round(targets.length / RESIDUALS)) : 1;
    if (!this.isCurve && targets.length > MOST_SERIES_RESIDUALS) return;
    context.beginPath();
    for (let s = 0; s < targets.length; s += every) {
      context.moveTo(...this.pixel(answers[s]));
      context.lineTo(...this.pixel(targets[s]));
    }
    context.strokeStyle = palette.muted;
    context.globalAlpha = 0.45;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Point[]} line
   */
  drawLine(context, palette, line) {
    if (!this.isCurve) {
      this.stroke(context, line, lineColor(palette), 3.5, [], false);
      return;
    }
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
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Shown} shown
   */
  drawProbe(context, palette, shown) {
    const { network, parameters, file, sample } = shown.state;
    const { words, given } = this.session.recorded;
    const input = this.pointed ?? file.inputs[sample];
    const outputs = answersTo(network, parameters, given.row([input]))[network.depth];
    const [x, y] = this.pixel(this.point([input], Array.from(outputs)));
    const [low, high] = this.range;
    context.beginPath();
    context.arc(x, y, 7.5, 0, 7);
    context.fillStyle = this.isCurve ? along(palette.ramp, (input - low) / (high - low || 1)) : lineColor(palette);
    context.strokeStyle = palette.background;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
    const name = this.session.recorded.written.inputs[0] || "t";
    context.font = "600 14px Film, sans-serif";
    context.fillStyle = palette.ink;
    const text = `${name} = ${(words.dates.includes(0) ? dateText : plain)(input)}`;
    const beyond = x + 16 + context.measureText(text).width > this.canvas.clientWidth;
    context.textAlign = beyond ? "right" : "left";
    const atFoot = y > this.canvas.clientHeight - ROOM.bottom - 24; // over the numbers of the axis, not among them
    context.fillText(text, beyond ? x - 14 : x + 14, atFoot ? y - 16 : y + 5);
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
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  writeKey(context, palette) {
    context.font = "14px Film, sans-serif";
    context.textAlign = "left";
    let x = this.isCurve ? 4 : ROOM.left;
    const middle = lineColor(palette);
    const { classes } = this.session.recorded.written;
    const entries = /** @type {[string, string, number[]][]} */ (
      classes.length
        ? [[`probability of ${classes[1]}`, middle, []]]
        : [
            ["target", palette.target, [5, 3]],
            ["network", middle, []],
          ]
    );
    for (const [label, color, dash] of entries) {
      context.save();
      context.setLineDash(dash);
      context.strokeStyle = color;
      context.lineWidth = 2.5;
      context.beginPath();
      context.moveTo(x, 14);
      context.lineTo(x + 20, 14);
      context.stroke();
      context.restore();
      context.fillStyle = palette.muted;
      context.fillText(label, x + 27, 19);
      x += 27 + context.measureText(label).width + 22;
    }
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  pointOf(event) {
    const bounds = this.canvas.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  }

  listen() {
    const { canvas, session } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.place || !session.canTrain) return;
      const at = this.place(this.pointOf(event));
      if (this.isCurve) {
        this.drawing = [at];
        canvas.setPointerCapture(event.pointerId);
      } else {
        const { classes } = session.recorded.words.names;
        const target = classes.length ? classes[at[1] < 0.5 ? 0 : 1] : at[1];
        session.edit((samples) => samples.add({ inputs: [at[0]], target }, 1, 1));
      }
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.place) return;
      if (this.drawing.length) {
        this.drawing.push(this.place(this.pointOf(event)));
        session.changed();
        return;
      }
      const [low, high] = this.range;
      const at = this.pointOf(event);
      const input = this.isCurve ? this.nearest(at) : this.place(at)[0];
      this.pointed = input === null ? null : Math.max(low, Math.min(high, input));
      this.onpoint(this.pointed === null ? null : [this.pointed]);
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
    canvas.addEventListener("pointerleave", () => {
      this.pointed = null;
      this.onpoint(null);
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
