/** Where neurons and lines of a network stand in their place; it draws nothing. */

/**
 * @typedef {import("../engine/network.js").Network} Network
 * @typedef {{layer: number, unit: number, x: number, y: number}} Node
 * @typedef {{layer: number, unit: number, source: number, index: number, from: Node, to: Node}} Edge
 *
 * @typedef {object} Layout
 * @property {Node[]} nodes
 * @property {Edge[]} edges
 * @property {number} width of the whole
 * @property {number} size the width of a neuron's picture
 * @property {number} before room for the names of the inputs
 * @property {number} after room for the names of the outputs
 */

export const MOST_SHOWN = 12;
const HEAD = 30;
const FOOT = 36;
const LARGEST = 56;
const MOST_FOR_NAMES = 0.24;

/**
 * @param {Network} network
 * @param {number} width
 * @param {number} height
 * @param {{before: number, after: number}} names how wide the names of inputs and outputs are
 * @returns {Layout}
 */
export function layOut(network, width, height, names) {
  const { sizes } = network;
  const before = Math.min(names.before, MOST_FOR_NAMES * width);
  const after = Math.min(names.after, MOST_FOR_NAMES * width);
  const most = Math.min(MOST_SHOWN, Math.max(...sizes));
  const room = height - HEAD - FOOT;
  const across = width - before - after;
  const size = Math.max(14, Math.min(LARGEST, (room / most) * 0.6, (across / sizes.length) * 0.5));
  const [left, right] = [before + 8 + size / 2, width - after - 8 - size / 2];
  const nodes = sizes.flatMap((n, layer) => {
    const shown = Math.min(n, MOST_SHOWN);
    const step = Math.min(room / shown, Math.max(size * 1.5, 112));
    return Array.from({ length: shown }, (_, unit) => ({
      layer,
      unit,
      x: left + ((right - left) * layer) / (sizes.length - 1),
      y: HEAD + room / 2 + (unit - (shown - 1) / 2) * step,
    }));
  });
  return { nodes, edges: edgesBetween(network, nodes), width, size, before, after };
}

/**
 * @param {Network} network
 * @param {Node[]} nodes
 * @returns {Edge[]}
 */
function edgesBetween(network, nodes) {
  const at = new Map(nodes.map((node) => [`${node.layer} ${node.unit}`, node]));
  const found = [];
  for (const to of nodes) {
    const sources = to.layer > 0 ? Math.min(MOST_SHOWN, network.sizes[to.layer - 1]) : 0;
    for (let source = 0; source < sources; source++) {
      const from = /** @type {Node} */ (at.get(`${to.layer - 1} ${source}`));
      const index = network.index(to.layer, to.unit, source);
      found.push({ layer: to.layer, unit: to.unit, source, index, from, to });
    }
  }
  return found;
}
