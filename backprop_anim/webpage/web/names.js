/** Names as they are written: x1 as x₁, and where they have no room cut so that they can be told apart. */

import { lowered } from "./numbers.js";

/** @typedef {(text: string) => boolean} Fits says whether a text has room */

const VARIABLE = /^[a-z][0-9]{1,2}$/;

/**
 * @param {string} name
 * @returns {string} the name, as a variable with an index where it is one
 */
export function written(name) {
  return VARIABLE.test(name) ? name[0] + lowered(name.slice(1)) : name;
}

/**
 * @param {string} name
 * @param {Fits} fits
 * @returns {string} the name, or as much of its start as fits
 */
export function cut(name, fits) {
  let letters = [...name];
  let shown = name;
  while (letters.length > 1 && !fits(shown)) {
    letters = letters.slice(0, -1);
    shown = `${letters.join("").trimEnd()}…`;
  }
  return shown;
}

/**
 * Cut names where they have no room; of those whose ends alone differ the ends stay, as in feat…1 and feat…2.
 *
 * @param {string[]} names
 * @param {Fits} fits
 * @returns {string[]}
 */
export function cutApart(names, fits) {
  const short = names.map((name) => cut(name, fits));
  return names.map((name, k) => {
    const alike = names.filter((_, other) => short[other] === short[k]);
    if (alike.length < 2 || short[k] === name) return short[k];
    const shared = sharedStart(alike);
    for (let n = shared - 1; n >= 0; n--) {
      const text = `${name.slice(0, n).trimEnd()}…${name.slice(shared)}`;
      if (fits(text)) return text;
    }
    return short[k];
  });
}

/**
 * @param {string[]} names
 * @returns {number} how many letters all of them start with
 */
function sharedStart(names) {
  let shared = 0;
  while (shared < names[0].length && names.every((name) => name[shared] === names[0][shared])) shared++;
  return shared;
}
