/** The views above the time line: the page's own three columns, or the grid of panels that the experiment asks for. */

import { element } from "./dom.js";
import { PANELS } from "./views/more.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("./colors.js").Palette} Palette
 * @typedef {import("./views/more.js").View} View
 * @typedef {import("./views/more.js").Given} Given
 */

export class PanelGrid {
  /**
   * @param {HTMLElement} main
   * @param {Session} session
   * @param {Record<string, Given>} given by the names of their panels
   */
  constructor(main, session, given) {
    const { panels } = session.recorded.words.page;
    /** The names of the panels that stand here. */
    this.names = panels.length ? [...new Set(panels.flat())] : Object.keys(given);
    /** @type {View[]} those that stand here only by the experiment's wish */
    this.others = [];
    for (const name of this.names) main.append(given[name]?.host ?? this.other(name, session));
    if (!panels.length) return;
    main.classList.add("grid");
    main.style.setProperty("--areas", panels.map((row) => `"${row.join(" ")}"`).join(" "));
    main.style.setProperty("--columns", String(panels[0].length));
    main.style.setProperty("--rows", String(panels.length));
    this.names.forEach((name, k) => {
      /** @type {HTMLElement} */ (main.children[k]).style.gridArea = name;
    });
  }

  /**
   * @param {string} name
   * @param {Session} session
   */
  other(name, session) {
    const { title, make } = PANELS[name];
    const host = element("section", { class: "view", "aria-label": title }, element("h2", {}, title));
    if (make) this.others.push(make(host, session));
    return host;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    for (const view of this.others) view.draw(shown, palette);
  }
}
