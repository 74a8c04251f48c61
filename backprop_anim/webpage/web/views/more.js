/** The panels that do not stand above the time line: each a fold of its own below the controls. */

import { element } from "../dom.js";
import { ClassLinesView } from "./class_lines.js";
import { CurveView } from "./curve.js";
import { GradientsView } from "./gradients.js";
import { MatricesView } from "./matrices.js";
import { PixelsView } from "./pixels.js";
import { PlaneView } from "./plane.js";
import { SampleView } from "./sample.js";
import { ScatterView } from "./scatter.js";
import { SeriesView } from "./series.js";
import { StepsView } from "./steps.js";
import { TableView } from "./table.js";
import { ValueFieldView } from "./value_field.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {{draw: (shown: Shown, palette: Palette) => void}} View
 *
 * @typedef {View & {onpoint?: (input: number[] | null) => void, ondrawn?: () => void}} Leading a view that may say
 *   where it is pointed at, and that a line was drawn on it
 *
 * @typedef {object} Given a view that the page has in any case
 * @property {HTMLElement} host
 * @property {View} view
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {(host: HTMLElement, session: Session) => View} [make] none where the page makes it in any case
 */

/** @type {Record<string, Panel>} the twin of every panel of the film */
export const PANELS = {
  boundary: { title: "Boundary", make: (host, session) => new PlaneView(host, session) },
  picture: { title: "Picture", make: (host, session) => new PixelsView(host, session) },
  field: { title: "Field", make: (host, session) => new ValueFieldView(host, session) },
  scatter: { title: "Predicted against actual", make: (host, session) => new ScatterView(host, session) },
  fit: { title: "Fit", make: (host, session) => new (fitOf(session))(host, session) },
  table: { title: "All samples", make: (host, session) => new TableView(host, session) },
  network: { title: "Network" },
  equations: { title: "Equations" },
  loss: { title: "Loss" },
  sample: { title: "The current sample", make: (host, session) => new SampleView(host, session) },
  steps: { title: "Log of steps", make: (host, session) => new StepsView(host, session) },
  weights: {
    title: "Weights",
    make: (host, session) => new MatricesView(host, session, (shown) => shown.state.parameters, ""),
  },
  updates: {
    title: "Last update Δw",
    make: (host, session) =>
      new MatricesView(host, session, () => session.lastUpdate(), "Known when the step is told up to Update"),
  },
  gradients: { title: "Gradients of each layer", make: (host, session) => new GradientsView(host, session) },
};

/**
 * @param {Session} session
 * @returns {typeof CurveView | typeof SeriesView | typeof ClassLinesView} the view of a fit
 */
function fitOf({ recorded: { words, network } }) {
  if (words.kind === "curve") return CurveView;
  return words.kind === "classes" && network.sizes[network.depth] > 1 ? ClassLinesView : SeriesView;
}

export class MorePanels {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   * @param {string[]} above the panels that stand above
   * @param {Record<string, Given>} given by the names of their panels
   * @param {() => void} redraw
   */
  constructor(host, session, above, given, redraw) {
    const { kind, panels, section, pictureSize } = session.recorded.words;
    /** @type {Record<string, boolean>} */
    const needs = {
      boundary: kind === "classes" && section !== null,
      picture: pictureSize !== null,
      field: kind === "regression" && section !== null,
      scatter: kind === "regression",
      fit: ["curve", "series"].includes(kind) || (kind === "classes" && session.recorded.width === 1),
    };
    const fits = (/** @type {string} */ name) => needs[name] ?? true;
    this.folds = Object.entries(PANELS)
      .filter(([name, { make }]) => (make || given[name]) && !above.includes(name) && fits(name))
      .map(([name, { title, make }]) => {
        const inside = given[name]?.host ?? element("div", { class: "view" });
        const fold = element(
          "details",
          { open: panels.includes(name), ontoggle: redraw },
          element("summary", {}, title),
          inside,
        );
        host.append(fold);
        /** @type {View | null} */
        let view = given[name]?.view ?? null;
        return {
          fold,
          draw: (/** @type {Shown} */ shown, /** @type {Palette} */ palette) => {
            if (!fold.open) return;
            view ??= /** @type {NonNullable<Panel["make"]>} */ (make)(inside, session);
            view.draw(shown, palette);
          },
        };
      });
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    for (const { draw } of this.folds) draw(shown, palette);
  }
}
