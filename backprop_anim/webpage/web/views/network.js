/** The network: every neuron with what it does to the input, signed weights on the lines, and the told step's light. */

import { signColor } from "../colors.js";
import { drawn, element } from "../dom.js";
import { cutApart } from "../names.js";
import { lowered, plain, signed } from "../numbers.js";
import { answersTo, PHASES } from "../shown.js";
import { layOut, MOST_SHOWN } from "./network_layout.js";
import { NeuronPictures } from "./neuron_pictures.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("./network_layout.js").Node} Node
 * @typedef {import("./network_layout.js").Edge} Edge
 * @typedef {{x: number, y: number, half: number}} Written a number: its middle, and half of its width
 */

const NAME_FONT = "15px Film, sans-serif";
const FEW_LINES = 12;
const LARGEST_PULSE = 10;
/** About how wide a letter of a number is, and how high its line. */
const LETTER = 7.6;
const LINE = 14;

export class NetworkView {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  constructor(host, session) {
    this.session = session;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.svg = drawn("svg", "svg", { role: "group", "aria-label": "The network" });
    this.told = element("p", { class: "hint", role: "status" });
    this.stack = element("div", { class: "stack" }, this.canvas, this.svg);
    host.append(this.stack, this.told);
    /** @type {import("./network_layout.js").Layout} */
    this.layout = { nodes: [], edges: [], width: 0, size: 40, before: 0, after: 0 };
    /** What the present drawing was made for. */
    this.made = "";
    /** @type {Node | Edge | null} what the hint is about */
    this.hinted = null;
    this.pictures = new NeuronPictures(this.canvas, session);
    /** @type {number[] | null} the input under the pointer */
    this.pointed = null;
    /** @type {{layer: number, unit: number} | null} the neuron that is told about */
    this.focus = null;
    /** @type {(layer: number, unit: number) => void} */
    this.onpick = () => {};
    /** @type {(index: number) => void} */
    this.onweight = () => {};
    /** @type {(place: string) => void} */
    this.onlook = () => {};
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  draw(shown, palette) {
    const { clientWidth: width, clientHeight: height } = this.stack;
    if (!width || !height) return;
    const { network } = shown.state;
    const made = `${network.sizes} ${network.bias} ${width} ${height}`;
    if (made !== this.made) {
      this.made = made;
      this.layout = layOut(network, width, height, this.namesRoom());
      const { nodes, edges } = this.layout;
      const { hinted } = this;
      if (hinted) {
        const same =
          "source" in hinted
            ? edges.find((edge) => edge.index === hinted.index)
            : nodes.find((node) => node.layer === hinted.layer && node.unit === hinted.unit);
        this.hinted = same ?? null;
        if (!same) this.told.textContent = "";
      }
      this.build(width, height);
    }
    this.pictures.draw(shown, palette, this.layout, this.pointed);
    this.drawLines(shown, palette);
    this.writeNumbers(shown, palette);
    if (this.hinted) this.writeHint();
  }

  /** @returns {{before: number, after: number}} how wide the names of inputs and outputs are */
  namesRoom() {
    const names = this.session.recorded.written;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.font = NAME_FONT;
    const widest = (/** @type {string[]} */ words) =>
      Math.max(12, ...words.map((word) => context.measureText(word).width + 8));
    return { before: widest(names.given), after: widest(names.outputs) };
  }

