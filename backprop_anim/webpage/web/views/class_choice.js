/** Which class a click adds: a button for each, or one list of many. */

import { element } from "../dom.js";

const MOST_BUTTONS = 6;

export class ClassChoice {
  /** @param {string[]} names of the classes; the last one is chosen at first */
  constructor(names) {
    /** The class that a click adds. */
    this.chosen = Math.max(0, names.length - 1);
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** @type {HTMLElement} */
    this.element = names.length > MOST_BUTTONS ? this.list(names) : this.row(names);
    this.choose(this.chosen);
  }

  /** @param {string[]} names */
  list(names) {
    const options = names.map((name, k) => element("option", { value: k }, name));
    const list = element("select", { "aria-label": "class to add" }, ...options);
    list.value = String(this.chosen);
    list.onchange = () => this.choose(Number(list.value));
    return list;
  }

  /** @param {string[]} names */
  row(names) {
    this.buttons = names.map((name, k) => element("button", { type: "button", onclick: () => this.choose(k) }, name));
    return element("span", { class: "classes" }, ...this.buttons);
  }

  /** @param {number} k the class that a click adds from now on */
  choose(k) {
    this.chosen = k;
    this.buttons.forEach((button, place) => {
      button.setAttribute("aria-pressed", String(place === k));
    });
  }
}
