/** One row of controls for live training; each setting shows what it is and can be set back to the recorded one. */

import { element } from "./dom.js";
import { plain } from "./numbers.js";
import { KEYS, MOST_LAYERS, MOST_NEURONS } from "./settings.js";
import { PHASES } from "./shown.js";

/** @typedef {import("./session.js").Session} Session */

const SLIDER_STEPS = 200;
/** @type {[number, number]} */
const PENALTIES = [1e-5, 1];

/**
 * @typedef {object} Actions
 * @property {() => void} step
 * @property {() => void} train
 * @property {() => void} reset
 * @property {() => void} recorded
 * @property {() => void} data
 * @property {() => void} link
 * @property {() => void} yaml
 * @property {() => void} picture
 * @property {() => void} help
 */

export class Controls {
  /**
   * @param {HTMLElement} host
   * @param {Session} session
   * @param {Actions} actions
   */
  constructor(host, session, actions) {
    this.session = session;
    /** Where what leads away from the shown state stands. */
    this.links = links(actions);
    this.step = element("button", { type: "button", onclick: actions.step }, "Step");
    this.train = element("button", { type: "button", class: "main", onclick: actions.train }, "Train from here");
    this.reset = element("button", { type: "button", onclick: actions.reset }, "Reset");
    this.recorded = element("button", { type: "button", onclick: actions.recorded }, "Back to the recording");
    this.links.prepend(this.reset, this.recorded);
    this.recordedSettings = session.recordedSettings();
    /** @type {(() => void)[]} */
    this.refreshers = [];
    host.append(element("div", { class: "group" }, this.step, this.train));
    const { words } = session.recorded;
    host.append(this.slider("training.aggression", "aggression", [1e-3, Math.max(10, 4 * words.training.aggression)]));
    host.append(this.slider("training.noise", "noise", [0, Math.max(2, 2 * words.training.noise)]));
    host.append(this.layers());
    if (session.get("network.hidden").length) host.append(this.choice("network.activation", "activation"));
    host.append(this.batch());
    host.append(this.choice("training.optimizer", "optimizer"));
    if ((KEYS["training.loss"].words(session.settings) ?? []).length > 1)
      host.append(this.choice("training.loss", "loss"));
    host.append(this.penalties());
  }

  /** @param {boolean} playing whether live training runs */
  draw(playing) {
    const live = this.session.mode === "live";
    this.train.textContent = live && playing ? "Pause" : live ? "Train" : "Train from here";
    const next = PHASES[PHASES.indexOf(this.session.phase) + 1];
    this.step.title = next ? `tell the next step: ${next}` : "make the step that was told";
    this.recorded.hidden = !live;
    this.reset.hidden = !live;
    for (const refresh of this.refreshers) refresh();
  }

  /** @returns {HTMLElement} what large weights cost, in a box of its own that opens over the page */
  penalties() {
    const keys = ["training.weight_decay", "training.l1"];
    const shown = element("b");
    const summary = element("summary", {}, element("span", {}, "penalty"), shown);
    const box = element(
      "div",
      { class: "box" },
      this.slider(keys[0], "weight decay", PENALTIES),
      this.slider(keys[1], "l1", PENALTIES),
    );
    this.refreshers.push(() => {
      const given = keys.map((key) => this.session.get(key)).filter(Boolean);
      shown.textContent = given.length ? plain(given[0], 2) + (given.length > 1 ? " …" : "") : "none";
      shown.classList.toggle("changed", this.changed(keys).length > 0);
    });
    return element("details", { class: "penalties" }, summary, box);
  }

  /**
   * @param {string} key
   * @param {string} name
   * @param {[number, number]} range that moves in equal ratios where it starts above 0; its left end is 0 where that is allowed
   */
  slider(key, name, [low, high]) {
    const log = low > 0;
    const hasZero = KEYS[key].range?.[0] === 0;
    const to = (/** @type {number} */ value) =>
      SLIDER_STEPS * (log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : value / high);
    const from = (/** @type {number} */ place) => {
      if (!place && hasZero) return 0;
      const value = log ? low * (high / low) ** (place / SLIDER_STEPS) : (high * place) / SLIDER_STEPS;
      return Number(value.toPrecision(3));
    };
    const output = element("output");
    const input = element("input", {
      type: "range",
      min: 0,
      max: SLIDER_STEPS,
      step: 1,
      "aria-label": name,
      oninput: () => this.session.set(key, from(Number(input.value))),
    });
    this.refreshers.push(() => {
      const value = this.session.get(key);
      input.value = String(Math.round(to(value)));
      input.setAttribute("aria-valuetext", plain(value));
      output.textContent = plain(value);
      const taken = KEYS[key].taken?.(this.session.settings) ?? "";
      input.disabled = taken !== "";
      input.title = taken;
    });
    return this.control(name, [key], input, output);
  }

