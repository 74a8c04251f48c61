/** The picture that a network draws, pixel by pixel, beside the one it learns, and where the two differ. */

import { rgb, shades } from "../colors.js";
import { element, fitted } from "../dom.js";
import { Backprop } from "../engine/backprop.js";
import { losses } from "../engine/losses.js";
import { plain } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("../engine/trainer.js").Data} Data
 * @typedef {{x: number, y: number, height: number}} Box
 */

const [CAPTION, KEY, GAP, BAR, EDGE] = [24, 24, 18, 8, 1];
const FAINT = 0.12;
const LARGE = 0.98;
const SHADES = 256;

export class PixelsView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    const [columns, rows] = session.recorded.words.pictureSize ?? [1, 1];
    this.columns = columns;
    this.rows = rows;
    this.canvas = element("canvas", { tabindex: 0, role: "img" });
    host.append(this.canvas, element("p", { class: "hint" }, "Click a pixel to follow it"));
    this.small = document.createElement("canvas");
    this.small.width = columns;
    this.small.height = rows;
    /** @type {Box[]} of what is drawn, what is learned and the error, without their captions */
    this.boxes = [];
    /** The error that has full colour. */
    this.limit = this.middleError();
    /** @type {((input: number[] | null) => void)} */
    this.onpoint = () => {};
    this.canvas.addEventListener("pointerdown", (event) => this.pick(event));
    this.canvas.addEventListener("pointermove", (event) => this.onpoint(this.inputsAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.onpoint(null));
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const { columns, rows } = this;
    this.boxes = placed(width, height - KEY, columns / rows);
    const [drawn, learned, errors] = Array.from({ length: 3 }, () => new ImageData(columns, rows));
    const ground = rgb(palette.background);
    const ramp = shades(palette.values, SHADES);
    const { data, file, heldOut, network } = shown.state;
    let held = 0;
    /** @type {(file: Data, targets: Float64Array, answers: Float64Array, isSeen: boolean) => void} */
    const paint = (inFile, targets, answers, isSeen) =>
      this.each(inFile, (s, pixel) => {
        const [answer, target] = [answers, targets].map((all) => this.colorOf(all, inFile.count, s));
        const off = answer.reduce((sum, value, c) => sum + Math.abs(value - target[c]), 0) / 3 / 255;
        const shade = Math.min(SHADES - 1, Math.round((off / this.limit) * (SHADES - 1)));
        const shownTarget = isSeen ? target : target.map((value, c) => ground[c] + FAINT * (value - ground[c]));
        drawn.data.set([...answer, 255], 4 * pixel);
        learned.data.set([...shownTarget, 255], 4 * pixel);
        errors.data.set([...ramp[shade], 255], 4 * pixel);
        if (!isSeen) held += 1;
      });
    const tested = shown.heldOut;
    if (heldOut && tested) paint(heldOut.file, heldOut.data.targets, tested.a[network.depth], false);
    paint(file, data.targets, shown.all.a[network.depth], true);
    const share = Math.round((100 * held) / (columns * rows));
    const original = held ? [`original, ${share}% held out (faint)`, "faint: held out"] : ["original"];
    [drawn, learned, errors].forEach((pixels, k) => {
      const words = [["drawn by the network", "network"], original, ["error"]][k];
      this.paintPicture(context, pixels, this.boxes[k], words, palette);
    });
    this.drawKey(context, palette);
    this.drawSample(context, shown, palette);
    const loss = shown.loss === null ? "" : `, loss ${plain(shown.loss)}`;
    this.canvas.setAttribute(
      "aria-label",
      `The picture of ${columns} by ${rows} pixels as the network draws it, the original and the error${loss}`,
    );
  }

  /**
   * @param {Float64Array} values neuron by neuron
   * @param {number} count samples
   * @param {number} s
   * @returns {number[]} red, green and blue as a screen has them; what is beyond 0 and 1 as these
   */
  colorOf(values, count, s) {
    const { targetUnits } = this.session.recorded;
    const channels = values.length / count;
    return [0, 1, 2].map((c) => {
      const k = channels === 1 ? 0 : c;
      return Math.round(255 * Math.max(0, Math.min(1, targetUnits.file(k, values[k * count + s]) || 0)));
    });
  }

  /**
   * @param {Data} file samples in the units of the file
   * @param {(sample: number, pixel: number) => void} use is given each sample that is a pixel, and which
   */
  each({ inputs, count }, use) {
    const { columns, rows } = this;
    const longer = Math.max(columns, rows);
    for (let s = 0; s < count; s++) {
      const column = Math.round((inputs[s] * longer + columns - 1) / 2);
      const row = Math.round((rows - 1 - inputs[count + s] * longer) / 2);
      if (column >= 0 && column < columns && row >= 0 && row < rows) use(s, row * columns + column);
    }
  }

  /** @returns {number} what nearly all errors stay under, halfway through the recording */
  middleError() {
    const { data, file, network, steps, words } = this.session.recorded;
    const recorded = this.session.recorded.state(Math.floor(steps.length / 2));
    const pass = new Backprop(network, losses.make(words.training.loss), data.count);
    pass.a[0].set(data.inputs);
    pass.forward(recorded);
    const off = new Float64Array(data.count);
    this.each(file, (s) => {
      const [answer, target] = [pass.a[network.depth], data.targets].map((all) => this.colorOf(all, data.count, s));
      off[s] = answer.reduce((sum, value, c) => sum + Math.abs(value - target[c]), 0) / 3 / 255;
    });
    off.sort();
    return roundedUp(off[Math.floor(LARGE * (data.count - 1))]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ImageData} pixels
   * @param {Box} box
   * @param {string[]} words what it is, in fewer and fewer words
   * @param {Palette} palette
   */
  paintPicture(context, pixels, { x, y, height }, words, palette) {
    const { columns, rows, small } = this;
    const width = (height * columns) / rows;
    const surface = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
    surface.putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, y, width, height);
    context.strokeStyle = palette.faint;
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    context.textAlign = "left";
    const fitting = words.find((each) => context.measureText(each).width <= width);
    if (fitting) context.fillText(fitting, x, y - 8);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawKey(context, palette) {
    const { x, y, height } = this.boxes[2];
    const width = (height * this.columns) / this.rows;
    const [low, high] = ["0", plain(this.limit)];
    const left = x + context.measureText(low).width + 7;
    const right = x + width - context.measureText(high).width - 7;
    if (right - left < BAR) return;
    const gradient = context.createLinearGradient(left, 0, right, 0);
    palette.values.forEach((color, k) => {
      gradient.addColorStop(k / (palette.values.length - 1), color);
    });
    context.fillText(low, x, y + height + 20);
    context.fillText(high, right + 7, y + height + 20);
    context.fillStyle = gradient;
    context.fillRect(left, y + height + 11, right - left, BAR);
  }

  /**
   * Frame the pixel whose sample all views show, once a reader chose it or a step is told.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSample(context, shown, palette) {
    const { file, sample, phase } = shown.state;
    if (this.session.sampleChosen < 0 && phase === "none") return;
    const { x, y, height } = this.boxes[0];
    const side = height / this.rows;
    this.each(file, (s, pixel) => {
      if (s !== sample) return;
      const [column, row] = [pixel % this.columns, Math.floor(pixel / this.columns)];
      for (const [color, room] of /** @type {[string, number][]} */ ([
        [palette.background, 3],
        [palette.ink, 1.5],
      ])) {
        context.strokeStyle = color;
        context.lineWidth = 1.5;
        context.strokeRect(x + column * side - room, y + row * side - room, side + 2 * room, side + 2 * room);
      }
    });
  }

  /**
   * @param {PointerEvent} event
   * @returns {number} the pixel under the pointer in any of the pictures, or −1
   */
  pixelAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    for (const { x, y, height } of this.boxes) {
      const column = Math.floor(((event.clientX - bounds.left - x) / height) * this.rows);
      const row = Math.floor(((event.clientY - bounds.top - y) / height) * this.rows);
      if (column >= 0 && column < this.columns && row >= 0 && row < this.rows) return row * this.columns + column;
    }
    return -1;
  }

  /**
   * @param {PointerEvent} event
   * @returns {number[] | null} the place under the pointer
   */
  inputsAt(event) {
    const pixel = this.pixelAt(event);
    if (pixel < 0) return null;
    const { columns, rows } = this;
    const [column, row, longer] = [pixel % columns, Math.floor(pixel / columns), Math.max(columns, rows)];
    return [(2 * column + 1 - columns) / longer, (rows - 1 - 2 * row) / longer];
  }

  /** @param {PointerEvent} event */
  pick(event) {
    const wanted = this.pixelAt(event);
    this.each(this.session.shown.state.file, (s, pixel) => {
      if (pixel === wanted) this.session.sampleChosen = s;
    });
    this.session.changed();
  }
}

