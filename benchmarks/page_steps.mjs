/**
 * Measures training steps in Node: `node page_steps.mjs engine|objects SECONDS` with a page's data as JSON on standard
 * input. It prints the microseconds of a step and the losses of the first steps, which both contenders must share.
 */

import { readFileSync } from "node:fs";
import { Random } from "../backprop_anim/webpage/web/engine/random.js";
import { Trainer } from "../backprop_anim/webpage/web/engine/trainer.js";
import { Recorded } from "../backprop_anim/webpage/web/recorded.js";
import { Samples } from "../backprop_anim/webpage/web/samples.js";
import { ObjectNetwork } from "./object_network.mjs";

const SEED = 1;
const COMPARED = 25;
const AT_ONCE = 50;
const WARM_UP = 0.3;

const [kind, seconds] = process.argv.slice(2);
const recorded = await Recorded.open(JSON.parse(readFileSync(0, "utf8")));
const step = { engine: engineStep, objects: objectStep }[kind](recorded);
const losses = Array.from({ length: COMPARED }, step);
timed(WARM_UP);
process.stdout.write(JSON.stringify({ losses, microseconds: timed(Number(seconds)) }));

/** The page's engine as its live training uses it. */
function engineStep({ words, data, state }) {
  const trainer = new Trainer(words.network, words.training, data, state.call(recorded, 0), { seed: SEED });
  return () => trainer.advance();
}

/** The objects, with the noise and the order of samples that the engine has. */
function objectStep({ words, network }) {
  const { noise, aggression, batch } = words.training;
  const { inputs, targets } = Samples.from(recorded);
  const kinds = words.network.activations.map((part) => part.kind);
  const objects = new ObjectNetwork(network.sizes, kinds, recorded.state(0));
  const random = new Random(SEED);
  const forNoise = new Random(random.next());
  const forOrder = new Random(random.next());
  const arrays = 2 * network.depth;
  return () => {
    const factors = noise ? Array.from({ length: arrays }, () => 1 + noise * forNoise.normal()) : null;
    if (batch === null) return objects.step(inputs, targets, aggression, factors);
    const s = forOrder.below(inputs.length);
    return objects.step([inputs[s]], [targets[s]], aggression, factors);
  };
}

/** Return the microseconds of a step. */
function timed(forSeconds) {
  const started = performance.now();
  let made = 0;
  let now = started;
  for (; now - started < 1000 * forSeconds; now = performance.now()) {
    for (let k = 0; k < AT_ONCE; k++) step();
    made += AT_ONCE;
  }
  return (1000 * (now - started)) / made;
}
