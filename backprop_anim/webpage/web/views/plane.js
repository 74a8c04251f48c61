/** Where a network draws the line between classes: its answer at every place of a plane of two inputs. */

import { classColor, rgb } from "../colors.js";
import { zeroLines } from "../contour.js";
import { element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { extent, plain, ticks } from "../numbers.js";
import { drawMark } from "./marks.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const SIDE = 96;
const STRENGTH = 0.34;
const ROOM = { left: 40, right: 8, top: 30, bottom: 44 };
const NEAR = 14;

export class PlaneView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    this.hint = element("p", { class: "hint" });
    host.append(this.canvas, this.hint);
    this.choices = session.recorded.words.names.classes.map((name, k) =>
      element("button", { type: "button", onclick: () => this.choose(k) }, name),
    );
    this.hint.append("Click the plane to add a", element("span", { class: "classes" }, ...this.choices));
    this.tint = document.createElement("canvas");
    this.tint.width = this.tint.height = SIDE;
    /** @type {Field | null} */
    this.field = null;
    /** @type {[number, number][]} */
    this.ranges = axesOf(session);
    this.box = { x: 0, y: 0, width: 1, height: 1 };
    /** The class that a click adds. */
    this.adding = Math.max(0, session.recorded.words.names.classes.length - 1);
    /** @type {number | null} */
    this.held = null;
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    this.choose(this.adding);
    this.listen();
  }

  /** @param {number} k the class that a click adds from now on */
  choose(k) {
    this.adding = k;
    this.choices.forEach((button, place) => {
      button.setAttribute("aria-pressed", String(place === k));
    });
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    this.place(width, height);
    this.paint(context, shown, palette);
    this.write(context, palette);
    this.drawSamples(context, shown, palette);
    const { names } = this.session.recorded.words;
    const right = shown.right.filter(Boolean).length;
    this.canvas.setAttribute(
      "aria-label",
      `The plane of ${names.inputs[0] || "x₁"} and ${names.inputs[1] || "x₂"}: ${right} of ${shown.state.data.count} samples on the right side`,
    );
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  place(width, height) {
    const [[x0, x1], [y0, y1]] = this.ranges;
    const room = { width: width - ROOM.left - ROOM.right, height: height - ROOM.top - ROOM.bottom };
    const { inputUnits: units } = this.session.recorded;
    const [across, down] = [units.file(0, x1) - units.file(0, x0), units.file(1, y1) - units.file(1, y0)];
    const equal = Math.max(across, down) <= 2 * Math.min(across, down);
    const scale = Math.min(room.width / across, room.height / down);
    const [w, h] = equal ? [across * scale, down * scale] : [room.width, room.height];
    this.box = { x: ROOM.left + (room.width - w) / 2, y: ROOM.top, width: w, height: h };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  paint(context, shown, palette) {
    const { network, parameters } = shown.state;
    if (this.field?.network !== network) this.field = new Field(network, this.ranges, SIDE);
    const outputs = this.field.answers(parameters)[network.depth];
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
    /** @type {CanvasRenderingContext2D} */ (this.tint.getContext("2d")).putImageData(pixels, 0, 0);
    const { x, y, width, height } = this.box;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.tint, 0.5, 0.5, SIDE - 1, SIDE - 1, x, y, width, height);
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

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  write(context, palette) {
    const { words } = this.session.recorded;
    const { x, y, width, height } = this.box;
    const { inputUnits: units } = this.session.recorded;
    const [[x0, x1], [y0, y1]] = this.ranges.map((range, k) => range.map((end) => units.file(k, end)));
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    context.textAlign = "center";
    for (const tick of ticks(x0, x1, 4))
      context.fillText(plain(tick), x + ((tick - x0) / (x1 - x0)) * width, y + height + 18);
    context.textAlign = "right";
    for (const tick of ticks(y0, y1, 4)) {
      context.fillText(plain(tick), x - 7, y + height - ((tick - y0) / (y1 - y0)) * height + 5);
    }
    context.fillText(words.names.inputs[0] || "x₁", x + width, y + height + 38);
    context.textAlign = "left";
    const name = words.names.inputs[1] || "x₂";
    context.fillText(name, x, y - 11);
    context.textAlign = "right";
    let right = x + width;
    const least = x + context.measureText(name).width + 20;
    for (let k = words.names.classes.length - 1; k >= 0; k--) {
      const label = words.names.classes[k];
      const taken = context.measureText(label).width + 20;
      if (right - taken < least) break;
      context.fillStyle = palette.muted;
      context.fillText(label, right, y - 11);
      drawMark(context, k, right - taken + 7, y - 16, 5.5, classColor(palette, k), palette.background);
      right -= taken + 16;
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSamples(context, shown, palette) {
    const { data, labels, sample } = shown.state;
    const right = shown.right;
    const scale = Math.max(0.6, Math.min(1, this.box.width / 240)); // a small plane has small marks
    const size = Math.max(3, scale * Math.min(6.5, 13 * data.count ** -0.2));
    for (let s = 0; s < data.count; s++) {
      const [px, py] = this.pixelOf(data.inputs[s], data.inputs[data.count + s]);
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
    if (sample < data.count) {
      const [px, py] = this.pixelOf(data.inputs[sample], data.inputs[data.count + sample]);
      context.lineWidth = 2.2;
      context.strokeStyle = palette.ink;
      context.beginPath();
      context.arc(px, py, 13 * scale, 0, 7);
      context.stroke();
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]}
   */
  pixelOf(x, y) {
    const [[x0, x1], [y0, y1]] = this.ranges;
    const { box } = this;
    return [box.x + ((x - x0) / (x1 - x0)) * box.width, box.y + box.height * (1 - (y - y0) / (y1 - y0))];
  }

  /**
   * @param {PointerEvent} event
   * @returns {number[] | null} the inputs under the pointer, or null outside of the plane
   */
  inputAt(event) {
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
    const { inputs } = this.session.samples;
    let [best, nearest] = [-1, NEAR];
    inputs.forEach(([x, y], s) => {
      const [px, py] = this.pixelOf(x, y);
      const away = Math.hypot(px - event.clientX + bounds.left, py - event.clientY + bounds.top);
      if (away < nearest) [best, nearest] = [s, away];
    });
    return best;
  }

  listen() {
    const { canvas, session } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!session.canTrain) return;
      const input = this.inputAt(event);
      if (!input) return;
      const found = this.sampleAt(event);
      if (found >= 0) {
        session.sampleChosen = found;
        session.changed();
        this.held = found;
        canvas.setPointerCapture(event.pointerId);
        return;
      }
      const { classes } = session.recorded.words.names;
      const other = event.shiftKey || event.button === 2;
      const label = other ? (this.adding + 1) % classes.length : this.adding;
      this.addAt(input, classes[label]);
    });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("pointermove", (event) => {
      const input = this.inputAt(event);
      if (this.held !== null && input) {
        const held = this.held;
        session.edit((samples) => samples.move(held, session.recorded.inputUnits.fileRow(input)));
      } else {
        this.onpoint(input);
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.held = null;
      });
    }
    canvas.addEventListener("pointerleave", () => this.onpoint(null));
    canvas.addEventListener("keydown", (event) => {
      if ((event.key === "Delete" || event.key === "Backspace") && session.samples.count > 1) {
        event.preventDefault();
        const gone = session.sample;
        session.sampleChosen = -1;
        session.edit((samples) => samples.remove(gone));
      }
    });
  }

  /**
   * @param {number[]} input
   * @param {string} target
   */
  addAt(input, target) {
    const { sizes, depth } = this.session.shown.state.network;
    const inputs = this.session.recorded.inputUnits.fileRow(input);
    this.session.edit((samples) => samples.add({ inputs, target }, 2, sizes[depth]));
  }
}

/**
 * Return the ranges of both axes: from 0 to 1 for shares that fill it, otherwise the data and a margin.
 *
 * @param {Session} session
 * @returns {[number, number][]}
 */
function axesOf(session) {
  const { data } = session.recorded;
  return [0, 1].map((axis) => {
    const values = data.inputs.subarray(axis * data.count, (axis + 1) * data.count);
    const [low, high] = extent(values);
    if (low >= 0.049 && high <= 0.951 && high - low >= 0.5) return [0, 1];
    const room = 0.08 * (high - low || 1);
    return [low - room, high + room];
  });
}
