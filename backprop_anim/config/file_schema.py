"""The keys of an experiment file, their ranges and defaults; what depends on the data set is decided elsewhere.

A field made by `required_field` has no default in the file: its default here only stands in while the rest is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from annotated_types import Ge, Gt, Le, Len, Predicate
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from backprop_anim.common import Registry
from backprop_anim.config.checking import STRICT
from backprop_anim.config.message_text import ValueWords, join_words
from backprop_anim.config.run_names import is_one_line, is_run_name
from backprop_anim.engine import activations, batch_orders, initializers, learning_rate_schedules, losses, optimizers
from backprop_anim.experiment import PageLook, themes
from backprop_anim.tasks import tasks

__all__ = [
    "MAX_LAYERS",
    "MAX_SEED",
    "MAX_STEPS",
    "MAX_UNITS",
    "FileKeys",
    "NetworkKeys",
    "PlugIn",
    "TrainingKeys",
    "VideoKeys",
    "is_needed",
    "plugin_field",
]

MAX_STEPS = 1_000_000_000
MAX_LAYERS = 64
MAX_UNITS = 4096
MAX_SEED = 2**63 - 1
MAX_SIDE_PX = 7680
MIN_SIDE_PX = 64


@dataclass(frozen=True, eq=False)
class PlugIn:
    """Metadata of a key whose value is a plug-in: its name, or a mapping of its ``kind`` and its options."""

    registry: Registry[Any]
    several: bool = False

    @property
    def words(self) -> str:
        """What messages call the allowed values."""
        return plugin_field(self.registry) + (", or a list of them" if self.several else "")


def plugin_field(registry: Registry[Any]) -> str:
    """Return what a plug-in of `registry` may be written as, in words."""
    article = "an" if registry.noun[0] in "aeiou" else "a"
    return f"the name of {article} {registry.noun} ({join_words(registry)}) or a mapping with its kind"


def required_field(stand_in: Callable[[], Any], description: str, instead: str = "") -> Any:
    """Return a field that every file must hold; `instead` is a key that may stand in its place."""
    return Field(
        default_factory=stand_in, description=description, json_schema_extra={"needed": True, "instead": instead}
    )


def is_needed(info: FieldInfo) -> bool:
    """Return whether the field was made by `required_field`."""
    return isinstance(info.json_schema_extra, dict) and "needed" in info.json_schema_extra


def place_taker(info: FieldInfo) -> str:
    """Return the key that may stand in the place of a needed one, or nothing."""
    return str(info.json_schema_extra["instead"]) if isinstance(info.json_schema_extra, dict) else ""


Line = Annotated[str, Predicate(is_one_line)]
Units = Annotated[int, Ge(1), Le(MAX_UNITS)]
Rate = Annotated[float, Gt(0), Le(1e6)]
Strength = Annotated[float, Ge(0), Le(1000)]
Options = dict[str, Any]


class Keys(BaseModel):
    """Keys of the file."""

    model_config = STRICT


class NetworkKeys(Keys):
    """The shape of the network and its first weights."""

    layers: Annotated[tuple[Units, ...], Len(2, MAX_LAYERS)] | None = Field(
        default=None, description="Neurons of each layer: input, hidden …, output."
    )
    hidden: Units | Annotated[tuple[Units, ...], Len(0, MAX_LAYERS - 2)] | None = Field(
        default=None, description="Neurons of the hidden layers alone; the ends follow from the task."
    )
    activation: Annotated[Any, PlugIn(activations, several=True)] = Field(
        default=None,
        description="That of the hidden layers, or a list: one for each of them, or for each layer after the input.",
    )
    output: Annotated[Any, PlugIn(activations)] = Field(
        default=None, description="The output's activation; by itself it follows from the task and the loss."
    )
    bias: bool = Field(default=True, description="Whether the layers have biases.")
    init: Annotated[Any, PlugIn(initializers)] = Field(default="xavier", description="How the first weights are drawn.")
    freeze: Annotated[tuple[str, ...], ValueWords("a list of arrays such as [b1, W2]")] = Field(
        default=(), description="Arrays that training holds still: W1, b1, … as the weights file names them."
    )


class StopKeys(Keys):
    """When the run has learned enough: looked at once an epoch, or every 100 steps where a step sees all data."""

    loss: Annotated[float, Ge(0)] | None = Field(
        default=None, description="The loss over all training data at which it ends, or below."
    )
    patience: Annotated[int, Ge(1), Le(MAX_STEPS)] | None = Field(
        default=None, description="It ends after so many steps without a better loss over held-out data."
    )


class TrainingKeys(Keys):
    """How the network learns."""

    kind: Literal["own", "recorded"] = Field(
        default="own", description="Whether it is trained here, or was recorded where others trained it."
    )
    by: Line = Field(default="", description="Who trained it, where it was recorded, such as torch 2.13.")
    steps: Annotated[int, Ge(1), Le(MAX_STEPS)] = required_field(
        lambda: 1000, "Updates of the parameters.", instead="epochs"
    )
    epochs: Annotated[int, Ge(1), Le(MAX_STEPS)] | None = Field(
        default=None, description="Passes over the data, instead of steps."
    )
    loss: Annotated[Any, PlugIn(losses)] = Field(
        default=None, description="How wrong the outputs are; cross_entropy for a softmax output, else mse."
    )
    optimizer: Annotated[Any, PlugIn(optimizers)] = Field(
        default="sgd", description="The rule that turns a gradient into an update."
    )
    aggression: Rate | None = Field(default=None, description="The learning rate: 0.01 for adam and rmsprop, else 0.1.")
    learning_rate: Rate | None = Field(default=None, description="Another word for aggression.")
    schedule: Annotated[Any, PlugIn(learning_rate_schedules)] = Field(
        default="constant", description="How the aggression changes over the run."
    )
    seed: Annotated[int, Ge(0), Le(MAX_SEED)] | None = Field(
        default=None, description="For batches and noise, where it is not the run's seed."
    )
    noise: Annotated[float, Ge(0), Le(1000)] = Field(
        default=0.0, description="Each array's gradient is multiplied by 1 + noise·z, z ~ N(0, 1), at every step."
    )
    batch: Literal["full"] | Annotated[int, Ge(1), Le(1_000_000_000)] = Field(
        default="full", description="Samples a step, or full for all of them."
    )
    order: Annotated[Any, PlugIn(batch_orders)] = Field(
        default="cyclic", description="The order in which batches take the samples."
    )
    weight_decay: Strength = Field(
        default=0.0,
        description="λ of the penalty λ/2·Σw² on weights, not biases; training lowers loss and penalties.",
    )
    stop: Annotated[StopKeys | None, ValueWords("a mapping such as {loss: 0.01}")] = Field(
        default=None, description="When the run ends before its last step."
    )
    l1: Strength = Field(default=0.0, description="λ of the penalty λ·Σ|w| on weights, not biases.")


class SlowMotionKeys(Keys):
    """One step that the film stops at and shows in full."""

    step: Annotated[int, Ge(0), Le(MAX_STEPS)] = Field(description="The step, counted from 0.")
    seconds: Annotated[float, Ge(2), Le(120)] | None = Field(
        default=None, description="How long it takes; by itself as long as its numbers take to be read."
    )
    sample: Annotated[int, Ge(0)] | None = Field(
        default=None,
        description="The sample whose numbers are shown; by itself the one with the largest loss of the step's batch.",
    )
    follow: Annotated[tuple[str, ...], Len(0, 8), ValueWords("a list such as [hidden 2, w1.2.1, output 1, b1.2]")] = (
        Field(
            default=(),
            description="What it is told by, in turn, counted from 1: hidden 2 (or hidden 1.2, neuron 2 of hidden "
            "layer 1), output 1, w1.2.1 (layer 1, to 2, from 1), b1.2; by itself the neurons with the largest |δ|.",
        )
    )


class CaptionKeys(Keys):
    """Words at the foot of the frame; the film goes on under them."""

    step: Annotated[int, Ge(0), Le(MAX_STEPS)] = Field(description="The step at which they appear.")
    text: Annotated[str, Len(1, 120), Predicate(is_one_line)] = Field(description="What they say.")
    seconds: Annotated[float, Gt(0), Le(60)] = Field(default=3.0, description="How long they stay.")


Panels: TypeAlias = Annotated[
    Literal["auto"] | tuple[tuple[str, ...], ...],
    ValueWords("auto, or a list of rows of panel names, such as [[fit, network], [fit, loss]]"),
]


class FontKeys(Keys):
    """The typeface of a film: a file, or an installed family."""

    file: Annotated[str, Len(1, 1000)] | None = Field(default=None, description="A .ttf, .otf or .ttc file.")
    family: Annotated[str, Len(1, 200)] | None = Field(default=None, description="An installed family.")


class VideoKeys(Keys):
    """How the film looks."""

    formats: Annotated[str | tuple[str, ...], ValueWords("a list of formats, such as [mp4, gif]")] = Field(
        default=("mp4", "gif"), description="The files to make."
    )
    size: Annotated[str, ValueWords("width x height in pixels, such as 1280x720")] = Field(
        default="1280x720", description="Width and height in pixels."
    )
    fps: Annotated[int, Ge(1), Le(120)] = Field(default=30, description="Frames a second.")
    theme: Annotated[Any, PlugIn(themes)] = Field(default="light", description="Colours and line widths.")
    font: Annotated[str, Len(1, 1000)] | FontKeys | None = Field(
        default=None, description="The letters of all text: a .ttf, .otf or .ttc file, or an installed family."
    )
    hold: Annotated[float, Ge(0), Le(60)] = Field(default=2.0, description="Seconds on the last frame.")
    seconds: Annotated[float, Gt(0), Le(3600)] | None = Field(
        default=None, description="Length of the film before the hold; without it, each snapshot is one frame."
    )
    opening: Annotated[float, Ge(0), Le(60)] = Field(
        default=1.0, description="Seconds for which the first state is held."
    )
    intro: Annotated[float, Ge(0), Le(60)] = Field(
        default=0.0, description="Seconds of a card with the title at first."
    )
    slow_motion: Annotated[
        SlowMotionKeys | Annotated[tuple[SlowMotionKeys, ...], Len(0, 20)],
        ValueWords("a list such as [{step: 0, seconds: 8}]"),
    ] = Field(default=(), description="Steps that the film stops at and shows in full; one alone needs no list.")
    captions: Annotated[tuple[CaptionKeys, ...], Len(0, 100), ValueWords("a list such as [{step: 100, text: …}]")] = (
        Field(default=(), description="Words at the foot of the frame from a step on.")
    )
    milestones: bool = Field(default=True, description="Whether the film says when the loss has halved, and the like.")
    quality: Literal["draft", "standard", "high"] = Field(
        default="standard", description="How much time the encoders may take."
    )
    panels: Panels = Field(default="auto", description="Rows of panel names; a repeated name spans.")
    panel_options: Annotated[dict[str, Options], ValueWords("options by the name of a panel")] = Field(
        default_factory=dict, description="Options of the panels, by their names."
    )
    format_options: Annotated[dict[str, Options], ValueWords("options by the name of a format")] = Field(
        default_factory=dict, description="Options of the formats, by their names."
    )


class PageKeys(Keys):
    """What the page of a run says and how it looks."""

    about: Annotated[str, Len(0, 4000)] = Field(default="", description="What the task is: paragraphs of plain text.")
    theme: PageLook = Field(default="auto", description="Colours; auto takes what the reader's system prefers.")
    panels: Panels = Field(
        default="auto", description="Rows of panel names above the time line, which is always there."
    )


class FileKeys(Keys):
    """One experiment: a network, what it learns and the film of it."""

    name: Annotated[str, Predicate(is_run_name)] | None = Field(
        default=None, description="Names the folder and the files of the run; without it, the file's own name."
    )
    title: Line | None = Field(default=None, description="The film's title; without it, the name.")
    subtitle: Line = Field(default="", description="A line below the title.")
    seed: Annotated[int, Ge(0), Le(MAX_SEED)] = Field(
        default=1, description="The same seed gives the same run; 0 is a seed like any other."
    )
    task: Annotated[Any, PlugIn(tasks)] = required_field(lambda: None, "What the network learns.")
    network: NetworkKeys = required_field(NetworkKeys, "The network.")
    training: TrainingKeys = required_field(TrainingKeys, "How it learns.")
    snapshots: Annotated[
        Options, ValueWords("a mapping with the keys count and schedule, or every, or steps, and keep and budget")
    ] = Field(default_factory=dict, description="Which states are kept for the film.")
    video: VideoKeys = Field(default_factory=VideoKeys, description="The film.")
    page: PageKeys = Field(default_factory=PageKeys, description="The page.")
    sweep: Annotated[dict[str, tuple[Any, ...]], ValueWords("lists of values by the key paths of settings")] = Field(
        default_factory=dict, description="One run for each combination of these values: {training.noise: [0, 1]}."
    )
