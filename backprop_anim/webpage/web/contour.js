/** The lines on which a function over a grid is 0, joined so that they can be dashed. */

/** @typedef {[number, number]} Point a column and a row, with fractions */

/**
 * @param {(place: number) => number} value at each place of the grid, row by row
 * @param {number} side places in a row, and rows
 * @returns {Point[][]}
 */
export function zeroLines(value, side) {
  /** @type {Map<string, Point[]>} neighbours of each crossing, by its name */
  const joined = new Map();
  /** @type {Map<string, Point>} */
  const points = new Map();
  const values = Float64Array.from({ length: side * side }, (_, k) => value(k));
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const found = crossings(values, side, column, row);
      for (let k = 0; k + 1 < found.length; k += 2) {
        join(joined, points, found[k], found[k + 1]);
        join(joined, points, found[k + 1], found[k]);
      }
    }
  }
  return chains(joined, points);
}

/**
 * @param {Float64Array} values
 * @param {number} side
 * @param {number} column
 * @param {number} row
 * @returns {Point[]} where the function is 0 on the edges of a cell
 */
function crossings(values, side, column, row) {
  const at = row * side + column;
  const corners = [values[at], values[at + 1], values[at + side + 1], values[at + side]];
  if (corners[0] < 0 === corners[1] < 0 && corners[1] < 0 === corners[2] < 0 && corners[2] < 0 === corners[3] < 0)
    return [];
  /** @type {Point[]} */
  const found = [];
  /** @type {[number, number][][]} edges from a corner, always in the same direction as in the next cell */
  const edges = [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [0, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [0, 1],
    ],
  ];
  const pairs = [
    [0, 1],
    [1, 2],
    [3, 2],
    [0, 3],
  ];
  pairs.forEach(([one, other], k) => {
    if (corners[one] < 0 === corners[other] < 0) return;
    const share = corners[one] / (corners[one] - corners[other]);
    const [[x, y], [toX, toY]] = edges[k];
    found.push([column + x + share * (toX - x), row + y + share * (toY - y)]);
  });
  return found;
}

/**
 * @param {Map<string, Point[]>} joined
 * @param {Map<string, Point>} points
 * @param {Point} one
 * @param {Point} other
 */
function join(joined, points, one, other) {
  const name = nameOf(one);
  points.set(name, one);
  const known = joined.get(name);
  if (known) known.push(other);
  else joined.set(name, [other]);
}

/** @param {Point} point */
function nameOf([column, row]) {
  return `${Math.round(column * 1e6)} ${Math.round(row * 1e6)}`;
}

/**
 * @param {Map<string, Point[]>} joined
 * @param {Map<string, Point>} points
 * @returns {Point[][]}
 */
function chains(joined, points) {
  const left = new Set(joined.keys());
  const lines = [];
  const ends = [...joined.keys()].filter((name) => joined.get(name)?.length === 1);
  for (const start of [...ends, ...joined.keys()]) {
    if (!left.has(start)) continue;
    /** @type {Point[]} */
    const line = [];
    /** @type {string | undefined} */
    let name = start;
    while (name !== undefined && left.has(name)) {
      left.delete(name);
      line.push(/** @type {Point} */ (points.get(name)));
      name = joined
        .get(name)
        ?.map(nameOf)
        .find((next) => left.has(next));
    }
    const closes = joined.get(start)?.some((next) => nameOf(next) === nameOf(line[line.length - 1])) && line.length > 2;
    if (closes) line.push(line[0]);
    lines.push(line);
  }
  return lines;
}
