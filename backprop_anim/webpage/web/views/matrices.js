/** Numbers of every weight and bias as matrices of colour: the weights, or what a step adds to them. */

import { rgb } from "../colors.js";
import { element, fitted } from "../dom.js";
import { plain, signed } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const GAP = 34;
const TOP = 24;
const HEIGHT = 190;
const LARGEST = 34;

export class MatricesView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   * @param {(shown: Shown) => Float64Array | null} numbers
   * @param {string} missing what is said where there are none
   */
  constructor(host, session, numbers, missing) {
    this.session = session;
    this.numbers = numbers;
    this.missing = missing;
    this.canvas = element("canvas", { role: "img" });
    this.canvas.style.height = `${HEIGHT}px`;
    this.said = element("p", { class: "hint" });
    host.append(this.canvas, this.said);
    /** The largest number so far, so that colours do not jump from state to state. */
    this.most = 1e-12;
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    /** @type {{x: number, y: number, side: number, layer: number}[]} */
    this.places = [];
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const numbers = this.numbers(shown);
    context.font = "14px Film, sans-serif";
    context.fillStyle = palette.muted;
    this.places = [];
    if (!numbers) {
      context.fillText(this.missing, 0, 18);
      return;
    }
    const { network } = shown.state;
    for (const value of numbers) this.most = Math.max(this.most, Math.abs(value));
    const columns = network.sizes.slice(1).reduce((sum, _, k) => sum + network.width(k + 1), 0);
    const rows = Math.max(...network.sizes.slice(1));
    const room = width - GAP * (network.depth - 1);
    const side = Math.min(LARGEST, room / columns, (height - TOP - 4) / rows);
    let x = 0;
    for (let layer = 1; layer <= network.depth; layer++) {
      context.fillStyle = palette.muted;
      context.fillText(network.bias ? `W${layer}, b${layer}` : `W${layer}`, x, 15);
      this.paint(context, palette, numbers, layer, { x, y: TOP, side });
      this.places.push({ x, y: TOP, side, layer });
      x += side * network.width(layer) + GAP;
    }
    this.canvas.setAttribute("aria-label", `${columns} columns of numbers, the largest ${plain(this.most)}`);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {Float64Array} numbers
   * @param {number} layer
   * @param {{x: number, y: number, side: number}} at
   */
  paint(context, palette, numbers, layer, { x, y, side }) {
    const { network } = this.session.shown.state;
    const ground = rgb(palette.surface);
    const width = network.width(layer);
    for (let unit = 0; unit < network.sizes[layer]; unit++) {
      for (let column = 0; column < width; column++) {
        const value = numbers[network.offsets[layer - 1] + unit * width + column] / this.most;
        const color = rgb(value < 0 ? palette.negative : palette.positive);
        const mix = ground.map((part, k) => Math.round(part + Math.min(1, Math.abs(value)) * (color[k] - part)));
        const apart = network.bias && column === width - 1 ? 4 : 0;
        context.fillStyle = `rgb(${mix.join(" ")})`;
        context.fillRect(x + column * side + apart, y + unit * side, side - 1, side - 1);
      }
    }
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { shown } = this.session;
    const numbers = this.numbers(shown);
    const { network } = shown.state;
    const bounds = this.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - bounds.left, event.clientY - bounds.top];
    for (const { x, y, side, layer } of this.places) {
      const column = Math.floor((px - x) / side);
      const unit = Math.floor((py - y) / side);
      if (column < 0 || column >= network.width(layer) || unit < 0 || unit >= network.sizes[layer]) continue;
      const isBias = column === network.sizes[layer - 1];
      const name = isBias ? `b${layer} of neuron ${unit + 1}` : `W${layer} from ${column + 1} to ${unit + 1}`;
      const value = numbers?.[network.index(layer, unit, isBias ? -1 : column)] ?? 0;
      this.said.textContent = `${name}: ${signed(value, 4)}`;
      return;
    }
  }
}
