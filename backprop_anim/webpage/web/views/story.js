/** One step, told: what happens in each phase, in words, in symbols and with this step's own numbers. */

import { element } from "../dom.js";
import {
  error,
  formula,
  words as inWords,
  joined,
  number,
  operator,
  row,
  spelled,
  standsFor,
  sumInLines,
  symbol,
  value,
  weight,
} from "../formula.js";
import { fixed, lowered, plain, signed } from "../numbers.js";
import { PHASES } from "../shown.js";
import { PartsView } from "./parts.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../shown.js").Phase} Phase
 * @typedef {{layer: number, unit: number}} Neuron
 * @typedef {{title: string, text: string, formulas: Node[]}} Card
 */

const NAMES = { none: "", forward: "Forward", loss: "Loss", backward: "Backward", update: "Update" };
const MOST_TERMS = 4;
const TERMS_A_LINE = [3, 2, 1];
const MOST_ONWARDS = 2;
/** Longer tables are written smaller where the window is low. */
const ROOMY_ROWS = 5;
const MOST_DECIMALS = 12;
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
/** @type {Record<string, string>} */
const SYMBOLS = { sigmoid: "σ", tanh: "tanh", relu: "relu", linear: "", softmax: "softmax" };

export class StoryView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.host = host;
    this.looked = "";
    this.termsALine = TERMS_A_LINE[0];
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
    for (this.termsALine of TERMS_A_LINE) {
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
        return this.forward(shown, neuron);
      case "loss":
        return this.loss(shown);
      case "backward":
        return this.backward(shown, neuron);
      case "update":
        return this.update(shown, neuron);
      default:
        return this.quiet(shown);
    }
  }

  /**
   * @param {Shown} shown
   * @returns {Card}
   */
  quiet(shown) {
    const { words } = this.session.recorded;
    const { page, network, kind } = words;
    if (page.about && shown.state.mode === "recording") return { title: words.title, text: page.about, formulas: [] };
    const goals = {
      classes: `tell ${words.names.classes.join(" from ")}`,
      curve: "draw the dashed curve",
      series: "follow the observations",
      regression: "give the right numbers",
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
   * @param {Neuron} neuron
   * @returns {Card}
   */
  forward(shown, neuron) {
    const { network, parameters } = shown.state;
    const { pass } = shown;
    const { layer, unit } = neuron;
    const before = pass.a[layer - 1];
    const terms = Array.from(before, (a, source) => ({ source, a, w: parameters[network.index(layer, unit, source)] }));
    const told = [...terms].sort((a, b) => Math.abs(b.w * b.a) - Math.abs(a.w * a.a)).slice(0, MOST_TERMS);
    told.sort((a, b) => a.source - b.source);
    const rest = terms.filter((term) => !told.includes(term)).reduce((sum, { w, a }) => sum + w * a, 0);
    const written = told.map(({ w, a, source }) =>
      row(
        standsFor(weight(w), `w ${network.index(layer, unit, source)}`),
        operator("·"),
        standsFor(value(a), `a ${layer - 1}.${source}`),
      ),
    );
    const left = terms.length - told.length;
    if (left) written.push(row(value(rest), inWords(` (${left} more)`)));
    const plus = network.bias
      ? [...written, standsFor(weight(parameters[network.index(layer, unit, -1)]), `a ${layer}.${unit}`)]
      : written;
    const f = this.functionOf(layer, shown);
    const z = plain(pass.z[layer][unit]);
    const a = plain(pass.a[layer][unit]);
    return {
      title: "The input travels forward",
      text: `${this.called(neuron, shown)} adds up what comes in, each times its weight${network.bias ? ", and its bias" : ""}.`,
      formulas: [
        formula(
          symbol("z"),
          operator("="),
          ...joined([row(symbol("w"), operator("·"), symbol("a", "before")), ...(network.bias ? [symbol("b")] : [])]),
        ),
        ...sumInLines([number(z), operator("=")], plus, this.termsALine),
        formula(
          symbol("a"),
          operator("="),
          ...(f ? [symbol(f), operator("("), number(z), operator(")"), operator("=")] : []),
          standsFor(number(a), `a ${layer}.${unit}`),
        ),
      ],
    };
  }

  /**
   * @param {Shown} shown
   * @returns {Card}
   */
  loss(shown) {
    const { pass, lossPart } = shown;
    const outputs = pass.a[shown.state.network.depth];
    const parts = Array.from(outputs, (a, k) => ({ k, ...lossPart.tell?.(a, pass.target[k]) }));
    const adding = parts.filter(({ value: written }) => written);
    const letters = { a: () => symbol("ŷ"), y: () => symbol("y"), p: () => symbol("p", "right") };
    const numbers = adding
      .slice(0, MOST_TERMS)
      .map(({ k, value: written = "" }) =>
        spelled(written, { a: () => value(outputs[k]), y: () => value(pass.target[k]) }),
      );
    const left = adding.length - numbers.length;
    if (left) numbers.push(inWords(`… (${left} more)`));
    const several = adding.length > 1 ? [operator("∑")] : [];
    const loss = number(plain(pass.loss), "error");
    const formulas = adding.length
      ? [
          formula(symbol("L"), operator("="), ...several, spelled(adding[0].any ?? "", letters)),
          ...sumInLines([loss, operator("=")], numbers, this.termsALine),
        ]
      : [formula(symbol("L"), operator("="), loss)];
    return {
      title: "How far off is the answer?",
      text: "The loss is one number for it: 0 would be perfect.",
      formulas,
    };
  }

  /**
   * @param {Shown} shown
   * @param {Neuron} neuron
   * @returns {Card}
   */
  backward(shown, neuron) {
    const { network, parameters } = shown.state;
    const { pass } = shown;
    const { layer, unit } = neuron;
    const delta = pass.delta[layer][unit];
    if (layer === network.depth) {
      return {
        title: "The error starts at the output",
        text: "δ says how much the loss moves when this neuron's sum z moves.",
        formulas: [formula(symbol("δ", "output", "error"), operator("="), error(delta))],
      };
    }
    const next = Array.from(pass.delta[layer + 1], (d, k) => ({
      k,
      d,
      w: parameters[network.index(layer + 1, k, unit)],
    }));
    const told = [...next].sort((a, b) => Math.abs(b.w * b.d) - Math.abs(a.w * a.d)).slice(0, MOST_TERMS - 1);
    const f = this.functionOf(layer, shown);
    const slope = network.activations[layer - 1].slope(pass.z[layer][unit], pass.a[layer][unit]);
    const products = told.map(({ w, d, k }) =>
      row(
        standsFor(weight(w, 4), `w ${network.index(layer + 1, k, unit)}`),
        operator("·"),
        standsFor(error(d), `a ${layer + 1}.${k}`),
      ),
    );
    const left = next.length - told.length;
    const rest = next.filter((term) => !told.includes(term)).reduce((sum, { w, d }) => sum + w * d, 0);
    if (left) products.push(row(value(rest), inWords(` (${left} more)`)));
    const several = next.length > 1;
    const head = [error(delta), operator("="), ...(several ? [operator("(")] : [])];
    const tail = [...(several ? [operator(")")] : []), operator("·"), value(slope)];
    return {
      title: "The error travels back",
      text: `Neuron ${unit + 1}’s share of the blame is what arrives through its ${several ? "weights" : "weight"}, times how steep its ${f || "line"} is here.`,
      formulas: [
        formula(
          symbol("δ", "here", "error"),
          operator("="),
          ...(several ? [operator("∑")] : []),
          symbol("w"),
          operator("·"),
          symbol("δ", "next", "error"),
          operator("·"),
          symbol(`${f || "f"}′(z)`),
        ),
        ...sumInLines(head, products, this.termsALine, tail),
      ],
    };
  }

  /**
   * @param {Shown} shown
   * @param {Neuron} neuron
   * @returns {Card}
   */
  update(shown, neuron) {
    const { network, parameters, update, gradient, rate } = shown.state;
    const { layer, unit } = neuron;
    const index = network.index(layer, unit, 0);
    const factor = shown.state.factorOf(index);
    const title = "Every weight takes a small step downhill";
    if (!update || !gradient)
      return {
        title,
        text: "This is the last state of the recording: no step leaves it. Train on to make one.",
        formulas: [],
      };
    const { training } = this.session.settings;
    const noisy = training.noise > 0;
    const simple = training.optimizer.kind === "sgd" && this.session.canTrain;
    const what = simple
      ? `against its slope, as far as the aggression η = ${plain(rate)}${noisy ? " and noise say" : " says"}`
      : `by the rule ${training.optimizer.kind}${noisy ? ", with noise" : ""}${this.session.canTrain ? `, with η = ${plain(rate)}` : ""}`;
    const isSpelled = simple && !network.held.includes(index);
    const pulled = training.weight_decay || training.l1 ? " and, as large weights cost something, towards 0" : "";
    return {
      title,
      text: `Each moves ${what}${pulled}; here the first.`,
      formulas: [
        ...(isSpelled
          ? [
              formula(
                symbol("Δw"),
                operator("="),
                operator("−"),
                symbol("η"),
                ...(noisy ? [operator("·"), inWords("noise")] : []),
                operator("·"),
                symbol("∂L/∂w"),
              ),
              formula(
                number(signed(update[index])),
                operator("="),
                operator("−"),
                number(plain(rate)),
                ...(noisy ? [operator("·"), value(factor)] : []),
                operator("·"),
                value(gradient[index]),
              ),
            ]
          : [formula(symbol("w"), operator("←"), symbol("w"), operator("+"), symbol("Δw"))]),
        changed(parameters[index], update[index], index),
      ],
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
    const names = this.session.recorded.words.names.inputs;
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
      `At ${this.called({ layer, unit }, shown).toLowerCase()}${left ? ` (and ${left} more weights)` : ""}`,
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
    const { words } = this.session.recorded;
    const output = shown.pass.a[network.depth];
    const n = shown.state.data.count;
    const which = `Sample ${sample + 1} of ${n}`;
    if (labels) {
      const name = words.names.classes[labels[sample]];
      if (output.length === 1 && !labels[sample]) {
        return `${which}, ${name}: ŷ = ${plain(output[0])}, so ${plain(1 - output[0])} for ${name}.`;
      }
      return `${which}, ${name}: the network gives it ${plain(output[output.length > 1 ? labels[sample] : 0])}.`;
    }
    const list = (/** @type {Float64Array} */ row) => Array.from(row, (v) => plain(v)).join(", ");
    return `${which}: target ${list(shown.pass.target)}; answer ${list(output)}.`;
  }

  /**
   * @param {Neuron} neuron
   * @param {Shown} shown
   */
  called({ layer, unit }, shown) {
    const { network } = shown.state;
    if (layer === network.depth) return network.sizes[layer] > 1 ? `Output ${unit + 1}` : "The output";
    return network.depth > 2 ? `Neuron ${unit + 1} of hidden layer ${layer}` : `Hidden neuron ${unit + 1}`;
  }

  /**
   * @param {number} layer
   * @param {Shown} shown
   */
  functionOf(layer, shown) {
    const kind = shown.state.network.kinds[layer - 1];
    return SYMBOLS[kind] ?? kind;
  }
}

/**
 * Write how a weight changes, with as many digits as make the equation true.
 *
 * @param {number} before
 * @param {number} update
 * @param {number} index
 * @returns {Node}
 */
function changed(before, update, index) {
  const decimals = update ? Math.max(3, 2 - Math.floor(Math.log10(Math.abs(update)))) : 3;
  const isExact = decimals <= MOST_DECIMALS && Math.abs(before) < 1e3;
  const text = (/** @type {number} */ value) => (isExact ? fixed(value, decimals) : plain(value, 4));
  const from = isExact ? Number(before.toFixed(decimals)) : before;
  const by = isExact ? Number(update.toFixed(decimals)) : update;
  const written = number(text(from), before < 0 ? "minus" : "plus");
  const start = before < 0 ? row(operator("("), written, operator(")")) : written;
  return formula(
    number(text(from + by)),
    operator("="),
    standsFor(start, `w ${index}`),
    operator(by < 0 ? "−" : "+"),
    number(isExact ? text(Math.abs(by)) : plain(Math.abs(by))),
  );
}
