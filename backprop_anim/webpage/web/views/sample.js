/** The current sample: its inputs, what the network answers, what it should, and its loss. */

import { element } from "../dom.js";
import { sampleOf } from "../given.js";
import { dateText, fixed, lowered, plain } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 */

export class SampleView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.body = element("tbody");
    host.append(element("table", { class: "sample" }, this.body));
  }

  /** @param {Shown} shown */
  draw(shown) {
    const { file, network, sample } = shown.state;
    const { pass } = shown;
    const { words, targetUnits, written: names } = this.session.recorded;
    const line = (/** @type {string} */ name, /** @type {string} */ value) =>
      element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
    const rows = [line("sample", `${sample + 1} of ${shown.state.data.count}`)];
    sampleOf(file.inputs, file.count, sample).forEach((value, k) => {
      rows.push(line(names.inputs[k] || `x${lowered(k + 1)}`, (words.dates.includes(k) ? dateText : plain)(value)));
    });
    pass.a[network.depth].forEach((value, k) => {
      const name = names.outputs[k] || (network.sizes[network.depth] > 1 ? `output ${k + 1}` : "output");
      const [answer, target] = [targetUnits.file(k, value), targetUnits.file(k, pass.target[k])];
      rows.push(line(name, `${fixed(answer, 3)}, target ${plain(target)}`));
    });
    rows.push(line("loss of this sample", plain(pass.loss)));
    this.body.replaceChildren(...rows);
  }
}
