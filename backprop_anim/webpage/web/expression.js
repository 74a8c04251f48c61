/** The value of a formula that Python has read: nested lists of a word and what it is applied to. */

/** @typedef {["number", number] | ["variable", number] | [string, ...any[]]} Tree */

/** @type {Record<string, (...values: number[]) => number>} */
const WORDS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": modulo,
  "^": (a, b) => a ** b,
  negative: (a) => -a,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  exp: Math.exp,
  log: Math.log,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  hypot: Math.hypot,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  mod: modulo,
  min: Math.min,
  max: Math.max,
  step: (a) => (a >= 0 ? 1 : a < 0 ? 0 : Number.NaN),
  heaviside: (a) => (a >= 0 ? 1 : a < 0 ? 0 : Number.NaN),
};

/**
 * @param {number} a
 * @param {number} b
 * @returns {number} what is left of a, with the sign of b
 */
function modulo(a, b) {
  const left = a % b;
  return left && left < 0 !== b < 0 ? left + b : left;
}

/**
 * @param {Tree} tree
 * @param {ArrayLike<number>} values of the variables
 * @returns {number} NaN where the formula has no value
 */
export function evaluated([word, ...parts], values) {
  if (word === "number") return parts[0];
  if (word === "variable") return values[parts[0]];
  const found = WORDS[word](...parts.map((part) => evaluated(part, values)));
  return Number.isFinite(found) ? found : Number.NaN;
}
