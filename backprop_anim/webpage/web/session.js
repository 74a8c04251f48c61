/** One reader's session: the recording or live training from any state of it, and how far a step is told. */

import { resampled } from "./curves.js";
import { initializers } from "./engine/initializers.js";
import { losses } from "./engine/losses.js";
import { Network } from "./engine/network.js";
import { Random } from "./engine/random.js";
import { schedules } from "./engine/schedules.js";
import { Trainer } from "./engine/trainer.js";
import { Samples } from "./samples.js";
import { checked, KEYS } from "./settings.js";
import { PHASES, Shown } from "./shown.js";

/**
 * @typedef {import("./recorded.js").Recorded} Recorded
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./shown.js").Phase} Phase
 */

const LOSSES_KEPT = 4000;

export class Session extends EventTarget {
  /** @param {Recorded} recorded */
  constructor(recorded) {
    super();
    this.recorded = recorded;
    /** @type {"recording" | "live"} */
    this.mode = "recording";
    this.row = 0;
    /** @type {Phase} */
    this.phase = "none";
    this.settings = this.recordedSettings();
    this.samples = Samples.from(recorded);
    /** @type {Trainer | null} that of live training */
    this.trainer = null;
    /** Whether its next update is worked out but not made. */
    this.prepared = false;
    this.preparedLoss = 0;
    /** @type {Trainer | null} the recorded step that is told */
    this.toldStep = null;
    /** What live training learns from, in the units of the file. */
    this.liveFile = recorded.file;
    /** The state with which the present live run began. */
    this.start = { parameters: Float64Array.from(recorded.state(0)), step: 0 };
    /** @type {{step: number, loss: number}[]} of the live run */
    this.losses = [];
    /** @type {string} what a reader should know about the live run */
    this.note = "";
    this.sampleChosen = -1;
    this.divergedAt = recorded.words.divergedAt;
    this.shown = this.look();
  }

  /** @returns {boolean} whether the page's engine has all parts of the run */
  get canTrain() {
    return !this.recorded.words.untwinned;
  }

  /** @returns {Settings} */
  recordedSettings() {
    const { network, training, init, seed, kind } = this.recorded.words;
    const classes = kind === "classes" || losses.make(training.loss).needsClasses;
    return structuredClone({ network, training, init, seed, classes });
  }

  /** @returns {number} */
  get step() {
    return this.trainer ? this.trainer.step : this.recorded.steps[this.row];
  }

  /** @returns {number} the sample that is told about: chosen, or the one that the told step sees */
  get sample() {
    if (this.sampleChosen >= 0 && this.sampleChosen < this.samples.count) return this.sampleChosen;
    const told = this.prepared ? this.trainer : this.toldStep;
    if (told?.rows?.length === 1) return told.rows[0];
    const recordedBatch = this.recorded.words.states.batch;
    if (!this.trainer && recordedBatch === 1 && this.row < this.recorded.steps.length - 1) {
      return this.recorded.batchFrom(this.row)[0];
    }
    return (this.trainer ? this.step : this.row) % Math.max(1, this.samples.count);
  }

  /** @returns {Shown} what is shown now */
  look() {
    const { trainer, recorded, settings } = this;
    const told = this.prepared ? trainer : this.toldStep;
    const update = told && this.phase === "update" ? told.update : null;
    return new Shown({
      mode: this.mode,
      step: this.step,
      network: trainer ? trainer.network : recorded.network,
      parameters: trainer ? trainer.parameters : recorded.state(this.row),
      data: trainer ? trainer.data : recorded.data,
      file: trainer ? this.liveFile : recorded.file,
      labels: this.samples.labels,
      heldOut: this.recorded.heldOut,
      loss: settings.training.loss,
      sample: this.sample,
      phase: this.phase,
      update,
      gradient: update && this.gradient(),
      factorOf: (index) => told?.factorOf(index) ?? 1,
      seen: Math.min(settings.training.batch ?? this.samples.count, this.samples.count),
      rate: this.rate,
    });
  }

  /** @returns {number} the aggression of the step that leaves the shown state */
  get rate() {
    const { aggression, schedule, steps } = this.settings.training;
    return aggression * schedules.make(schedule)(this.step, steps);
  }

