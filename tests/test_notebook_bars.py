"""Bars of progress: a notebook has them by itself, and nobody else; the kernel is made up here."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from backprop_anim.api import notebook_bars
from backprop_anim.api.notebook_bars import shown_progress


def within(monkeypatch: pytest.MonkeyPatch, shell: object) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[misc]


def told() -> None:
    with shown_progress(None) as progress:
        for done in (0, 3):
            progress("training", done, 3)
        progress("drawing", 5, 5)


def test_a_notebook_without_widgets_has_bars_of_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    within(monkeypatch, SimpleNamespace(kernel=object()))
    monkeypatch.setattr(notebook_bars, "find_spec", lambda name: None)
    told()
    said = capsys.readouterr()
    assert said.out == ""
    assert "training: 100%" in said.err
    assert "drawing : 100%" in said.err
    assert said.err.endswith("\n")


def test_a_notebook_with_widgets_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bar:
        made: list[Bar] = []  # noqa: RUF012

        def __init__(self, total: int, **_: object) -> None:
            self.n, self.total, self.is_closed = 0, total, False
            self.made.append(self)

        def update(self, more: int) -> None:
            self.n += more

        def close(self) -> None:
            self.is_closed = True

    within(monkeypatch, SimpleNamespace(kernel=object()))
    monkeypatch.setattr(notebook_bars, "find_spec", lambda name: object() if name == "ipywidgets" else None)
    monkeypatch.setitem(sys.modules, "tqdm.notebook", SimpleNamespace(tqdm=Bar))  # type: ignore[misc]
    told()
    assert [(bar.n, bar.total, bar.is_closed) for bar in Bar.made] == [(3, 3, True), (5, 5, True)]


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["a program", "a prompt of IPython"])
def test_elsewhere_nothing_is_shown(
    shell: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    within(monkeypatch, shell)
    told()
    assert capsys.readouterr() == ("", "")


def test_a_progress_that_is_given_is_told_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, SimpleNamespace(kernel=object()))
    heard = []
    with shown_progress(lambda *said: heard.append(said)) as progress:
        progress("training", 1, 2)
    assert heard == [("training", 1, 2)]
