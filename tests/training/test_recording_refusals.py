"""A file that is anything else than a whole recording is refused, whatever it is."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import CLASSES, altered, experiment, loaded, stored
from recording_contents import ARRAYS, SLOW, contents

from backprop_anim.common.errors import RecordingError
from backprop_anim.training import FORMAT_VERSION, save_recording
from backprop_anim.training.trainer import train


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good recording with every kind of array in it."""
    path = tmp_path_factory.mktemp("whole") / "r.npz"
    save_recording(train(experiment(CLASSES, SLOW, "training.optimizer=momentum")), path)
    return path


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        loaded(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_status == 1
    return str(caught.value)


def packed(values: dict[str, Any], save: Callable[..., None] = np.savez, **more: Any) -> bytes:
    buffer = io.BytesIO()
    save(buffer, **values, **more)
    return buffer.getvalue()


def changed(name: str, change: Callable[[Any], Any]) -> Callable[[dict[str, Any]], None]:
    def apply(values: dict[str, Any]) -> None:
        values[name] = np.asarray(change(values[name].copy()))

    return apply


def put(name: str, place: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(array: Any) -> Any:
        array[place] = value
        return array

    return changed(name, change)


def dropped(name: str) -> Callable[[dict[str, Any]], None]:
    def apply(values: dict[str, Any]) -> None:
        del values[name]

    return apply


def reworded(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    def apply(values: dict[str, Any]) -> None:
        words = json.loads(values["words"].tobytes())
        change(words)
        values["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)

    return apply


def raw(text: bytes) -> Callable[[dict[str, Any]], None]:
    return lambda values: values.update(words=np.frombuffer(text, np.uint8))


def grown(values: dict[str, Any]) -> None:
    """More losses than the run has steps."""
    values["losses"] = np.ones(31)


DEEP = b'{"version":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    **{f"without {name}": (dropped(name), name) for name in (*ARRAYS, "words", "data_inputs", "data_targets")},
    **{f"flat {name}": (changed(name, lambda a: a.ravel()[0]), "") for name in (*ARRAYS, "data_inputs", "data_labels")},
    **{f"short {name}": (changed(name, lambda a: a[:-1]), "") for name in ("samples", "updates", "data_targets")},
    **{f"words for {name}": (changed(name, lambda a: a.astype("U5")), "") for name in (*ARRAYS, "data_inputs")},
    **{f"complex {name}": (changed(name, lambda a: a + 1j), "complex128") for name in ARRAYS},
    **{f"narrow {name}": (changed(name, lambda a: a.astype("f4")), "float32") for name in ARRAYS},
    **{f"nan in {name}": (put(name, -1, np.nan), "not finite") for name in ("parameters", "losses", "data_inputs")},
    "nan steps": (changed("steps", lambda a: a * np.nan), "steps has the shape"),
    "infinite updates": (put("updates", (2, 3), -np.inf), "updates holds numbers that are not finite"),
    "wide parameters": (changed("parameters", lambda a: np.hstack([a, a])), "parameters has the shape"),
    "no states": (lambda v: v.update({n: v[n][:0] for n in ARRAYS}), "do not rise from 0"),
    "negative steps": (changed("steps", lambda a: -a[::-1]), "do not rise from 0"),
    "a late start": (changed("steps", lambda a: a + 1), "do not rise from 0"),
    "falling steps": (put("steps", 2, 1), "do not rise from 0"),
    "standing steps": (put("steps", 1, 0), "do not rise from 0"),
    "steps that wrap around": (put("steps", slice(1, 3), [2**63 - 1, -(2**63)]), "do not rise from 0"),
    "steps beyond the losses": (put("steps", -1, 10**6), "the steps and the losses do not agree"),
    "losses beyond the steps": (grown, "the steps and the losses do not agree"),
    "a sample too many": (put("samples", 1, 20), "a sample that the data do not have"),
    "a negative sample": (put("samples", 1, -2), "a sample that the data do not have"),
    "a class without a name": (put("data_labels", 3, 3), "class has no name"),
    "a negative class": (put("data_labels", 3, -1), "class has no name"),
    "no labels": (dropped("data_labels"), "classes have labels"),
    "other inputs": (changed("data_inputs", lambda a: a[:, :1]), ""),
    "no inputs": (changed("data_inputs", lambda a: a[:0]), ""),
    "another truth": (lambda v: v.update(data_truth=np.zeros((20, 9))), "truth has the shape"),
    "records": (lambda v: v.update(steps=np.zeros(7, [("a", "i8")])), "steps has the shape"),
    "a lost trace": (dropped("trace1_noise"), "trace1_noise"),
    "a strange batch": (put("trace0_batch", 0, 99), "what the data do not have"),
    "an infinite memory": (put("trace1_memory_after", 0, np.inf), "memory_after holds"),
    "a trace too wide": (changed("trace0_noise", lambda a: np.ones(9)), "noise has the shape"),
    "a trace of no state": (reworded(lambda w: w["traces"][0].update(step=26)), "not among the kept states"),
    "an infinite rate": (reworded(lambda w: w["traces"][0].update(rate=float("inf"))), "do not have"),
    "a wrong trace": (reworded(lambda w: w.update(traces=5)), ""),
    "another version": (reworded(lambda w: w.update(version=FORMAT_VERSION + 1)), "another version of backprop-anim"),
    "no version": (reworded(lambda w: w.pop("version")), "version"),
    "no experiment": (reworded(lambda w: w.pop("experiment")), "experiment"),
    "an experiment of a word": (reworded(lambda w: w.update(experiment="heart")), ""),
    "an unknown key": (reworded(lambda w: w["experiment"].update(colour="red")), "not valid"),
    "a network for other data": (
        reworded(lambda w: w["experiment"]["network"].update(layers=[7, 5, 3])),
        "experiment that is not valid",
    ),
    "a network for other weights": (
        reworded(lambda w: w["experiment"]["network"].update(layers=[2, 6, 3])),
        "parameters has the shape",
    ),
    "an absurd network": (
        reworded(lambda w: w["experiment"]["network"].update(layers=[2, 10**9, 3])),
        "experiment that is not valid",
    ),
    "an absurd run": (reworded(lambda w: w["experiment"]["training"].update(steps=10**15)), "not valid"),
    "a dataset of a word": (reworded(lambda w: w.update(dataset="fruit")), ""),
    "another kind of data": (reworded(lambda w: w["dataset"].update(kind="banana")), "banana"),
    "a kind without labels": (reworded(lambda w: w["dataset"].update(kind="series")), "classes have labels"),
    "a kind that is a list": (reworded(lambda w: w["dataset"].update(kind=[])), ""),
    "fewer names": (reworded(lambda w: w["dataset"].update(class_names=["one"])), "class has no name"),
    "names that are a number": (reworded(lambda w: w["dataset"].update(class_names=3)), ""),
    "a range of one": (reworded(lambda w: w["dataset"].update(shown_range=[1.0])), ""),
    "a range of words": (reworded(lambda w: w["dataset"].update(shown_range=["a", "b"])), ""),
    "a range without end": (reworded(lambda w: w["dataset"].update(shown_range=[0, float("inf")])), "range"),
    "no words": (raw(b""), ""),
    "a list for words": (raw(b"[1, 2]"), ""),
    "broken words": (raw(b'{"version": 1'), ""),
    "no text": (raw(b"\xff\xfe\x00"), ""),
    "words without bottom": (raw(DEEP), ""),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_does_not_fit_together_is_refused(case: str, whole: Path, tmp_path: Path) -> None:
    change, said = HOSTILE[case]
    values = stored(whole)
    change(values)
    message = refused(tmp_path / "r.npz", packed(values, allow_pickle=False))
    assert said in message, message


def test_an_unchanged_copy_is_not_refused(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "r.npz").write_bytes(packed(stored(whole), allow_pickle=False))
    assert contents(loaded(tmp_path / "r.npz")) == contents(loaded(whole))


class Bomb:
    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return pytest.fail, ("it was unpickled",)


@pytest.mark.parametrize("name", ["words", "steps", "parameters", "data_labels", "trace0_batch", "more"])
def test_nothing_is_unpickled(name: str, whole: Path, tmp_path: Path) -> None:
    values = stored(whole) | {name: np.array([Bomb()] * 3, dtype=object)}
    assert "Object arrays" in refused(tmp_path / "r.npz", packed(values, allow_pickle=True))


def test_files_of_other_kinds_are_refused(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.npz"
    for content in (b"", b"PK", b"title: a YAML file\n", pickle.dumps(Bomb()), b"\x89PNG\r\n\x1a\n", b"\x00" * 1000):
        assert "is not a recording" in refused(path, content)
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((4, 4)))
    assert "is not a recording" in refused(path, buffer.getvalue())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("steps.npy", "not an array")
    assert "is not a recording" in refused(path, path.read_bytes())
    with pytest.raises(RecordingError, match="there is no file"):
        loaded(tmp_path / "nothing.npz")
    with pytest.raises(RecordingError, match="is not a recording"):
        loaded(tmp_path)


def test_a_recording_that_unpacks_to_more_than_itself_is_refused(whole: Path, tmp_path: Path) -> None:
    values = stored(whole) | {"losses": np.zeros(1_000_000)}
    message = refused(tmp_path / "r.npz", packed(values, np.savez_compressed, allow_pickle=False))
    assert "it unpacks to 8," in message


def test_a_file_that_is_cut_anywhere_is_refused(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    for length in [*range(0, len(content), 397), len(content) - 1]:
        refused(tmp_path / "r.npz", content[:length])


def test_damaged_files_are_refused_or_whole(whole: Path, tmp_path: Path) -> None:
    content, path = whole.read_bytes(), tmp_path / "r.npz"
    expected, refusals = contents(loaded(whole)), 0
    for damaged in altered(content, 400):
        path.write_bytes(damaged)
        try:
            found = loaded(path)
        except RecordingError:
            refusals += 1
        else:
            assert contents(found) == expected  # the damage hit a byte that nobody reads
    assert refusals > 200


def test_words_that_are_changed_by_one_letter_are_refused_or_still_an_experiment(whole: Path, tmp_path: Path) -> None:
    """The checksum holds here: what is wrong, only the checks can see."""
    values, path = stored(whole), tmp_path / "r.npz"
    rng, refusals = np.random.default_rng(0), 0
    text = values["words"].copy()
    for _ in range(80):
        words = text.copy()
        words[rng.integers(len(words))] = rng.choice(np.frombuffer(b'09-"[]{},:. aeE\xc3', np.uint8))
        path.write_bytes(packed(values | {"words": words}, allow_pickle=False))
        try:
            found = loaded(path)
        except RecordingError:
            refusals += 1
        else:
            assert found.parameters.shape[1] == found.experiment.network.layout.n_parameters
    assert 20 < refusals < 80
