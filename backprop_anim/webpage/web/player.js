/** What moves by itself: the recording from state to state, or live training in slices that leave the screen its pace. */

import { PHASES } from "./shown.js";

/** @typedef {import("./session.js").Session} Session */

const STATES_A_SECOND = 30;
const LIVE_SECONDS = 8;
const BUDGET_MS = 9;
const AT_ONCE = 20;
const LONGEST_MS = 100;
/** How long a phase of a step in slow motion stands. */
const PHASE_SECONDS = 2.5;

export const SPEEDS = [0.25, 0.5, 1, 2, 4];

export class Player {
  /**
   * @param {Session} session
   * @param {() => void} changed called when it starts or stops
   */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.playing = false;
    /** What it plays: a session that changed in between is not gone on with. */
    this.mode = session.mode;
    /** Counts its starts, so that frames which were asked for before are not played. */
    this.run = 0;
    this.speed = 1;
    /** Steps that live training made in the last second. */
    this.pace = 0;
    this.place = 0;
    this.tickedAt = 0;
    this.counted = { since: 0, steps: 0 };
    /** Steps that are due but not made: at a slow speed a frame has less than one. */
    this.due = 0;
    /** Seconds for which the step in slow motion has been told; below 0 where none is. */
    this.telling = -1;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    const { session } = this;
    if (this.playing) return;
    if (session.mode === "recording" && session.row === session.recorded.steps.length - 1) session.show(0);
    this.playing = true;
    this.mode = session.mode;
    this.run++;
    const { run } = this;
    this.place = session.row;
    this.telling = this.slowMotionFrom(session.row) ? 0 : -1;
    this.tickedAt = performance.now();
    this.counted = { since: this.tickedAt, steps: 0 };
    this.changed();
    requestAnimationFrame((now) => this.tick(now, run));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  /**
   * @param {number} now
   * @param {number} run
   */
  tick(now, run) {
    if (!this.playing || run !== this.run) return;
    if (this.session.mode !== this.mode) {
      this.pause();
      return;
    }
    const seconds = Math.max(0, Math.min(LONGEST_MS, now - this.tickedAt)) / 1000;
    this.tickedAt = now;
    if (this.session.mode === "recording") this.playOn(seconds * this.speed);
    else this.trainOn(seconds * this.speed);
    requestAnimationFrame((later) => this.tick(later, run));
  }

  /** @param {number} seconds */
  playOn(seconds) {
    const { session } = this;
    const last = session.recorded.steps.length - 1;
    if (this.telling >= 0) {
      this.tellOn(seconds);
      return;
    }
    if (Math.floor(this.place) !== session.row) this.place = session.row; // its reader went elsewhere
    this.place = this.untilSlow(Math.min(last, this.place + seconds * STATES_A_SECOND));
    if (Math.floor(this.place) !== session.row) session.show(Math.floor(this.place));
    if (session.row >= last) this.pause();
  }

  /**
   * @param {number} row
   * @returns the slow motion in which the recording leaves a state, if there is one
   */
  slowMotionFrom(row) {
    const { words, steps } = this.session.recorded;
    return words.slowMotion.find(({ step }) => step === steps[row]);
  }

  /**
   * @param {number} place where playing would come to
   * @returns {number} that, or the state before it that is left in slow motion
   */
  untilSlow(place) {
    const { row } = this.session;
    for (let next = row + 1; next <= Math.floor(place); next++) {
      if (!this.slowMotionFrom(next)) continue;
      this.telling = 0;
      return next;
    }
    return place;
  }

  /**
   * Tell the step that leaves the shown state, phase by phase, as the film does in slow motion.
   *
   * @param {number} seconds
   */
  tellOn(seconds) {
    const { session } = this;
    const elsewhere = session.row !== Math.floor(this.place);
    this.telling += seconds;
    const phase = PHASES[Math.floor(this.telling / PHASE_SECONDS)];
    if (elsewhere || !phase) {
      this.telling = -1;
      if (!elsewhere) session.show(session.row + 1);
      this.place = session.row;
    } else if (session.phase !== phase) {
      const wanted = this.slowMotionFrom(session.row)?.sample;
      if (wanted !== null && wanted !== undefined && wanted < session.samples.count) session.sampleChosen = wanted;
      session.tell(phase);
    }
  }

  /** @param {number} seconds */
  trainOn(seconds) {
    const { session } = this;
    const trainer = session.goLive();
    const fast = this.speed >= SPEEDS[SPEEDS.length - 1];
    this.due = Math.min(1e5, this.due + (session.settings.training.steps / LIVE_SECONDS) * seconds);
    const until = performance.now() + BUDGET_MS;
    const from = trainer.step;
    while ((fast || this.due >= 1) && performance.now() < until && session.divergedAt === null) {
      const before = trainer.step;
      session.makeSteps(fast ? AT_ONCE : Math.min(AT_ONCE, Math.floor(this.due)));
      this.due = Math.max(0, this.due - (trainer.step - before));
    }
    if (performance.now() >= until) this.due = 0; // what this machine cannot keep up with is not owed
    this.count(trainer.step - from);
    if (trainer.step > from) session.changed();
    if (session.divergedAt !== null) this.pause();
  }

  /** @param {number} made */
  count(made) {
    this.counted.steps += made;
    const seconds = (performance.now() - this.counted.since) / 1000;
    if (seconds < 0.5) return;
    this.pace = Math.round(this.counted.steps / seconds);
    this.counted = { since: performance.now(), steps: 0 };
  }
}