  /**
   * @param {string[]} names
   * @param {number} room
   * @returns {string[]} the names, or as much of each as there is room for
   */
  cut(names, room) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.font = NAME_FONT;
    return cutApart(names, (text) => context.measureText(text).width <= room);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  build(width, height) {
    const { svg, session } = this;
    const half = this.layout.size / 2;
    const { sizes } = session.shown.state.network;
    const { written: names, words } = session.recorded;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.lines = this.layout.edges.map((edge) => {
      const ends = { x1: edge.from.x + half, y1: edge.from.y, x2: edge.to.x - half, y2: edge.to.y };
      const line = drawn("svg", "line", { ...ends, class: "edge" });
      const target = drawn("svg", "line", {
        ...ends,
        class: "grip",
        tabindex: this.layout.edges.length <= 160 ? 0 : -1,
        role: "button",
        onclick: () => this.onweight(edge.index),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (pressed(event)) this.onweight(edge.index);
        },
        onpointerenter: () => this.tell(edge),
        onfocus: () => this.tell(edge),
      });
      svg.append(line, target);
      return { edge, line, target };
    });
    this.pulses = this.layout.edges.map(() => svg.appendChild(drawn("svg", "circle", { class: "pulse", r: 0 })));
    this.rims = this.layout.nodes.map((node) => {
      const rim = drawn("svg", "rect", {
        x: node.x - half,
        y: node.y - half,
        width: this.layout.size,
        height: this.layout.size,
        rx: Math.min(8, this.layout.size / 6),
        class: "rim",
        tabindex: 0,
        role: "button",
        onclick: () => this.onpick(node.layer, node.unit),
        onkeydown: (/** @type {KeyboardEvent} */ event) => pressed(event) && this.onpick(node.layer, node.unit),
        onpointerenter: () => this.tell(node),
        onfocus: () => this.tell(node),
      });
      svg.append(rim);
      return rim;
    });
    this.values = this.layout.nodes.map(() => svg.appendChild(drawn("svg", "text", { class: "value" })));
    this.deltas = this.layout.nodes.map(() => svg.appendChild(drawn("svg", "text", { class: "delta" })));
    this.weights = drawn("svg", "g", { class: "weights", "aria-hidden": "true" });
    svg.append(this.weights);
    sizes.forEach((n, layer) => {
      const { x } = /** @type {Node} */ (this.layout.nodes.find((node) => node.layer === layer));
      const hidden = sizes.length > 3 ? `hidden ${layer}` : "hidden";
      const name =
        layer === 0 ? (words.features ? "features" : "input") : layer === sizes.length - 1 ? "output" : hidden;
      const head = (/** @type {number} */ y, /** @type {string} */ text) =>
        svg.append(drawn("svg", "text", { x, y, class: "head" }, text));
      head(n > MOST_SHOWN ? 12 : 16, name);
      if (n > MOST_SHOWN) head(27, `${MOST_SHOWN} of ${n}`);
    });
    const given = this.cut(names.given, this.layout.before);
    const outputs = this.cut(names.outputs, this.layout.after);
    for (const node of this.layout.nodes) {
      const before = node.layer === 0;
      const label = before ? given[node.unit] : node.layer === sizes.length - 1 ? outputs[node.unit] : "";
      if (!label) continue;
      svg.append(
        drawn(
          "svg",
          "text",
          { x: before ? node.x - half - 6 : node.x + half + 6, y: node.y + 5, class: before ? "name before" : "name" },
          label,
        ),
      );
    }
  }

  /**
   * Say what a neuron or a weight holds.
   *
   * @param {Node | Edge} part
   */
  tell(part) {
    this.hinted = part;
    this.onlook("source" in part ? `w ${part.index}` : `a ${part.layer}.${part.unit}`);
    this.writeHint();
  }

