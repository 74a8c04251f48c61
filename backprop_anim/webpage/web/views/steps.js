/** The log of steps: what each saw and how wrong the network was, the newest first. */

import { element } from "../dom.js";
import { plain, whole } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 */

const MOST_ROWS = 8;

export class StepsView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.body = element("tbody");
    const heads = ["step", "sample", "loss before it"].map((name) => element("th", { scope: "col" }, name));
    host.append(element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body));
  }

  draw() {
    const { session } = this;
    const rows = session.mode === "live" ? this.live() : this.recorded();
    const cells = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
    this.body.replaceChildren(...cells);
  }

  /** @returns {string[][]} */
  recorded() {
    const { recorded, row, phase } = this.session;
    const { words } = recorded;
    const per = words.losses.count / Math.max(1, recorded.lossesLow.length);
    const found = [];
    const newest = phase === "update" ? row : row - 1; // what is not made yet is not in the log
    for (let k = newest; k >= 0 && found.length < MOST_ROWS; k--) {
      const batch =
        words.training.batch === null
          ? "all"
          : recorded
              .batchFrom(k)
              .map((s) => s + 1)
              .join(", ");
      const column = Math.floor(recorded.steps[k] / per);
      const loss = per <= 1 ? plain(recorded.lossesLow[column]) : "–";
      found.push([whole(recorded.steps[k]), batch || "–", loss]);
    }
    return found;
  }

  /** @returns {string[][]} */
  live() {
    const { losses, trainer } = this.session;
    const recent = losses.slice(-MOST_ROWS).reverse();
    const all = this.session.settings.training.batch === null;
    return recent.map(({ step, loss }, k) => {
      const last = k === 0 && trainer?.rows ? trainer.rows.map((s) => s + 1).join(", ") : "–";
      return [whole(step), all ? "all" : last, plain(loss)];
    });
  }
}
