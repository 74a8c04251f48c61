/** What moves by itself: the recording from state to state, or live training in slices that leave the screen its pace. */

/** @typedef {import("./session.js").Session} Session */

const STATES_A_SECOND = 30;
const LIVE_SECONDS = 8;
const BUDGET_MS = 9;
const AT_ONCE = 20;
const LONGEST_MS = 100;

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
    this.tickedAt = performance.now();
    this.counted = { since: this.tickedAt, steps: 0 };
    this.changed();
    requestAnimationFrame((now) => this.tick(now, run));
  }

  pause() {
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
    if (Math.floor(this.place) !== session.row) this.place = session.row; // its reader went elsewhere
    this.place = Math.min(last, this.place + seconds * STATES_A_SECOND);
    if (Math.floor(this.place) !== session.row) session.show(Math.floor(this.place));
    if (session.row >= last) this.pause();
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
