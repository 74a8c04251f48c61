/** Classes over one input: the probability of each as a line of its colour, the samples in a row for each class. */

import { classColor } from "../colors.js";
import { element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { dateText, extent, labelled, plain, ticks } from "../numbers.js";
import { answersTo } from "../shown.js";
import { ClassChoice } from "./class_choice.js";
import { drawKey, KEY_LINE, keyOf } from "./class_key.js";
import { drawMark } from "./marks.js";
import { removeByKey } from "./removing.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("../engine/trainer.js").Data} Data
 */

const ALONG = 241;
const ROOM = { left: 44, right: 10, top: 30, bottom: 44 };
const ROW = 24;
const ROWS_SHARE = 0.4;
const ROWS_GAP = 10;
const SPREAD = 0.5;
const GOLDEN = 0.618034;
const NEAR = 12;

export class ClassLinesView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    const { recorded } = session;
    this.names = recorded.written.classes;
    this.choice = new ClassChoice(this.names);
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    host.append(this.canvas, element("p", { class: "hint" }, "Click to add a", this.choice.element));
    const [low, high] = extent([...recorded.file.inputs, ...(recorded.heldOut?.file.inputs ?? [])]);
    const room = 0.03 * (high - low || 1);
    /** @type {[number, number]} of the axis */
    this.range = [low - room, high + room];
    /** @type {[number, number]} of the lines */
    this.known = extent(recorded.file.inputs);
    const output = recorded.words.network.activations.at(-1)?.kind;
    this.title = output === "softmax" ? "probability" : "answer";
    /** @type {Field | null} */
    this.field = null;
    this.box = { x: 0, y: 0, width: 1, height: 1 };
    this.row = ROW;
    /** @type {number | null} where along the input the pointer is */
    this.pointed = null;
    this.held = -1;
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    this.listen();
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    context.font = "14px Film, sans-serif";
    this.place(context, palette, width, height);
    const { network, parameters, data } = shown.state;
    const { given } = this.session.recorded;
    if (this.field?.network !== network)
      this.field = new Field(network, [this.known], ALONG, (place) => given.row(place));
    this.drawAxes(context, palette);
    this.drawLines(context, palette, this.field.answers(parameters)[network.depth]);
    this.drawSamples(context, shown, palette);
    this.drawProbe(context, palette, shown);
    const right = shown.right.filter(Boolean).length;
    this.canvas.setAttribute(
      "aria-label",
      `The ${this.title} of each class along ${this.inputName}: ${right} of ${data.count} samples right`,
    );
  }

  get inputName() {
    return this.session.recorded.written.inputs[0] || "x₁";
  }

  /**
   * Find where axes and rows stand, and write the key.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {number} width
   * @param {number} height
   */
  place(context, palette, width, height) {
    const measure = (/** @type {string} */ text) => context.measureText(text).width;
    const across = width - ROOM.left - ROOM.right;
    const key = keyOf(this.names, across - measure(this.title) - 20, width - ROOM.right, measure);
    const top = ROOM.top + (key.beside ? 0 : KEY_LINE * key.lines.length);
    drawKey(context, palette, key, width - ROOM.right, top - 11 - (key.beside ? 0 : KEY_LINE));
    const room = height - top - ROOM.bottom;
    this.row = Math.min(ROW, (ROWS_SHARE * room) / this.names.length);
    this.box = { x: ROOM.left, y: top, width: across, height: room - this.row * this.names.length - ROWS_GAP };
  }

  /** @param {number} input */
  across(input) {
    const [low, high] = this.range;
    return this.box.x + ((input - low) / (high - low)) * this.box.width;
  }

  /** @param {number} share from 0 to 1 */
  up(share) {
    const { y, height } = this.box;
    return y + height * (1 - share);
  }

  /**
   * @param {number} label
   * @param {number} s
   * @returns {number} how low a sample stands: in the row of its class, spread over some of it
   */
  rowOf(label, s) {
    return this.up(0) + ROWS_GAP + this.row * (label + 0.5 - SPREAD * (((s * GOLDEN) % 1) - 0.5));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawAxes(context, palette) {
    const { x, y, width } = this.box;
    const foot = this.up(0) + ROWS_GAP + this.row * this.names.length;
    context.fillStyle = palette.muted;
    context.strokeStyle = palette.hairline;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.beginPath();
    for (const tick of ticks(0, 1, 4)) {
      context.moveTo(x, this.up(tick));
      context.lineTo(x + width, this.up(tick));
      context.fillText(plain(tick), x - 7, this.up(tick) + 5);
    }
    context.moveTo(x, foot);
    context.lineTo(x + width, foot);
    context.stroke();
    const ofDays = this.session.recorded.words.dates.includes(0);
    context.textAlign = "center";
    for (const [tick, text] of labelled(...this.range, 4, ofDays)) context.fillText(text, this.across(tick), foot + 18);
    context.textAlign = "right";
    context.fillText(this.inputName, x + width, foot + 38);
    context.textAlign = "left";
    context.fillText(this.title, x, y - 11);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Float64Array} answers
   */
  drawLines(context, palette, answers) {
    const [low, high] = this.known;
    context.save();
    context.beginPath();
    context.rect(this.box.x, this.box.y - 4, this.box.width, this.box.height + 8);
    context.clip();
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    for (let k = 0; k < this.names.length; k++) {
      context.beginPath();
      for (let at = 0; at < ALONG; at++) {
        context.lineTo(this.across(low + ((high - low) * at) / (ALONG - 1)), this.up(answers[k * ALONG + at]));
      }
      context.strokeStyle = classColor(palette, k);
      context.stroke();
    }
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSamples(context, shown, palette) {
    const { file, labels, sample, heldOut } = shown.state;
    const size = Math.max(2, Math.min(5, 0.22 * this.row));
    const { right } = shown;
    const ring = (/** @type {number} */ s, /** @type {number} */ radius, /** @type {number} */ width) => {
      context.lineWidth = width;
      context.strokeStyle = palette.ink;
      context.beginPath();
      context.arc(this.across(file.inputs[s]), this.rowOf(labels?.[s] ?? 0, s), radius, 0, 7);
      context.stroke();
    };
    labels?.forEach((label, s) => {
      const color = classColor(palette, label);
      drawMark(context, label, this.across(file.inputs[s]), this.rowOf(label, s), size, color, palette.background);
    });
    heldOut?.labels?.forEach((label, s) => {
      const [x, y] = [this.across(heldOut.file.inputs[s]), this.rowOf(label, s)];
      drawMark(context, label, x, y, 0.85 * size, palette.background, classColor(palette, label), 1.8);
    });
    right.forEach((isRight, s) => {
      if (!isRight) ring(s, size + 3, 1.5);
    });
    if (sample < file.count) ring(sample, size + 6, 2.2);
  }

  /**
   * Draw a dot on each line, at the pointer or the sample that all views show.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Shown} shown
   */
  drawProbe(context, palette, shown) {
    const { network, parameters, file, sample } = shown.state;
    const { given, words } = this.session.recorded;
    const input = this.pointed ?? file.inputs[sample];
    const answers = answersTo(network, parameters, given.row([input]))[network.depth];
    context.lineWidth = 2;
    context.strokeStyle = palette.background;
    answers.forEach((answer, k) => {
      context.beginPath();
      context.arc(this.across(input), this.up(answer), 6, 0, 7);
      context.fillStyle = classColor(palette, k);
      context.fill();
      context.stroke();
    });
    if (this.pointed === null) return;
    context.font = "600 14px Film, sans-serif";
    context.fillStyle = palette.ink;
    const text = `${this.inputName} = ${(words.dates.includes(0) ? dateText : plain)(input)}`;
    const isBeyond = this.across(input) + 14 + context.measureText(text).width > this.canvas.clientWidth;
    context.textAlign = isBeyond ? "right" : "left";
    context.fillText(text, this.across(input) + (isBeyond ? -12 : 12), this.box.y + 10);
  }

  /**
   * @param {PointerEvent} event
   * @returns {number} the input under the pointer, held to the axis
   */
  inputAt(event) {
    const [low, high] = this.range;
    const share = (event.clientX - this.canvas.getBoundingClientRect().left - this.box.x) / this.box.width;
    return Math.max(low, Math.min(high, low + share * (high - low)));
  }

  /**
   * @param {PointerEvent} event
   * @returns {number} the sample under the pointer, or −1
   */
  sampleAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const { inputs, labels } = this.session.samples;
    let [best, nearest] = [-1, NEAR];
    inputs.forEach(([input], s) => {
      const [x, y] = [this.across(input), this.rowOf(labels?.[s] ?? 0, s)];
      const away = Math.hypot(x - event.clientX + bounds.left, y - event.clientY + bounds.top);
      if (away < nearest) [best, nearest] = [s, away];
    });
    return best;
  }

  listen() {
    const { canvas, session, choice } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!session.canTrain) return;
      this.held = this.sampleAt(event);
      if (this.held >= 0) {
        session.sampleChosen = this.held;
        canvas.setPointerCapture(event.pointerId);
        session.changed();
        return;
      }
      const target = session.recorded.words.names.classes[choice.chosen];
      session.edit((samples) => samples.add({ inputs: [this.inputAt(event)], target }, 1, this.names.length));
    });
    canvas.addEventListener("pointermove", (event) => {
      const input = this.inputAt(event);
      if (this.held >= 0) session.edit((samples) => samples.move(this.held, [input]));
      this.pointed = input;
      this.onpoint([input]);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.held = -1;
      });
    }
    canvas.addEventListener("pointerleave", () => {
      this.pointed = null;
      this.onpoint(null);
    });
    removeByKey(canvas, session);
  }
}
