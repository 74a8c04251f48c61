/** The network: every neuron with what it does to the input, signed weights on the lines, and the told step's light. */

import { signColor } from "../colors.js";
import { drawn, element } from "../dom.js";
import { cutApart } from "../names.js";
import { plain, signed } from "../numbers.js";
import { PHASES } from "../shown.js";
import { layOut, MOST_SHOWN } from "./network_layout.js";
import { NetworkNumbers } from "./network_numbers.js";
import { NeuronPictures } from "./neuron_pictures.js";
import { Pulses } from "./pulses.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("./network_layout.js").Node} Node
 * @typedef {import("./network_layout.js").Edge} Edge
 */

const NAME_FONT = "15px Film, sans-serif";

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
    this.numbers?.write(shown, palette, this.focus, this.pointed);
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
    this.pulses = new Pulses(svg, this.layout);
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
    this.numbers = new NetworkNumbers(svg, this.layout, session);
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
    this.pulses?.draw(shown, palette, this.focus);
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
