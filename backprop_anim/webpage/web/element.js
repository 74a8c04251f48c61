/** The custom element `<backprop-anim>`: it reads the run that stands inside it, and plays, tells and trains it. */

import { Controls } from "./controls.js";
import { drawn, element } from "./dom.js";
import { fixed, whole } from "./numbers.js";
import { Recorded } from "./recorded.js";
import { Session } from "./session.js";
import { PHASES } from "./shown.js";
import { STYLE } from "./style.js";
import { CurveView } from "./views/curve.js";
import { NetworkView } from "./views/network.js";
import { PlaneView } from "./views/plane.js";
import { StoryView } from "./views/story.js";
import { TableView } from "./views/table.js";
import { TimelineView } from "./views/timeline.js";

/**
 * @typedef {import("./colors.js").Palette} Palette
 * @typedef {import("./shown.js").Phase} Phase
 * @typedef {import("./samples.js").Sample} Sample
 */

const STATES_A_SECOND = 30;
const LIVE_SECONDS = 8;
const BUDGET_MS = 9;
const PLAY = "M5 3 L21 12 L5 21 Z";
const PAUSE = "M5 3 H10 V21 H5 Z M14 3 H19 V21 H14 Z";

export class BackpropAnim extends HTMLElement {
  constructor() {
    super();
    /** @type {(value: BackpropAnim) => void} */
    this.settle = () => {};
    this.ready = new Promise((resolve) => {
      this.settle = resolve;
    });
    /** Whether it plays, or trains. */
    this.playing = false;
    /** Steps that live training made in the last second. */
    this.pace = 0;
    /** @type {Session | null} */
    this.opened = null;
  }

  async connectedCallback() {
    if (this.opened || this.shadowRoot) return;
    const told = this.querySelector('script[type="application/json"]');
    if (!told) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const recorded = await Recorded.open(JSON.parse(told.textContent ?? ""));
    this.build(root, new Session(recorded));
    this.settle(this);
    this.dispatchEvent(new CustomEvent("ready"));
  }

  /** @returns {Session} */
  get session() {
    if (!this.opened) throw new Error("the page is not ready yet: await its promise `ready`");
    return this.opened;
  }

  /**
   * @param {ShadowRoot} root
   * @param {Session} session
   */
  build(root, session) {
    this.opened = session;
    const { words } = session.recorded;
    this.stepNumber = element("b");
    this.measure = element("p", { class: "measure" });
    const header = element(
      "header",
      {},
      element("div", {}, element("h1", {}, words.title), element("p", { class: "subtitle" }, words.subtitle)),
      element(
        "div",
        { class: "now" },
        element("p", {}, element("span", { class: "word" }, words.stepWord), this.stepNumber),
        this.measure,
      ),
    );
    const plane = element("section", { class: "view plane" });
    const network = element("section", { class: "view network" });
    const story = element("section", { class: "story" });
    const line = element("div", { class: "line" });
    this.playIcon = drawn("svg", "path", { d: PLAY });
    this.playButton = element(
      "button",
      { type: "button", class: "play", "aria-label": "Play", onclick: () => this.toggle() },
      drawn("svg", "svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, this.playIcon),
    );
    const footer = element("footer");
    this.noteLine = element("p", { class: "note", role: "status" });
    this.frame = element("div", { class: "page" });
    const inside = element("div", { class: "inside" }, header, element("main", {}, plane, network, story));
    inside.append(element("div", { class: "time" }, this.playButton, line), footer, this.noteLine);
    this.frame.append(inside);
    root.append(this.frame);
    this.network = new NetworkView(network, session);
    this.storyView = new StoryView(story, session);
    this.hero = this.makeHero(plane, session);
    this.time = new TimelineView(line, session);
    this.controls = new Controls(footer, session, {
      step: () => session.tellNext(),
      train: () => this.toggleTraining(),
      reset: () => this.reset(),
      recorded: () => this.recorded(),
      link: () => this.copy(this.toLink(), "The link is copied"),
      yaml: () => this.showText("Experiment", this.toYaml()),
      help: () => this.showHelp(),
    });
    this.network.onpick = (layer, unit) => {
      if (layer > 0 && this.storyView) this.storyView.picked = { layer, unit };
      session.changed();
    };
    this.network.onweight = (index) => this.askWeight(index);
    if (this.hero && "onpoint" in this.hero) {
      this.hero.onpoint = (input) => {
        if (this.network) this.network.pointed = input;
        this.draw();
      };
    }
    session.addEventListener("change", () => {
      this.draw();
      const { step, phase, mode } = this;
      this.dispatchEvent(new CustomEvent("change", { detail: { step, phase, mode } }));
    });
    this.watch();
    this.draw();
  }

  /**
   * @param {HTMLElement} host
   * @param {Session} session
   */
  makeHero(host, session) {
    const { kind } = session.recorded.words;
    const inputs = session.recorded.network.sizes[0];
    if (kind === "classes" && inputs === 2) {
      const view = new PlaneView(host, session);
      const { classes } = session.recorded.words.names;
      const other = classes.length > 1 ? `, shift-click a ${classes[(view.adding + 1) % classes.length]}` : "";
      view.hint.textContent = `Click to add a ${classes[view.adding]}${other}`;
      return view;
    }
    if (kind === "curve" || (kind === "series" && inputs === 1)) {
      const view = new CurveView(host, session);
      view.hint.textContent =
        kind === "curve" ? "Draw any closed line here, and the network learns it" : "Click to add an observation";
      return view;
    }
    return new TableView(host, session);
  }

  /** Draw again when the place or the colours change, and listen to keys. */
  watch() {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.draw());
    if (this.frame) new ResizeObserver(() => this.draw()).observe(this.frame);
    document.fonts?.ready.then(() => this.draw());
    this.addEventListener("keydown", (event) => this.onKey(event));
    if (!this.hasAttribute("tabindex")) this.setAttribute("tabindex", "-1");
    document.addEventListener("keydown", (event) => {
      if (event.target === document.body) this.onKey(event);
    });
  }