  /**
   * A control below its name; where it is not as recorded, a button brings it back.
   *
   * @param {string} name
   * @param {string[]} keys what it sets
   * @param {HTMLElement} input
   * @param {HTMLElement | null} [output]
   */
  control(name, keys, input, output = null) {
    const { session } = this;
    const back = element(
      "button",
      {
        type: "button",
        class: "back",
        "aria-label": `${name} as recorded`,
        title: "as recorded",
        onclick: () => {
          for (const key of this.changed(keys)) session.set(key, this.recordedValue(key));
        },
      },
      "↺",
    );
    this.refreshers.push(() => {
      back.hidden = !this.changed(keys).length;
    });
    const label = element("label", {}, element("span", { class: "row" }, name, output), input);
    return element("div", { class: "control" }, label, back);
  }

  /**
   * @param {string[]} keys
   * @returns {string[]} those that are not as recorded
   */
  changed(keys) {
    return keys.filter((key) => String(this.session.get(key)) !== String(this.recordedValue(key)));
  }

  /** @param {string} key */
  recordedValue(key) {
    return KEYS[key].read(this.recordedSettings);
  }

  /**
   * @param {string} key
   * @param {string} name
   */
  choice(key, name) {
    const select = element("select", { onchange: () => this.session.set(key, select.value) });
    this.refreshers.push(() => {
      const words = KEYS[key].words(this.session.settings) ?? [];
      if (select.options.length !== words.length) {
        select.replaceChildren(...words.map((word) => element("option", { value: word }, word.replaceAll("_", " "))));
      }
      select.value = this.session.get(key);
    });
    return this.control(name, [key], select);
  }

  batch() {
    const { count } = this.session.recorded.data;
    const sizes = [...new Set(["full", 1, 4, 16, 64, this.session.get("training.batch")])].filter(
      (size) => size === "full" || size < count,
    );
    const orders = KEYS["training.order"].words(this.session.settings) ?? [];
    const select = element("select", {
      onchange: () => {
        const [size, order] = select.value.split(" ");
        if (order) this.session.set("training.order", order);
        this.session.set("training.batch", size === "full" ? size : Number(size));
      },
    });
    for (const size of sizes) {
      const ways = size === "full" ? [""] : orders;
      for (const order of ways) {
        const text = size === "full" ? `all ${count}` : `${size}, ${order}`;
        select.append(element("option", { value: `${size} ${order}`.trim() }, text));
      }
    }
    this.refreshers.push(() => {
      const size = this.session.get("training.batch");
      select.value = size === "full" ? "full" : `${size} ${this.session.get("training.order")}`;
    });
    return this.control("batch", ["training.batch", "training.order"], select);
  }

  layers() {
    const shown = element("span");
    const change = (/** @type {(sizes: number[]) => number[]} */ next) => () =>
      this.session.set("network.hidden", next(this.session.get("network.hidden")));
    const last = (/** @type {number[]} */ sizes, /** @type {number} */ by) => [
      ...sizes.slice(0, -1),
      sizes[sizes.length - 1] + by,
    ];
    const less = element(
      "button",
      {
        type: "button",
        "aria-label": "one neuron less in the last hidden layer",
        onclick: change((sizes) => (sizes[sizes.length - 1] > 1 ? last(sizes, -1) : sizes.slice(0, -1))),
      },
      "−",
    );
    const more = element(
      "button",
      {
        type: "button",
        "aria-label": "one neuron more in the last hidden layer",
        onclick: change((sizes) => (sizes.length ? last(sizes, 1) : [4])),
      },
      "+",
    );
    const layer = element(
      "button",
      {
        type: "button",
        "aria-label": "another hidden layer",
        title: "another hidden layer",
        onclick: change((sizes) => [...sizes, 4]),
      },
      "⋯",
    );
    const { session } = this;
    const again = element(
      "button",
      {
        type: "button",
        "aria-label": "new weights",
        title: "new weights, by the next seed",
        onclick: () => session.set("seed", (session.get("seed") + 1) % 2 ** 32),
      },
      "↻",
    );
    this.refreshers.push(() => {
      const sizes = this.session.get("network.hidden");
      shown.textContent = sizes.length ? sizes.join(" · ") : "none";
      less.disabled = !sizes.length;
      more.disabled = sizes.length > 0 && sizes[sizes.length - 1] >= MOST_NEURONS;
      layer.disabled = sizes.length >= MOST_LAYERS;
    });
    const group = element(
      "div",
      { class: "stepper", role: "group", "aria-label": "hidden neurons" },
      less,
      shown,
      more,
      layer,
      again,
    );
    return this.control("hidden neurons", ["network.hidden", "seed"], group);
  }
}

/**
 * @param {Actions} actions
 * @returns {HTMLElement} what leads away from the shown state: data, things to take along, the keys
 */
function links(actions) {
  /** @type {[string, () => void][]} */
  const all = [
    ["Data", actions.data],
    ["Copy link", actions.link],
    ["Copy YAML", actions.yaml],
    ["Save picture", actions.picture],
    ["?", actions.help],
  ];
  const buttons = all.map(([text, act]) => element("button", { type: "button", onclick: act }, text));
  return element("div", { class: "links" }, ...buttons);
}
