/** What opens over the page: keys, texts to copy, a weight to set, data to paste. */

import { element } from "./dom.js";
import { plain } from "./numbers.js";

const SHOWN_DIGITS = 4;

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
   * @param {HTMLElement[]} [buttons] what else can be done
   * @returns {HTMLDialogElement}
   */
  open(title, content, buttons = []) {
    const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
    const row = element("div", { class: "group" }, ...buttons, close);
    const dialog = element("dialog", { "aria-label": title }, element("h2", {}, title), content, row);
    dialog.addEventListener("close", () => dialog.remove());
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
   * @param {string} said above the text
   * @param {string} text
   */
  text(title, said, text) {
    this.open(title, element("div", {}, element("p", { role: "status" }, said), element("pre", { tabindex: 0 }, text)));
  }

  /**
   * @param {string} name
   * @param {number} value
   * @param {(value: number) => void} set
   */
  number(name, value, set) {
    const shown = plain(value, SHOWN_DIGITS);
    const input = element("input", { type: "text", inputmode: "decimal", value: shown, "aria-label": name });
    const said = element("p", { class: "error", role: "alert" });
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = input.value.trim().replace("−", "-").replace(",", ".");
      if (text === "" || !Number.isFinite(Number(text))) {
        said.textContent = "A weight is a number, such as 0.5 or -2.";
        return;
      }
      if (input.value !== shown) set(Number(text)); // else it keeps all of its digits
      dialog.close();
    };
    const id = "weight";
    const button = element("button", { type: "submit", class: "main", form: id }, "Set");
    const dialog = this.open(name, element("form", { id, onsubmit: send }, input, said), [button]);
    input.select();
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
    const dialog = this.open("Your own data", element("div", {}, hint, field, said), buttons);
  }
}
