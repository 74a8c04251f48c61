/** The custom element `<backprop-anim>`: it reads the run that stands inside it; all else reaches it by these members. */

import { yamlOf } from "./edits.js";
import { pressKey } from "./keys.js";
import { PageLayout } from "./layout.js";
import { follow, linkTo } from "./link.js";
import { Recorded } from "./recorded.js";
import { Samples } from "./samples.js";
import { Session } from "./session.js";
import { PHASES } from "./shown.js";
import { STYLE } from "./style.js";

/**
 * @typedef {import("./shown.js").Phase} Phase
 * @typedef {import("./samples.js").Sample} Sample
 */

export class BackpropAnim extends HTMLElement {
  constructor() {
    super();
    /** @type {(value: BackpropAnim) => void} */
    this.settle = () => {};
    /** @type {Promise<BackpropAnim>} */
    this.ready = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.begun = false;
    /** @type {PageLayout | null} */
    this.opened = null;
  }

  async connectedCallback() {
    const told = this.querySelector('script[type="application/json"]');
    if (this.begun || !told) return;
    this.begun = true;
    const recorded = await this.read(told.textContent ?? "");
    if (!recorded) return;
    const root = this.attachShadow({ mode: "open" }); // not before: it hides the poster
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const session = new Session(recorded);
    const page = new PageLayout(root, session);
    this.opened = page;
    const { notes, embed } = await follow(session, location.hash);
    this.toggleAttribute("embed", embed || this.hasAttribute("embed"));
    if (notes.length) page.say(notes.join(" "));
    session.addEventListener("change", () => {
      const { step, phase, mode } = this;
      this.dispatchEvent(new CustomEvent("change", { detail: { step, phase, mode } }));
    });
    this.watch(page);
    this.settle(this);
    this.dispatchEvent(new CustomEvent("ready"));
  }

  /**
   * Read the run; what cannot be read is said below the poster.
   *
   * @param {string} text
   * @returns {Promise<Recorded | null>}
   */
  async read(text) {
    try {
      return await Recorded.open(JSON.parse(text));
    } catch (error) {
      const said = document.createElement("p");
      said.textContent = `The run in this page cannot be read (${error instanceof Error ? error.message : error}).`;
      said.setAttribute("role", "alert");
      this.append(said);
      return null;
    }
  }

  /**
   * Draw again when the place or the colours change, and listen to keys.
   *
   * @param {PageLayout} page
   */
  watch(page) {
    for (const media of ["(prefers-color-scheme: dark)", "print"])
      matchMedia(media).addEventListener("change", () => page.draw());
    const sizes = new ResizeObserver(() => page.draw());
    for (const place of [page.frame, ...page.frame.querySelectorAll(".stack, .view > canvas, .line")])
      sizes.observe(place);
    document.fonts?.ready.then(() => page.draw());
    if (!this.hasAttribute("tabindex")) this.setAttribute("tabindex", "-1");
    this.addEventListener("keydown", (event) => pressKey(event, page));
    document.addEventListener("keydown", (event) => {
      const first = document.querySelector("backprop-anim") === this;
      if (first && event.target === document.body) pressKey(event, page);
    });
  }

  /** @returns {PageLayout} */
  get page() {
    if (!this.opened) throw new Error("the page is not ready yet: await its promise `ready`");
    return this.opened;
  }

  get session() {
    return this.page.session;
  }

  get mode() {
    return this.session.mode;
  }

  get steps() {
    return [...this.session.recorded.steps];
  }

  get step() {
    return this.session.step;
  }

  get phase() {
    return this.session.phase;
  }

  get playing() {
    return this.page.player.playing;
  }

  get parameters() {
    return Float64Array.from(this.session.shown.state.parameters);
  }

  get gradient() {
    return this.session.gradient();
  }

  get update() {
    const { update } = this.session.shown.state;
    return update && Float64Array.from(update);
  }

  get loss() {
    return this.session.shown.loss;
  }

  get accuracy() {
    return this.session.shown.accuracy;
  }

  /** @returns {number | null} */
  get testLoss() {
    return this.session.shown.testLoss;
  }

  /** @returns {number | null} */
  get testAccuracy() {
    return this.session.shown.testAccuracy;
  }

  get samples() {
    return this.session.samples.asList();
  }

  /** @returns {Sample[]} */
  get testSamples() {
    return Samples.heldOut(this.session.recorded)?.asList() ?? [];
  }

  get sample() {
    return this.session.sample;
  }

  set sample(index) {
    this.session.samples.check(index);
    this.session.sampleChosen = index;
    this.session.changed();
  }

  play() {
    this.page.player.play();
  }

  pause() {
    this.page.player.pause();
  }

  /** @param {number} step */
  async seek(step) {
    if (!Number.isFinite(step)) throw new RangeError(`a step is a number, not ${step}`);
    this.pause();
    this.session.show(this.session.recorded.rowAt(step));
  }

  next() {
    this.session.next();
  }

  previous() {
    this.session.previous();
  }

  /** @param {Phase} phase */
  tell(phase) {
    if (phase !== "none" && !PHASES.includes(phase)) {
      throw new RangeError(`a phase is none, ${PHASES.join(", ")}; not ${phase}`);
    }
    this.session.tell(phase);
  }

  /** @param {number} n */
  async train(n) {
    if (!Number.isInteger(n) || n < 0) throw new RangeError(`updates are a whole number from 0, not ${n}`);
    this.session.train(n);
  }

  reset() {
    this.session.reset();
  }

  recorded() {
    this.page.backToRecording();
  }

  /** @param {string} key */
  get(key) {
    return this.session.get(key);
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    this.session.set(key, value);
  }

  /**
   * @param {number} index
   * @param {number} value
   */
  setParameter(index, value) {
    this.session.setParameter(index, value);
  }

  /** @param {Sample} sample */
  addSample(sample) {
    const { sizes, depth } = this.session.shown.state.network;
    this.session.edit((samples) => samples.add(sample, this.session.recorded.width, sizes[depth]));
  }

  /**
   * @param {number} index
   * @param {number[]} inputs
   */
  moveSample(index, inputs) {
    this.session.edit((samples) => samples.move(index, inputs));
  }

  /** @param {number} index */
  removeSample(index) {
    this.session.edit((samples) => samples.remove(index));
  }

  /** @param {[number, number][]} points */
  setCurve(points) {
    this.session.setCurve(points);
  }

  /** @param {string} text */
  setCsv(text) {
    this.page.useCsv(text);
  }

  toYaml() {
    return yamlOf(this.session);
  }

  toLink() {
    return linkTo(this.session);
  }
}

if (!customElements.get("backprop-anim")) customElements.define("backprop-anim", BackpropAnim);
