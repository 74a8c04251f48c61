/**
 * What is shown: one state of a network with its data and, where a step is told, how far it is told. Views read this
 * and nothing else, whether the state comes from the recording or from live training.
 */

import { Backprop } from "./engine/backprop.js";
import { losses } from "./engine/losses.js";

/**
 * @typedef {import("./engine/network.js").Network} Network
 * @typedef {import("./engine/trainer.js").Data} Data
 * @typedef {"none" | "forward" | "loss" | "backward" | "update"} Phase
 *
 * @typedef {object} State
 * @property {"recording" | "live"} mode
 * @property {number} step updates behind it
 * @property {Network} network
 * @property {Float64Array} parameters
 * @property {Data} data
 * @property {Data} file the same in the units of the file
 * @property {number[] | null} labels
 * @property {import("./recorded.js").HeldOut | null} heldOut samples that are not trained on
 * @property {import("./engine/parts.js").Part} loss
 * @property {number} sample the sample that is told about
 * @property {Phase} phase
 * @property {Float64Array | null} update the one that leaves it, once it is told
 * @property {Float64Array | null} gradient what that step sees, before noise
 * @property {(index: number) => number} factorOf what noise multiplies a parameter's gradient by in that step
 * @property {number} seen how many samples a step sees
 * @property {number} rate the aggression of that step
 */

/** @type {Phase[]} */
export const PHASES = ["forward", "loss", "backward", "update"];

export class Shown {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.lossPart = losses.make(state.loss);
    /** @type {Backprop | null} */
    this.whole = null;
    /** @type {Pass | null} */
    this.told = null;
    /** @type {Backprop | null} */
    this.tested = null;
  }

  /** @returns {Backprop} a pass over all data at this state */
  get all() {
    if (!this.whole) {
      const { network, data, parameters } = this.state;
      this.whole = new Backprop(network, this.lossPart, data.count);
      this.whole.a[0].set(data.inputs);
      this.whole.forward(parameters);
    }
    return this.whole;
  }

  /** @returns {number | null} the loss over all data */
  get loss() {
    const { data } = this.state;
    return data.count ? this.all.lossValue(data.targets) : null;
  }

  /** @returns {number | null} the share of samples in the right class */
  get accuracy() {
    const { labels, data } = this.state;
    if (!labels || !data.count) return null;
    return this.right.filter(Boolean).length / data.count;
  }

  /** @returns {boolean[]} which samples are in the right class; none where there are no classes */
  get right() {
    const { labels, data, network } = this.state;
    if (!labels) return [];
    const outputs = this.all.a[network.depth];
    return labels.map((label, s) => decidedClass(outputs, s, data.count, network.sizes[network.depth]) === label);
  }

  /** @returns {Backprop | null} a pass over the samples that are held out */
  get heldOut() {
    const { network, heldOut, parameters } = this.state;
    if (!heldOut || heldOut.data.inputs.length !== heldOut.data.count * network.sizes[0]) return null;
    if (!this.tested) {
      this.tested = new Backprop(network, this.lossPart, heldOut.data.count);
      this.tested.a[0].set(heldOut.data.inputs);
      this.tested.forward(parameters);
    }
    return this.tested;
  }

  /** @returns {number | null} the loss over the samples that are held out */
  get testLoss() {
    const { heldOut } = this.state;
    return heldOut ? (this.heldOut?.lossValue(heldOut.data.targets) ?? null) : null;
  }

  /** @returns {number | null} the share of them in the right class */
  get testAccuracy() {
    const { heldOut, network } = this.state;
    if (!heldOut?.labels || !this.heldOut) return null;
    const outputs = this.heldOut.a[network.depth];
    const { count } = heldOut.data;
    const n = network.sizes[network.depth];
    return heldOut.labels.filter((label, s) => decidedClass(outputs, s, count, n) === label).length / count;
  }

  /** @returns {Pass} the pass of the sample that is told about */
  get pass() {
    this.told ??= passOf(this, this.state.sample);
    return this.told;
  }
}

/**
 * @typedef {object} Pass one sample on its way through the network and back
 * @property {Float64Array[]} a activations of layers 0 … L
 * @property {Float64Array[]} z pre-activations of layers 1 … L, at their layer's number
 * @property {Float64Array[]} delta
 * @property {Float64Array} target
 * @property {Float64Array} gradient of this sample alone
 * @property {number} loss
 */

/**
 * @param {Shown} shown
 * @param {number} sample
 * @returns {Pass}
 */
export function passOf(shown, sample) {
  const { network, parameters, data } = shown.state;
  const pass = new Backprop(network, shown.lossPart, 1);
  for (let i = 0; i < network.sizes[0]; i++) pass.a[0][i] = data.inputs[i * data.count + sample];
  const target = new Float64Array(network.sizes[network.depth]);
  for (let k = 0; k < target.length; k++) target[k] = data.targets[k * data.count + sample];
  const gradient = new Float64Array(network.parameterCount);
  pass.forward(parameters);
  pass.backward(parameters, target, gradient);
  return { a: pass.a, z: pass.z, delta: pass.delta, target, gradient, loss: pass.lossValue(target) };
}

/**
 * Return the answers of every layer to an input.
 *
 * @param {Network} network
 * @param {Float64Array} parameters
 * @param {ArrayLike<number>} input
 * @returns {Float64Array[]} activations of layers 0 … L
 */
export function answersTo(network, parameters, input) {
  const pass = new Backprop(network, losses.make({ kind: "mse" }), 1);
  pass.a[0].set(input);
  pass.forward(parameters);
  return pass.a;
}

/**
 * @param {Float64Array} outputs
 * @param {number} sample
 * @param {number} count
 * @param {number} n outputs
 * @returns {number} the class that the outputs of a sample decide for
 */
export function decidedClass(outputs, sample, count, n) {
  if (n === 1) return outputs[sample] >= 0.5 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < n; k++) if (outputs[k * count + sample] > outputs[best * count + sample]) best = k;
  return best;
}