  /** Say what the neuron or weight that was pointed at last holds now. */
  writeHint() {
    const text = this.hinted ? this.hintOf(this.hinted) : "";
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  /**
   * @param {Node | Edge} part
   * @returns {string} in two lines for a weight
   */
  hintOf(part) {
    const { shown } = this.session;
    const { network, parameters, sample, update, gradient } = shown.state;
    const { pass } = shown;
    if ("source" in part) {
      const change = this.session.lastUpdate();
      const made = change ? `, ${update ? "Δw of this step" : "last Δw"} ${signed(change[part.index])}` : "";
      const name = `w from ${this.nameOf(part.layer - 1, part.source)} to ${this.nameOf(part.layer, part.unit)}`;
      const slope = gradient
        ? `∂L/∂w ${signed(gradient[part.index])}`
        : `∂L/∂w of sample ${sample + 1} ${signed(pass.gradient[part.index])}`;
      return `${name}: ${signed(parameters[part.index])}\n${slope}${made}`;
    }
    const name = this.nameOf(part.layer, part.unit);
    const bias =
      part.layer && network.bias ? `, bias ${signed(parameters[network.index(part.layer, part.unit, -1)])}` : "";
    const delta = part.layer ? `, δ ${signed(pass.delta[part.layer][part.unit])}` : "";
    return `${name}: ${plain(pass.a[part.layer][part.unit])}${bias}${delta}`;
  }

  /**
   * @param {number} layer
   * @param {number} unit
   */
  nameOf(layer, unit) {
    const names = this.session.recorded.written;
    const { depth } = this.session.shown.state.network;
    if (layer === 0) return names.given[unit] || `input ${unit + 1}`;
    if (layer === depth) return names.outputs[unit] || (depth ? `output ${unit + 1}` : "output");
    return depth > 2 ? `hidden ${layer}.${unit + 1}` : `hidden ${unit + 1}`;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawLines(shown, palette) {
    const { parameters, phase } = shown.state;
    const telling = PHASES.includes(phase);
    let most = 1e-9;
    for (const { index } of this.layout.edges) most = Math.max(most, Math.abs(parameters[index]));
    const focus = this.focus ?? { layer: -1, unit: -1 };
    this.lines?.forEach(({ edge, line, target }) => {
      const weight = parameters[edge.index];
      const strength = Math.abs(weight) / most;
      const into = edge.layer === focus.layer && edge.unit === focus.unit;
      const outOf = edge.layer === focus.layer + 1 && edge.source === focus.unit;
      const lit = !telling || (phase !== "loss" && (into || outOf));
      line.setAttribute("stroke", signColor(palette, weight));
      line.setAttribute("stroke-width", `${(0.7 + 4.2 * strength).toFixed(2)}`);
      line.setAttribute("stroke-opacity", telling && !lit ? "0.14" : `${(0.2 + 0.72 * strength).toFixed(3)}`);
      target.setAttribute("aria-label", `weight ${plain(weight)}`);
    });
    this.drawPulses(shown, palette);
    this.rims?.forEach((rim, k) => {
      const node = this.layout.nodes[k];
      const ringed = telling && node.layer === focus.layer && node.unit === focus.unit;
      rim.setAttribute("stroke", ringed ? (phase === "forward" ? palette.ink : palette.accent) : palette.muted);
      rim.setAttribute("stroke-width", ringed ? "3" : "1.2");
      rim.setAttribute(
        "aria-label",
        `${this.nameOf(node.layer, node.unit)}: ${plain(shown.pass.a[node.layer][node.unit])}`,
      );
    });
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawPulses(shown, palette) {
    const { parameters, phase } = shown.state;
    const { pass } = shown;
    const back = phase === "backward";
    const signal = (/** @type {Edge} */ edge) => {
      if (phase === "forward") return parameters[edge.index] * pass.a[edge.layer - 1][edge.source];
      return back && edge.layer > 1 ? parameters[edge.index] * pass.delta[edge.layer][edge.unit] : 0;
    };
    const signals = this.layout.edges.map(signal);
    const most = Math.max(1e-12, ...signals.map(Math.abs));
    const share = this.pulsePlace;
    const few = this.layout.edges.length <= FEW_LINES && (back || share > 0.5);
    const focus = this.focus ?? { layer: -1, unit: -1 };
    this.pulses?.forEach((pulse, k) => {
      const { from, to } = this.layout.edges[k];
      const size = Math.sqrt(Math.abs(signals[k]) / most);
      const { layer, unit, source } = this.layout.edges[k];
      const told = back
        ? layer === focus.layer + 1 && source === focus.unit
        : layer === focus.layer && unit === focus.unit;
      const shownNow = size > 1e-3 && (phase === "forward" || back) && (told || few);
      pulse.setAttribute("r", shownNow ? (2 + (LARGEST_PULSE - 2) * size).toFixed(2) : "0");
      pulse.setAttribute("cx", `${from.x + (to.x - from.x) * share}`);
      pulse.setAttribute("cy", `${from.y + (to.y - from.y) * share}`);
      const color = back ? palette.accent : palette.ink;
      pulse.setAttribute("fill", signals[k] < 0 ? palette.background : color);
      pulse.setAttribute("stroke", color);
    });
  }

  /** @returns {number} how far along their lines the pulses stand: behind the weights' numbers, or in the middle */
  get pulsePlace() {
    const { nodes, size } = this.layout;
    const apart = (nodes[nodes.length - 1].x - nodes[0].x) / this.session.shown.state.network.depth;
    const free = size / 2 + 4 + 6 * LETTER + LARGEST_PULSE;
    return apart - free < size / 2 + LARGEST_PULSE ? 0.5 : Math.max(0.62, free / apart);
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  writeNumbers(shown, palette) {
    const { network, parameters, phase } = shown.state;
    const place = PHASES.indexOf(phase);
    const roomy = this.layout.nodes.every((node, k) => {
      const next = this.layout.nodes[k + 1];
      return !next || next.layer !== node.layer || next.y - node.y > this.layout.size + 34;
    });
    const answers = this.pointed
      ? answersTo(network, parameters, this.session.recorded.given.row(this.pointed))
      : shown.pass.a;
    /** @type {Written[]} */
    const written = [];
    const write = (
      /** @type {any} */ label,
      /** @type {Node} */ node,
      /** @type {number} */ y,
      /** @type {string} */ text,
    ) => {
      const half = (text.length * LETTER) / 2;
      const x = Math.min(node.x, this.layout.width - half);
      label?.setAttribute("x", String(x));
      label?.setAttribute("y", String(y));
      label?.replaceChildren(text);
      if (text && label) written.push({ x, y, half });
    };
    const side = this.layout.size / 2;
    this.layout.nodes.forEach((node, k) => {
      const isOutput = node.layer === network.depth;
      const focused = this.focus?.layer === node.layer && this.focus.unit === node.unit;
      const near = roomy || focused || isOutput || node.layer === 0;
      const given = answers[node.layer][node.unit];
      const { targetUnits } = this.session.recorded;
      // A told step is told in the network's own units, in which its formulas are true.
      const value = plain(isOutput && place < 0 ? targetUnits.file(node.unit, given) : given);
      const index = network.sizes[network.depth] > 1 ? lowered(node.unit + 1) : "";
      const text = isOutput ? `ŷ${index} = ${value}` : value;
      const tight = !roomy && !isOutput && node.layer > 0; // the next neuron is close below
      const said = near && (place >= 0 || this.pointed || isOutput) ? text : "";
      write(this.values?.[k], node, tight ? node.y - side - 4 : node.y + side + 16, said);
      const delta =
        node.layer > 0 && place >= 2 && near ? `δ = ${signed(shown.pass.delta[node.layer][node.unit])}` : "";
      write(this.deltas?.[k], node, node.y + side + (tight ? 14 : 32), delta);
    });
    this.weights.replaceChildren();
    if (place < 0 || !this.focus || phase === "loss") return;
    const { layer, unit } = this.focus;
    const told = this.layout.edges.filter((edge) =>
      phase === "backward"
        ? edge.layer === layer + 1 && edge.source === unit
        : edge.layer === layer && edge.unit === unit,
    );
    const above = this.pulsePlace === 0.5 ? LARGEST_PULSE + 6 : 0; // no room beside the pulse
    for (const edge of told.length <= 8 ? told : []) {
      const text = signed(parameters[edge.index]);
      const half = (text.length * LETTER) / 2;
      const x = edge.from.x + side + 4 + half; // beside the neuron that it leaves, clear of the pulses
      const share = (x - edge.from.x) / (edge.to.x - edge.from.x);
      const y = edge.from.y + (edge.to.y - edge.from.y) * share - above;
      if (written.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y - 5) < LINE))
        continue;
      written.push({ x, y: y + 5, half });
      const label = drawn("svg", "text", { x, y: y + 5, class: "weight" }, text);
      label.style.fill = signColor(palette, parameters[edge.index]);
      this.weights.append(label);
    }
  }
}

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key presses a button; it does nothing else then, such as to send a field that opens
 */
function pressed(event) {
  if (event.key !== "Enter" && event.key !== " ") return false;
  event.preventDefault();
  return true;
}
