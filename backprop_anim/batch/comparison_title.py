"""What a comparison is of, as a title; it neither trains nor draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backprop_anim.config import Variant
from backprop_anim.engine import optimizers
from backprop_anim.experiment import Experiment, as_mapping

__all__ = ["comparison_title", "optimizer_names"]

OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}

KEYS = {"hidden": "hidden neurons", "batch": "batch size", "init": "first weights", "seed": "seeds"}
"""Settings that are called something else in a sentence."""

SHAPES = {"fruit": "the fruit", "linear": "two groups of points"}
"""Tasks that a title calls by more than their word with an article."""

MOST_VALUES, LONGEST = 6, 60


def comparison_title(variants: Sequence[Variant]) -> tuple[str, str]:
    """Return the title of a comparison, which says what is compared and on what, and a subtitle that is true of all.

    A title or subtitle that was given with ``--set`` stays.
    """
    first = variants[0]
    title = first.experiment.title if _is_given("title", first) else _title(variants)
    networks = {each.experiment.network for each in variants}
    subtitles = {each.subtitle for each in variants}
    if _is_given("subtitle", first) or (len(networks) == 1 and len(subtitles) == 1):
        return title, first.subtitle
    own_titles = {each.experiment.title for each in variants}
    return title, first.experiment.title if len(own_titles) == 1 and title != first.experiment.title else ""


def optimizer_names(experiments: Iterable[Experiment]) -> list[str]:
    """Return the name of the optimizer of each run."""
    words = [optimizers.name_of(each.training.optimizer) for each in experiments]
    return [OPTIMIZERS.get(word, word) for word in words]


def _is_given(key: str, variant: Variant) -> bool:
    given = variant.overrides[:-1] if variant.settings else variant.overrides  # a sweep writes the last subtitle itself
    return any(text.partition("=")[0].strip() == key for text in given)


def _title(variants: Sequence[Variant]) -> str:
    where = {_subject(each.experiment) for each in variants}
    on = f" on {where.pop()}" if len(where) == 1 and "" not in where else ""
    names = list(dict.fromkeys(each.heading for each in variants if each.heading))
    keys = list(variants[0].settings)
    if names:
        title = f"{_listed(names)}{on}"
        if len(title) > LONGEST:
            title = f"{len(names)} runs{on}"
        return f"{title}: {_listed([_word(key) for key in keys])}" if keys else title
    values = list(dict.fromkeys(value for each in variants for _, value in each.choices)) if len(keys) == 1 else []
    what = _listed([_word(key) for key in keys])
    if not on:
        own = _own_title(variants)
        return f"{own}: {what} {_values(values)}".rstrip() if own else _capital(f"{what} {_values(values)}".rstrip())
    return _capital(f"{what}{on}: {_values(values)}") if values else _capital(f"{what}{on}")


def _own_title(variants: Sequence[Variant]) -> str:
    """Return the title that all runs have, or what is common to titles that were made of their names."""
    titles = [each.experiment.title.split(" ") for each in variants]
    shared = next((k for k, words in enumerate(zip(*titles, strict=False)) if len(set(words)) > 1), len(titles[0]))
    if len(set(map(tuple, titles))) == 1:
        return " ".join(titles[0])
    settings = {word for key in variants[0].settings for word in _word(key).split()} | set(variants[0].settings)
    words = titles[0][:shared]
    while words and words[-1].lower() in settings:
        words.pop()
    return " ".join(words)


def _subject(experiment: Experiment) -> str:
    """Return what a built-in task is about, with its article; nothing for data of the user's own."""
    task = as_mapping(experiment)["task"]
    word = task.get({"curve": "curve", "points": "shape", "series": "series"}.get(str(task["kind"]), ""))
    own = any(task.get(key) for key in ("x", "y"))
    return SHAPES.get(str(word), f"the {word}".replace("_", " ")) if word and not own else ""


def _word(key: str) -> str:
    last = key.rpartition(".")[2]
    return KEYS.get(last, last.replace("_", " "))


def _values(values: Sequence[str]) -> str:
    if len(values) > MOST_VALUES:
        return f"{values[0]} to {values[-1]}"
    return ", ".join(values)


def _listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
