/** Reads pairs of a formula's tree and rows of values as JSON from standard input, and writes its value for each row. */

import { readFileSync } from "node:fs";
import { evaluated } from "../../backprop_anim/webpage/web/expression.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const answers = cases.map(([tree, rows]) =>
  rows.map((/** @type {number[]} */ row) => {
    const found = evaluated(tree, row);
    return Number.isNaN(found) ? null : found;
  }),
);
process.stdout.write(JSON.stringify(answers));
