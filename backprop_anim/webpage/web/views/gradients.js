/** How large the gradients of each layer are over the kept states: the median of their sizes, on a log scale. */

import { along } from "../colors.js";
import { element, fitted } from "../dom.js";
import { Trainer } from "../engine/trainer.js";
import { plain } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const HEIGHT = 190;
const MOST_STATES = 120;

export class GradientsView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.canvas = element("canvas", {
      role: "img",
      "aria-label": "the size of each layer's gradients over the recording",
    });
    this.canvas.style.height = `${HEIGHT}px`;
    host.append(this.canvas);
    /** @type {{rows: number[], medians: number[][]} | null} */
    this.found = null;
  }

  /** @returns {{rows: number[], medians: number[][]}} found when the panel is opened first */
  medians() {
    if (this.found) return this.found;
    const { recorded } = this.session;
    const { words, network } = recorded;
    const apart = Math.max(1, Math.ceil(recorded.steps.length / MOST_STATES));
    const rows = recorded.steps.map((_, row) => row).filter((row) => row % apart === 0);
    const medians = rows.map((row) => {
      const trainer =
        recorded.stepFrom(row) ?? new Trainer(words.network, words.training, recorded.data, recorded.state(row));
      if (!trainer.rows) trainer.findGradient(null);
      else trainer.findGradient(trainer.rows);
      return Array.from({ length: network.depth }, (_, k) => {
        const sizes = Array.from(trainer.gradient.subarray(network.offsets[k], network.offsets[k + 1]), Math.abs).sort(
          (a, b) => a - b,
        );
        return sizes[Math.floor(sizes.length / 2)];
      });
    });
    this.found = { rows, medians };
    return this.found;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const { rows, medians } = this.medians();
    const { recorded } = this.session;
    const every = medians.flat().filter((value) => value > 0);
    if (!every.length) return;
    const most = Math.max(...every);
    const low = Math.log(Math.max(Math.min(...every), most * 1e-6));
    const high = Math.log(most);
    const end = recorded.steps[recorded.steps.length - 1] || 1;
    const x = (/** @type {number} */ row) => 8 + (recorded.steps[row] / end) * (width - 110);
    const y = (/** @type {number} */ value) =>
      12 + (1 - (Math.log(Math.max(value, 1e-300)) - low) / (high - low || 1)) * (height - 30);
    context.font = "14px Film, sans-serif";
    for (let layer = 0; layer < recorded.network.depth; layer++) {
      const color = along(palette.ramp, recorded.network.depth > 1 ? layer / (recorded.network.depth - 1) : 0.5);
      context.beginPath();
      rows.forEach((row, k) => {
        const at = /** @type {[number, number]} */ ([x(row), Math.min(height - 14, y(medians[k][layer]))]);
        if (k) context.lineTo(...at);
        else context.moveTo(...at);
      });
      context.strokeStyle = color;
      context.lineWidth = 2;
      context.stroke();
      context.fillStyle = palette.ink;
      const last = medians[medians.length - 1][layer];
      context.fillText(`layer ${layer + 1}: ${plain(last, 2)}`, width - 98, 16 + 18 * layer);
      context.fillStyle = color;
      context.fillRect(width - 108, 11 + 18 * layer, 6, 6);
    }
    const here = 8 + (Math.min(shown.state.step, end) / end) * (width - 110);
    context.fillStyle = palette.accent;
    context.fillRect(here - 0.5, 8, 1.5, height - 20);
  }
}
