/** The page around the views: header, columns, time line, controls; it brings all of them to what is shown. */

import { Controls } from "./controls.js";
import { samplesFrom } from "./csv.js";
import { Dialogs } from "./dialogs.js";
import { drawn, element, wantsStillness } from "./dom.js";
import { yamlOf } from "./edits.js";
import { linkTo } from "./link.js";
import { whole } from "./numbers.js";
import { PanelGrid } from "./panel_grid.js";
import { savePicture } from "./picture.js";
import { Player, SPEEDS } from "./player.js";
import { measureOf, noteOf, subtitleOf } from "./said.js";
import { Samples } from "./samples.js";
import { MorePanels, PANELS } from "./views/more.js";
import { NetworkView } from "./views/network.js";
import { StoryView } from "./views/story.js";
import { TimelineView } from "./views/timeline.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./colors.js").Palette} Palette
 */

const SAID_MS = 3000;
const PLAY = "M5 3 L21 12 L5 21 Z";
const PAUSE = "M5 3 H10 V21 H5 Z M14 3 H19 V21 H14 Z";

export class PageLayout {
  /**
   * @param {ShadowRoot} root
   * @param {Session} session
   */
  constructor(root, session) {
    this.session = session;
    const { words } = session.recorded;
    this.stepNumber = element("b");
    this.subtitle = element("p", { class: "subtitle" });
    this.measure = element("p", { class: "measure" });
    this.note = element("p", { class: "note", role: "status" });
    /** What is said until the next change, but for long enough to be read. */
    this.saidOnce = "";
    this.saidAt = 0;
    /** Whether something changed since. */
    this.isSaidOver = false;
    const [plane, network, story, line, footer, more] = [
      element("section", { class: "view plane", "aria-label": "what the network answers" }),
      element("section", { class: "view network", "aria-label": "network" }),
      element("section", { class: "story", "aria-label": "one step, told" }),
      element("div", { class: "line" }),
      element("footer"),
      element("section", { class: "more", "aria-label": "more panels" }),
    ];
    this.playIcon = drawn("svg", "path", { d: PLAY });
    const icon = drawn("svg", "svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, this.playIcon);
    this.playButton = element("button", { type: "button", class: "play", onclick: () => this.player.toggle() }, icon);
    this.speed = element("button", { type: "button", class: "speed", onclick: () => this.nextSpeed() });
    const now = element("p", {}, element("span", { class: "word" }, words.stepWord), this.stepNumber);
    const titles = element("div", {}, element("h1", {}, words.title), this.subtitle);
    const header = element("header", {}, titles, element("div", { class: "now" }, now, this.measure));
    const left = element("div", { class: "transport" }, this.playButton, this.speed);
    const main = element("main");
    const inside = element("div", { class: "inside" }, header, main);
    inside.append(
      element("section", { class: "time", "aria-label": "time line" }, left, line),
      footer,
      element("div", { class: "foot" }, this.note),
      more,
    );
    this.frame = element("div", { class: "page" }, inside);
    root.append(this.frame);
    this.dialogs = new Dialogs(this.frame);
    this.player = new Player(session, () => session.changed());
    this.network = new NetworkView(network, session);
    this.story = new StoryView(story, session);
    const leads = words.hero || "table";
    this.hero = /** @type {import("./views/more.js").Leading} */ (PANELS[leads].make?.(plane, session));
    this.time = new TimelineView(line, session);
    this.controls = new Controls(footer, session, this.actions());
    this.note.after(this.controls.links);
    footer.hidden = !session.canTrain;
    const given = {
      [leads]: { host: plane, view: this.hero },
      network: { host: network, view: this.network },
      equations: { host: story, view: this.story },
    };
    this.grid = new PanelGrid(main, session, given);
    this.more = new MorePanels(more, session, this.grid.names, given, () => this.draw());
    this.connect();
    session.addEventListener("change", () => {
      this.isSaidOver = true;
      this.draw();
    });
    this.draw();
    if (words.notes.length) this.say(`${words.notes.join(". ")}.`);
  }

  /** @returns {import("./controls.js").Actions} */
  actions() {
    const { session } = this;
    return {
      step: () => session.tellNext(),
      train: () => this.toggleTraining(),
      reset: () => session.reset(),
      recorded: () => this.backToRecording(),
      data: () => this.askData(),
      link: () => this.copy(linkTo(session), "The link is copied."),
      yaml: () => this.copyYaml(),
      picture: () =>
        savePicture(this.frame, `${session.recorded.words.name}-${session.step}`).catch((error) =>
          this.say(error.message),
        ),
      help: () => this.dialogs.keys(),
    };
  }

  /** Let what is pointed at in one view be seen in the others. */
  connect() {
    const { network, story, hero, session } = this;
    network.onpick = (layer, unit) => {
      story.picked = layer > 0 ? { layer, unit } : null;
      session.changed();
    };
    network.onlook = (place) => story.look(place);
    network.onweight = (index) => {
      if (!session.canTrain) return;
      const { parameters, network: shape } = session.shown.state;
      const { layer, unit, source } = shape.place(index);
      const name = `w from ${network.nameOf(layer - 1, source)} to ${network.nameOf(layer, unit)}`;
      this.dialogs.number(name, parameters[index], (value) => session.setParameter(index, value));
    };
    hero.onpoint = (input) => {
      network.pointed = input;
      this.draw();
    };
    hero.ondrawn = () => {
      if (!wantsStillness()) this.trainOn();
    };
    this.frame.addEventListener("dragover", (event) => event.preventDefault());
    this.frame.addEventListener("drop", async (event) => {
      event.preventDefault();
      const text = await event.dataTransfer?.files[0]?.text();
      if (text) this.takeData(text);
    });
  }

  /** @param {string} text */
  takeData(text) {
    try {
      this.useCsv(text);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} text */
  useCsv(text) {
    const { session } = this;
    const given = samplesFrom(text, this.columns());
    const { sizes, depth } = session.shown.state.network;
    const labels = session.samples.labels ? /** @type {number[]} */ ([]) : null;
    const rows = new Samples([], [], labels, session.samples.classes, session.samples.units);
    for (const sample of given) rows.add(sample, session.recorded.width, sizes[depth]);
    session.sampleChosen = -1;
    session.edit((samples) => samples.replace(rows));
  }

  /** @returns {{inputs: import("./csv.js").InputColumn[], outputs: string[], classes: string[]}} */
  columns() {
    const { words, network, width } = this.session.recorded;
    const { sizes, depth } = network;
    const named = (/** @type {string[]} */ names, /** @type {number} */ n, /** @type {string} */ letter) =>
      Array.from({ length: n }, (_, k) => names[k] || (n > 1 ? `${letter}${k + 1}` : letter));
    const isClass = words.kind === "classes";
    return {
      inputs: words.columns.some(({ kind }) => kind !== "numbers")
        ? words.columns
        : named(words.names.inputs, width, "x").map((name) => ({ name, kind: "numbers", words: [] })),
      outputs: isClass ? ["class"] : named(words.names.outputs, sizes[depth], "y"),
      classes: isClass ? words.names.classes : [],
    };
  }

  askData() {
    const { session } = this;
    const { inputs, outputs, classes } = this.columns();
    const target = classes.length ? `class (${classes.join(" or ")})` : outputs.join(", ");
    const recorded = Samples.from(session.recorded);
    const restore = session.mode === "live" ? () => session.edit((samples) => samples.replace(recorded)) : null;
    this.dialogs.data([...inputs.map(({ name }) => name), target].join(", "), (text) => this.useCsv(text), restore);
  }

  nextSpeed() {
    const place = SPEEDS.indexOf(this.player.speed);
    this.player.speed = SPEEDS[(place + 1) % SPEEDS.length];
    this.draw();
  }

  toggleTraining() {
    const { session, player } = this;
    if (session.mode === "live" && player.playing) {
      player.pause();
      return;
    }
    this.trainOn();
  }

  /** Train from the shown state. */
  trainOn() {
    const { session, player } = this;
    player.pause();
    session.goLive();
    session.changed();
    player.play();
  }

  backToRecording() {
    this.player.pause();
    this.session.show(this.session.row);
  }

  /** @param {string} text */
  say(text) {
    this.saidOnce = text;
    this.isSaidOver = false;
    this.saidAt = performance.now();
    this.note.textContent = text;
    setTimeout(() => this.draw(), SAID_MS + 20);
  }

  /**
   * @param {string} text
   * @param {string} said
   */
  async copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(said);
    } catch {
      this.dialogs.open("Copy this", element("pre", { tabindex: 0 }, text));
    }
  }

