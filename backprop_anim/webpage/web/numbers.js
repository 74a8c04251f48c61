/** How numbers are written for a reader: with a true minus sign, and no more digits than are read. */

/**
 * @param {number} value
 * @param {number} [digits] significant ones
 * @returns {string}
 */
export function plain(value, digits = 3) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : Number.isNaN(value) ? "–" : "∞";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -6 || size >= 7) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    return `${mantissa}·10${raised(Number(power))}`.replace("-", "−");
  }
  const decimals = Math.max(0, digits - 1 - size);
  const text = value.toFixed(decimals);
  return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace("-", "−");
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
export function signed(value, digits = 3) {
  const text = plain(value, digits);
  return value > 0 ? `+${text}` : text;
}

/**
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  if (!Number.isFinite(value)) return "∞";
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** @param {number} value a whole number */
export function whole(value) {
  return value.toLocaleString("en-US");
}

/**
 * @param {ArrayLike<number>} values any number of them, as no function takes arguments
 * @returns {[number, number]} the smallest and the largest
 */
export function extent(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    low = Math.min(low, values[k]);
    high = Math.max(high, values[k]);
  }
  return [low, high];
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** @param {number} n */
function raised(n) {
  return (n < 0 ? "⁻" : "") + [...String(Math.abs(n))].map((digit) => RAISED[Number(digit)]).join("");
}

/** @param {number | string} n digits */
export function lowered(n) {
  return [...String(n)].map((digit) => LOWERED[Number(digit)]).join("");
}

/**
 * Return round places for the numbers of an axis.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count about how many
 */
export function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * (high - low); k++) found.push(k * step);
  return found.map((value) => Number(value.toPrecision(12)));
}

const DAY = 86_400_000;
const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000];

/**
 * @param {number} days since the start of 1970
 * @returns {string} the date
 */
export function dateText(days) {
  const moment = new Date(days * DAY);
  return Number.isNaN(moment.getTime()) ? plain(days) : moment.toISOString().slice(0, 10);
}

/**
 * Return where the ticks of an axis stand and what they say.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count about how many
 * @param {boolean} [ofDays] whether the numbers are days since the start of 1970
 * @returns {[number, string][]}
 */
export function labelled(low, high, count, ofDays = false) {
  if (!ofDays || high - low < 2) return ticks(low, high, count).map((tick) => [tick, plain(tick)]);
  for (const step of DAY_STEPS) {
    if ((high - low) / step > count) continue;
    const first = Math.ceil(low / step) * step;
    const found = Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, k) => first + k * step);
    return found.map((day) => [day, dateText(day)]);
  }
  const [from, to] = [low, high].map((day) => new Date(day * DAY).getUTCFullYear() * 12);
  /** @type {[number, string][]} */
  let found = [];
  for (const step of MONTH_STEPS) {
    found = [];
    for (let month = Math.ceil(from / step) * step; month < to + 12; month += step) {
      const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY;
      if (day >= low && day <= high) found.push([day, dateText(day).slice(0, step % 12 ? 7 : 4)]);
    }
    if (found.length <= count + 1) break;
  }
  return found;
}
