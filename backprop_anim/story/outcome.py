"""What a step came to, told at the state that it led to: for its sample, for all data, and on which side things lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import number_text
from backprop_anim.story.passage_numbers import PassageNumbers
from backprop_anim.story.passages import DerivationStep
from backprop_anim.story.worked_formula import plain_number

__all__ = ["outcome_passage"]

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DIGITS = range(3, 8)
MOST_MORE_DECIMALS = 4


def outcome_passage(told: PassageNumbers) -> DerivationStep:
    """Return the last passage of a step."""
    numbers = told.numbers
    lines = [_line("loss of this sample", *_apart(numbers.loss, numbers.loss_after, plain_number, DIGITS))]
    if told.experiment.dataset.n_samples > 1:
        lines.append(_line("loss over all data", *_losses_apart(told)))
    if len(numbers.is_right):
        n = len(numbers.is_right)
        lines.append(
            _line("right", f"{int(numbers.is_right.sum())}", f"{int(numbers.is_right_after.sum())}", f"of {n}")
        )
    return DerivationStep(_sentence(told), tuple(lines))


def _sentence(told: PassageNumbers) -> str:
    """Return what there is to notice: samples that changed sides, or else whether it is better now."""
    numbers = told.numbers
    if len(numbers.is_right):
        gained = int((numbers.is_right_after & ~numbers.is_right).sum())
        lost = int((numbers.is_right & ~numbers.is_right_after).sum())
        if gained and lost:
            return f"{_count(gained)} to the right side, {_word(lost)} to the wrong one"
        if gained or lost:
            more = "more " if gained and numbers.is_right.any() else ""
            moved = numbers.is_right_after != numbers.is_right
            noun = (
                f"{_only_class(told, moved)}sample is" if moved.sum() == 1 else f"{_only_class(told, moved)}samples are"
            )
            side = "the right side" if gained else "the wrong side now"
            return f"{_count(max(gained, lost))} {more}{noun} on {side}"
    better, better_on_the_whole = numbers.loss_after < numbers.loss, numbers.all_loss_after < numbers.all_loss
    if better and better_on_the_whole:
        return (
            "No sample changes sides, but the loss falls" if len(numbers.is_right) else "The answer is a little better"
        )
    if better or better_on_the_whole:
        return "Better for this sample, not on the whole" if better else "Better on the whole, not for this sample"
    return "Worse than before: the step went too far"


def _only_class(told: PassageNumbers, moved: NDArray[np.bool_]) -> str:
    """Return the class of the samples that changed sides, where they are of one."""
    dataset = told.experiment.dataset
    labels = np.unique(moved if dataset.labels is None else dataset.labels[moved])
    name = dataset.class_names[int(labels[0])] if len(labels) == 1 else ""
    return f"class {name} " if name.isdigit() else f"{name} " if name else ""


def _line(what: str, before: str, after: str, of: str = "") -> str:
    """Return a line of the kind ``what: before → after``."""
    words = rf"\mathrm{{{what.replace(' ', chr(92) + ' ')}}}"
    return rf"{words}\ \ {before} \rightarrow {after}" + (
        rf"\ \mathrm{{{of.replace(' ', chr(92) + ' ')}}}" if of else ""
    )


def _losses_apart(told: PassageNumbers) -> tuple[str, str]:
    """Return the losses over all data as the header writes them, with more decimals where these show no difference."""
    around, decimals = (told.numbers.all_loss, told.numbers.all_loss_after), told.numbers.loss_decimals
    return _apart(*around, number_text, range(decimals, decimals + MOST_MORE_DECIMALS + 1))


def _apart(before: float, after: float, written: Callable[[float, int], str], digits: Iterable[int]) -> tuple[str, str]:
    """Return two numbers, `written` with the first of these digits with which they can be told apart."""
    found = "", ""
    for n in digits:
        found = written(before, n), written(after, n)
        if found[0] != found[1]:
            break
    return found


def _word(n: int) -> str:
    return WORDS[n] if n < len(WORDS) else f"{n:,}"


def _count(n: int) -> str:
    word = _word(n)
    return word[0].upper() + word[1:]
