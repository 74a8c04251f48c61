/**
 * The words of a registry and what they make; a word that nobody registered has no twin here.
 *
 * @typedef {{kind: string, [option: string]: unknown}} Part
 */

/**
 * A table from a word to the function that makes a part of its options.
 *
 * @template T
 */
export class Registry {
  /** @param {string} kind what its parts are called, for messages */
  constructor(kind) {
    this.kind = kind;
    /** @type {Map<string, (options: Record<string, any>) => T>} */
    this.makers = new Map();
  }

  /** @returns {string[]} */
  get names() {
    return [...this.makers.keys()];
  }

  /**
   * @param {string} name
   * @param {(options: Record<string, any>) => T} make
   */
  register(name, make) {
    this.makers.set(name, make);
  }

  /**
   * Make a part of its word and options.
   *
   * @param {Part} part
   * @returns {T}
   * @throws {RangeError} for a word that has no twin on this page
   */
  make(part) {
    return this.maker(part.kind)(part);
  }

  /**
   * @param {string} word
   * @returns {(options: Record<string, any>) => T}
   * @throws {RangeError} for a word that has no twin on this page
   */
  maker(word) {
    const make = this.makers.get(word);
    if (!make) throw new RangeError(`this page has no ${this.kind} ${word}; it has ${this.names.join(", ")}`);
    return make;
  }
}
