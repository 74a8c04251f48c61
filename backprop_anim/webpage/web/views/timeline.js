/** The loss as the time line: what the steps saw, where the film is, and what was reached when. */

import { element, fitted } from "../dom.js";
import { ticks, whole } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 */

const TOP = 26;
const BASE = 92;

export class TimelineView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    const { steps } = session.recorded;
    this.end = steps[steps.length - 1];
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: this.end,
      step: 1,
      "aria-label": `training ${session.recorded.words.stepWord}`,
      oninput: () => session.show(session.recorded.rowAt(Number(this.slider.value))),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const forward = event.key === "ArrowRight" || event.key === "ArrowUp";
        if (!forward && event.key !== "ArrowLeft" && event.key !== "ArrowDown") return;
        event.preventDefault(); // by one kept state: by one step it would mostly stay where it is
        if (forward) session.next();
        else session.previous();
      },
    });
    host.append(this.canvas, this.slider);
    this.scale();
  }

  /** Find the axis of the losses once: logarithmic where they span decades. */
  scale() {
    const { lossesLow: low, lossesHigh: high, totals, heldOut } = this.session.recorded;
    const finite = [...low, ...high, ...totals, ...(heldOut?.losses ?? [])].filter(
      (loss) => Number.isFinite(loss) && loss > 0,
    );
    this.low = finite.reduce((least, loss) => Math.min(least, loss), Infinity);
    this.high = finite.reduce((most, loss) => Math.max(most, loss), 0);
    this.isLog = this.high > 30 * this.low;
    if (!finite.length) [this.low, this.high] = [0, 1];
  }

  /**
   * @param {number} loss
   * @returns {number} its height in pixels
   */
  y(loss) {
    const [low, high] = this.isLog ? [Math.log(this.low ?? 1), Math.log(this.high ?? 1)] : [0, this.high ?? 1];
    const value = this.isLog ? Math.log(Math.max(loss, 1e-300)) : loss;
    const share = Math.max(-0.05, Math.min(1.1, (value - low) / (high - low || 1)));
    return BASE - 8 - share * (BASE - TOP - 8);
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    const context = fitted(this.canvas, width, height);
    const { session } = this;
    const { step, mode } = shown.state;
    const last = Math.max(this.end, mode === "live" ? step : 0, 1);
    const x = (/** @type {number} */ at) => 8 + (at / last) * (width - 16);
    this.drawLosses(context, palette, x, step);
    if (mode === "live") this.drawLive(context, palette, x);
    this.drawTrack(context, palette, x, step, width);
    this.writeTicks(context, palette, x, last, step);
    if (mode === "recording") this.writeMilestones(context, palette, x, width);
    this.slider.max = String(last);
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", `${session.recorded.words.stepWord} ${whole(step)}`);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} step
   */
  drawLosses(context, palette, x, step) {
    const { lossesLow: low, lossesHigh: high, words } = this.session.recorded;
    const per = words.losses.count / Math.max(1, low.length);
    const live = this.session.mode === "live";
    context.lineWidth = 1;
    context.strokeStyle = palette.faint;
    context.beginPath();
    for (let k = 0; k < low.length; k++) {
      const at = x((k + 0.5) * per);
      if (k) context.lineTo(at, this.y(low[k]));
      else context.moveTo(at, this.y(low[k]));
      context.lineTo(at, this.y(high[k]));
    }
    context.stroke();
    this.drawTotals(context, palette, x, per);
    this.drawHeldOut(context, palette, x);
    context.fillStyle = palette.muted;
    context.font = "14px Film, sans-serif";
    context.textAlign = "left";
    const scale = this.isLog ? ", on a log scale" : "";
    const label = words.lossLabel;
    const [all, mean] = [words.training.batch === null, live ? "" : ", and its running mean"];
    const names = all
      ? [`${label}${scale}`, label, "loss"]
      : [`${label} of each step${mean}${scale}`, `loss of each step${mean && ", and its mean"}`, "loss"];
    if (this.session.recorded.heldOut) names.unshift(`${names[0]}; dashed: over the samples held out`);
    if (this.session.recorded.totals.length) names.unshift(`${names[0]}; faint: with the penalties`);
    const room = this.canvas.clientWidth - 16;
    context.fillText(names.find((name) => context.measureText(name).width <= room) ?? "", 8, 14);
    if (!live) this.drawMean(context, palette, x, step, per);
  }

  /**
   * Draw the loss over the samples that are held out, at each kept state of the recording.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   */
  drawHeldOut(context, palette, x) {
    const { heldOut, steps } = this.session.recorded;
    if (!heldOut) return;
    context.save();
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.6;
    context.setLineDash([5, 3]);
    this.strokeLosses(context, heldOut.losses, (k) => x(steps[k]));
    context.restore();
  }

  /** @type {(context: CanvasRenderingContext2D, losses: Float64Array, at: (k: number) => number) => void} */
  strokeLosses(context, losses, at) {
    context.beginPath();
    losses.forEach((loss, k) => {
      if (k) context.lineTo(at(k), this.y(loss));
      else context.moveTo(at(k), this.y(loss));
    });
    context.stroke();
  }

  /**
   * Draw the loss with what the weights cost, faint and dashed.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} per steps in a column
   */
  drawTotals(context, palette, x, per) {
    context.save();
    context.strokeStyle = palette.muted;
    context.setLineDash([3, 3]);
    this.strokeLosses(context, this.session.recorded.totals, (k) => x((k + 0.5) * per));
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} step
   * @param {number} per steps in a column
   */
  drawMean(context, palette, x, step, per) {
    const { recorded } = this.session;
    const { words } = recorded;
    context.beginPath();
    context.strokeStyle = palette.accent;
    context.lineWidth = 2.4;
    const columns = recorded.lossesLow;
    const smooth = Math.max(1, Math.round(columns.length / 40));
    let sum = 0;
    for (let k = 0; k < columns.length && (k + 0.5) * per <= step; k++) {
      sum += (columns[k] + recorded.lossesHigh[k]) / 2;
      if (k >= smooth) sum -= (columns[k - smooth] + recorded.lossesHigh[k - smooth]) / 2;
      const mean = sum / Math.min(k + 1, smooth);
      const value = words.training.batch === null ? columns[k] : mean; // of all data the loss itself, without spikes
      if (k) context.lineTo(x((k + 0.5) * per), this.y(value));
      else context.moveTo(x((k + 0.5) * per), this.y(value));
    }
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   */
  drawLive(context, palette, x) {
    context.beginPath();
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.6;
    this.session.losses.forEach(({ step, loss }, k) => {
      if (k) context.lineTo(x(step), this.y(loss));
      else context.moveTo(x(step), this.y(loss));
    });
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} step
   * @param {number} width
   */
  drawTrack(context, palette, x, step, width) {
    const line = (
      /** @type {number} */ from,
      /** @type {number} */ to,
      /** @type {string} */ color,
      /** @type {number} */ thick,
    ) => {
      context.beginPath();
      context.moveTo(from, BASE);
      context.lineTo(to, BASE);
      context.strokeStyle = color;
      context.lineWidth = thick;
      context.stroke();
    };
    line(8, width - 8, palette.hairline, 2);
    line(8, x(step), palette.accent, 3);
    context.beginPath();
    context.arc(x(step), BASE, 7.5, 0, 7);
    context.fillStyle = palette.accent;
    context.strokeStyle = palette.background;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} last
   * @param {number} step
   */
  writeTicks(context, palette, x, last, step) {
    context.textAlign = "center";
    context.fillStyle = palette.muted;
    context.font = "14px Film, sans-serif";
    const here = x(step);
    for (const tick of ticks(0, last, 4)) {
      const half = context.measureText(whole(tick)).width / 2;
      const at = Math.max(half, Math.min(x(last) + 8 - half, x(tick)));
      if (Number.isInteger(tick) && Math.abs(at - here) > 46) context.fillText(whole(tick), at, BASE + 27);
    }
    context.font = "600 14px Film, sans-serif";
    context.fillStyle = palette.ink;
    const half = context.measureText(whole(step)).width / 2;
    context.fillText(whole(step), Math.max(half, Math.min(x(last) + 8 - half, here)), BASE + 27);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {(step: number) => number} x
   * @param {number} width
   */
  writeMilestones(context, palette, x, width) {
    context.font = "14px Film, sans-serif";
    let free = -Infinity;
    for (const { step, text } of this.session.recorded.words.milestones) {
      const at = x(step);
      const long = context.measureText(text).width;
      if (at < free) continue;
      context.save();
      context.setLineDash([2, 3]);
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.2;
      context.beginPath();
      context.moveTo(at, TOP - 6);
      context.lineTo(at, BASE);
      context.stroke();
      context.restore();
      const left = at + 7 + long > width ? at - 7 - long : at + 7;
      context.textAlign = "left";
      context.fillStyle = palette.muted;
      if (left > 230) context.fillText(text, left, TOP + 2);
      free = left + long + 16;
    }
  }
}
