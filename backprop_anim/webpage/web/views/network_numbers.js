/** The numbers at the neurons and lines of the network: those that are told, where they are not on each other. */

import { signColor } from "../colors.js";
import { drawn } from "../dom.js";
import { lowered, plain, signed } from "../numbers.js";
import { answersTo, PHASES } from "../shown.js";
import { LARGEST_PULSE, LETTER, pulsePlace } from "./pulses.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("./network_layout.js").Node} Node
 * @typedef {{x: number, y: number, half: number}} Written a number: its middle, and half of its width
 */

/** About how high the line of a number is. */
const LINE = 14;

export class NetworkNumbers {
  /**
   * @param {Element} svg
   * @param {import("./network_layout.js").Layout} layout
   * @param {Session} session
   */
  constructor(svg, layout, session) {
    this.layout = layout;
    this.session = session;
    this.values = layout.nodes.map(() => svg.appendChild(drawn("svg", "text", { class: "value" })));
    this.deltas = layout.nodes.map(() => svg.appendChild(drawn("svg", "text", { class: "delta" })));
    this.weights = drawn("svg", "g", { class: "weights", "aria-hidden": "true" });
    svg.append(this.weights);
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {import("./pulses.js").Focus | null} focus the neuron that is told about
   * @param {number[] | null} pointed the input under the pointer
   */
  write(shown, palette, focus, pointed) {
    const { network, parameters, phase } = shown.state;
    const place = PHASES.indexOf(phase);
    const roomy = this.layout.nodes.every((node, k) => {
      const next = this.layout.nodes[k + 1];
      return !next || next.layer !== node.layer || next.y - node.y > this.layout.size + 34;
    });
    const answers = pointed ? answersTo(network, parameters, this.session.recorded.given.row(pointed)) : shown.pass.a;
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
      const focused = focus?.layer === node.layer && focus.unit === node.unit;
      const near = roomy || focused || isOutput || node.layer === 0;
      const given = answers[node.layer][node.unit];
      const { targetUnits } = this.session.recorded;
      // A told step is told in the network's own units, in which its formulas are true.
      const value = plain(isOutput && place < 0 ? targetUnits.file(node.unit, given) : given);
      const index = network.sizes[network.depth] > 1 ? lowered(node.unit + 1) : "";
      const text = isOutput ? `ŷ${index} = ${value}` : value;
      const tight = !roomy && !isOutput && node.layer > 0; // the next neuron is close below
      const said = near && (place >= 0 || pointed || isOutput) ? text : "";
      write(this.values[k], node, tight ? node.y - side - 4 : node.y + side + 16, said);
      const delta =
        node.layer > 0 && place >= 2 && near ? `δ = ${signed(shown.pass.delta[node.layer][node.unit])}` : "";
      write(this.deltas[k], node, node.y + side + (tight ? 14 : 32), delta);
    });
    this.weights.replaceChildren();
    if (place < 0 || !focus || phase === "loss") return;
    const { layer, unit } = focus;
    const told = this.layout.edges.filter((edge) =>
      phase === "backward"
        ? edge.layer === layer + 1 && edge.source === unit
        : edge.layer === layer && edge.unit === unit,
    );
    const above = pulsePlace(this.layout, network.depth) === 0.5 ? LARGEST_PULSE + 6 : 0; // no room beside the pulse
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
