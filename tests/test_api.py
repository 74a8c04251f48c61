"""The library: its functions, and a film and a page that show themselves in a notebook."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pytest
from small_runs import SMALL, TEXTS

import backprop_anim
from backprop_anim import check, compare, gradcheck, load_experiment, page, predict, render, still, train
from backprop_anim.api import Rendered, Run
from backprop_anim.common.errors import ExperimentError, NotFoundError, UsageError
from backprop_anim.runs import open_run
from backprop_anim.training import Recording

TITLE = 'Tables & "chairs" <b>'


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("source") / "mine.yaml"
    path.write_text(TEXTS["table"])
    return train(load_experiment(path, [*SMALL, "video.size=160x90", "training.steps=5", f"title={TITLE!r}"]))


@pytest.fixture(scope="module")
def film(run: Recording, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return render(run, tmp_path_factory.mktemp("films"), formats=["mp4"], theme="dark", hold=0.1)


def test_the_package_offers_its_functions_and_its_version() -> None:
    assert set(backprop_anim.__all__) == {
        "Recorder",
        "RecorderCallback",
        "__version__",
        "check",
        "compare",
        "explain",
        "gradcheck",
        "load_experiment",
        "page",
        "predict",
        "record",
        "record_fit",
        "render",
        "still",
        "train",
    }
    assert all(callable(getattr(backprop_anim, name)) for name in ("load_experiment", "page", "render", "train"))
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", backprop_anim.__version__)
    with pytest.raises(AttributeError, match="nothing"):
        backprop_anim.nothing  # noqa: B018


def test_importing_the_package_is_light() -> None:
    code = "import sys, backprop_anim; print([name for name in ('numpy', 'matplotlib') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_film_is_rendered_with_settings_by_name(film: Rendered) -> None:
    video = film.summary.experiment.video
    assert (video.theme, video.formats, video.hold_s) == ("dark", ("mp4",), 0.1)
    assert film.film.name == "mine.mp4"
    assert film.film in film.files
    assert all(path.exists() for path in film.files)


def test_it_shows_itself_as_a_video(film: Rendered) -> None:
    html = film._repr_html_()
    assert html.startswith("<video ")
    data = re.search(r'src="data:video/mp4;base64,([^"]+)"', html)
    assert data is not None
    assert base64.b64decode(data[1]) == film.film.read_bytes()
    assert f'title="{escape(TITLE)}"' in html
    assert "<b>" not in html


@pytest.mark.parametrize("name", ["gif", "png"])
def test_or_as_a_picture(name: str, run: Recording, tmp_path: Path) -> None:
    html = render(run, tmp_path, formats=[name])._repr_html_()
    assert html.startswith(f'<img src="data:image/{name};base64,')
    assert f'alt="{escape(TITLE)}"' in html


def test_at_a_prompt_results_are_one_line(run: Recording, tmp_path: Path) -> None:
    made = render(run, tmp_path, formats=["png"])
    assert repr(made) == f"Rendered({tmp_path / 'mine.png'})"
    assert repr(run) == f"Recording(mine: {run.n_snapshots} states, {len(run.losses)} steps)"


def test_any_setting_of_the_film_can_be_given(run: Recording, tmp_path: Path) -> None:
    made = render(run, tmp_path, ["video.panel_options={loss: {scale: log}}"], panels=[["loss"]], formats=["png"])
    video = made.summary.experiment.video
    assert video.panels == (("loss",),)
    assert video.panel_options == {"loss": {"scale": "log"}}


def test_its_usual_place_is_under_outputs(run: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert render(run, formats=["png"]).film == Path("outputs") / "mine" / "mine.png"


def test_a_wrong_setting_is_refused_before_anything_is_written(run: Recording, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"video\.theme"):
        render(run, tmp_path / "new", theme="pink")
    with pytest.raises(UsageError, match="is a file's name"):
        render(run, tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told(run: Recording, tmp_path: Path) -> None:
    heard: list[str] = []
    render(run, tmp_path, progress=lambda stage, done, total: heard.append(stage), formats=["png"])
    assert set(heard) == {"drawing"}


def test_what_is_no_experiment_is_said_in_one_clear_message(run: Recording) -> None:
    with pytest.raises(
        UsageError, match=r"takes the path of a YAML file, the name of an example or a mapping, not a i"
    ):
        load_experiment(3)  # type: ignore[arg-type]
    with pytest.raises(ExperimentError, match=r"the mapping.*network: is missing"):
        load_experiment({"task": {"kind": "points"}, "training": {"steps": 3}})
    with pytest.raises(NotFoundError, match=r"no experiment at x.yaml"):
        train("x.yaml")
    with pytest.raises(UsageError, match=r"train takes an experiment, as load_experiment returns it, not a float"):
        train(0.5)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"a setting is text, a number"):
        load_experiment("heart", {"training.steps": object()})
    with pytest.raises(
        UsageError, match=r"render takes a recording, as train returns it, or the path of a run, not a Experiment"
    ):
        render(run.experiment)  # type: ignore[arg-type]


def test_a_run_can_be_drawn_and_asked(run: Run, tmp_path: Path) -> None:
    made = run.film(tmp_path, formats=["png"])
    assert made.film == tmp_path / "mine" / "mine.png"
    still = run.still(3, tmp_path, size=(160, 90))
    assert (still.step, still.path.parent) == (3, tmp_path)
    assert still._repr_html_().startswith('<img src="data:image/png;base64,')
    drawn = run.still(3, tmp_path / "slide.svg")
    assert drawn.path.read_text().startswith("<?xml")
    assert drawn._repr_html_().startswith('<img src="data:image/svg+xml;base64,')
    assert "application/pdf" in run.still(3, tmp_path / "slide.pdf")._repr_html_()
    assert run.page(tmp_path).path.exists()
    with pytest.raises(UsageError, match=r"ends in \.npz, not 'a\.png'"):
        run.save(tmp_path / "a.png")
    again = open_run(run.save(tmp_path / "a.npz"))
    np.testing.assert_array_equal(again.parameters, run.parameters)


def test_a_run_gives_its_answers_and_its_weights(run: Run) -> None:
    found = run.predict([[0, 1, 1], [1, 1, 1]])
    dataset = run.experiment.dataset
    wanted = run.experiment.answers(run.parameters[-1], np.array([[0, 1, 1], [1, 1, 1]], float))
    np.testing.assert_array_equal(found.outputs, wanted)
    np.testing.assert_array_equal(run.predict(dataset.shown_inputs[0], step=0).outputs.shape, (1, 1))
    with pytest.raises(UsageError, match=r"takes rows of 3, and here is an array of the shape \(1, 2\)"):
        run.predict([0, 1])
    weights = run.weights()
    assert {name: array.shape for name, array in weights.items()} == {"W1": (4, 3), "W2": (1, 4)}
    weights["W1"][...] = 0
    assert run.weights()["W1"].any(), "what is given is a copy"
    np.testing.assert_array_equal(run.weights(0)["W1"].ravel(), run.parameters[0][:12])


def test_a_finished_run_is_found_by_its_folder(run: Run, tmp_path: Path) -> None:
    folder = render(run, tmp_path / "mine", formats=["png"]).film.parent
    rows = run.experiment.dataset.shown_inputs
    np.testing.assert_array_equal(predict(folder, rows).outputs, run.predict(rows).outputs)
    assert still(folder, 2, size=(160, 90)).path.parent == folder
    assert page(str(folder)).path == folder / "mine.html"
    assert render(folder, tmp_path / "again", formats=["png"]).film.parent == tmp_path / "again"
    with pytest.raises(NotFoundError, match="no run at nowhere"):
        predict("nowhere", rows)


def test_a_step_that_was_not_kept_answers_for_itself() -> None:
    known = train(load_experiment("xor", {"training.steps": 20}))
    few = train(load_experiment("xor", {"training.steps": 20, "snapshots.count": 2}))
    rows = known.experiment.dataset.shown_inputs
    np.testing.assert_array_equal(few.predict(rows, 7).outputs, known.predict(rows, 7).outputs)


WORDS = """
task:
  kind: table
  columns: [island, mass, big]
  rows: [[Dream, 3.0, 1.0], [Torgersen, 4.0, 2.0], [Dream, 5.0, 3.0]]
  targets: big
