/** The network: every neuron with what it does to the input, signed weights on the lines, and the told step's light. */

import { along, classColor, mixed, rgb, signColor } from "../colors.js";
import { drawn, element, fitted } from "../dom.js";
import { Field } from "../field.js";
import { lowered, plain, signed } from "../numbers.js";
import { answersTo, PHASES } from "../shown.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {{layer: number, unit: number, x: number, y: number}} Node
 * @typedef {{layer: number, unit: number, source: number, index: number, from: Node, to: Node}} Edge
 */

const GRID = 24;
const MOST_SHOWN = 12;
const HEAD = 30;
const FOOT = 34;

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
    /** @type {Node[]} */
    this.nodes = [];
    /** The width of a neuron's picture. */
    this.size = 40;
    /** @type {[number, number][]} of the inputs */
    this.ranges = rangesOf(session);
    this.scratch = document.createElement("canvas");
    /** @type {Edge[]} */
    this.edges = [];
    /** What the present drawing was made for. */
    this.made = "";
    /** @type {Field | null} */
    this.field = null;
    /** @type {number[] | null} the input under the pointer */
    this.pointed = null;
    /** @type {{layer: number, unit: number} | null} the neuron that is told about */
    this.focus = null;
    /** @type {(layer: number, unit: number) => void} */
    this.onpick = () => {};
    /** @type {(index: number) => void} */
    this.onweight = () => {};
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
      this.lay(network, width, height);
      this.build(width, height);
      this.field = null;
    }
    this.drawPictures(shown, palette, width, height);
    this.drawLines(shown, palette);
    this.writeNumbers(shown, palette);
  }

  /**
   * @param {import("../engine/network.js").Network} network
   * @param {number} width
   * @param {number} height
   */
  lay(network, width, height) {
    const { sizes } = network;
    const names = this.session.recorded.words.names;
    const side = names.outputs.some((name) => name.length > 3) ? 54 : 34;
    const most = Math.min(MOST_SHOWN, Math.max(...sizes));
    const room = height - HEAD - FOOT;
    this.size = Math.max(16, Math.min(56, (room / most) * 0.6, (width / sizes.length) * 0.46));
    const [left, right] = [34 + this.size / 2, width - side - this.size / 2];
    this.nodes = sizes.flatMap((n, layer) => {
      const shown = Math.min(n, MOST_SHOWN);
      const step = Math.min(room / shown, this.size * 2.6);
      return Array.from({ length: shown }, (_, unit) => ({
        layer,
        unit,
        x: left + ((right - left) * layer) / (sizes.length - 1),
        y: HEAD + room / 2 + (unit - (shown - 1) / 2) * step,
      }));
    });
    const at = new Map(this.nodes.map((node) => [`${node.layer} ${node.unit}`, node]));
    this.edges = [];
    for (const to of this.nodes) {
      for (let source = 0; to.layer > 0 && source < Math.min(MOST_SHOWN, sizes[to.layer - 1]); source++) {
        const from = /** @type {Node} */ (at.get(`${to.layer - 1} ${source}`));
        this.edges.push({
          layer: to.layer,
          unit: to.unit,
          source,
          index: network.index(to.layer, to.unit, source),
          from,
          to,
        });
      }
    }
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  build(width, height) {
    const { svg, session } = this;
    const half = this.size / 2;
    const { sizes } = session.shown.state.network;
    const { names } = session.recorded.words;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.lines = this.edges.map((edge) => {
      const ends = { x1: edge.from.x + half, y1: edge.from.y, x2: edge.to.x - half, y2: edge.to.y };
      const line = drawn("svg", "line", { ...ends, class: "edge" });
      const target = drawn("svg", "line", {
        ...ends,
        class: "grip",
        tabindex: this.edges.length <= 160 ? 0 : -1,
        role: "button",
        onclick: () => this.onweight(edge.index),
        onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.onweight(edge.index),
        onpointerenter: () => this.tell(edge),
        onfocus: () => this.tell(edge),
      });
      svg.append(line, target);
      return { edge, line, target };
    });
    this.pulses = this.edges.map(() => svg.appendChild(drawn("svg", "circle", { class: "pulse", r: 0 })));
    this.rims = this.nodes.map((node) => {
      const rim = drawn("svg", "rect", {
        x: node.x - half,
        y: node.y - half,
        width: this.size,
        height: this.size,
        rx: Math.min(8, this.size / 6),
        class: "rim",
        tabindex: 0,
        role: "button",
        onclick: () => this.onpick(node.layer, node.unit),
        onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.onpick(node.layer, node.unit),
        onpointerenter: () => this.tell(node),
        onfocus: () => this.tell(node),
      });
      svg.append(rim);
      return rim;
    });
    this.values = this.nodes.map((node) =>
      svg.appendChild(drawn("svg", "text", { x: node.x, y: node.y + half + 16, class: "value" })),
    );
    this.deltas = this.nodes.map((node) =>
      svg.appendChild(drawn("svg", "text", { x: node.x, y: node.y + half + 32, class: "delta" })),
    );
    this.weights = drawn("svg", "g", { class: "weights", "aria-hidden": "true" });
    svg.append(this.weights);
    sizes.forEach((n, layer) => {
      const { x } = /** @type {Node} */ (this.nodes.find((node) => node.layer === layer));
      const hidden = sizes.length > 3 ? `hidden ${layer}` : "hidden";
      const name = layer === 0 ? "input" : layer === sizes.length - 1 ? "output" : hidden;
      svg.append(
        drawn("svg", "text", { x, y: 16, class: "head" }, n > MOST_SHOWN ? `${name}, ${MOST_SHOWN} of ${n}` : name),
      );
    });
    for (const node of this.nodes) {
      const end = node.layer === 0 ? names.inputs : node.layer === sizes.length - 1 ? names.outputs : [];
      const label = end[node.unit];
      if (!label) continue;
      const before = node.layer === 0;
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
    const { shown } = this.session;
    const { network, parameters, sample } = shown.state;
    const { pass } = shown;
    if ("source" in part) {
      const { update } = shown.state;
      const made = update ? `, Δw ${signed(update[part.index])}` : "";
      const name = `w from ${this.nameOf(part.layer - 1, part.source)} to ${this.nameOf(part.layer, part.unit)}`;
      this.told.textContent = `${name}: ${signed(parameters[part.index])}, ∂L/∂w of sample ${sample} ${signed(pass.gradient[part.index])}${made}`;
      return;
    }
    const name = this.nameOf(part.layer, part.unit);
    const bias =
      part.layer && network.bias ? `, bias ${signed(parameters[network.index(part.layer, part.unit, -1)])}` : "";
    const delta = part.layer ? `, δ ${signed(pass.delta[part.layer][part.unit])}` : "";
    this.told.textContent = `${name}: ${plain(pass.a[part.layer][part.unit])}${bias}${delta}`;
  }

  /**
   * @param {number} layer
   * @param {number} unit
   */
  nameOf(layer, unit) {
    const { names } = this.session.recorded.words;
    const { depth } = this.session.shown.state.network;
    if (layer === 0) return names.inputs[unit] || `input ${unit + 1}`;
    if (layer === depth) return names.outputs[unit] || (depth ? `output ${unit + 1}` : "output");
    return depth > 2 ? `hidden ${layer}.${unit + 1}` : `hidden ${unit + 1}`;
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {number} width
   * @param {number} height
   */
  drawPictures(shown, palette, width, height) {
    const context = fitted(this.canvas, width, height);
    const { network, parameters, data } = shown.state;
    const inputs = network.sizes[0];
    const half = this.size / 2;
    if (inputs > 2) {
      this.drawPlain(context, shown, palette, half);
      return;
    }
    const fine = inputs === 1 ? 2 * GRID : GRID;
    if (this.field?.network !== network) this.field = new Field(network, this.ranges, fine);
    const layers = this.field.answers(parameters);
    const input =
      this.pointed ?? Array.from({ length: inputs }, (_, k) => data.inputs[k * data.count + shown.state.sample]);
    const answers = this.pointed ? answersTo(network, parameters, input) : shown.pass.a;
    for (const node of this.nodes) {
      const values = layers[node.layer].subarray(node.unit * this.field.count, (node.unit + 1) * this.field.count);
      const box = { x: node.x - half, y: node.y - half, side: this.size };
      context.save();
      context.beginPath();
      context.roundRect(box.x, box.y, box.side, box.side, Math.min(8, box.side / 6));
      context.clip();
      context.fillStyle = palette.surface;
      context.fill();
      if (inputs === 2) this.paintMap(context, node, values, palette, box);
      else this.paintCurve(context, values, palette, box, node.layer === network.depth);
      this.mark(context, palette, box, input, answers[node.layer][node.unit], values);
      context.restore();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Node} node
   * @param {Float64Array} values
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   */
  paintMap(context, node, values, palette, box) {
    const { network } = this.session.shown.state;
    const isClass = node.layer === network.depth && this.session.samples.labels !== null;
    const pixels = new ImageData(GRID, GRID);
    const [low, high] = isClass ? [0, 1] : spanOf(network, node.layer, values);
    const ground = rgb(isClass ? palette.background : palette.surface);
    const one = network.sizes[network.depth] === 1;
    const minus = isClass ? (one ? rgb(classColor(palette, 0)) : ground) : rgb(palette.negative);
    const plus = isClass ? rgb(classColor(palette, one ? 1 : node.unit)) : rgb(palette.positive);
    const middle = (low + high) / 2;
    for (let k = 0; k < values.length; k++) {
      const level = Math.max(-1, Math.min(1, (values[k] - middle) / ((high - low) / 2 || 1)));
      const color = level < 0 ? minus : plus;
      for (let part = 0; part < 3; part++) {
        pixels.data[4 * k + part] = ground[part] + Math.abs(level) * 0.85 * (color[part] - ground[part]);
      }
      pixels.data[4 * k + 3] = 255;
    }
    this.scratch.width = this.scratch.height = GRID;
    /** @type {CanvasRenderingContext2D} */ (this.scratch.getContext("2d")).putImageData(pixels, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.scratch, 0.5, 0.5, GRID - 1, GRID - 1, box.x, box.y, box.side, box.side);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float64Array} values
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   * @param {boolean} isOutput
   */
  paintCurve(context, values, palette, box, isOutput) {
    const height = heightIn(values);
    const inset = box.side * 0.16;
    context.beginPath();
    values.forEach((value, k) => {
      const x = box.x + inset + (k / (values.length - 1)) * (box.side - 2 * inset);
      const y = box.y + inset + (1 - height(value)) * (box.side - 2 * inset);
      if (k) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.strokeStyle = isOutput ? palette.accent : palette.ink;
    context.lineWidth = 2;
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   * @param {{x: number, y: number, side: number}} box
   * @param {number[]} input
   * @param {number} answer
   * @param {Float64Array} values
   */
  mark(context, palette, box, input, answer, values) {
    const share = (/** @type {number} */ k) => {
      const [low, high] = this.ranges[k];
      return Math.max(0, Math.min(1, (input[k] - low) / (high - low || 1)));
    };
    const inset = box.side * 0.16;
    context.beginPath();
    if (input.length === 2) {
      context.arc(box.x + share(0) * box.side, box.y + (1 - share(1)) * box.side, 3.2, 0, 7);
      context.fillStyle = palette.background;
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
      return;
    }
    const inner = box.side - 2 * inset;
    context.arc(box.x + inset + share(0) * inner, box.y + inset + (1 - heightIn(values)(answer)) * inner, 3.4, 0, 7);
    context.fillStyle = this.session.recorded.words.kind === "curve" ? along(palette.ramp, share(0)) : palette.accent;
    context.fill();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {number} half
   */
  drawPlain(context, shown, palette, half) {
    const { pass } = shown;
    for (const node of this.nodes) {
      const value = Math.max(-1, Math.min(1, pass.a[node.layer][node.unit]));
      context.beginPath();
      context.roundRect(node.x - half, node.y - half, this.size, this.size, 6);
      context.fillStyle = mixed(palette.surface, palette.ink, 0.75 * Math.abs(value));
      context.fill();
    }
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  drawLines(shown, palette) {
    const { parameters, phase } = shown.state;
    const telling = PHASES.includes(phase);
    let most = 1e-9;
    for (const { index } of this.edges) most = Math.max(most, Math.abs(parameters[index]));
    const focus = this.focus ?? { layer: -1, unit: -1 };
    const { depth } = shown.state.network;
    this.lines?.forEach(({ edge, line, target }) => {
      const weight = parameters[edge.index];
      const strength = Math.abs(weight) / most;
      const into = edge.layer === focus.layer && edge.unit === focus.unit;
      const outOf = edge.layer === focus.layer + 1 && edge.source === focus.unit;
      const lit =
        !telling ||
        (phase === "backward"
          ? outOf || (into && focus.layer === depth) || into
          : phase === "loss"
            ? false
            : into || outOf);
      line.setAttribute("stroke", signColor(palette, weight));
      line.setAttribute("stroke-width", `${(0.7 + 4.2 * strength).toFixed(2)}`);
      line.setAttribute("stroke-opacity", telling && !lit ? "0.14" : `${(0.2 + 0.72 * strength).toFixed(3)}`);
      target.setAttribute("aria-label", `weight ${plain(weight)}`);
    });
    this.drawPulses(shown, palette);
    this.rims?.forEach((rim, k) => {
      const node = this.nodes[k];
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
    const signals = this.edges.map(signal);
    const most = Math.max(1e-12, ...signals.map(Math.abs));
    this.pulses?.forEach((pulse, k) => {
      const { from, to } = this.edges[k];
      const size = Math.sqrt(Math.abs(signals[k]) / most);
      const share = back ? 0.62 : 0.4;
      const shownNow = size > 1e-3 && (phase === "forward" || back);
      pulse.setAttribute("r", shownNow ? (2 + 8 * size).toFixed(2) : "0");
      pulse.setAttribute("cx", `${from.x + (to.x - from.x) * share}`);
      pulse.setAttribute("cy", `${from.y + (to.y - from.y) * share}`);
      const color = back ? palette.accent : palette.ink;
      pulse.setAttribute("fill", signals[k] < 0 ? palette.background : color);
      pulse.setAttribute("stroke", color);
    });
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   */
  writeNumbers(shown, palette) {
    const { network, parameters, phase } = shown.state;
    const place = PHASES.indexOf(phase);
    const roomy = this.nodes.every((node, k) => {
      const next = this.nodes[k + 1];
      return !next || next.layer !== node.layer || next.y - node.y > this.size + 34;
    });
    const answers = this.pointed ? answersTo(network, parameters, this.pointed) : shown.pass.a;
    this.nodes.forEach((node, k) => {
      const isOutput = node.layer === network.depth;
      const focused = this.focus?.layer === node.layer && this.focus.unit === node.unit;
      const near = roomy || focused || isOutput || node.layer === 0;
      const value = plain(answers[node.layer][node.unit]);
      const index = network.sizes[network.depth] > 1 ? lowered(node.unit + 1) : "";
      const text = isOutput ? `ŷ${index} = ${value}` : value;
      this.values?.[k].replaceChildren(near && (place >= 0 || this.pointed || isOutput) ? text : "");
      const delta =
        node.layer > 0 && place >= 2 && near ? `δ = ${signed(shown.pass.delta[node.layer][node.unit])}` : "";
      this.deltas?.[k].replaceChildren(delta);
    });
    this.weights.replaceChildren();
    if (place < 0 || !this.focus || phase === "loss") return;
    const { layer, unit } = this.focus;
    const told = this.edges.filter((edge) =>
      phase === "backward"
        ? edge.layer === layer + 1 && edge.source === unit
        : edge.layer === layer && edge.unit === unit,
    );
    for (const edge of told.length <= 8 ? told : []) {
      const x = edge.from.x + (edge.to.x - edge.from.x) * (phase === "backward" ? 0.34 : 0.5);
      const y = edge.from.y + (edge.to.y - edge.from.y) * (phase === "backward" ? 0.34 : 0.5);
      const label = drawn("svg", "text", { x, y: y + 5, class: "weight" }, signed(parameters[edge.index], 4));
      label.setAttribute("fill", signColor(palette, parameters[edge.index]));
      this.weights.append(label);
    }
  }
}

/**
 * @param {Session} session
 * @returns {[number, number][]}
 */
function rangesOf(session) {
  const { data, network, words } = session.recorded;
  return Array.from({ length: network.sizes[0] }, (_, axis) => {
    const values = data.inputs.subarray(axis * data.count, (axis + 1) * data.count);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = network.sizes[0] === 2 && words.kind === "classes" ? 0.08 * (high - low) : 0;
    return [low - room, high + room || 1];
  });
}

/**
 * Return the values that have the full colours: the activation's bounds, or what is seen around 0.
 *
 * @param {import("../engine/network.js").Network} network
 * @param {number} layer
 * @param {Float64Array} values
 * @returns {[number, number]}
 */
function spanOf(network, layer, values) {
  if (layer > 0) {
    const kind = network.kinds[layer - 1];
    if (kind === "sigmoid" || kind === "softmax") return [0, 1];
    if (kind === "tanh" || kind === "sine") return [-1, 1];
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (layer === 0 && low >= 0) return [low, high];
  const most = Math.max(Math.abs(low), Math.abs(high), 1e-9);
  return [-most, most];
}

/**
 * @param {Float64Array} values
 * @returns {(value: number) => number} a value's height, 0 to 1
 */
function heightIn(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high - low < 0.2) [low, high] = [(low + high) / 2 - 0.1, (low + high) / 2 + 0.1];
  return (value) => Math.max(0, Math.min(1, (value - low) / (high - low)));
}
