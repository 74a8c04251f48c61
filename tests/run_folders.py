"""Folders like those that finished runs leave, made of a few words, and a strict reader of the pages that show them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from backprop_anim.config.dump import dump_mapping

VOID = {"img", "link", "meta", "source"}
BOOLEAN = {"muted", "loop", "playsinline", "controls"}
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
"""The smallest GIF, a pixel."""


def run_folder(folder: Path, *, name: str = "tiny", films: tuple[str, ...] = (".mp4", ".png"), **changed: Any) -> Path:
    """Make a run's folder; `changed` are keys of the summary or, where it has no such key, of the experiment."""
    files = [*(name + suffix for suffix in films), "experiment.yaml", "recording.npz", "summary.json"]
    summary = {"name": name, "seed": 1, "steps": 3000, "final_loss": 0.012345, "width": 160, "height": 90}
    summary |= {"files": files} | {key: value for key, value in changed.items() if key in summary or key == "files"}
    experiment = {"name": "tiny", "title": "Tiny", "subtitle": "It learns"}
    experiment |= {key: value for key, value in changed.items() if key not in summary}
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file).write_bytes(PIXEL)
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    (folder / "experiment.yaml").write_text(dump_mapping(experiment), encoding="utf-8")
    return folder


@dataclass
class Element:
    """An element of a page with what stands inside."""

    tag: str
    attributes: dict[str, str | None]
    inside: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[Element]:
        """Return all of one kind, in the order of the page."""
        return [found for each in self.inside for found in ([each] if each.tag == tag else []) + each.all(tag)]

    def one(self, tag: str) -> Element:
        (found,) = self.all(tag)
        return found

    def everything(self) -> list[Element]:
        return [self, *(deeper for each in self.inside for deeper in each.everything())]

    def shape(self) -> Any:
        """The elements and the names of their attributes, without any word."""
        return self.tag, sorted(self.attributes), [each.shape() for each in self.inside]


class _Strict(HTMLParser):
    """Refuses what browsers would put right: tags out of balance, doubled attributes, values left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says something twice"
        assert all(value is not None or name in BOOLEAN for name, value in attrs), f"<{tag} {attrs}>"
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def parsed(text: str) -> Element:
    """Read HTML strictly."""
    reader = _Strict()
    reader.feed(text)
    reader.close()
    (root,) = reader.open
    return root
