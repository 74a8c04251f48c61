/** What each phase of a step does, in words, in symbols and with this step's own numbers. */

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
import { fixed, plain, signed } from "../numbers.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {{layer: number, unit: number}} Neuron
 * @typedef {{title: string, text: string, formulas: Node[]}} Card
 */

export const MOST_TERMS = 4;
export const TERMS_A_LINE = [3, 2, 1];
const MOST_DECIMALS = 12;
/** @type {Record<string, string>} */
const SYMBOLS = { sigmoid: "σ", tanh: "tanh", relu: "relu", linear: "", softmax: "softmax" };

export class StoryCards {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** How many terms of a sum stand in one line. */
    this.termsALine = TERMS_A_LINE[0];
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
    const by = this.session.trainer ? "" : this.session.recorded.words.trainedBy;
    const { stride = 1 } = this.session.recorded.words.experiment.training;
    const several = stride ? `${stride} steps` : "Several steps";
    const subject = stride === 1 ? "The training moves" : `${several} move`;
    const title = by ? `${subject} every weight` : "Every weight takes a small step downhill";
    if (!update || !gradient)
      return {
        title,
        text: "This is the last state of the recording: no step leaves it. Train on to make one.",
        formulas: [],
      };
    const { training } = this.session.settings;
    const noisy = training.noise > 0;
    const simple = training.optimizer.kind === "sgd" && this.session.canTrain && !by;
    const what = simple
      ? `against its slope, as far as the aggression η = ${plain(rate)}${noisy ? " and noise say" : " says"}`
      : `by the rule ${training.optimizer.kind}${noisy ? ", with noise" : ""}${this.session.canTrain ? `, with η = ${plain(rate)}` : ""}`;
    const isSpelled = simple && !network.held.includes(index);
    const pulled = training.weight_decay || training.l1 ? " and, as large weights cost something, towards 0" : "";
    return {
      title,
      text: by
        ? `${stride === 1 ? "The step is that" : `${several} are those`} of ${by}; the slopes ∂L/∂w over all data show the way downhill. Here the first.`
        : `Each moves ${what}${pulled}; here the first.`,
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
