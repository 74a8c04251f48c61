"""Every mistake a user can make in a file: found, in its place, in words that help."""

# ruff: noqa: E501  # one case a line
from __future__ import annotations

import subprocess
import sys

import pytest
from config_helpers import MOONS, NETWORK, SERIES, SMALL, TASK, TRAINING, XOR, only, problems_of, read

from backprop_anim.common.errors import ExperimentError


@pytest.mark.parametrize(
    ("text", "position", "path", "words"),
    [
        # unknown keys
        (SMALL + "titel: x\n", "4:1", "titel", "unknown key 'titel' (did you mean 'title'?)"),
        (TASK + NETWORK + "training: {steps: 5, nois: 1}\n", "3:22", "training.nois", "did you mean 'noise'"),
        (SMALL + "noise: 1\n", "4:1", "noise", "it belongs under training"),
        (TASK + NETWORK + "training: {steps: 5, fps: 1}\n", "3:22", "training.fps", "it belongs under video"),
        (SMALL + "video: {title: x}\n", "4:9", "video.title", "it belongs at the top"),
        ("task: {kind: curve, pionts: 3}\n" + NETWORK + TRAINING, "1:21", "task.pionts", "did you mean 'points'"),
        ("task: {kind: curve, curve: circle, names: {in: [x]}}\n" + NETWORK + TRAINING, "1:44", "task.names.in", "unknown"),
        # missing keys
        (NETWORK + TRAINING, "1:1", "task", "is missing; needed is the name of a task (arrays, curve"),
        (TASK + TRAINING, "1:1", "network", "is missing"),
        (TASK + NETWORK, "1:1", "training", "is missing"),
        (TASK + NETWORK + "training: {noise: 1}\n", "3:1", "training.steps", "is missing; needed is a whole number from 1"),
        (TASK + "network: {bias: true}\n" + TRAINING, "2:1", "network.layers", "such as [2, 8, 1]"),
        ("task: {points: 3}\n" + NETWORK + TRAINING, "1:7", "task", "needs a kind; allowed are arrays, curve"),
        ("task: {kind: table, inputs: y}\n" + NETWORK + TRAINING, "1:1", "task.targets", "is missing; needed is text or a list"),
        (SMALL + "title:\n", "4:1", "title", "has no value"),
        (TASK + NETWORK + "training:\n", "3:1", "training", "has no value"),
        # wrong types
        (TASK + NETWORK + "training: {steps: 20k}\n", "3:19", "training.steps", "not the text '20k'"),
        (TASK + NETWORK + "training: {steps: '20'}\n", "3:19", "training.steps", "not the text '20'"),
        (TASK + NETWORK + "training: {steps: 1.5}\n", "3:19", "training.steps", "a whole number from 1 to 1,000,000,000, not 1.5"),
        (TASK + NETWORK + "training: {steps: 1e-1}\n", "3:19", "training.steps", "not 0.1"),
        (TASK + NETWORK + "training: {steps: 1e10}\n", "3:19", "training.steps", "to 1,000,000,000, not 10,000,000,000"),
        (TASK + NETWORK + "training: {steps: .inf}\n", "3:19", "training.steps", "not .inf"),
        (TASK + NETWORK + "training: {steps: true}\n", "3:19", "training.steps", "not true"),
        (TASK + NETWORK + "training: {steps: 5, noise: no}\n", "3:29", "training.noise", "a number from 0 to 1,000, not the text 'no'"),
        (SMALL + "title: 3\n", "4:8", "title", "one line of at most 200 characters, not 3"),
        (SMALL + "title: \"a\\nb\"\n", "4:8", "title", "one line"),
        (SMALL + "seed: '1'\n", "4:7", "seed", "whole number"),
        (SMALL + "seed: -1\n", "4:7", "seed", "from 0 to"),
        (TASK + "network: {hidden: [3], bias: 1}\n" + TRAINING, "2:30", "network.bias", "must be true or false, not 1"),
        (TASK + "network: [3]\n" + TRAINING, "2:10", "network", "must be a mapping with the keys layers, hidden"),
        (TASK + "network: {hidden: [3, x]}\n" + TRAINING, "2:23", "network.hidden[1]", "whole number from 1 to 4,096"),
        (TASK + "network: {layers: [1]}\n" + TRAINING, "2:19", "network.layers", "a list of 2 to 64 items"),
        (TASK + "network: {layers: 3}\n" + TRAINING, "2:19", "network.layers", "a list of 2 to 64 items"),
        ("task: 3\n" + NETWORK + TRAINING, "1:7", "task", "must be the name of a task"),
        ("task: {kind: [a]}\n" + NETWORK + TRAINING, "1:14", "task.kind", "not a list of 1"),
        # numbers
        (TASK + NETWORK + "training: {steps: 0}\n", "3:19", "training.steps", "from 1 to"),
        (TASK + NETWORK + "training: {steps: -3}\n", "3:19", "training.steps", "not -3"),
        (TASK + NETWORK + "training: {steps: 5, noise: .nan}\n", "3:29", "training.noise", "a finite number from 0 to 1,000, not .nan"),
        (TASK + NETWORK + "training: {steps: 5, noise: .inf}\n", "3:29", "training.noise", "a finite number"),
        (TASK + NETWORK + "training: {steps: 5, aggression: -.inf}\n", "3:34", "training.aggression", "not -.inf"),
        (TASK + NETWORK + "training: {steps: 5, aggression: 1e999}\n", "3:34", "training.aggression", "not .inf"),
        (TASK + NETWORK + "training: {steps: 5, aggression: 0}\n", "3:34", "training.aggression", "above 0"),
        (TASK + "network: {hidden: [3], init: {kind: normal, scale: -1}}\n" + TRAINING, "2:52", "network.init.scale", "above 0 and at most 1,000, not -1"),
        (TASK + "network: {layers: [1, -6, 2]}\n" + TRAINING, "2:23", "network.layers[1]", "from 1 to 4,096, not -6"),
        # names of plug-ins
        ("task: {kind: curv}\n" + NETWORK + TRAINING, "1:14", "task.kind", "there is no task 'curv' (did you mean 'curve'?)"),
        ("task: {kind: curve, curve: hart}\n" + NETWORK + TRAINING, "1:28", "task.curve", "did you mean 'heart'"),
        (TASK + "network: {hidden: [3], activation: sigmoyd}\n" + TRAINING, "2:36", "network.activation", "did you mean 'sigmoid'"),
        (TASK + "network: {hidden: [3], activation: [tanh, relo]}\n" + TRAINING, "2:43", "network.activation[1]", "did you mean 'relu'"),
        (TASK + NETWORK + "training: {steps: 5, optimizer: {kind: adam, beta: 1}}\n", "3:46", "training.optimizer.beta", "allowed are beta1, beta2 and epsilon"),
        (TASK + NETWORK + "training: {steps: 5, optimizer: {kind: adam, beta1: 1.0}}\n", "3:53", "training.optimizer.beta1", "of at least 0 and below 1, not 1.0"),
        (SMALL + "video: {theme: drak}\n", "4:16", "video.theme", "did you mean 'dark'"),
        (SMALL + "video: {theme: {kind: dark, ink: rod}}\n", "4:34", "video.theme.ink", "a colour such as '#d81b60', '#fff' or orange, not the text 'rod'"),
        (SMALL + "video: {quality: best}\n", "4:18", "video.quality", "one of draft, standard or high"),
        # the network and the data
        (TASK + "network: {layers: [2, 3, 2]}\n" + TRAINING, "2:20", "network.layers[0]", "the first layer has 2; the task has 1 input"),
        (TASK + "network: {layers: [1, 3, 5]}\n" + TRAINING, "2:26", "network.layers[2]", "the last layer has 5; the task needs 2 outputs (x, y)"),
        (MOONS.replace("hidden: [8]", "layers: [2, 8, 3]"), "2:26", "network.layers[2]", "needs 1 or 2 for 2 classes"),
        (TASK + "network: {layers: [1, 2], hidden: [3]}\n" + TRAINING, "2:27", "network.hidden", "layers and hidden say the same"),
        (TASK + "network: {hidden: [3], activation: [tanh, tanh, tanh]}\n" + TRAINING, "2:36", "network.activation", "has 3 entries; needed are 1, one for each hidden layer, or 2, the output's with them"),
        (MOONS.replace("hidden: [8]", "hidden: [8], activation: softmax"), "2:36", "network.activation", "last layer only"),
        (MOONS.replace("hidden: [8]", "layers: [2, 8, 1], activation: [tanh, softmax]"), "2:49", "network.activation[1]", "over one output is always 1"),
        (MOONS.replace("steps: 50", "steps: 50, loss: cross_entropy").replace("hidden: [8]", "layers: [2, 8, 2], output: relu"), "3:29", "training.loss", "needs a softmax output, and the last layer is relu; write network.output: softmax"),
        (TASK + NETWORK + "training: {steps: 5, loss: binary_cross_entropy}\n", "3:28", "training.loss", "is for classes or targets of 0 and 1, and this task is a curve"),
        (SERIES.replace("'sin(6*t)'", "5 * t, scale: false").replace("[16]", "[16], output: sigmoid"), "2:33", "network.output", "from 0 to 1 only, and the targets run from 0 to 5"),
        (TASK + NETWORK + "training: {steps: 5, batch: 21}\n", "3:29", "training.batch", "is 21; the task has 20 samples"),
        (TASK + NETWORK + "training: {steps: 5, batch: all}\n", "3:29", "training.batch", "must be full or a whole number"),
        (TASK + NETWORK + "training: {steps: 5, aggression: 1, learning_rate: 1}\n", "3:37", "training.learning_rate", "two words for one value"),
        ("task: {kind: curve, curve: circle, x: t, y: t}\n" + NETWORK + TRAINING, "1:", "task.", "curve"),
        # snapshots
        (SMALL + "snapshots: {count: 5, every: 5}\n", "4:13", "snapshots.count", "every and count both say"),
        (SMALL + "snapshots: {every: 5, steps: [3]}\n", "4:23", "snapshots.steps", "both say"),
        (SMALL + "snapshots: {steps: [3, 60]}\n", "4:24", "snapshots.steps[1]", "step 60 is beyond the last, 50"),
        (SMALL + "snapshots: {schedule: lgo}\n", "4:23", "snapshots.schedule", "did you mean 'log'"),
        (SMALL + "snapshots: {schedule: {kind: power, exponent: 0}}\n", "4:47", "snapshots.schedule.exponent", "above 0"),
        (SMALL + "snapshots: {count: 1}\n", "4:20", "snapshots.count", "from 2 to 100,000"),
        (SMALL + "snapshots: {count: 9, schedule: {kind: log, count: 8}}\n", "4:13", "snapshots.count", "give it once"),
        (SMALL + "snapshots: 5\n", "4:12", "snapshots", "must be a mapping with the keys count"),
        # the film
        (SMALL + "video: {size: 1280}\n", "4:15", "video.size", "such as 1280x720, not 1,280"),
        (SMALL + "video: {size: 1280*720}\n", "4:15", "video.size", "not the text '1280*720'"),
        (SMALL + "video: {size: 1281x720}\n", "4:15", "video.size", "1280x720"),
        (SMALL + "video: {size: 32x720}\n", "4:15", "video.size", "from 64 to 7,680 pixels"),
        (SMALL + "video: {size: 9999999x720}\n", "4:15", "video.size", "not the text"),
        (SMALL + "video: {fps: 121}\n", "4:14", "video.fps", "from 1 to 120"),
        (SMALL + "video: {hold: 61, opening: 0}\n", "4:15", "video.hold", "from 0 to 60"),
        (SMALL + "video: {formats: []}\n", "4:18", "video.formats", "at least one"),
        (SMALL + "video: {formats: [mp4, avi]}\n", "4:24", "video.formats[1]", "there is no format 'avi'"),
        (SMALL + "video: {formats: [mp4, mp4]}\n", "4:24", "video.formats[1]", "twice"),
        (SMALL + "video: {format_options: {gif: {fps: 51}}}\n", "4:37", "video.format_options.gif.fps", "from 1 to 50"),
        (SMALL + "video: {format_options: {gfi: {fps: 5}}}\n", "4:26", "video.format_options.gfi", "did you mean 'gif'"),
        # names
        (XOR.replace("[0, 0, 1, 0]", "[0, .inf, 1, 0]"), "6:14", "task.rows[0][1]", "not .inf"),
        (XOR.replace("[0, 0, 1, 0]", "[0, .nan, 1, 0]"), "6:14", "task.rows[0][1]", "not .nan"),
        (SMALL + "video: {slow_motion: 3}\n", "4:22", "video.slow_motion", "a list such as [{step: 0, seconds: 8}], not 3"),
        (SMALL + "video: {slow_motion: [{seconds: 3}]}\n", "4:23", "video.slow_motion[0].step", "is missing; needed is a whole number"),
        (SMALL + "video: {slow_motion: [{step: 3, second: 3}]}\n", "4:33", "video.slow_motion[0].second", "did you mean 'seconds'"),
        (SMALL + "video: {slow_motion: [{step: 3, seconds: 1}]}\n", "4:42", "video.slow_motion[0].seconds", "a number from 2 to 120, not 1"),
        (SMALL + "video: {slow_motion: {step: 3, second: 3}}\n", "4:32", "video.slow_motion.second", "did you mean 'seconds'"),
        (SMALL + "video: {slow_motion: {step: 50}}\n", "4:22", "video.slow_motion[0].step", "50"),
        (SMALL + "video: {slow_motion: [{step: 50}]}\n", "4:30", "video.slow_motion[0].step", "50"),
        (SMALL + "video: {captions: [{step: 1, text: ''}]}\n", "4:36", "video.captions[0].text", "one line"),
        (SMALL + "video: {captions: [{step: 51, text: x}]}\n", "4:27", "video.captions[0].step", "training ends at step 50"),
        (SMALL + "name: ../up\n", "4:7", "name", "a name of letters a-z, digits"),
        (SMALL + "name: con.txt\n", "4:7", "name", "a name of"),
        (SMALL + "name: -x\n", "4:7", "name", "a name of"),
        (SMALL + f"name: {'x' * 101}\n", "4:7", "name", "at most 100"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(text: str, position: str, path: str, words: str) -> None:
    problem = only(text)
    place, key = problem.place, str(problem).removeprefix(f"{problem.place}: ").partition(": ")[0]
    assert place.startswith(f"e.yaml:{position}")
    assert key == path or (path.endswith(".") and key.startswith(path))
    assert words in problem.message
    assert "Input should" not in problem.message


def test_no_message_speaks_of_python() -> None:
    for text in (SMALL + "seed: {a: 1}\nsubtitle: [1]\nname: 3\nvideo: {theme: [x], panels: 3, formats: 3}\n",):
        for problem in problems_of(text):
            words = problem.message.replace("(", " ").replace(",", " ").split()
            assert not {"dict", "tuple", "str", "int", "float", "None", "NoneType", "Input", "valid"} & set(words)


class TestAllAtOnce:
    TEXT = """\
titel: x
task: {kind: curve, curve: heart, points: 100}
network:
  layers: [1, 6, 3]
  activation: sigmoyd
training:
  steps: 20k
  batch: 200
  noise: .nan
snapshots: {count: 300, every: 3}
video:
  formats: [mp4, gif, mov]
  size: 1281x720
  theme: {kind: dark, ink: rod}
  hold:
"""

    def test_all_mistakes_are_reported_in_the_order_of_the_file(self) -> None:
        problems = problems_of(self.TEXT)
        assert [problem.place.split(":")[1] for problem in problems] == [
            *("1", "4", "5", "7", "8", "9", "10", "12", "13", "14", "15")
        ]
        assert len({problem.path for problem in problems}) == len(problems)

    def test_a_wrong_value_is_not_blamed_for_its_consequences(self) -> None:
        text = (
            TASK
            + "network: {hidden: [x], activation: [tanh]}\ntraining: {steps: no, loss: cross_entropi}\nsnapshots: {steps: [5000]}\n"
        )
        paths = [problem.path for problem in problems_of(text)]
        assert paths == [("network", "hidden", 0), ("training", "steps"), ("training", "loss")]

    def test_very_many_mistakes_are_cut_short(self) -> None:
        keys = "".join(f"key{number}: 1\n" for number in range(200))
        problems = problems_of(SMALL + keys)
        assert len(problems) == 51
        assert problems[-1].message == "and 150 more"

    def test_each_line_reads_file_line_column_key_and_message(self) -> None:
        with pytest.raises(ExperimentError) as caught:
            read(SMALL + "sed: 4\nvideo: {fps: 0}\n")
        assert str(caught.value).splitlines() == [
            "e.yaml:4:1: sed: unknown key 'sed' (did you mean 'seed'?); allowed are name, title, subtitle, seed, task, "
            "network, training, snapshots, video, page and sweep",
            "e.yaml:5:14: video.fps: must be a whole number from 1 to 120, not 0",
        ]


def test_unprintable_text_is_shown_escaped() -> None:
    problem = only(SMALL + 'video: {theme: "\\u202e\\u001f"}\n')
    assert "'\\u202e\\x1f'" in problem.message


def test_text_that_is_half_a_character_is_refused_everywhere() -> None:
    assert only(SMALL + 'subtitle: "\\ud800"\n').path == ("subtitle",)
    text = XOR.replace("kind: table", 'kind: table\n  names: {outputs: ["\\ud800"]}')
    assert only(text).path == ("task", "names", "outputs", 0)


def test_checking_imports_nothing_heavy() -> None:
    program = (
        "import sys; from pathlib import Path; from backprop_anim.config import read_experiment;"
        f"read_experiment({MOONS!r}, label='e', name='e', folder=Path('.'));"
        "heavy = {'matplotlib', 'PIL', 'imageio_ffmpeg', 'jsonschema', 'tqdm', 'typer'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
