/** One step, told: what happens in each phase, in words, in symbols and with this step's own numbers. */

import { element } from "../dom.js";
import { lowered, plain, signed } from "../numbers.js";
import { PHASES } from "../shown.js";
import { PartsView } from "./parts.js";
import { MOST_TERMS, StoryCards, TERMS_A_LINE } from "./story_cards.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../shown.js").Phase} Phase
 * @typedef {import("./story_cards.js").Neuron} Neuron
 * @typedef {import("./story_cards.js").Card} Card
 */

const NAMES = { none: "", forward: "Forward", loss: "Loss", backward: "Backward", update: "Update" };
const MOST_ONWARDS = 2;
/** Longer tables are written smaller where the window is low. */
const ROOMY_ROWS = 5;
const FORMULA_SIZES = [18, 16, 14];
const COUNTED = [
  "No",
  "One",
  "Two",
  "Three",
  "Four",
  "Five",
  "Six",
  "Seven",
  "Eight",
  "Nine",
  "Ten",
  "Eleven",
  "Twelve",
];

export class StoryView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.host = host;
    this.looked = "";
    this.cards = new StoryCards(session);
    this.buttons = PHASES.map((phase) =>
      element("button", { type: "button", class: "phase", onclick: () => session.tell(phase) }, NAMES[phase]),
    );
    this.title = element("h2");
    this.text = element("p", { class: "told" });
    this.formulas = element("div", { class: "formulas" });
    this.changes = element("div", { class: "changes" });
    this.said = element("p", { class: "said" });
    this.parts = element("div", { class: "adding" });
    /** @type {PartsView | null} */
    this.partsView = null;
    host.append(
      element("div", { class: "phases", role: "group", "aria-label": "The phases of a step" }, ...this.buttons),
    );
    host.append(
      element("div", { "aria-live": "polite" }, this.title, this.text),
      this.formulas,
      this.changes,
      this.said,
      this.parts,
    );
    host.addEventListener("scroll", () => this.cue());
    /** @type {Neuron | null} chosen by the reader */
    this.picked = null;
  }

  /**
   * @param {Shown} shown
   * @returns {Neuron} the hidden neuron with the largest error, or the one that was chosen
   */
  neuron(shown) {
    const { network } = shown.state;
    if (this.picked && this.picked.unit < (network.sizes[this.picked.layer] ?? 0)) return this.picked;
    const layer = Math.max(1, network.depth - 1);
    const delta = shown.pass.delta[layer];
    let unit = 0;
    for (let k = 1; k < delta.length; k++) if (Math.abs(delta[k]) > Math.abs(delta[unit])) unit = k;
    return { layer, unit };
  }

  /**
   * @param {Shown} shown
   * @param {import("../colors.js").Palette} palette
   */
  draw(shown, palette) {
    const { phase } = shown.state;
    const place = PHASES.indexOf(phase);
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-pressed", String(k === place));
      button.classList.toggle("done", k < place);
    });
    for (this.cards.termsALine of TERMS_A_LINE) {
      const card = this.card(shown);
      this.title.textContent = card.title;
      this.text.textContent = card.text;
      this.formulas.replaceChildren(...card.formulas);
      if (!card.formulas.length || this.fitFormulas()) break;
    }
    this.drawChanges(shown, place);
    if (this.looked) this.mark();
    this.parts.hidden = place >= 0 || !PartsView.fits(shown);
    if (!this.parts.hidden) {
      this.partsView ??= new PartsView(this.parts, this.session);
      this.partsView.draw(shown, palette);
    }
    this.cue();
  }

  /** Let the lower edge fade where there is more to scroll to. */
  cue() {
    const { scrollHeight, clientHeight, scrollTop } = this.host;
    this.host.classList.toggle("cut", scrollHeight - clientHeight - scrollTop > 2);
  }

  /** @param {string} place the weight or neuron that is pointed at, such as `w 5` or `a 1.2` */
  look(place) {
    this.looked = place;
    this.mark();
  }

  /** Show where in formulas and table that stands which is pointed at. */
  mark() {
    for (const part of this.host.querySelectorAll("[data-of]")) {
      part.classList.toggle("looked", part.getAttribute("data-of") === this.looked);
    }
  }

  /** @returns {boolean} whether formulas fit, made smaller where they are too long */
  fitFormulas() {
    for (const size of FORMULA_SIZES) {
      this.formulas.style.setProperty("--formula", `${size}px`);
      if (this.formulas.scrollWidth <= this.formulas.clientWidth) return true;
    }
    return false;
  }

  /**
   * @param {Shown} shown
   * @returns {Card}
   */
  card(shown) {
    const neuron = this.neuron(shown);
    switch (shown.state.phase) {
      case "forward":
        return this.cards.forward(shown, neuron);
      case "loss":
        return this.cards.loss(shown);
      case "backward":
        return this.cards.backward(shown, neuron);
      case "update":
        return this.cards.update(shown, neuron);
      default:
        return this.quiet(shown);
    }
  }

  /**
   * @param {Shown} shown
   * @returns {Card}
   */
  quiet(shown) {
    const { words, written } = this.session.recorded;
    const { page, network, kind } = words;
    if (page.about && shown.state.mode === "recording") return { title: words.title, text: page.about, formulas: [] };
    const goals = {
      classes: `tell ${written.classes.join(" from ")}`,
      curve: "draw the dashed curve",
      series: "follow the observations",
      regression: words.pictureSize ? "draw the picture" : "give the right numbers",
    };
    const goal = /** @type {Record<string, string>} */ (goals)[kind] ?? "give the right numbers";
    const live = shown.state.mode === "live";
    if (PartsView.fits(shown) && !live) return this.adding(shown, goal);
    return {
      title: live ? "The network is yours now" : "A network learns",
      text: live
        ? `It ${this.session.start.step ? "goes on" : "starts"} from step ${this.session.start.step.toLocaleString("en-US")} with your settings. ${this.session.note}`
        : `${network.sizes.join(" → ")} neurons learn to ${goal}. Play the recording, look into one step with Forward, or go on training from here.`,
      formulas: [],
    };
  }

  /**
   * @param {Shown} shown
   * @param {string} goal
   * @returns {Card}
   */
  adding(shown, goal) {
    const { network } = shown.state;
    const n = network.sizes[network.depth - 1];
    const { kind } = this.session.recorded.words;
    const what = kind === "curve" ? "a curve" : kind === "series" ? "one line" : "the answer";
    const layer = network.depth > 2 ? "of the last hidden layer" : "of the hidden layer";
    return {
      title: `${n < COUNTED.length ? COUNTED[n] : n} waves add up to ${what}`,
      text: `The network learns to ${goal}. Each neuron ${layer} gives one wave; weighted and added, they are the answer.`,
      formulas: [],
    };
  }

  /**
   * @param {Shown} shown
   * @param {number} place of the phase
   */
  drawChanges(shown, place) {
    const { network, parameters, update, gradient } = shown.state;
    this.changes.hidden = place < 0;
    this.said.textContent = place < 0 ? "" : this.sentence(shown) + this.slopes(shown);
    if (place < 0) return;
    const { layer, unit } = this.neuron(shown);
    const { pass } = shown;
    const names = this.session.recorded.written.given;
    /** @type {HTMLTableRowElement[]} */
    const rows = [];
    const add = (/** @type {string} */ name, /** @type {number} */ index) => {
      const sign = parameters[index] < 0 ? "minus" : "plus";
      const slope = place >= 2 ? signed((gradient ?? pass.gradient)[index]) : "…";
      const made = place >= 3 && update ? signed(update[index]) : "…";
      rows.push(
        element(
          "tr",
          { "data-of": `w ${index}` },
          element("th", { scope: "row" }, name),
          element("td", { class: sign }, signed(parameters[index], 4)),
          element("td", {}, slope),
          element("td", {}, made),
        ),
      );
    };
    for (let source = 0; source < Math.min(MOST_TERMS, network.sizes[layer - 1]); source++) {
      const from = layer === 1 ? names[source] || `x${lowered(source + 1)}` : `a${lowered(source + 1)}`;
      add(`w from ${from}`, network.index(layer, unit, source));
    }
    if (network.bias) add("bias", network.index(layer, unit, -1));
    if (layer < network.depth) {
      for (let k = 0; k < Math.min(MOST_ONWARDS, network.sizes[layer + 1]); k++) {
        add(network.sizes[layer + 1] > 1 ? `w to ${k + 1}` : "w to output", network.index(layer + 1, k, unit));
      }
    }
    const onwards = layer < network.depth ? network.sizes[layer + 1] : 0;
    const left = Math.max(0, network.sizes[layer - 1] - MOST_TERMS) + Math.max(0, onwards - MOST_ONWARDS);
    const heads = ["now", "∂L/∂w", "Δw"].map((head) => element("th", { scope: "col" }, head));
    const caption = element(
      "caption",
      {},
      `At ${this.cards.called({ layer, unit }, shown).toLowerCase()}${left ? ` (and ${left} more weights)` : ""}`,
    );
    this.host.classList.toggle("tight", rows.length > ROOMY_ROWS);
    this.changes.replaceChildren(
      element(
        "table",
        {},
        caption,
        element("thead", {}, element("tr", {}, element("td"), ...heads)),
        element("tbody", {}, ...rows),
      ),
    );
  }

  /**
   * @param {Shown} shown
   * @returns {string} whose the slopes are, where a step sees several samples
   */
  slopes(shown) {
    const { phase, seen, gradient, data } = shown.state;
    if (seen < 2 || (phase !== "backward" && phase !== "update")) return "";
    const mean = `the mean over ${seen === data.count ? `all ${seen}` : `its ${seen}`}`;
    if (gradient) return ` ∂L/∂w is ${mean}.`;
    return ` ∂L/∂w is of this sample; the step takes ${mean}.`;
  }

  /** @param {Shown} shown */
  sentence(shown) {
    const { sample, network, labels } = shown.state;
    const { written } = this.session.recorded;
    const output = shown.pass.a[network.depth];
    const n = shown.state.data.count;
    const which = `Sample ${sample + 1} of ${n}`;
    if (labels) {
      const name = written.classes[labels[sample]];
      if (output.length === 1 && !labels[sample]) {
        return `${which}, ${name}: ŷ = ${plain(output[0])}, so ${plain(1 - output[0])} for ${name}.`;
      }
      return `${which}, ${name}: the network gives it ${plain(output[output.length > 1 ? labels[sample] : 0])}.`;
    }
    const list = (/** @type {ArrayLike<number>} */ row) => Array.from(row, (v) => plain(v)).join(", ");
    const { targetUnits: units } = this.session.recorded;
    const said = `${which}: target ${list(units.fileRow(shown.pass.target))}; answer ${list(units.fileRow(output))}`;
    if (!units.words) return `${said}.`;
    return `${said} (normalized, as in the network: ${list(shown.pass.target)} and ${list(output)}).`;
  }
}
