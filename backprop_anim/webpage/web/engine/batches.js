/**
 * Which samples each step sees.
 *
 * @typedef {object} Order
 * @property {boolean} hasPasses whether every sample comes once before any comes again
 * @property {(count: number, random: import("./random.js").Random) => number[]} refill the next samples to hand out
 */

import { Registry } from "./parts.js";

/** @type {Registry<Order>} */
export const orders = new Registry("order");

/** @param {number} count */
const inOrder = (count) => Array.from({ length: count }, (_, k) => k);

orders.register("cyclic", () => ({ hasPasses: true, refill: inOrder }));
orders.register("shuffled", () => ({
  hasPasses: true,
  refill(count, random) {
    const rows = inOrder(count);
    for (let k = count - 1; k > 0; k--) {
      const other = random.below(k + 1);
      [rows[k], rows[other]] = [rows[other], rows[k]];
    }
    return rows;
  },
}));
orders.register("random", () => ({
  hasPasses: false,
  refill: (count, random) => Array.from({ length: count }, () => random.below(count)),
}));

/** The batches of a run, one after another; the last one of a pass is short where the size does not divide the data. */
export class BatchStream {
  /**
   * @param {Order} order
   * @param {number} count samples in all
   * @param {number} size samples in a batch
   * @param {import("./random.js").Random} random
   */
  constructor(order, count, size, random) {
    this.order = order;
    this.count = count;
    this.size = size;
    this.random = random;
    /** @type {number[]} */
    this.waiting = [];
  }

  /** @returns {number[]} the samples of the next batch */
  take() {
    const least = this.order.hasPasses ? 1 : this.size;
    while (this.waiting.length < least) this.waiting.push(...this.order.refill(this.count, this.random));
    return this.waiting.splice(0, this.size);
  }
}
