"""The samples of a recording: their arrays, their names and units, refused where they do not belong together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks import Dataset, DatasetKind, Features, InputColumn, Units
from backprop_anim.training.recording_checks import check_array, require

__all__ = ["dataset_arrays", "dataset_words", "read_dataset"]

ARRAYS = ("inputs", "targets", "labels", "truth", "file_inputs", "file_targets")
LARGEST_SIDE = 4096
"""No picture that is learned is nearly as large."""

UNITS = ("input_units", "target_units")


def dataset_arrays(dataset: Dataset) -> dict[str, NDArray[Any]]:
    """Return the arrays of the samples, and of those that are held out, by the names under which they are stored."""
    found = {f"data_{name}": array for name in ARRAYS if (array := getattr(dataset, name)) is not None}
    if dataset.held_out is not None:
        found |= {name.replace("data_", "test_", 1): part for name, part in dataset_arrays(dataset.held_out).items()}
    return found


def dataset_words(dataset: Dataset) -> dict[str, Any]:
    """Return all that is stored beside the arrays; units and columns only where there are some."""
    found: dict[str, Any] = {
        "kind": dataset.kind,
        "input_names": dataset.input_names,
        "output_names": dataset.output_names,
        "class_names": dataset.class_names,
        "shown_range": dataset.shown_range,
    }
    for name in UNITS:
        units: Units | None = getattr(dataset, name)
        if units is not None:
            found[name] = {"shift": units.shift.tolist(), "scale": units.scale.tolist()}
    if dataset.features is not None:
        found["features"] = asdict(dataset.features)
    if dataset.picture_size:
        found["picture_size"] = dataset.picture_size
    if dataset.n_left_out:
        found["n_left_out"] = dataset.n_left_out
    if dataset.input_columns:
        found["input_columns"] = [asdict(column) for column in dataset.input_columns]
    return found


def read_dataset(words: Mapping[str, Any], stored: Mapping[str, NDArray[Any]]) -> Dataset:
    """Return the samples: the experiment is built on them, so nothing about them is taken on trust.

    Raises
    ------
    ValueError
        Or another of `backprop_anim.engine.DAMAGE`, if they do not belong to each other.
    """
    dataset = _read_part(words, stored, "data_")
    n_pixels = math.prod(dataset.picture_size or (0,))
    if "test_inputs" not in stored:
        require(n_pixels in (0, dataset.n_samples), "some pixels of the picture are missing")
        return dataset
    held_out = _read_part(words, stored, "test_")
    require(held_out.inputs.shape[1:] == dataset.inputs.shape[1:], "what is held out has other inputs")
    require(held_out.targets.shape[1:] == dataset.targets.shape[1:], "what is held out has other targets")
    n_all = dataset.n_samples + held_out.n_samples
    require(n_pixels in (0, n_all), "some pixels of the picture are missing")
    return replace(dataset, held_out=held_out)


def _read_part(words: Mapping[str, Any], stored: Mapping[str, NDArray[Any]], start: str) -> Dataset:
    data: dict[str, Any] = {name: stored.get(f"{start}{name}") for name in ARRAYS}
    data |= {name: stored[f"{start}{name}"] for name in ("inputs", "targets")}  # never without these
    names: dict[str, Any] = {key: tuple(map(str, words[key])) for key in ("input_names", "output_names", "class_names")}
    low, high = map(float, words["shown_range"] or (0.0, 1.0))
    columns, rows = map(int, words.get("picture_size") or (0, 0))
    dataset = Dataset(
        kind=words["kind"],
        picture_size=(columns, rows) if words.get("picture_size") else None,
        shown_range=(low, high) if words["shown_range"] else None,
        input_units=_units(words.get("input_units")),
        target_units=_units(words.get("target_units")),
        features=_features(words.get("features")),
        n_left_out=int(words.get("n_left_out", 0)),
        input_columns=tuple(map(_column, words.get("input_columns", ()))),
        **names,
        **data,
    )
    n, width, n_classes = len(dataset.inputs), dataset.targets.shape[-1], len(dataset.class_names)
    check_array("inputs", dataset.inputs, (n, dataset.inputs.shape[-1]))
    check_array("targets", dataset.targets, (n, width))
    _check_units(dataset)
    if dataset.truth is not None:
        check_array("truth", dataset.truth, (n, width))
    if dataset.labels is not None:
        check_array("labels", dataset.labels, (n,), np.int64)
        require(bool(((dataset.labels >= 0) & (dataset.labels < n_classes)).all()), "a sample's class has no name")
    require(n > 0, "there are no samples")
    _check_picture(dataset)
    require(math.isfinite(low) and math.isfinite(high), "the shown range is not finite")
    require(dataset.kind in get_args(DatasetKind), f"there is no kind of data {dataset.kind!r}")
    require((dataset.kind == "classes") == (dataset.labels is not None), "classes have labels, and only they")
    return dataset


def _units(words: Mapping[str, Any] | None) -> Units | None:
    if words is None:
        return None
    return Units(*(np.array(words[name], dtype=np.float64) for name in ("shift", "scale")))


def _features(words: Mapping[str, Any] | None) -> Features | None:
    if words is None:
        return None
    found = Features(*(tuple(map(str, words[name])) for name in ("variables", "names", "formulas")))
    require(len(found.names) == len(found.parsed) > 0, "features have other names than formulas")
    return found


def _column(words: Mapping[str, Any]) -> InputColumn:
    kind = words["kind"]
    require(kind in get_args(get_type_hints(InputColumn)["kind"]), f"there is no kind of column {kind!r}")
    return InputColumn(str(words["name"]), kind, tuple(map(str, words["words"])))


def _check_picture(dataset: Dataset) -> None:
    """Refuse samples that are not pixels of the picture that they are said to be."""
    if dataset.picture_size is None:
        return
    columns, rows = dataset.picture_size
    has_shape = min(columns, rows) > 0 and max(columns, rows) <= LARGEST_SIDE and dataset.shown_inputs.shape[1] == 2
    require(has_shape, "a picture has columns, rows and places")
    require(float(np.abs(dataset.shown_inputs).max()) <= 1, "a place lies outside of the picture")
    pixels = dataset.pixels
    inside = bool(((pixels >= 0) & (pixels < columns * rows)).all())
    require(inside and len(np.unique(pixels)) == len(pixels), "its samples are not the pixels of a picture")


def _check_units(dataset: Dataset) -> None:
    """Refuse units that do not belong to the numbers, and numbers of a file without units."""
    features = dataset.features
    n_in = dataset.n_given if features is None else len(features.variables)
    pairs = (
        ("file_inputs", dataset.file_inputs, dataset.input_units, dataset.inputs, n_in),
        ("file_targets", dataset.file_targets, dataset.target_units, dataset.targets, dataset.targets.shape[-1]),
    )
    for name, given, units, trained, width in pairs:
        has_others = units is not None or (name == "file_inputs" and features is not None)
        require((given is not None) == has_others, f"{name} and their units belong together")
        if given is not None:
            check_array(name, given, (len(trained), width))
        if units is not None:
            for part in (units.shift, units.scale):
                check_array("a unit", part, trained.shape[1:])
            require(bool((units.scale != 0).all()), "a unit has no size")
    require(features is None or len(features.names) == dataset.n_given, "the features are not those of the inputs")
    n_taken = sum(column.width for column in dataset.input_columns)
    require(n_taken in (0, dataset.n_inputs), "the columns are not those of the inputs")
