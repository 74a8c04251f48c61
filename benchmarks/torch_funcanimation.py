"""The heart in PyTorch, filmed by matplotlib's FuncAnimation: the same panels, the same size, the same frames.

Written as one writes such a script with care: everything that does not change is made once, artists are updated and
never made anew, the outputs of all snapshots are found in one pass, and 1 thread trains, which is the fastest for so
small a network. It knows nothing of backprop-anim.

python benchmarks/torch_funcanimation.py heart.mp4
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from torch_step import SIZES, fast_step, first_parameters, heart

AGGRESSION, NOISE = 6.0, 0.5
N_SNAPSHOTS, FPS, HOLD_FRAMES = 300, 30, 60
CURVE_POINTS, N_GHOSTS, GHOST_STRIDE, PROBE_ROUND_S = 241, 6, 7, 6.0
BACKGROUND, INK, MUTED, FAINT, ACCENT = "#fcfaf7", "#1b2033", "#7b8094", "#b9bcc8", "#d81b60"
POSITIVE, NEGATIVE = (0.18, 0.45, 0.75), (0.85, 0.37, 0.23)

Show = Callable[[int], None]


class Run:
    """A trained network: its snapshots, their losses, and the loss of every step."""

    def __init__(self, n_steps: int) -> None:
        inputs, self.targets = heart()
        step, parameters = fast_step(inputs, self.targets, first_parameters(), AGGRESSION, NOISE)
        spread = np.rint(n_steps * np.linspace(0, 1, N_SNAPSHOTS) ** 2).astype(int)
        self.steps = np.maximum(spread, np.arange(N_SNAPSHOTS))
        kept = set(self.steps.tolist())
        self.losses = np.empty(n_steps)
        self.states: list[list[torch.Tensor]] = []
        for k in range(n_steps):
            if k in kept:
                self.states.append([parameter.detach().clone() for parameter in parameters])
            self.losses[k] = step()
        self.states.append([parameter.detach().clone() for parameter in parameters])
        stacked = [torch.stack(arrays) for arrays in zip(*self.states, strict=True)]
        self.weights, self.biases = stacked[::2], stacked[1::2]
        missed = self.layers(torch.from_numpy(inputs))[-1].numpy() - self.targets
        self.shown_losses = (missed**2).sum(axis=2).mean(axis=1)

    def layers(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """Return each layer's activations for every snapshot, (S, N, n)."""
        found = [inputs.expand(len(self.states), *inputs.shape[-2:])]
        for weight, bias in zip(self.weights, self.biases, strict=True):
            found.append(torch.sigmoid(torch.baddbmm(bias[:, None, :], found[-1], weight.transpose(1, 2))))
        return found


def snapshot_of(frame: int, run: Run) -> int:
    """Return which snapshot a frame shows; the last is held."""
    return min(frame, len(run.steps) - 1)


def fit_panel(axes: Axes, run: Run) -> Show:
    """Draw the target; return what moves the coloured line, its ghosts and the probe."""
    axes.set_aspect("equal")
    axes.set_xlim(0.02, 0.98)
    axes.set_ylim(0.02, 0.88)
    axes.axis("off")
    axes.plot(*np.vstack([run.targets, run.targets[:1]]).T, color=FAINT, linewidth=1.6, linestyle=(0, (4.5, 2.6)))
    curves = run.layers(torch.linspace(0, 1, CURVE_POINTS)[:, None])[-1].numpy()
    ghosts = [axes.plot([], [], color=ACCENT, linewidth=1.0)[0] for _ in range(N_GHOSTS)]
    line = LineCollection([], cmap="plasma", linewidths=2.9, capstyle="round")
    line.set_array(np.linspace(0, 0.85, CURVE_POINTS - 1))
    line.set_clim(0, 1)
    axes.add_collection(line)
    (probe,) = axes.plot([], [], "o", color=ACCENT, markersize=9, markeredgecolor=BACKGROUND)

    def show(frame: int) -> None:
        now = snapshot_of(frame, run)
        points = curves[now]
        line.set_segments(np.stack([points[:-1], points[1:]], axis=1))
        for back, ghost in enumerate(ghosts, start=1):
            before = now - back * GHOST_STRIDE
            ghost.set_visible(before >= 0)
            if before >= 0:
                ghost.set_data(*curves[before, ::4].T)
                ghost.set_alpha(0.26 * (1 - back / (N_GHOSTS + 1)))
        at = points[int(probe_place(frame) * (CURVE_POINTS - 1))]
        probe.set_data(at[:1], at[1:])

    return show


def probe_place(frame: int) -> float:
    """Return where the probe is on its way along the input."""
    return min(frame, N_SNAPSHOTS) / FPS / PROBE_ROUND_S % 1


