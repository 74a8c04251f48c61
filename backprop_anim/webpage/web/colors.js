/** The theme's colours for canvases and style sheets, and colours between two. */

/**
 * @typedef {object} Palette
 * @property {string} background
 * @property {string} surface
 * @property {string} ink
 * @property {string} muted
 * @property {string} faint
 * @property {string} hairline
 * @property {string} accent
 * @property {string} target
 * @property {string} positive
 * @property {string} negative
 * @property {string[]} ramp
 * @property {string[]} classes
 * @property {string[]} values of amounts, from little to much
 *
 * @typedef {[number, number, number]} Rgb
 */

/**
 * @param {string} hex
 * @returns {Rgb}
 */
export function rgb(hex) {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

/**
 * @param {string} one
 * @param {string} other
 * @param {number} share
 * @returns {string}
 */
export function mixed(one, other, share) {
  const [a, b] = [rgb(one), rgb(other)];
  return `rgb(${a.map((part, k) => Math.round(part + share * (b[k] - part))).join(" ")})`;
}

/**
 * @param {string[]} ramp
 * @param {number} share from 0 to 1
 * @returns {string}
 */
export function along(ramp, share) {
  const place = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const k = Math.min(ramp.length - 2, Math.floor(place));
  return mixed(ramp[k], ramp[k + 1], place - k);
}

/**
 * @param {string[]} ramp
 * @param {number} count
 * @returns {Rgb[]} colours at equal distances along it
 */
export function shades(ramp, count) {
  const corners = ramp.map(rgb);
  return Array.from({ length: count }, (_, at) => {
    const place = (at / (count - 1)) * (ramp.length - 1);
    const k = Math.min(ramp.length - 2, Math.floor(place));
    return /** @type {Rgb} */ (corners[k].map((part, c) => part + (place - k) * (corners[k + 1][c] - part)));
  });
}

/**
 * @param {Palette} palette
 * @returns {string} the colour of a line that stands for a network alone
 */
export function lineColor(palette) {
  return palette.ramp[Math.floor(palette.ramp.length / 2)];
}

/**
 * @param {Palette} palette
 * @param {number} k
 * @returns {string} the colour of a class; with more classes than colours they begin anew
 */
export function classColor(palette, k) {
  return palette.classes[k % palette.classes.length];
}

/**
 * @param {Palette} palette
 * @param {number} value
 * @returns {string} the colour of a number's sign
 */
export function signColor(palette, value) {
  return value < 0 ? palette.negative : palette.positive;
}
