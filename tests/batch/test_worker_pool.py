"""Processes that do pieces of work: whatever happens to one, the others come back, and no wait is in vain."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest
from processes import CHILDREN, needs_proc

from backprop_anim.batch.worker_pool import WorkerLostError, WorkOutcome, run_in_processes
from backprop_anim.common.errors import UsageError
from backprop_anim.common.interruption import Interruption
from backprop_anim.common.progress import Progress


class TwoWordsError(Exception):
    """Can be pickled, but not read again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


class LockedError(Exception):
    """Cannot even be pickled."""

    def __init__(self) -> None:
        super().__init__("locked in")
        self.lock = threading.Lock()


def work(thing: Any, progress: Progress, interruption: Interruption) -> str:
    """Do what `thing` says."""
    progress("working", 1, 2)
    if thing == "two words":
        raise TwoWordsError("one", "two")
    if thing == "locked":
        raise LockedError
    if thing == "refused":
        raise UsageError("not so")
    if isinstance(thing, int):
        os.kill(os.getpid(), thing)
    return f"did {thing}"


def ends_of(things: list[Any], n_workers: int = 2) -> dict[int, WorkOutcome[str]]:
    heard: list[tuple[int, str]] = []
    ends = run_in_processes(work, things, n_workers, lambda number, stage, done, total: heard.append((number, stage)))
    found = {ended.number: ended for ended in ends}
    assert set(found) == set(range(len(things)))
    assert {number for number, stage in heard if not stage} == set(found), "the end of each is reported"
    return found


def test_all_come_back_with_what_was_made() -> None:
    found = ends_of(["a", "b", "c"])
    assert [found[number].result() for number in range(3)] == ["did a", "did b", "did c"]


def test_an_error_comes_back_as_it_is_or_in_words() -> None:
    found = ends_of(["refused", "two words", "locked", threading.Lock(), "a"])
    with pytest.raises(UsageError, match="not so"):
        found[0].result()
    with pytest.raises(RuntimeError, match="TwoWordsError: one two"):
        found[1].result()
    with pytest.raises(RuntimeError, match="LockedError: locked in"):
        found[2].result()
    with pytest.raises(TypeError, match="pickle"):
        found[3].result()
    assert found[4].result() == "did a"


@pytest.mark.parametrize(("number", "name"), [(signal.SIGKILL, "SIGKILL"), (36, "signal 36")])
def test_a_worker_that_is_killed_is_replaced(number: int, name: str) -> None:
    found = ends_of([int(number), "a", "b"], n_workers=1)
    with pytest.raises(WorkerLostError, match=f"was killed by {name}"):
        found[0].result()
    assert found[2].result() == "did b"


@needs_proc
def test_who_has_had_enough_ends_the_workers() -> None:
    def present() -> set[str]:
        return {child for task in CHILDREN.parent.parent.glob("*/children") for child in task.read_text().split()}

    ends_of(["a"])  # Python's own tracker of resources stays
    before = present()
    ends = run_in_processes(work, ["a", "b", "c"], 2, lambda *said: None)
    assert next(ends).result() in ("did a", "did b", "did c")
    ends.close()  # type: ignore[attr-defined]  # it is a generator
    assert present() == before
