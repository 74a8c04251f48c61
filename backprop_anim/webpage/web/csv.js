/** Rows of a table that somebody pasted, as samples with the columns of the page's task. */

const MOST_ROWS = 5000;

const DAY = 86_400_000;

/**
 * @typedef {import("./samples.js").Sample} Sample
 *
 * @typedef {object} InputColumn one column of a file; words take an input each, all else takes one
 * @property {string} name
 * @property {string} kind numbers, words, dates, or true or false
 * @property {string[]} words
 */

/**
 * @param {string} text
 * @param {{inputs: InputColumn[], outputs: string[], classes: string[]}} columns the inputs, and the names of the
 *   targets; with classes the only target is a class
 * @returns {Sample[]}
 * @throws {RangeError} with what is wrong and where
 */
export function samplesFrom(text, { inputs, outputs, classes }) {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim());
  if (!lines.length) throw new RangeError("there are no rows");
  const separator = [";", "\t", ","].find((mark) => lines[0].includes(mark)) ?? ",";
  const rows = lines.map((line) => cellsOf(line, separator));
  const targets = classes.length ? [outputs[0] || "class"] : outputs;
  const wanted = [...inputs.map(({ name }) => name), ...targets];
  const hasHead = inputs.every(({ kind }) => kind === "numbers")
    ? rows[0].some((cell) => !isNumber(cell, separator)) &&
      (!classes.length || !classes.includes(rows[0][rows[0].length - 1]))
    : wanted.some((name) => rows[0].includes(name));
  const head = hasHead ? rows[0] : [];
  const body = hasHead ? rows.slice(1) : rows;
  if (!body.length) throw new RangeError("there is a head, but no rows");
  if (body.length > MOST_ROWS) throw new RangeError(`there are ${body.length} rows; a page takes up to ${MOST_ROWS}`);
  const places = placesOf(head, wanted, rows[0].length, classes.length > 0);
  return body.map((row, k) => {
    const where = `row ${k + (hasHead ? 2 : 1)}`;
    if (row.length !== rows[0].length)
      throw new RangeError(`${where} has ${row.length} cells, the first has ${rows[0].length}`);
    const numbers = (/** @type {number[]} */ columns) =>
      columns.map((column) => {
        const value = Number(separator === ";" ? row[column].replace(",", ".") : row[column]);
        if (row[column].trim() === "" || !Number.isFinite(value)) {
          throw new RangeError(
            `${where}, column ${head[column] ?? column + 1}: ${JSON.stringify(row[column])} is not a number`,
          );
        }
        return value;
      });
    const given = inputs.flatMap((input, k) => {
      const column = places[k];
      if (input.kind === "numbers") return numbers([column]);
      const found = encoded(input, row[column]);
      if (found) return found;
      const allowed = input.kind === "words" ? `one of ${input.words.join(", ")}` : input.kind;
      throw new RangeError(`${where}, column ${input.name}: ${JSON.stringify(row[column])} is not ${allowed}`);
    });
    const last = places.slice(inputs.length);
    if (!classes.length) return { inputs: given, target: numbers(last) };
    const word = row[last[0]];
    if (!classes.includes(word))
      throw new RangeError(`${where}: there is no class ${JSON.stringify(word)}; there are ${classes.join(", ")}`);
    return { inputs: given, target: word };
  });
}

/**
 * @param {InputColumn} column
 * @param {string} cell
 * @returns {number[] | null} the inputs that a cell becomes, or null where it is none of what the column held
 */
function encoded({ kind, words }, cell) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
  if (kind === "words") {
    const place = words.findIndex((word) => plain(word) === plain(cell));
    return place < 0 ? null : words.map((_, k) => Number(k === place));
  }
  if (kind === "true or false") {
    const place = ["false", "true"].indexOf(plain(cell));
    return place < 0 ? null : [place];
  }
  const days = Date.parse(/^\d{4}-\d\d-\d\d$/.test(cell) ? `${cell}T00:00:00Z` : `${cell} UTC`) / DAY;
  return Number.isFinite(days) ? [days] : null;
}

/**
 * Return the columns of the wanted names: by the head where it has them all, otherwise in this order.
 *
 * @param {string[]} head
 * @param {string[]} wanted
 * @param {number} width
 * @param {boolean} isClass
 * @returns {number[]}
 */
function placesOf(head, wanted, width, isClass) {
  const named = wanted.map((name) => head.indexOf(name));
  const lastIsClass = isClass && named.slice(0, -1).every((place) => place >= 0) && width === wanted.length;
  if (lastIsClass && named[named.length - 1] < 0) {
    named[named.length - 1] = head.findIndex((_, k) => !named.includes(k));
  }
  if (named.every((place) => place >= 0)) return named;
  if (width !== wanted.length)
    throw new RangeError(`needed are ${wanted.length} columns, ${wanted.join(", ")}; there are ${width}`);
  return wanted.map((_, k) => k);
}

/**
 * @param {string} line
 * @param {string} separator
 * @returns {string[]} its cells, without the quotes around them
 */
function cellsOf(line, separator) {
  const cells = [];
  let cell = "";
  let quoted = false;
  for (let k = 0; k < line.length; k++) {
    if (line[k] === '"' && quoted && line[k + 1] === '"') {
      cell += '"';
      k++;
    } else if (line[k] === '"') quoted = !quoted;
    else if (line[k] === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += line[k];
  }
  return [...cells, cell.trim()];
}

/**
 * @param {string} cell
 * @param {string} separator
 */
function isNumber(cell, separator) {
  return cell !== "" && Number.isFinite(Number(separator === ";" ? cell.replace(",", ".") : cell));
}
