/** Samples as rows: inputs, what the network answers, what it should, and how far off it is. */

import { element } from "../dom.js";
import { dateText, fixed, lowered, plain } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 */

const MOST_ROWS = 12;

export class TableView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.body = element("tbody");
    const names = session.recorded.written;
    const { sizes, depth } = session.recorded.network;
    const inputs = Array.from({ length: session.recorded.width }, (_, k) => names.inputs[k] || `x${lowered(k + 1)}`);
    const outputs = Array.from(
      { length: sizes[depth] },
      (_, k) => names.outputs[k] || (sizes[depth] > 1 ? `y${lowered(k + 1)}` : "y"),
    );
    const heads = [
      ...inputs,
      ...outputs.map((name) => `${name} predicted`),
      ...outputs.map((name) => `${name} actual`),
      "off by",
    ];
    const head = element("thead", {}, element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name))));
    host.append(element("div", { class: "rows", tabindex: 0 }, element("table", {}, head, this.body)));
  }

  /** @param {Shown} shown */
  draw(shown) {
    const { data, file, network, sample } = shown.state;
    const { targetUnits, width, words } = this.session.recorded;
    const outputs = network.sizes[network.depth];
    const answers = shown.all.a[network.depth];
    const first = Math.max(0, Math.min(sample - MOST_ROWS + 1, data.count - MOST_ROWS));
    const rows = [];
    for (let s = first; s < Math.min(data.count, first + MOST_ROWS); s++) {
      const cells = [];
      for (let k = 0; k < width; k++) {
        const value = file.inputs[k * data.count + s];
        cells.push(words.dates.includes(k) ? dateText(value) : plain(value));
      }
      let [off, share] = [0, 0];
      for (let k = 0; k < outputs; k++) {
        const at = k * data.count + s;
        const [answer, target] = [targetUnits.file(k, answers[at]), targetUnits.file(k, data.targets[at])];
        cells.push(fixed(answer, 3));
        off = Math.max(off, Math.abs(answer - target));
        share = Math.max(share, Math.abs(answers[at] - data.targets[at]));
      }
      for (let k = 0; k < outputs; k++) cells.push(plain(targetUnits.file(k, data.targets[k * data.count + s])));
      const bar = element("span", { class: "bar" });
      bar.style.width = `${Math.round(Math.min(1, share) * 60)}px`;
      const row = element(
        "tr",
        { class: s === sample ? "told" : null },
        ...cells.map((cell) => element("td", {}, cell)),
      );
      row.append(element("td", {}, bar, fixed(off, 3)));
      rows.push(row);
    }
    this.body.replaceChildren(...rows);
  }
}
