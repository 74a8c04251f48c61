"""Make docs/gallery.md, every example with a still and its YAML, by ``python docs/make_gallery.py``.

The examples' pages go into outputs/, for whoever publishes them; they are too large to be kept with the sources.
"""

from __future__ import annotations

from pathlib import Path

from backprop_anim import page
from backprop_anim.config import load_experiment
from backprop_anim.config.examples import example_names, example_summary
from backprop_anim.film.canvas import Canvas
from backprop_anim.story.moment import Moment
from backprop_anim.story.timeline import timeline
from backprop_anim.training.recording import Recording
from backprop_anim.training.trainer import train
from backprop_anim.writers.png import save_png

DOCS = Path(__file__).parent
CONFIGS = DOCS.parent / "configs"
OUTPUTS = DOCS.parent / "outputs"
LATE = 0.7


def main() -> None:
    """Draw every example, write its page, and write the gallery."""
    (DOCS / "gallery").mkdir(exist_ok=True)
    parts = ["# Gallery\n", "Every built-in example, made by `backprop-anim train NAME`.\n"]
    for name in example_names():
        recording = train(load_experiment(CONFIGS / f"{name}.yaml"))
        moments = timeline(recording.experiment.video, recording)
        pixels = Canvas(recording, moments).draw(telling(recording, moments))
        save_png(DOCS / "gallery" / f"{name}.png", pixels)
        page(recording, OUTPUTS / name)
        text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8").strip()
        title = recording.experiment.title
        parts.append(f"## {name}\n\n{example_summary(name)}\n\n![{title}](gallery/{name}.png)\n")
        parts.append(f"```yaml\n{text}\n```\n")
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def telling(recording: Recording, moments: tuple[Moment, ...]) -> Moment:
    """Return the moment that shows most: the middle of the backward pass, or late in the film."""
    back = [moment for moment in moments if moment.act is not None and moment.act.phase == "backward"]
    moving = [moment for moment in moments if moment.snapshot < recording.n_snapshots - 1]
    return back[len(back) // 4] if back else moving[int(LATE * len(moving))]


if __name__ == "__main__":
    main()
