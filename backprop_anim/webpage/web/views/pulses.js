/** What a told step sends along the lines of the network: a pulse on each, as large as what it carries. */

import { drawn } from "../dom.js";

/**
 * @typedef {import("../shown.js").Shown} Shown
 * @typedef {import("../colors.js").Palette} Palette
 * @typedef {import("./network_layout.js").Edge} Edge
 * @typedef {import("./network_layout.js").Layout} Layout
 * @typedef {{layer: number, unit: number}} Focus
 */

const FEW_LINES = 12;
export const LARGEST_PULSE = 10;
/** About how wide a letter of a number is. */
export const LETTER = 7.6;

export class Pulses {
  /**
   * @param {Element} svg
   * @param {Layout} layout
   */
  constructor(svg, layout) {
    this.layout = layout;
    this.circles = layout.edges.map(() => svg.appendChild(drawn("svg", "circle", { class: "pulse", r: 0 })));
  }

  /**
   * @param {Shown} shown
   * @param {Palette} palette
   * @param {Focus | null} focused the neuron that is told about
   */
  draw(shown, palette, focused) {
    const { parameters, phase } = shown.state;
    const { pass } = shown;
    const back = phase === "backward";
    const signal = (/** @type {Edge} */ edge) => {
      if (phase === "forward") return parameters[edge.index] * pass.a[edge.layer - 1][edge.source];
      return back && edge.layer > 1 ? parameters[edge.index] * pass.delta[edge.layer][edge.unit] : 0;
    };
    const signals = this.layout.edges.map(signal);
    const most = Math.max(1e-12, ...signals.map(Math.abs));
    const share = pulsePlace(this.layout, shown.state.network.depth);
    const few = this.layout.edges.length <= FEW_LINES && (back || share > 0.5);
    const focus = focused ?? { layer: -1, unit: -1 };
    this.circles.forEach((pulse, k) => {
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
}

/**
 * @param {Layout} layout
 * @param {number} depth of the network
 * @returns {number} how far along their lines the pulses stand: behind the weights' numbers, or in the middle
 */
export function pulsePlace({ nodes, size }, depth) {
  const apart = (nodes[nodes.length - 1].x - nodes[0].x) / depth;
  const free = size / 2 + 4 + 6 * LETTER + LARGEST_PULSE;
  return apart - free < size / 2 + LARGEST_PULSE ? 0.5 : Math.max(0.62, free / apart);
}