  /** Copy the experiment, and show what was copied. */
  async copyYaml() {
    const text = yamlOf(this.session);
    const said = await navigator.clipboard.writeText(text).then(
      () => "The experiment is copied.",
      () => "Copy this experiment:",
    );
    this.dialogs.text("Experiment", said, text);
  }

  /** @returns {Palette} */
  get palette() {
    const { page, themes } = this.session.recorded.words;
    const isWished = page.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : page.theme === "dark";
    const dark = isWished && !matchMedia("print").matches; // paper is light
    return /** @type {any} */ (themes[dark ? "dark" : "light"]);
  }

  draw() {
    const { session, frame, palette, player } = this;
    const { shown } = session;
    for (const [name, color] of Object.entries(palette)) {
      if (typeof color === "string") frame.style.setProperty(`--${name}`, color);
    }
    const isDark = Number.parseInt(palette.background.slice(1, 3), 16) < 128;
    frame.style.setProperty("--on-accent", isDark ? palette.background : "#ffffff");
    frame.style.colorScheme = isDark ? "dark" : "light";
    this.stepNumber.textContent = whole(shown.state.step);
    this.subtitle.textContent = subtitleOf(session);
    this.measure.textContent = measureOf(session);
    this.network.focus = this.story.neuron(shown);
    this.hero.draw(shown, palette);
    this.network.draw(shown, palette);
    this.story.draw(shown, palette);
    this.time.draw(shown, palette);
    this.controls.draw(player.playing);
    this.grid.draw(shown, palette);
    this.more.draw(shown, palette);
    this.playIcon.setAttribute("d", player.playing ? PAUSE : PLAY);
    this.playButton.setAttribute("aria-label", player.playing ? "Pause" : session.mode === "live" ? "Train" : "Play");
    this.speed.textContent =
      player.speed === SPEEDS[SPEEDS.length - 1] && session.mode === "live" ? "full speed" : `${player.speed}×`;
    this.speed.setAttribute("aria-label", `speed ${player.speed}×`);
    if (this.isSaidOver && performance.now() - this.saidAt >= SAID_MS) this.saidOnce = "";
    this.note.textContent = this.saidOnce || noteOf(session, player);
  }
}
