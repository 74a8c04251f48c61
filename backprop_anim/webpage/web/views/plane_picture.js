/** A plane of two coordinates that a reader can point at, with its axes and samples that can be dragged. */

import { element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { written } from "../names.js";
import { extent, labelled } from "../numbers.js";
import { removeByKey } from "./removing.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("../section.js").Place} Place
 */

export const SIDE = 96;
const NEAR = 14;

export class PlanePicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   * @param {{left: number, right: number, top: number, bottom: number}} room around the axes
   */
  constructor(host, session, room) {
    this.session = session;
    this.room = { ...room };
    this.section = session.recorded.section;
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    this.hint = element("p", { class: "hint" });
    host.append(this.canvas, this.hint);
    if (this.section.words.said) host.append(element("p", { class: "hint" }, `${this.section.words.said}.`));
    this.tint = document.createElement("canvas");
    this.tint.width = this.tint.height = SIDE;
    /** @type {Field | null} */
    this.field = null;
    this.ranges = rangesOf(this.section.placesOf(session.recorded.file));
    this.box = { x: 0, y: 0, width: 1, height: 1 };
    /** @type {number | null} */
    this.held = null;
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    this.listen();
  }

  /** @returns {[string, string]} */
  get names() {
    const [x, y] = this.section.words.names;
    return [written(x) || "x₁", written(y) || "x₂"];
  }

  /** @returns {boolean[]} which coordinates are days */
  get ofDays() {
    const { dates } = this.session.recorded.words;
    return (this.section.words.columns ?? [-1, -1]).map((column) => dates.includes(column));
  }

  /** @returns {CanvasRenderingContext2D | null} the canvas in the size of its place, with the axes where they belong */
  begin() {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return null;
    const { ranges, room: around } = this;
    const room = { width: width - around.left - around.right, height: height - around.top - around.bottom };
    const [across, down] = ranges.map(([low, high]) => high - low);
    const equal = Math.max(across, down) <= 2 * Math.min(across, down);
    const scale = Math.min(room.width / across, room.height / down);
    const [w, h] = equal ? [across * scale, down * scale] : [room.width, room.height];
    this.box = { x: around.left + (room.width - w) / 2, y: around.top, width: w, height: h };
    return fitted(this.canvas, width, height);
  }

  /**
   * @param {Shown} shown
   * @returns {Float64Array} what the network answers at the places of the picture, row by row from the top
   */
  answers(shown) {
    const { network, parameters } = shown.state;
    if (this.field?.network !== network) {
      this.field = new Field(network, this.ranges, SIDE, (place) =>
        this.session.recorded.given.row(this.section.inputsAt(place)),
      );
    }
    return this.field.answers(parameters)[network.depth];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ImageData} pixels one for each place that was asked
   */
  paintPixels(context, pixels) {
    /** @type {CanvasRenderingContext2D} */ (this.tint.getContext("2d")).putImageData(pixels, 0, 0);
    const { x, y, width, height } = this.box;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.tint, 0.5, 0.5, SIDE - 1, SIDE - 1, x, y, width, height);
  }

  /**
   * Write the numbers and names of both axes.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  writeAxes(context, palette) {
    const { x, y, width, height } = this.box;
    const [[x0, x1], [y0, y1]] = this.ranges;
    const [xName, yName] = this.names;
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    context.textAlign = "center";
    const [xDays, yDays] = this.ofDays;
    for (const [tick, text] of labelled(x0, x1, 4, xDays)) {
      context.fillText(text, x + ((tick - x0) / (x1 - x0)) * width, y + height + 18);
    }
    context.textAlign = "right";
    for (const [tick, text] of labelled(y0, y1, 4, yDays)) {
      context.fillText(text, x - 7, y + height - ((tick - y0) / (y1 - y0)) * height + 5);
    }
    context.fillText(xName, x + width, y + height + 38);
    context.textAlign = "left";
    context.fillText(yName, x, y - 11);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Place | undefined} place of the sample that all views show now
   */
  drawRing(context, palette, place) {
    if (!place) return;
    context.lineWidth = 2.2;
    context.strokeStyle = palette.ink;
    context.beginPath();
    context.arc(...this.pixelOf(place), 13 * this.scale, 0, 7);
    context.stroke();
  }

  /** @returns {number} how large marks are: a small plane has small ones */
  get scale() {
    return Math.max(0.6, Math.min(1, this.box.width / 240));
  }

  /**
   * @param {Place} place
   * @returns {[number, number]}
   */
  pixelOf([x, y]) {
    const [[x0, x1], [y0, y1]] = this.ranges;
    const { box } = this;
    return [box.x + ((x - x0) / (x1 - x0)) * box.width, box.y + box.height * (1 - (y - y0) / (y1 - y0))];
  }

  /**
   * @param {PointerEvent} event
   * @returns {Place | null} the place under the pointer, or null outside of the plane
   */
  placeAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const [[x0, x1], [y0, y1]] = this.ranges;
    const { box } = this;
    const across = (event.clientX - bounds.left - box.x) / box.width;
    const up = 1 - (event.clientY - bounds.top - box.y) / box.height;
    if (across < 0 || across > 1 || up < 0 || up > 1) return null;
    return [x0 + across * (x1 - x0), y0 + up * (y1 - y0)];
  }

  /**
   * @param {PointerEvent} event
   * @returns {number} the sample under the pointer, or −1
   */
  sampleAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const { samples } = this.session;
    let [best, nearest] = [-1, NEAR];
    samples.inputs.forEach((row, s) => {
      const [px, py] = this.pixelOf(this.section.placeOf(row));
      const away = Math.hypot(px - event.clientX + bounds.left, py - event.clientY + bounds.top);
      if (away < nearest) [best, nearest] = [s, away];
    });
    return best;
  }

  /**
   * Add a sample where a reader clicked; a plane that takes none leaves this as it is.
   *
   * @param {number[]} _inputs in the units of the file
   * @param {boolean} _other whether the other kind of sample is wanted
   */
  add(_inputs, _other) {}

  listen() {
    const { canvas, session, section } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!session.canTrain) return;
      const place = this.placeAt(event);
      if (!place) return;
      const found = this.sampleAt(event);
      if (found >= 0) {
        session.sampleChosen = found;
        session.changed();
        this.held = found;
        canvas.setPointerCapture(event.pointerId);
        return;
      }
      const inputs = section.inputsAt(place);
      this.add(inputs, event.shiftKey || event.button === 2);
    });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("pointermove", (event) => {
      const place = this.placeAt(event);
      const { held } = this;
      if (held !== null && place)
        session.edit((samples) => samples.move(held, section.moved(samples.inputs[held], place)));
      else this.onpoint(place && section.inputsAt(place));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.held = null;
      });
    }
    canvas.addEventListener("pointerleave", () => this.onpoint(null));
    removeByKey(canvas, session);
  }
}

/**
 * Return the ranges of both axes: from 0 to 1 for shares that fill it, otherwise the data and a margin.
 *
 * @param {Place[]} places
 * @returns {[number, number][]}
 */
function rangesOf(places) {
  return [0, 1].map((axis) => {
    const [low, high] = extent(places.map((place) => place[axis]));
    if (low >= 0.049 && high <= 0.951 && high - low >= 0.5) return [0, 1];
    const room = 0.08 * (high - low || 1);
    return [low - room, high + room];
  });
}
