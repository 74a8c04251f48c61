/** What a network answers at every place of a plane of two inputs, as an amount in colour. */

import { along, shades } from "../colors.js";
import { element } from "../dom.js";
import { cut } from "../names.js";
import { extent, plain, ticks } from "../numbers.js";
import { evenly } from "../samples.js";
import { PlanePicture, SIDE } from "./plane_picture.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const ROOM = { left: 46, right: 84, top: 30, bottom: 44 };
const BAR = { gap: 14, width: 12 };
const SHADES = 512;
const MOST_DOTS = 600;

export class ValueFieldView extends PlanePicture {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    super(host, session, ROOM);
    const { recorded } = session;
    const { words, written, network, file } = recorded;
    const width = network.sizes[network.depth];
    /** The output that is shown. */
    this.output = words.outputs.field ?? 0;
    this.name = written.outputs[this.output] || "y";
    const [low, high] = extent(file.targets.subarray(this.output * file.count, (this.output + 1) * file.count));
    /** @type {[number, number]} of the colours, in the units of the file */
    this.range = low < high ? [low, high] : [low - 0.5, high + 0.5];
    const middle = Number(plain((low + high) / 2).replace("−", "-"));
    this.value = element("input", { type: "number", step: "any", value: middle, "aria-label": `${this.name} to add` });
    if (width === 1) this.hint.append("Dots: actual values. Click the plane to add ", this.value);
    else this.hint.append("Dots: actual values. Drag one to move it");
    /** @type {string[] | null} */
    this.ramp = null;
    this.shades = shades(["#000000", "#ffffff"], 2);
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const context = this.begin();
    if (!context) return;
    if (this.ramp !== palette.values) {
      this.ramp = palette.values;
      this.shades = shades(palette.values, SHADES);
    }
    this.paint(context, shown);
    this.writeAxes(context, palette);
    this.drawBar(context, palette);
    this.drawSamples(context, shown, palette);
    const [x, y] = this.names;
    const [low, high] = this.range.map((value) => plain(value));
    this.canvas.setAttribute(
      "aria-label",
      `${this.name} over the plane of ${x} and ${y}, in colours from ${low} to ${high}: loss ${plain(shown.loss ?? 0)}`,
    );
  }

  /**
   * @param {number} value in the units of the file
   * @returns {number} from 0 to 1, beyond the range its ends
   */
  share(value) {
    const [low, high] = this.range;
    return Math.max(0, Math.min(1, (value - low) / (high - low) || 0));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   */
  paint(context, shown) {
    const { targetUnits } = this.session.recorded;
    const count = SIDE * SIDE;
    const answers = this.answers(shown).subarray(this.output * count, (this.output + 1) * count);
    const pixels = new ImageData(SIDE, SIDE);
    for (let k = 0; k < count; k++) {
      const share = this.share(targetUnits.file(this.output, answers[k]));
      pixels.data.set(this.shades[Math.round(share * (SHADES - 1))], 4 * k);
      pixels.data[4 * k + 3] = 255;
    }
    this.paintPixels(context, pixels);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  drawBar(context, palette) {
    const { x, y, width, height } = this.box;
    const left = x + width + BAR.gap;
    const [low, high] = this.range;
    const gradient = context.createLinearGradient(0, y + height, 0, y);
    palette.values.forEach((color, k) => {
      gradient.addColorStop(k / (palette.values.length - 1), color);
    });
    context.fillStyle = gradient;
    context.fillRect(left, y, BAR.width, height);
    context.fillStyle = palette.muted;
    context.textAlign = "left";
    for (const tick of ticks(low, high, 4)) {
      context.fillText(plain(tick), left + BAR.width + 6, y + height * (1 - this.share(tick)) + 5);
    }
    context.textAlign = "right";
    const end = Math.min(this.canvas.clientWidth - 2, left + BAR.width + 56);
    const room = end - x - context.measureText(this.names[1]).width - 14;
    const name = cut(this.name, (text) => context.measureText(text).width <= room);
    context.fillText(name, end, y - 11);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawSamples(context, shown, palette) {
    const { data, file, sample } = shown.state;
    const { targetUnits } = this.session.recorded;
    const places = this.section.placesOf(file);
    const room = Math.sqrt((this.box.width * this.box.height) / Math.min(MOST_DOTS, Math.max(1, data.count)));
    const size = Math.max(2.5, Math.min(6, 0.15 * room));
    context.lineWidth = 0.8;
    context.strokeStyle = palette.ink;
    for (const s of evenly(data.count, MOST_DOTS, sample)) {
      context.beginPath();
      context.arc(...this.pixelOf(places[s]), size, 0, 7);
      context.fillStyle = along(
        palette.values,
        this.share(targetUnits.file(this.output, data.targets[this.output * data.count + s])),
      );
      context.fill();
      context.stroke();
    }
    this.drawHeldOut(context, palette, size / 2);
    this.drawRing(context, palette, places[sample]);
  }

  /**
   * Draw the samples that are not trained on, smaller and without rims, as the film does.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {number} size
   */
  drawHeldOut(context, palette, size) {
    const { heldOut } = this.session.recorded;
    if (!heldOut) return;
    const { file } = heldOut;
    const places = this.section.placesOf(file);
    for (const s of evenly(file.count, MOST_DOTS, 0)) {
      context.beginPath();
      context.arc(...this.pixelOf(places[s]), size, 0, 7);
      context.fillStyle = along(palette.values, this.share(file.targets[this.output * file.count + s]));
      context.fill();
    }
  }

  /** @param {number[]} inputs */
  add(inputs) {
    const { sizes, depth } = this.session.shown.state.network;
    const target = this.value.valueAsNumber;
    if (sizes[depth] !== 1 || !Number.isFinite(target)) return;
    this.session.edit((samples) => samples.add({ inputs, target }, inputs.length, 1));
  }
}