  changed() {
    this.shown = this.look();
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** @param {number} row a kept state of the recording, to which this goes back */
  show(row) {
    const back = this.mode === "live";
    if (back) this.leaveLive();
    this.row = Math.max(0, Math.min(row, this.recorded.steps.length - 1));
    this.phase = "none";
    this.toldStep = null;
    this.changed();
  }

  leaveLive() {
    this.mode = "recording";
    this.trainer = null;
    this.prepared = false;
    this.settings = this.recordedSettings();
    this.samples = Samples.from(this.recorded);
    this.losses = [];
    this.note = "";
    this.divergedAt = this.recorded.words.divergedAt;
  }

  /** Go on live from the shown state; what a recording cannot tell starts anew. */
  goLive() {
    if (this.trainer) return this.trainer;
    const { words } = this.recorded;
    if (!this.canTrain) throw new RangeError(`this page plays only: its engine has no twin of ${words.untwinned}`);
    const parameters = this.recorded.state(this.row);
    const step = this.recorded.steps[this.row];
    if (this.divergedAt !== null) this.divergedAt = null;
    const forgotten = [
      ...(words.training.optimizer.kind !== "sgd" && step ? ["the optimizer remembers nothing"] : []),
      ...(words.training.batch !== null ? ["samples come in another order"] : []),
      ...(words.training.noise ? ["the noise is another"] : []),
    ];
    this.note = forgotten.length ? `Unlike in the recording, ${forgotten.join(", and ")}.` : "";
    this.start = { parameters: Float64Array.from(parameters), step };
    this.phase = "none";
    this.toldStep = null;
    this.losses = [];
    return this.renew(Float64Array.from(parameters), step);
  }

  /**
   * Let a new trainer work with the present settings and data.
   *
   * @param {Float64Array} parameters
   * @param {number} step
   */
  renew(parameters, step) {
    const { network, training, seed } = this.settings;
    this.mode = "live";
    this.prepared = false;
    if (this.phase === "update") this.phase = "none";
    this.liveFile = this.samples.inFile();
    this.trainer = new Trainer(network, training, this.samples.asData(), parameters, { step, seed });
    return this.trainer;
  }

  /**
   * Make updates at once.
   *
   * @param {number} n
   */
  train(n) {
    this.goLive();
    this.makeSteps(n);
    this.changed();
  }

  /**
   * Make updates without telling anybody.
   *
   * @param {number} n
   */
  makeSteps(n) {
    const trainer = this.goLive();
    this.phase = "none";
    for (let k = 0; k < n && this.divergedAt === null; k++) {
      if (this.prepared) {
        trainer.apply();
        this.prepared = false;
        this.keepLoss(this.preparedLoss);
      } else {
        this.keepLoss(trainer.advance());
      }
    }
  }

  /** @param {number} loss of the step that was just made */
  keepLoss(loss) {
    const { trainer } = this;
    if (!trainer) return;
    this.losses.push({ step: trainer.step - 1, loss });
    if (this.losses.length > LOSSES_KEPT) this.losses = this.losses.filter((_, k) => k % 2 === 0);
    if (!Number.isFinite(loss) || !trainer.parameters.every(Number.isFinite)) this.divergedAt = trainer.step;
  }

  /** Go on by one kept state, or live by one update. */
  next() {
    if (this.trainer) this.train(1);
    else this.show(this.row + 1);
  }

  previous() {
    if (!this.trainer) this.show(this.row - 1);
  }

  /**
   * Tell the step that leaves the shown state up to a phase.
   *
   * @param {Phase} phase
   */
  tell(phase) {
    if (phase !== "none") {
      if (this.trainer && !this.prepared) {
        this.preparedLoss = this.trainer.prepare();
        this.prepared = true;
      }
      if (!this.trainer) this.toldStep ??= this.recorded.stepFrom(this.row);
    }
    this.phase = phase;
    this.changed();
  }

  /** Tell the next phase; after the last one go on to the state that the step leads to. */
  tellNext() {
    const place = PHASES.indexOf(this.phase);
    if (place < PHASES.length - 1) this.tell(PHASES[place + 1]);
    else if (this.trainer) this.train(1);
    else {
      const after = this.recorded.rowAt(this.recorded.steps[this.row] + 1);
      if (after > this.row || !this.canTrain) this.show(Math.max(after, this.row + 1));
      else this.makeToldStep(); // the state that it leads to was not kept
    }
  }

  /** Go live by the recorded step that is told: one of our own would have other noise, another batch or no memory. */
  makeToldStep() {
    const told = this.toldStep;
    const trainer = this.goLive();
    if (told) {
      trainer.update.set(told.update);
      trainer.apply();
      this.keepLoss(told.findGradient(told.rows));
    } else this.makeSteps(1);
    this.changed();
  }

  /** Start live training again with the present settings and data. */
  reset() {
    const { network, seed, init } = this.settings;
    const first = this.recorded.state(0);
    const same = new Network(network).parameterCount === first.length && !this.isNewNetwork;
    const parameters = same ? Float64Array.from(first) : drawn(network, init, seed);
    this.phase = "none";
    this.losses = [];
    this.divergedAt = null;
    this.start = { parameters: Float64Array.from(parameters), step: 0 };
    this.toldStep = null;
    this.renew(parameters, 0);
    this.changed();
  }

  /** @returns {boolean} whether the network, or the seed of its weights, is not the recorded one */
  get isNewNetwork() {
    const { words } = this.recorded;
    return this.settings.network.sizes.join() !== words.network.sizes.join() || this.settings.seed !== words.seed;
  }

  /** @param {string} key */
  get(key) {
    if (!Object.hasOwn(KEYS, key)) checked(key, null, this.settings);
    return KEYS[key].read(this.settings);
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    const given = checked(key, value, this.settings);
    const trainer = this.goLive();
    const loss = this.settings.training.optimizer.kind;
    KEYS[key].write(this.settings, given);
    if (KEYS[key].anew) {
      this.note = "It is a new network.";
      this.reset();
      return;
    }
    const kept = trainer.memory;
    const renewed = this.renew(trainer.parameters, trainer.step);
    if (loss === this.settings.training.optimizer.kind) {
      renewed.memory = kept;
      renewed.remembered = trainer.remembered;
    }
    this.changed();
  }

  /**
   * @param {number} index
   * @param {number} value
   */
  setParameter(index, value) {
    const { parameterCount } = this.shown.state.network;
    if (!Number.isInteger(index) || index < 0 || index >= parameterCount) {
      throw new RangeError(`there is no parameter ${index}; they are counted from 0 to ${parameterCount - 1}`);
    }
    if (!Number.isFinite(value)) throw new RangeError(`a parameter is a number, not ${value}`);
    const trainer = this.goLive();
    trainer.parameters[index] = value;
    this.prepared = false;
    if (this.phase === "update") this.phase = "none"; // that update was the old weights'
    this.changed();
  }

  /**
   * Let the network learn a line that somebody drew.
   *
   * @param {[number, number][]} line
   */
  setCurve(line) {
    const { depth, sizes } = this.recorded.network;
    if (this.recorded.words.kind !== "curve" || sizes[depth] !== 2)
      throw new RangeError("this task has no curve to draw");
    this.edit((samples) => {
      samples.targets = resampled(line, samples.count);
    });
  }

  /** @returns {Float64Array} the gradient that the step from the shown state sees, before noise */
  gradient() {
    const { trainer, recorded } = this;
    const told = trainer ?? this.toldStep ?? recorded.stepFrom(this.row);
    if (!told) {
      const last = new Trainer(
        recorded.words.network,
        recorded.words.training,
        recorded.data,
        recorded.state(this.row),
      );
      last.findGradient(null);
      return last.gradient;
    }
    told.findGradient(this.prepared || !trainer ? told.rows : null);
    return Float64Array.from(told.gradient);
  }

  /** @returns {Float64Array | null} the update of the told step once it is told, otherwise the one before the state */
  lastUpdate() {
    const { update } = this.shown.state;
    if (update || this.phase !== "none") return update;
    if (this.trainer) return this.trainer.step > this.start.step && !this.prepared ? this.trainer.update : null;
    return this.row ? (this.recorded.stepFrom(this.row - 1)?.update ?? null) : null;
  }

  /** @param {(samples: Samples) => void} change may throw, and then nothing is changed */
  edit(change) {
    const samples = this.samples.copy();
    change(samples);
    const trainer = this.goLive();
    this.samples = samples;
    const renewed = this.renew(trainer.parameters, trainer.step);
    renewed.memory = trainer.memory;
    renewed.remembered = trainer.remembered;
    this.changed();
  }
}

/**
 * @param {import("./engine/network.js").NetworkSettings} network
 * @param {import("./engine/parts.js").Part} init
 * @param {number} seed
 */
function drawn(network, init, seed) {
  const part = initializers.names.includes(init.kind) ? init : { kind: "xavier" };
  return initializers.make(part)(new Network(network), new Random(seed));
}
