/** Formulas as MathML, whose parts have the colours of what they stand for in the picture. */

import { drawn } from "./dom.js";
import { plain, signed } from "./numbers.js";

/** @typedef {"" | "plus" | "minus" | "error"} Tint */

/**
 * @param {string} name
 * @param {string} [below] an index
 * @param {Tint} [tint]
 */
export function symbol(name, below = "", tint = "") {
  const letter = drawn("math", "mi", {}, name);
  const made = below ? drawn("math", "msub", {}, letter, drawn("math", "mtext", {}, below)) : letter;
  if (tint) made.setAttribute("class", tint);
  return made;
}

/**
 * @param {string} text
 * @param {Tint} [tint]
 */
export function number(text, tint = "") {
  return drawn("math", "mn", tint ? { class: tint } : {}, text);
}

/**
 * A number in brackets where it has a minus, in the colour of its sign.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function weight(value, digits = 3) {
  const text = plain(value, digits);
  const tint = value < 0 ? "minus" : "plus";
  return value < 0 ? row(operator("("), number(text, tint), operator(")")) : number(text, tint);
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
export function error(value, digits = 3) {
  return number(signed(value, digits), "error");
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
export function value(value, digits = 3) {
  const text = plain(value, digits);
  return value < 0 ? row(operator("("), number(text), operator(")")) : number(text);
}

/** @param {string} text words in a formula */
export function words(text) {
  return drawn("math", "mtext", {}, text);
}

/** @param {string} sign */
export function operator(sign) {
  return drawn("math", "mo", {}, sign);
}

/** @param {...Node} parts */
export function row(...parts) {
  return drawn("math", "mrow", {}, ...parts);
}

/**
 * @param {Node} base
 * @param {string} power
 */
export function raised(base, power) {
  return drawn("math", "msup", {}, base, drawn("math", "mn", {}, power));
}

/**
 * @param {Node[]} terms
 * @param {string} [sign]
 * @returns {Node[]} with the sign between
 */
export function joined(terms, sign = "+") {
  return terms.flatMap((term, k) => (k ? [operator(sign), term] : [term]));
}

/**
 * Spell out a short formula: letters a and y, numbers, signs, brackets and ² behind a bracket.
 *
 * @param {string} text
 * @param {Record<string, () => Node>} letters what stands for a letter
 * @returns {Node}
 */
export function spelled(text, letters) {
  /** @type {Node[]} */
  const parts = [];
  for (const [part, inside] of text.matchAll(/\(([^()]*)\)²|log|[\d.]+|./gu)) {
    if (inside) parts.push(raised(row(operator("("), spelled(inside, letters), operator(")")), "2"));
    else if (Object.hasOwn(letters, part)) parts.push(letters[part]());
    else if (/[\d½]/u.test(part)) parts.push(number(part));
    else if (/\p{L}/u.test(part)) parts.push(symbol(part));
    else if (part !== " ") parts.push(operator(part));
  }
  return row(...parts);
}

/**
 * Write a sum, with no more than so many terms in a line.
 *
 * @param {Node[]} head what stands before the sum, with its sign
 * @param {Node[]} terms those that begin with − bring their sign along
 * @param {number} most
 * @param {Node[]} [tail] what stands behind the sum
 * @returns {Node[]} formulas, one a line
 */
export function sumInLines(head, terms, most, tail = []) {
  const lines = Math.ceil(terms.length / most);
  const each = Math.ceil(terms.length / lines); // about as many in every line
  return Array.from({ length: lines }, (_, k) => {
    const here = terms.slice(k * each, (k + 1) * each);
    const parts = here.flatMap((term, place) => {
      const isFirst = !k && !place;
      return isFirst || term.textContent?.startsWith("−") ? [term] : [operator("+"), term];
    });
    return formula(...(k ? [] : head), ...parts, ...(k === lines - 1 ? tail : []));
  });
}

/** @param {...Node} parts */
export function formula(...parts) {
  return drawn("math", "math", { display: "block" }, ...parts);
}

/**
 * @template {Element} Part
 * @param {Part} part of a formula or a table
 * @param {string} place the weight or neuron whose number it is, such as `w 5` or `a 1.2`
 * @returns {Part}
 */
export function standsFor(part, place) {
  part.setAttribute("data-of", place);
  return part;
}
