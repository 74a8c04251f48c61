"""How large a run will be, from its sizes alone: nothing is allocated, and what is absurd is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backprop_anim.common import size_text
from backprop_anim.experiment import (
    DEFAULT_BUDGET,
    USUAL_MOTION_S,
    Experiment,
    SnapshotPlan,
    SnapshotSchedule,
    Training,
    Video,
)

__all__ = ["Estimate", "Workload", "estimate", "excesses"]

MAX_PARAMETERS = 5_000_000
MAX_STATES = 100_000
MAX_FRAMES = 200_000
MAX_RECORDING_BYTES = 2_000_000_000  # unless snapshots.budget allows for more
MAX_BUFFER_BYTES = 2_000_000_000
MAX_TRAIN_S = 7 * 24 * 3600.0

NUMBER_BYTES = 8
STEP_BYTES = 48  # a loss, and the aggression as an array and as a list of Python floats
LAYER_S = 8e-6  # a layer, forward and back, whatever its size
NEURON_S = 5e-9  # an activation and its derivative, for a sample
PRODUCT_S = 3e-11  # a multiplication and addition of a matrix product, by one core
PARAMETER_S, KEPT_PARAMETER_S = 1e-9, 5e-9  # a step's update of a parameter, and keeping it
STORED_S = 3e-9  # a byte of the recording
PROBED, GRID = 64, 400  # samples whose answers tell the motion, and places in a plane that cost as much as samples do
START_S, FRAME_S, MEGAPIXEL_S, ENCODED_MEGAPIXEL_S = 0.8, 5e-3, 3e-3, 4e-3
VECTORS = 20  # of all parameters, that training and drawing work with
PROCESS_BYTES, ENCODED_MEGAPIXEL_BYTES = 150e6, 200e6  # measured: the tool itself, and each ffmpeg


@dataclass(frozen=True)
class Workload:
    """What decides the size of a run.

    Attributes
    ----------
    sizes : tuple of int
        Neurons of each layer; an end that is not known yet counts 1.
    bias : bool
    n_samples : int
        1 where it is not known yet.
    training : Training
    snapshots : SnapshotSchedule
    video : Video
    n_kept_more : int
        States that are kept beside those of the schedule.
    budget : int
        The bytes that all kept states may take.
    """

    sizes: tuple[int, ...]
    bias: bool
    n_samples: int
    training: Training
    snapshots: SnapshotSchedule
    video: Video
    n_kept_more: int = 0
    budget: int = DEFAULT_BUDGET

    @property
    def n_parameters(self) -> int:
        """Weights and biases."""
        return sum(n_out * (n_in + self.bias) for n_in, n_out in pairwise(self.sizes))

    @property
    def snapshot_plan(self) -> SnapshotPlan:
        """Which states are kept, and how precisely."""
        return SnapshotPlan(
            schedule=self.snapshots,
            n_steps=self.training.steps,
            n_parameters=self.n_parameters,
            n_exact=2 + len({motion.step for motion in self.video.slow_motion}),
            n_more=self.n_kept_more,
            n_memory=self.training.optimizer.n_memory,
            budget=self.budget,
            sample_bytes=self.n_samples * (self.sizes[0] + self.sizes[-1]) * NUMBER_BYTES,
        )

    @property
    def n_states(self) -> int:
        """Recorded states, at most."""
        return self.snapshot_plan.n_kept

    @property
    def n_batch(self) -> int:
        """Samples a step."""
        return min(self.training.batch or self.n_samples, self.n_samples)

    @property
    def n_frames(self) -> int:
        """Frames of the film with its card, its slow motion and its hold; a frame or two more or less."""
        video = self.video
        n_moving = self.n_states if video.seconds is None else max(1, round(video.seconds * video.fps))
        stops_s = sum(motion.seconds or USUAL_MOTION_S for motion in video.slow_motion)
        return n_moving + round((video.intro_s + video.opening_s + stops_s + video.hold_s) * video.fps)

    @property
    def steps_bytes(self) -> int:
        """What is kept for each step: its loss and its aggression; at batch 1 also its sample and output."""
        n_sampled = 1 + self.sizes[-1] if self.n_batch == 1 else 0
        return self.training.steps * (STEP_BYTES + n_sampled * NUMBER_BYTES)

    @property
    def buffers_bytes(self) -> int:
        """Activations and deltas of a step, and a pass over all the data."""
        return (4 * self.n_batch + 2 * self.n_samples) * sum(self.sizes) * NUMBER_BYTES

    @property
    def vectors_bytes(self) -> int:
        """Whole vectors of parameters that are worked with beside the kept states."""
        return VECTORS * self.n_parameters * NUMBER_BYTES

    @property
    def canvas_bytes(self) -> int:
        """What drawing and encoding take, however many frames there are."""
        megapixels = self.video.width_px * self.video.height_px / 1e6
        return int(PROCESS_BYTES + ENCODED_MEGAPIXEL_BYTES * megapixels * len(self.video.formats))

    @property
    def train_s(self) -> float:
        """Seconds of training."""
        neurons = self.n_batch * sum(self.sizes[1:])
        products = 3 * self.n_batch * self.n_parameters  # forward, and back to the weights and to the layer before
        step_s = LAYER_S * (len(self.sizes) - 1) + NEURON_S * neurons + PRODUCT_S * products
        step_s += PARAMETER_S * (1 + 2 * self.training.optimizer.n_memory) * self.n_parameters
        looked_at = 0.0
        if self.training.batch is not None:
            looked_at = PRODUCT_S * self.n_parameters * (PROBED * self._n_offered + self.n_samples * self.n_states)
        return self.training.steps * step_s + self._n_offered * KEPT_PARAMETER_S * self.n_parameters + looked_at

    @property
    def _n_offered(self) -> int:
        """States that are kept for a while at least."""
        return min(self.snapshot_plan.n_candidates, self.training.steps)

    @property
    def draw_s(self) -> float:
        """Seconds of drawing and encoding."""
        megapixels = self.video.width_px * self.video.height_px / 1e6
        frame_s = FRAME_S + MEGAPIXEL_S * megapixels + ENCODED_MEGAPIXEL_S * megapixels * len(self.video.formats)
        shown_s = self.n_states * PRODUCT_S * self.n_parameters * (2 * self.n_samples + GRID)
        return START_S + self.n_frames * frame_s + shown_s + STORED_S * self.snapshot_plan.kept_bytes


@dataclass(frozen=True)
class Estimate:
    """What to expect of a run.

    Attributes
    ----------
    parameters, samples, states, frames : int
    film_s : float
        Length of the film.
    memory_bytes : int
    train_s, draw_s : float
        Seconds, roughly.
    """

    parameters: int
    samples: int
    states: int
    frames: int
    film_s: float
    memory_bytes: int
    train_s: float
    draw_s: float


def estimate(experiment: Experiment) -> Estimate:
    """Return what to expect of a run of `experiment`."""
    network = experiment.network
    plan = Workload(
        sizes=network.sizes,
        bias=network.bias,
        n_samples=experiment.dataset.n_samples,
        training=experiment.training,
        snapshots=experiment.snapshots,
        n_kept_more=len(experiment.kept_steps),
        budget=experiment.snapshot_budget,
        video=experiment.video,
    )
    return Estimate(
        parameters=plan.n_parameters,
        samples=plan.n_samples,
        states=plan.n_states,
        frames=plan.n_frames,
        film_s=plan.n_frames / plan.video.fps,
        memory_bytes=plan.snapshot_plan.held_bytes
        + plan.steps_bytes
        + plan.buffers_bytes
        + plan.vectors_bytes
        + plan.canvas_bytes,
        train_s=plan.train_s,
        draw_s=plan.draw_s,
    )


def excesses(plan: Workload) -> Sequence[tuple[str, str]]:
    """Return what is too much about a plan: the key to change, and why."""
    states = plan.snapshot_plan
    recorded, most = states.held_bytes + plan.steps_bytes, max(MAX_RECORDING_BYTES, plan.budget)
    every = f"{states.n_held:,} states of {plan.n_parameters:,} parameters and {plan.training.steps:,} steps"
    main = "training.steps" if plan.steps_bytes > states.held_bytes else "snapshots"
    checks: tuple[tuple[bool, str, str], ...] = (
        (
            plan.n_parameters > MAX_PARAMETERS,
            "network.layers",
            f"the network has {plan.n_parameters:,} parameters; at most {MAX_PARAMETERS:,} are allowed: "
            "make its layers smaller",
        ),
        (
            states.n_wanted > MAX_STATES,
            "snapshots",
            f"{states.n_wanted:,} states would be kept; at most {MAX_STATES:,} are allowed: raise snapshots.every",
        ),
        (
            states.least_bytes > plan.budget,
            "snapshots.budget",
            f"is {size_text(plan.budget)}; the fewest states of {plan.n_parameters:,} parameters that make a film take "
            f"{size_text(states.least_bytes)}: raise it, or make the layers smaller",
        ),
        (
            recorded > most,
            main,
            f"the recording would take {_size(recorded)} ({every}); at most {_size(most)} are allowed: "
            "lower training.steps, snapshots.count or the layers",
        ),
        (
            plan.buffers_bytes > MAX_BUFFER_BYTES,
            "network.layers",
            f"a pass over {plan.n_samples:,} samples would take {_size(plan.buffers_bytes)}; "
            f"at most {_size(MAX_BUFFER_BYTES)} are allowed: take fewer samples or smaller layers",
        ),
        (
            plan.n_frames > MAX_FRAMES,
            "video.fps" if plan.video.seconds is None else "video.seconds",
            f"the film has {plan.n_frames:,} frames; at most {MAX_FRAMES:,} are allowed: "
            "lower video.fps, seconds, slow_motion or hold",
        ),
        (
            plan.train_s > MAX_TRAIN_S,
            "training.steps",
            f"training would take about {plan.train_s / 86400:,.0f} days ({plan.training.steps:,} steps of "
            f"{plan.n_batch:,} samples through {plan.n_parameters:,} parameters); "
            f"at most {MAX_TRAIN_S / 86400:.0f} are allowed: lower training.steps, training.batch or the layers",
        ),
    )
    return [(key, message) for is_too_much, key, message in checks if is_too_much]


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:,.1f} GB"
