/** What the network answers beside what it should, along one input: what a drawn curve and a series have in common. */

import { element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { dateText, extent, plain } from "../numbers.js";
import { answersTo } from "../shown.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {[number, number]} Point
 */

export const ALONG = 241;
export const ROOM = { left: 44, right: 10, top: 30, bottom: 44 };

export class FitPicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   * @param {string} told what a reader can do here
   */
  constructor(host, session, told) {
    this.session = session;
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    this.hint = element("p", { class: "hint" }, told);
    host.append(this.canvas, this.hint);
    /** @type {Point} */
    this.range = extent(session.recorded.file.inputs);
    /** @type {Field | null} */
    this.field = null;
    /** @type {(point: Point) => Point} */
    this.pixel = (point) => point;
    /** @type {((at: Point) => Point) | null} the way back, once the picture has a size */
    this.place = null;
    /** @type {number | null} where along the input the pointer is */
    this.pointed = null;
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    /** Called once a line is drawn and is the new target. */
    this.ondrawn = () => {};
    this.listen();
  }

  /** @returns {Point[]} what the network should answer, as places of the picture */
  get targets() {
    return [];
  }

  /** @returns {Point[]} the places of the observations that are not trained on */
  get heldOut() {
    return [];
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
    return [input, outputs[0]];
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
    this.drawTarget(context, palette, width, height);
    const answers = this.points(shown.all.a[network.depth], file.count, (s) => file.inputs[s]);
    this.drawResiduals(context, palette, answers);
    this.drawLine(context, palette, line);
    this.drawProbe(context, palette, shown);
    this.writeKey(context, palette);
    this.canvas.setAttribute("aria-label", `The network's curve beside its target: loss ${plain(shown.loss ?? 0)}`);
  }

  /**
   * Find where the places of the picture stand.
   *
   * @param {number} _width
   * @param {number} _height
   * @param {Point[]} _points that it holds
   */
  scale(_width, _height, _points) {}

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
   * @param {CanvasRenderingContext2D} _context
   * @param {Palette} _palette
   * @param {number} _width
   * @param {number} _height
   */
  drawTarget(_context, _palette, _width, _height) {}

  /** @returns {number} every how many samples there is a line from the answer to the target; 0 where none has one */
  get residualStride() {
    return 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Point[]} answers
   */
  drawResiduals(context, palette, answers) {
    const { targets, residualStride: every } = this;
    if (!every) return;
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
   * @param {CanvasRenderingContext2D} _context
   * @param {Palette} _palette
   * @param {Point[]} _line
   */
  drawLine(_context, _palette, _line) {}

  /**
   * @param {Palette} palette
   * @param {number} _input
   * @returns {string} the colour of the line there
   */
  colorAt(palette, _input) {
    return palette.ink;
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
    context.beginPath();
    context.arc(x, y, 7.5, 0, 7);
    context.fillStyle = this.colorAt(palette, input);
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
   * @param {Palette} _palette
   * @returns {[string, string, number[]][]} name, colour and dashes of each line
   */
  keys(_palette) {
    return [];
  }

  /** @returns {number} where the key starts */
  get keyLeft() {
    return ROOM.left;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  writeKey(context, palette) {
    context.font = "14px Film, sans-serif";
    context.textAlign = "left";
    let x = this.keyLeft;
    for (const [label, color, dash] of this.keys(palette)) {
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

  /**
   * @param {PointerEvent} event
   * @returns {number | null} the input that is pointed at
   */
  inputAt(event) {
    return this.place ? this.place(this.pointOf(event))[0] : null;
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => {
      if (!this.place) return;
      const [low, high] = this.range;
      const input = this.inputAt(event);
      this.pointed = input === null ? null : Math.max(low, Math.min(high, input));
      this.onpoint(this.pointed === null ? null : [this.pointed]);
    });
    canvas.addEventListener("pointerleave", () => {
      this.pointed = null;
      this.onpoint(null);
    });
  }
}