/**
 * @param {number} value
 * @returns {number} the next number of two digits, 1 where there is no error
 */
function roundedUp(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit - 1e-9) * unit;
}

/**
 * Place a large picture, and two small ones beside it, one over the other, or below it, whichever makes it larger.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} aspect of each picture, width to height
 * @returns {Box[]}
 */
function placed(width, height, aspect) {
  const room = width - 2 * EDGE;
  const between = GAP + CAPTION;
  const beside = Math.min(height - CAPTION, (room - GAP + (aspect * between) / 2) / (1.5 * aspect));
  const below = Math.min(room / aspect, (height - CAPTION - between + GAP / (2 * aspect)) / 1.5);
  const large = Math.max(beside, below);
  const isBeside = beside >= below;
  const small = isBeside ? (large - between) / 2 : (large - GAP / aspect) / 2;
  const used = isBeside ? aspect * (large + small) + GAP : aspect * large;
  const x = (width - used) / 2;
  const first = { x, y: CAPTION, height: large };
  if (isBeside) {
    const right = x + aspect * large + GAP;
    return [first, { x: right, y: CAPTION, height: small }, { x: right, y: CAPTION + small + between, height: small }];
  }
  const low = CAPTION + large + between;
  return [first, { x, y: low, height: small }, { x: x + aspect * small + GAP, y: low, height: small }];
}