  /** @returns {Palette} */
  get palette() {
    const { words } = this.session.recorded;
    const wanted = words.page.theme;
    const dark = wanted === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : wanted === "dark";
    return /** @type {any} */ (words.themes[dark ? "dark" : "light"]);
  }

  draw() {
    const { session, frame } = this;
    if (!frame) return;
    const { shown } = session;
    const { palette } = this;
    for (const [name, color] of Object.entries(palette)) {
      if (typeof color === "string") frame.style.setProperty(`--${name}`, color);
    }
    const isDark = palette.background < "#8";
    frame.style.setProperty("--accent-fill", palette.accent);
    frame.style.setProperty("--on-accent", isDark ? palette.background : "#ffffff");
    frame.style.colorScheme = isDark ? "dark" : "light";
    if (this.stepNumber) this.stepNumber.textContent = whole(shown.state.step);
    if (this.measure) this.measure.textContent = this.measured();
    if (this.network && this.storyView) this.network.focus = this.storyView.neuron(shown);
    this.hero?.draw(shown, palette);
    this.network?.draw(shown, palette);
    this.storyView?.draw(shown);
    this.time?.draw(shown, palette);
    this.controls?.draw(this.playing);
    this.playIcon?.setAttribute("d", this.playing ? PAUSE : PLAY);
    this.playButton?.setAttribute("aria-label", this.playing ? "Pause" : this.mode === "live" ? "Train" : "Play");
    if (this.noteLine) this.noteLine.textContent = this.told();
  }

  measured() {
    const { shown, recorded } = this.session;
    const { lossDecimals, training } = recorded.words;
    const { accuracy, loss } = shown;
    const { count } = shown.state.data;
    const right = accuracy === null ? "" : `${Math.round(accuracy * count)} of ${count} right · `;
    const what = training.batch === null ? "loss" : "loss over all data";
    return `${right}${what} ${loss === null ? "–" : fixed(loss, lossDecimals)}`;
  }

