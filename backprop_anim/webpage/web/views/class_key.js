/** The key of classes over a picture: all of them beside the name of its axis, or in lines of their own. */

import { classColor } from "../colors.js";
import { cutApart } from "../names.js";
import { drawMark } from "./marks.js";

/**
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {(text: string) => number} Measure the width of a text in pixels
 *
 * @typedef {object} Key
 * @property {string[][]} lines the classes in order
 * @property {boolean} beside whether it stands in the line of the axis' name
 * @property {number} more how many classes have no room
 */

export const KEY_LINE = 22;
const MARK = 20;
const GAP = 16;
const MOST_LINES = 2;
const LEAST_NAME = 34;

/**
 * Find the key that shows the most of its names.
 *
 * @param {string[]} names
 * @param {number} beside how much room there is beside the name of the axis
 * @param {number} whole that of a line of its own
 * @param {Measure} measure
 * @returns {Key}
 */
export function keyOf(names, beside, whole, measure) {
  if (inLines(names, beside, 1, measure)) return { lines: [names], beside: true, more: 0 };
  const widest = Math.max(...names.map(measure));
  for (let width = widest; width >= Math.min(widest, LEAST_NAME); width -= 3) {
    const cut = cutApart(names, (text) => measure(text) <= width);
    if (new Set(cut).size < names.length) break;
    const lines = inLines(cut, whole, MOST_LINES, measure);
    if (lines) return { lines, beside: false, more: 0 };
  }
  const cut = cutApart(names, (text) => measure(text) <= Math.max(LEAST_NAME, whole / 4));
  for (let shown = names.length - 1; shown > 0; shown--) {
    const lines = inLines([...cut.slice(0, shown), moreText(names.length - shown)], whole, MOST_LINES, measure);
    if (!lines) continue;
    lines[lines.length - 1].pop();
    return { lines, beside: false, more: names.length - shown };
  }
  return { lines: [], beside: false, more: names.length };
}

/** @param {number} n */
const moreText = (n) => `… ${n} more`;

/**
 * @param {string[]} names
 * @param {number} room
 * @param {number} most
 * @param {Measure} measure
 * @returns {string[][] | null} in up to so many lines, if they have room
 */
function inLines(names, room, most, measure) {
  /** @type {string[][]} */
  const lines = [[]];
  let right = 0;
  for (const name of names) {
    const taken = MARK + measure(name);
    if (right && right + taken > room) {
      lines.push([]);
      right = 0;
    }
    if (taken > room || lines.length > most) return null;
    lines[lines.length - 1].push(name);
    right += taken + GAP;
  }
  return lines;
}

/**
 * @param {CanvasRenderingContext2D} context with its font set
 * @param {Palette} palette
 * @param {Key} key
 * @param {number} right where its lines end
 * @param {number} foot the baseline of its last line
 */
export function drawKey(context, palette, { lines, more }, right, foot) {
  context.textAlign = "left";
  let k = 0;
  lines.forEach((line, row) => {
    const y = foot - KEY_LINE * (lines.length - 1 - row);
    const end = more && row === lines.length - 1 ? moreText(more) : "";
    const widths = line.map((name) => MARK + context.measureText(name).width + GAP);
    let x = right - widths.reduce((sum, width) => sum + width, 0) + GAP;
    if (end) x -= context.measureText(end).width + GAP;
    line.forEach((name, place) => {
      drawMark(context, k, x + 7, y - 5, 5.5, classColor(palette, k), palette.background);
      context.fillStyle = palette.muted;
      context.fillText(name, x + MARK, y);
      x += widths[place];
      k++;
    });
    if (end) context.fillText(end, x, y);
  });
}
