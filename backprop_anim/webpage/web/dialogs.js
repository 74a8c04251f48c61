/** What opens over the page: keys, texts to copy, a weight to set, data to paste. */

import { element } from "./dom.js";

const KEYS = [
  ["Space", "play and pause, or train and pause"],
  ["← →", "one state back or forward"],
  [". ,", "the next or the last phase of a step"],
  ["Home End", "first and last state"],
  ["Delete", "remove the ringed sample, in the plane"],
  ["?", "this list"],
];

export class Dialogs {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
  }

  /**
   * @param {string} title
   * @param {HTMLElement} content
   * @param {() => void} [done] called when it is closed
   * @returns {HTMLDialogElement}
   */
  open(title, content, done) {
    const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
    const dialog = element("dialog", { "aria-label": title }, element("h2", {}, title), content, close);
    dialog.addEventListener("close", () => {
      done?.();
      dialog.remove();
    });
    this.host.append(dialog);
    dialog.showModal();
    return dialog;
  }

  keys() {
    const rows = KEYS.map(([key, what]) => element("p", {}, element("kbd", {}, key), ` ${what}`));
    this.open("Keys", element("div", {}, ...rows));
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {() => void} copy
   */
  text(title, text, copy) {
    const button = element("button", { type: "button", class: "main", onclick: copy }, "Copy");
    this.open(title, element("div", {}, element("pre", { tabindex: 0 }, text), button));
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {(value: number) => void} set
   */
  number(name, value, set) {
    const input = element("input", { type: "number", step: "any", value, "aria-label": name });
    const send = () => {
      const given = Number(input.value);
      if (input.value !== "" && Number.isFinite(given)) set(given);
      dialog.close();
    };
    const button = element("button", { type: "submit", class: "main" }, "Set");
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      send();
    };
    const dialog = this.open(name, element("form", { class: "group", onsubmit: submit }, input, button));
  }

  /**
   * @param {string} columns what a row holds
   * @param {(text: string) => void} take may throw, and then its message is shown beside the field
   * @param {(() => void) | null} restore brings the recorded data back, where they are not shown
   */
  data(columns, take, restore) {
    const said = element("p", { class: "error", role: "alert" });
    const field = element("textarea", { rows: 8, "aria-label": "rows", placeholder: columns });
    const use = () => {
      try {
        take(field.value);
        dialog.close();
      } catch (error) {
        said.textContent = error instanceof Error ? error.message : String(error);
      }
    };
    const buttons = [element("button", { type: "button", class: "main", onclick: use }, "Use these")];
    if (restore) {
      const back = () => {
        restore();
        dialog.close();
      };
      buttons.push(element("button", { type: "button", onclick: back }, "The recorded data"));
    }
    const hint = element("p", { class: "hint" }, `Paste rows of a table, or drop a CSV file on the page: ${columns}`);
    const dialog = this.open(
      "Your own data",
      element("div", {}, hint, field, said, element("div", { class: "group" }, ...buttons)),
    );
  }
}