def network_panel(axes: Axes, run: Run) -> Show:
    """Draw the names; return what colours the 62 edges and 16 nodes."""
    axes.set_xlim(-0.15, 3.15)
    axes.set_ylim(-0.6, 7)
    axes.axis("off")
    columns = [[(k, 3 + (n - 1) / 2 - unit) for unit in range(n)] for k, n in enumerate(SIZES)]
    for k, name in enumerate(("input", "hidden 1", "hidden 2", "output")):
        axes.text(k, 6.7, name, ha="center", color=MUTED, fontsize=11)
    for name, place in (("t", columns[0][0]), ("x", columns[-1][0]), ("y", columns[-1][1])):
        side = -1 if name == "t" else 1
        axes.text(place[0] + 0.17 * side, place[1], name, ha="center", va="center", color=INK, style="italic")
    segments = [(a, b) for left, right in pairwise(columns) for b in right for a in left]
    edges = axes.add_collection(LineCollection(segments, zorder=1))
    nodes = axes.scatter(*np.concatenate(columns).T, s=430, cmap="RdPu", vmin=0, vmax=1.3, edgecolors=MUTED, c=[0] * 16)
    signed = np.concatenate([weight.reshape(len(run.states), -1).numpy() for weight in run.weights], axis=1)
    signed = np.clip(signed / np.quantile(np.abs(signed), 0.99), -1, 1)
    colors = np.empty((*signed.shape, 4))
    colors[..., :3] = np.where(signed[..., None] >= 0, POSITIVE, NEGATIVE)
    colors[..., 3] = 0.16 + 0.74 * np.abs(signed)
    probes = torch.tensor([probe_place(frame) for frame in range(len(run.steps))])
    levels = torch.cat([layer[:, 0] for layer in run.layers(probes[:, None, None])], dim=1).numpy()

    def show(frame: int) -> None:
        now = snapshot_of(frame, run)
        edges.set_color(colors[now])
        edges.set_linewidth(0.4 + 3.3 * np.abs(signed[now]))
        nodes.set_array(levels[now])

    return show


def loss_panel(axes: Axes, run: Run) -> Show:
    """Draw the axes and the whole run, faint; return what moves the strong line and the point."""
    shown = np.unique(np.geomspace(1, len(run.losses), 2000).astype(int) - 1)
    losses = run.losses[shown]
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    axes.set_yscale("log")
    axes.set_xlim(0, len(run.losses))
    axes.grid(axis="y", color="#e6e4e1")
    axes.tick_params(length=0, colors=MUTED, which="both")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title("Mean squared error", loc="left", color=MUTED, fontsize=11)
    axes.set_xlabel("training step", color=MUTED)
    axes.plot(shown, losses, color=FAINT, linewidth=1.2, alpha=0.6)
    (done,) = axes.plot([], [], color=ACCENT, linewidth=1.7)
    (point,) = axes.plot([], [], "o", color=ACCENT, markersize=7, markeredgecolor=BACKGROUND, clip_on=False)

    def show(frame: int) -> None:
        now = snapshot_of(frame, run)
        count = np.searchsorted(shown, run.steps[now], side="right")
        done.set_data(shown[:count], losses[:count])
        point.set_data(run.steps[now : now + 1], run.shown_losses[now : now + 1])

    return show


def header(figure: plt.Figure, run: Run) -> Show:
    """Write the title; return what changes step and loss."""
    figure.text(0.04, 0.92, "Backpropagating love", color=INK, fontsize=26, weight="bold")
    subtitle = "A 1 → 6 → 7 → 2 sigmoid network learns to draw a heart"
    figure.text(0.04, 0.88, subtitle, color=MUTED, fontsize=13)
    step = figure.text(0.96, 0.92, "", color=INK, fontsize=26, weight="bold", ha="right")
    loss = figure.text(0.96, 0.88, "", color=MUTED, fontsize=13, ha="right")

    def show(frame: int) -> None:
        now = snapshot_of(frame, run)
        step.set_text(f"{run.steps[now]:,}")
        loss.set_text(f"step  ·  loss {run.shown_losses[now]:.5f}")

    return show


def film(run: Run, path: Path) -> int:
    """Draw and encode every frame; return how many."""
    figure = plt.figure(figsize=(12.8, 7.2), dpi=100, facecolor=BACKGROUND)
    grid = figure.add_gridspec(2, 2, left=0.05, right=0.96, bottom=0.1, top=0.85, height_ratios=(2.2, 1.5), hspace=0.2)
    axes = [figure.add_subplot(cell, facecolor=BACKGROUND) for cell in (grid[:, 0], grid[0, 1], grid[1, 1])]
    panels = (fit_panel, network_panel, loss_panel)
    shows = [panel(place, run) for panel, place in zip(panels, axes, strict=True)] + [header(figure, run)]

    def update(frame: int) -> None:
        for show in shows:
            show(frame)

    n_frames = len(run.steps) + HOLD_FRAMES
    animation = FuncAnimation(figure, update, n_frames, init_func=lambda: None, blit=False, cache_frame_data=False)
    encoding = ["-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    animation.save(path, writer=FFMpegWriter(fps=FPS, codec="libx264", extra_args=encoding), dpi=100)
    return n_frames


def main() -> None:
    """Train, draw, and print how long each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--steps", type=int, default=20_000)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    started = time.perf_counter()
    with torch.no_grad():
        with torch.enable_grad():
            run = Run(options.steps)
        trained = time.perf_counter()
        n_frames = film(run, options.output)
    seconds = {"train": trained - started, "draw": time.perf_counter() - trained}
    print(json.dumps({"frames": n_frames, "final_loss": run.shown_losses[-1], "seconds": seconds}))


if __name__ == "__main__":
    main()