  told() {
    const { session } = this;
    const { note, divergedAt, mode } = session;
    if (divergedAt !== null && mode === "live")
      return `The training diverged at step ${whole(divergedAt)}: try less aggression, then Reset.`;
    const pace = mode === "live" && this.playing && this.pace ? `${whole(this.pace)} steps a second. ` : "";
    return mode === "live" ? `Live. ${pace}${note}` : "";
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  toggleTraining() {
    const live = this.mode === "live";
    if (live && this.playing) {
      this.pause();
      return;
    }
    this.session.goLive();
    this.session.changed();
    this.play();
  }

  play() {
    const { session } = this;
    if (this.playing) return;
    if (session.mode === "recording" && session.row === session.recorded.steps.length - 1) session.show(0);
    this.playing = true;
    this.place = session.row;
    this.tickedAt = performance.now();
    this.counted = { since: this.tickedAt, steps: 0 };
    this.draw();
    requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.playing = false;
    this.draw();
  }

  /** @param {number} now */
  tick(now) {
    if (!this.playing) return;
    const { session } = this;
    const passed = Math.min(100, now - (this.tickedAt ?? now)) / 1000;
    this.tickedAt = now;
    if (session.mode === "recording") this.playOn(passed);
    else this.trainOn(passed);
    requestAnimationFrame((later) => this.tick(later));
  }

  /** @param {number} passed seconds */
  playOn(passed) {
    const { session } = this;
    const last = session.recorded.steps.length - 1;
    this.place = Math.min(last, (this.place ?? 0) + passed * STATES_A_SECOND);
    if (Math.floor(this.place) !== session.row) session.show(Math.floor(this.place));
    if (session.row >= last) this.pause();
  }

  /** @param {number} passed seconds */
  trainOn(passed) {
    const { session } = this;
    const wanted = Math.max(1, Math.round((session.settings.training.steps / LIVE_SECONDS) * passed));
    const until = performance.now() + BUDGET_MS;
    const trainer = session.goLive();
    const from = trainer.step;
    while (trainer.step - from < wanted && performance.now() < until && session.divergedAt === null) {
      session.makeSteps(Math.min(20, wanted - (trainer.step - from)));
    }
    const { counted } = this;
    if (counted) {
      counted.steps += trainer.step - from;
      const seconds = (performance.now() - counted.since) / 1000;
      if (seconds > 0.5) {
        this.pace = Math.round(counted.steps / seconds);
        this.counted = { since: performance.now(), steps: 0 };
      }
    }
    session.changed();
    if (session.divergedAt !== null) this.pause();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName))
      return;
    if (event.key === " " && target.tagName === "BUTTON") return;
    const { session } = this;
    /** @type {Record<string, () => void>} */
    const keys = {
      " ": () => this.toggle(),
      ArrowRight: () => session.next(),
      ArrowLeft: () => session.previous(),
      ".": () => session.tellNext(),
      ",": () => session.tell(PHASES[PHASES.indexOf(session.phase) - 1] ?? "none"),
      Home: () => session.show(0),
      End: () => session.show(session.recorded.steps.length - 1),
      "?": () => this.showHelp(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {number} index of the parameter that is asked for */
  askWeight(index) {
    const { parameters } = this.session.shown.state;
    const input = element("input", { type: "number", step: "any", value: parameters[index], "aria-label": "weight" });
    const set = element("button", { type: "submit", class: "main" }, "Set");
    const form = element("form", { method: "dialog" }, element("p", {}, "This weight is "), input, set);
    this.showDialog("Weight", form, () => {
      const value = Number(input.value);
      if (input.value !== "" && Number.isFinite(value) && value !== parameters[index])
        this.session.setParameter(index, value);
    });
  }

  showHelp() {
    const keys = [
      ["Space", "play and pause, or train and pause"],
      ["← →", "one state back or forward"],
      [". ,", "the next or the last phase of a step"],
      ["Home End", "first and last state"],
      ["Delete", "remove the ringed sample"],
    ];
    const rows = keys.map(([key, what]) => element("p", {}, element("kbd", {}, key), ` ${what}`));
    this.showDialog("Keys", element("div", {}, ...rows));
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  showText(title, text) {
    const copy = element("button", { type: "button", class: "main", onclick: () => this.copy(text, "Copied") }, "Copy");
    this.showDialog(title, element("div", {}, element("pre", { tabindex: 0 }, text), copy));
  }

  /**
   * @param {string} title
   * @param {HTMLElement} content
   * @param {() => void} [done]
   */
  showDialog(title, content, done) {
    const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
    const dialog = element("dialog", { "aria-label": title }, element("h2", {}, title), content, close);
    dialog.addEventListener("close", () => {
      done?.();
      dialog.remove();
    });
    this.frame?.append(dialog);
    dialog.showModal();
  }

  /**
   * @param {string} text
   * @param {string} said
   */
  async copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      if (this.noteLine) this.noteLine.textContent = said;
    } catch {
      this.showText("Copy this", text);
    }
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

  get testLoss() {
    return null;
  }

  get testAccuracy() {
    return null;
  }

  get samples() {
    return this.session.samples.asList();
  }

  get testSamples() {
    return [];
  }

  get sample() {
    return this.session.sample;
  }

  set sample(index) {
    this.session.samples.check(index);
    this.session.sampleChosen = index;
    this.session.changed();
  }

  /** @param {number} step */
  async seek(step) {
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
    if (phase !== "none" && !PHASES.includes(phase))
      throw new RangeError(`a phase is none, ${PHASES.join(", ")}; not ${phase}`);
    this.session.tell(phase);
  }

  /** @param {number} n */
  async train(n) {
    this.session.train(n);
  }

  reset() {
    this.session.reset();
  }

  recorded() {
    this.pause();
    this.session.show(this.session.row);
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
    this.session.edit((samples) => samples.add(sample, sizes[0], sizes[depth]));
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

  toYaml() {
    return this.session.toYaml();
  }

  toLink() {
    const url = new URL(location.href);
    url.hash = `step=${this.step}${this.phase === "none" ? "" : `&phase=${this.phase}`}`;
    return url.href;
  }
}

if (!customElements.get("backprop-anim")) customElements.define("backprop-anim", BackpropAnim);