network: {hidden: [3]}
training: {steps: 3}
"""


def test_samples_are_arrays_cells_or_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text(WORDS)
    learned = train(tmp_path / "words.yaml")
    (tmp_path / "new.csv").write_text("mass,island\n4.5,Dream\n3,Torgersen\n")
    by_file, by_cells = learned.predict(tmp_path / "new.csv"), learned.predict([["Dream", 4.5], ["Torgersen", 3]])
    np.testing.assert_array_equal(by_file.outputs, by_cells.outputs)
    np.testing.assert_array_equal(learned.predict(by_file.inputs).outputs, by_file.outputs)
    with pytest.raises(UsageError, match=r"row 1: cell 1, column .island.: .Drem. is none of the words"):
        learned.predict(["Drem", 4.5])
    with pytest.raises(UsageError, match=r"row 1: cell 1, column 'x1': 'a' is not a number"):
        run.predict(["a", "b", "c"])
    with pytest.raises(UsageError, match="none may be infinite or nan"):
        run.predict([0, np.nan, 1])
    with pytest.raises(UsageError, match=r"rows of 3, and here is an array of the shape \(0, 3\)"):
        run.predict(np.zeros((0, 3)))


def test_gradients_are_held_to_differences() -> None:
    found = gradcheck(MAPPING)
    assert found.passed
    assert [array.name for array in found.arrays] == ["W1", "b1", "W2", "b2"]


def test_a_phase_of_a_step_is_a_picture(run: Run, tmp_path: Path) -> None:
    told = run.still(2, tmp_path, phase="backward", motion={"sample": 1}, size=(320, 180))
    assert (told.path.name, told.step) == ("mine-step-2-backward.png", 2)
    assert run.still(2, tmp_path / "b.svg", phase="update").path.read_text().startswith("<?xml")
    with pytest.raises(UsageError, match=r"phase is one of none, forward, loss, backward, update, not 'back'"):
        run.still(2, tmp_path, phase="back")
    with pytest.raises(UsageError, match="give a phase too"):
        run.still(2, tmp_path, motion={"sample": 1})
    with pytest.raises(ExperimentError, match=r"^motion: video\.slow_motion\[0\]\.sample: "):
        run.still(2, tmp_path, phase="loss", motion={"sample": 99})
    with pytest.raises(ExperimentError, match=r"^step: video\.slow_motion\[0\]\.step: "):
        run.still(99, tmp_path, phase="loss")


def test_a_step_can_be_told(run: Run, tmp_path: Path) -> None:
    made = run.explain(2, tmp_path, motion={"seconds": 2, "sample": 3}, formats=["png"], size=(320, 180))
    assert made.film == tmp_path / "mine-step-2" / "mine-step-2.png"
    (motion,) = made.summary.experiment.video.slow_motion
    assert (motion.step, motion.sample) == (2, 3)
    with pytest.raises(ExperimentError, match=r"step"):
        run.explain(99, tmp_path)


def test_runs_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TEXTS["table"])
    made = compare(path, {"training.aggression": [0.5, 1.0]}, tmp_path, formats=["png"], size=(320, 180))
    assert made.film == tmp_path / "small-comparison" / "small-comparison.png"
    assert repr(made) == f"Compared({made.film}: 2 runs)"
    assert [run["aggression"] for run in made.told["runs"]] == [0.5, 1.0]
    less = {"training.steps": 3}
    named = compare(path, {"training.batch": [2, "full"]}, tmp_path, overrides=less, name="short", formats=["png"])
    assert named.film == tmp_path / "short" / "short.png"
    assert named.told["runs"][0]["steps"] == 3
    assert made._repr_html_().startswith('<img src="data:image/png;base64,')
    with pytest.raises(UsageError, match="sweep varies files and examples; small was read already: read it once for"):
        compare(load_experiment(path), {"training.aggression": [0.5, 1.0]}, tmp_path)
    with pytest.raises(UsageError, match=r"compare takes paths, names of experiments, .* not a dict"):
        compare([{"task": {}}])  # type: ignore[list-item]


def test_what_an_experiment_would_make_is_told() -> None:
    said = check("heart")
    assert said.startswith("heart\n  task")
    assert "expect" in said


MAPPING = {
    "title": "From a notebook",
    "task": {"kind": "table", "columns": ["x", "y"], "rows": np.array([[0, 0], [1, 2], [2, 4]]), "targets": "y"},
    "network": {"hidden": [3]},
    "training": {"steps": 5},
}


def test_an_experiment_is_a_file_an_example_or_a_mapping(tmp_path: Path) -> None:
    assert load_experiment("heart").name == "heart"
    made = load_experiment(MAPPING, {"training.steps": 7, "video": {"theme": "dark"}, "snapshots.count": np.int64(3)})
    assert (made.title, made.training.steps, made.video.theme) == ("From a notebook", 7, "dark")
    np.testing.assert_array_equal(made.dataset.inputs[:, 0], [0, 1, 2])
    path = tmp_path / "small.yaml"
    path.write_text(TEXTS["table"])
    by_text, by_mapping = load_experiment(path, ["training.steps=4"]), load_experiment(path, {"training.steps": 4})
    assert by_text.training == by_mapping.training
    assert load_experiment(str(path)).name == "small"


def test_what_load_experiment_takes_can_be_trained_at_once() -> None:
    recording = train(MAPPING)
    assert recording.n_steps == 5
    assert repr(recording.experiment) == "Experiment(experiment: 3 samples, 1 → 3 → 1, 5 steps)"


def test_a_size_may_be_a_pair(run: Recording, tmp_path: Path) -> None:
    video = render(run, tmp_path, size=(160, 90), formats=["png"]).summary.experiment.video
    assert (video.width_px, video.height_px) == (160, 90)


def test_a_run_that_diverges_warns_and_holds_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "wild.yaml").write_text(TEXTS["series"])
    wild = load_experiment(
        tmp_path / "wild.yaml", ["training.learning_rate=1e6", "network.output=linear", "network.activation=relu"]
    )
    with pytest.warns(UserWarning, match=r"training diverged: .* lower training\.learning_rate"):
        recording = train(wild)
    assert recording.diverged_at is not None


def test_a_page_is_written_where_it_is_wanted_and_shows_itself_in_a_frame(run: Recording, tmp_path: Path) -> None:
    made = page(run, tmp_path / "mine.html", ["page={about: 'Chairs & tables', theme: dark}"])
    assert made.path == tmp_path / "mine.html"
    text = made.path.read_text(encoding="utf-8")
    assert "Chairs & tables" in text
    shown = made._repr_html_()
    assert shown.startswith("<iframe ")
    assert escape(text, quote=True) in shown
    assert "<script" not in shown
    assert page(run, tmp_path / "pages").path == tmp_path / "pages" / f"{run.experiment.name}.html"
    with pytest.raises(NotFoundError, match=r"no run at mine\.yaml"):
        page("mine.yaml")
    with pytest.raises(ExperimentError, match=r"page\.theme"):
        page(run, tmp_path, ["page.theme=blue"])


def test_messages_speak_of_the_arguments_that_were_given(run: Run, tmp_path: Path) -> None:
    def said(kind: type[Exception], call: Callable[[], object]) -> str:
        with pytest.raises(kind) as caught:
            call()
        assert "--" not in str(caught.value)
        return str(caught.value)

    misspelt = said(ExperimentError, lambda: load_experiment("heart", {"training.stpes": 3}))
    assert misspelt.startswith("overrides: training.stpes: unknown key 'stpes' (did you mean 'steps'?)")
    assert said(UsageError, lambda: load_experiment("heart", ["steps"])).startswith("overrides needs key.path=value")
    assert said(UsageError, lambda: load_experiment("heart", "steps=3")).startswith("overrides is a mapping such as")
    deep = said(UsageError, lambda: load_experiment("heart", {"network.layers.2": 3}))
    assert deep == "overrides: network.layers.2=3: network.layers is a list; set it as a whole: network.layers=[…]"
    dark = said(ExperimentError, lambda: run.film(tmp_path, theme="drak"))
    assert dark.startswith("theme: video.theme: there is no theme 'drak'")
    assert "(did you mean 'dark'?)" in dark
    assert said(ExperimentError, lambda: render(run, size="big")).startswith("size: video.size: must be")
    assert said(ExperimentError, lambda: still(run, 2, them="dark")).startswith("them: video.them: unknown key")
    assert said(ExperimentError, lambda: page(run, settings={"page.them": "x"})).startswith("settings: page.them:")
    assert said(UsageError, lambda: render(run, settings={"seed": 3})).startswith("settings: seed=3: only video, page")
    assert said(ExperimentError, lambda: run.explain(99)).startswith("step: video.slow_motion[0].step: ")
    slow = said(ExperimentError, lambda: run.explain(2, motion={"seconds": -1}))
    assert slow.startswith("motion: video.slow_motion[0].seconds: ")
    swept = said(ExperimentError, lambda: compare("heart", {"training.aggression": [1, "x"]}))
    assert swept.startswith("sweep['training.aggression']: training.aggression: must be")
    assert "at least one value" in said(UsageError, lambda: compare("heart", {"training.noise": []}))
    assert "is a list of values, not 'abc'" in said(UsageError, lambda: compare("heart", {"training.noise": "abc"}))


def test_a_table_is_told_what_to_predict_by_an_override(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("mass,kind\n" + "".join(f"{k},{'ab'[k % 2]}\n" for k in range(12)))
    with pytest.raises(UsageError, match=r"say in overrides which .*, as in \{'task.targets': 'kind'\}\n  mass"):
        load_experiment(path)
    with pytest.raises(UsageError, match=r"overrides: task\.targets: knid: there is no such column .did you mean 'ki"):
        load_experiment(path, {"task.targets": "knid"})
    assert load_experiment(path, {"task.targets": "kind"}).dataset.class_names == ("a", "b")
    path.write_text("mass,kind\n,a\n2,b\n3,a\n")
    with pytest.raises(ExperimentError, match=r"lacks values: .*; task\.missing=drop leaves these rows out"):
        load_experiment(path, {"task.targets": "kind"})


def test_a_text_in_a_mapping_stays_a_text() -> None:
    assert load_experiment("heart", {"title": "3", "subtitle": "a: b # c"}).title == "3"
    assert load_experiment("heart", {"subtitle": "a: b # c"}).subtitle == "a: b # c"
