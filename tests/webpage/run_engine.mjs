/** Reads cases as JSON from standard input, lets the page's engine work on them, and writes what it found. */

import { readFileSync } from "node:fs";
import { Trainer } from "../../backprop_anim/webpage/web/engine/trainer.js";
import { work } from "./engine_cases.mjs";

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((/** @type {any} */ each) => work(Trainer, each))));
