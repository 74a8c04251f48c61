"""A step in slow motion on the diagram: what is spoken of lights up, with its numbers; signals are true."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection, PathCollection
from matplotlib.colors import to_rgb, to_rgba
from small_runs import DrawnFilm, film

from backprop_anim.drawing.fonts import FontSet
from backprop_anim.drawing.node_pictures import NodePictures
from backprop_anim.drawing.step_animation import SLEEVE
from backprop_anim.drawing.text_bitmaps import BitmapLayer, rasterize_text, tint_columns
from backprop_anim.story.chain_rule import derivation_steps
from backprop_anim.story.formula_tints import tinted
from backprop_anim.story.moment import Phase
from backprop_anim.story.passages import DerivationStep, derivation_at
from backprop_anim.story.step_values import StepValues, compute_step_values

GRID = "video.panels=[[network, equations]]"
PLAIN = "video.panel_options={network: {nodes: plain}}"


def slow(*settings: str) -> tuple[DrawnFilm, StepValues]:
    shown = film("slow", GRID, "video.size=1280x720", *settings)
    return shown, compute_step_values(shown.recording, 0)


def frame_of(shown: DrawnFilm, phase: Phase, share: float) -> int:
    acts = [(moment.act, moment.frame) for moment in shown.moments if moment.act is not None]
    return min((abs(act.progress - share), frame) for act, frame in acts if act.phase == phase)[1]


def late_frames(shown: DrawnFilm, numbers: StepValues, phase: Phase) -> list[int]:
    """Return for each passage of a phase the last frame that shows it, where all of it is written."""
    passages = derivation_steps(shown.recording.experiment, numbers)
    told = [(moment.act, moment.frame) for moment in shown.moments if moment.act is not None]
    last = {derivation_at(passages, act).number: frame for act, frame in told if act.phase == phase}
    assert len(last) == len(passages[phase])
    return sorted(last.values())


def passage_at(shown: DrawnFilm, numbers: StepValues, frame: int) -> DerivationStep:
    act = shown.moments[frame].act
    assert act is not None
    return derivation_at(derivation_steps(shown.recording.experiment, numbers), act).passage


def written(shown: DrawnFilm) -> set[str]:
    (words,) = shown.animated("network", BitmapLayer)
    return set(words.contents)


@pytest.mark.parametrize("phase", ["forward", "loss", "backward", "update"])
@pytest.mark.parametrize("nodes", ["pictures", "plain"])
def test_every_number_of_the_formulas_is_written_at_its_neuron_or_line(phase: Phase, nodes: str) -> None:
    shown, numbers = slow(f"video.panel_options={{network: {{nodes: {nodes}}}}}")
    for frame in late_frames(shown, numbers, phase):
        shown.draw(frame)
        focus = passage_at(shown, numbers, frame).focus
        assert focus is not None
        said = {word.removeprefix("ŷ = ").removeprefix("δ = ").removeprefix("bias ") for word in written(shown)}
        said = {word.removeprefix("target ") for word in said}
        assert {mark.text for mark in focus.marks} == said


def test_outside_of_slow_motion_nothing_is_written_or_dimmed() -> None:
    shown, _ = slow()
    shown.draw(0)
    assert written(shown) == set()
    (pictures,) = shown.animated("network", NodePictures)
    assert (pictures.opacities == 1).all()
    assert not pictures.strong.any()


@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_the_neuron_that_is_told_is_ringed_its_lines_are_strong_and_the_rest_is_dimmed(
    phase: Phase, place: int
) -> None:
    shown, numbers = slow()
    frame = late_frames(shown, numbers, phase)[place]
    shown.draw(frame)
    focus = passage_at(shown, numbers, frame).focus
    assert focus is not None
    (pictures,) = shown.animated("network", NodePictures)
    sizes = shown.recording.experiment.network.sizes
    starts = np.cumsum([0, *sizes])
    assert pictures.strong.nonzero()[0].tolist() == [starts[focus.layer] + focus.unit]
    lit = {starts[e.layer] + e.unit for e in focus.edges} | {starts[e.layer - 1] + e.source for e in focus.edges}
    assert lit <= set(np.flatnonzero(pictures.opacities == 1))
    assert set(pictures.opacities.tolist()) <= {0.25, 1.0}
    (lines, *_) = shown.animated("network", LineCollection)
    strong = np.flatnonzero(np.isclose(lines.get_colors()[:, 3], 0.95))
    assert len(strong) == len(focus.edges)
    assert (np.delete(lines.get_colors()[:, 3], strong) < 0.3).all()


def test_the_light_moves_from_passage_to_passage_and_goes_out_at_the_outcome() -> None:
    at_the_pace_of_reading = "video.slow_motion=[{step: 10}]"
    shown = film("slow", GRID, at_the_pace_of_reading, "video.fps=30", trained=(at_the_pace_of_reading,))
    (pictures,) = shown.animated("network", NodePictures)
    seen = []
    for moment in shown.moments:
        if moment.act is not None:
            shown.draw(moment.frame)
            seen.append(pictures.opacities.copy())
    steps = np.abs(np.diff(seen, axis=0)).max(axis=1)
    assert 0 < steps.max() < 0.25  # never at once
    assert (steps == 0).mean() > 0.7
    assert (seen[-1] == 1).all()


def test_plain_nodes_are_ringed_and_dimmed_too() -> None:
    shown, numbers = slow(PLAIN)
    frame = frame_of(shown, "backward", 0.9)
    shown.draw(frame)
    (nodes,) = shown.animated("network", EllipseCollection)
    focus = passage_at(shown, numbers, frame).focus
    assert focus is not None
    ringed = 2 + focus.unit
    np.testing.assert_allclose(nodes.get_edgecolor()[ringed], to_rgba(shown.stage("network").theme.accent))
    assert nodes.get_linewidths()[ringed] == max(nodes.get_linewidths())


def pulses(shown: DrawnFilm) -> PathCollection:
    (found,) = shown.animated("network", PathCollection)
    return found


def test_pulses_are_as_large_as_the_signal_and_hollow_for_a_minus() -> None:
    shown, numbers = slow()
    checked = 0
    for share in (0.12, 0.6):
        frame = frame_of(shown, "forward", share)
        shown.draw(frame)
        layer = 1 if share < 0.5 else 2
        signal = (numbers.weights[f"W{layer}"] * numbers.a[layer - 1]).ravel()
        sizes, faces = pulses(shown).get_sizes(), pulses(shown).get_facecolor()
        assert len(sizes) == (signal != 0).sum()
        order = np.argsort(np.abs(signal))
        assert (np.diff(sizes[order]) >= 0).all()
        ground = to_rgb(shown.stage("network").theme.background)
        np.testing.assert_array_equal((faces[:, :3] == ground).all(axis=1), signal < 0)
        checked += len(sizes)
    assert checked == 8 + 4


def test_pulses_run_back_in_the_red_of_the_error_and_not_into_the_inputs() -> None:
    shown, numbers = slow()
    accent, places = to_rgb(shown.stage("network").theme.accent), []
    (pictures,) = shown.animated("network", NodePictures)
    hidden = pictures.centres[2, 0]
    for frame in range(frame_of(shown, "backward", 0.0), frame_of(shown, "backward", 1.0) + 1):
        shown.draw(frame)
        if len(pulses(shown).get_offsets()):
            places += np.asarray(pulses(shown).get_offsets())[:, 0].tolist()
            np.testing.assert_allclose(pulses(shown).get_edgecolor()[0, :3], accent)
            signal = (numbers.weights["W2"] * numbers.delta[1][:, np.newaxis]).ravel()
            order = np.argsort(np.abs(signal))
            assert (np.diff(pulses(shown).get_sizes()[order]) >= 0).all()
    assert places
    assert min(places) > hidden


def test_no_pulse_leaves_a_dead_neuron() -> None:
    shown = film("slow", GRID, trained=("network.hidden=[4, 3]", "network.activation=relu", "network.init=he"))
    numbers = compute_step_values(shown.recording, 0)
    dead = numbers.delta[1] == 0
    assert dead.any()
    for frame in range(frame_of(shown, "backward", 0.0), frame_of(shown, "backward", 1.0) + 1):
        shown.draw(frame)
        offsets = np.asarray(pulses(shown).get_offsets())
        (pictures,) = shown.animated("network", NodePictures)
        if len(offsets) and offsets[0, 0] < pictures.centres[6, 0]:  # between the hidden layers
            assert len(offsets) == (numbers.weights["W2"][~dead] != 0).sum()


def test_a_change_is_a_thin_line_beside_its_weight() -> None:
    shown, numbers = slow()
    shown.draw(frame_of(shown, "update", 0.5))
    lines, sleeves = shown.animated("network", LineCollection)[:2]
    changes = np.concatenate([numbers.update[name].ravel() for name in ("W1", "W2")])
    widths = np.asarray(sleeves.get_linewidths())
    assert widths.max() <= SLEEVE < np.asarray(lines.get_linewidths()).max()
    assert (np.diff(widths[np.argsort(np.abs(changes))]) >= 0).all()
    theme = shown.stage("network").theme
    expected = np.where(changes[:, np.newaxis] >= 0, to_rgb(theme.positive), to_rgb(theme.negative))
    np.testing.assert_allclose(sleeves.get_colors()[:, :3], expected)


def test_formulas_are_coloured_glyph_by_glyph_and_set_as_one() -> None:
    properties = FontSet("").properties(18.0)
    line = rf"z_{{2}}^{{(1)}} = {tinted('1.63', 'plus')} \cdot 0.2 + {tinted('(−0.531)', 'minus')} = −0.174"
    columns = tint_columns(line, properties, 72.0)
    assert [tint for *_, tint in columns] == ["plus", "minus"]
    for (start, stop, _), before, part in zip(
        columns, (r"z_{2}^{(1)} = ", r"z_{2}^{(1)} = 1.63 \cdot 0.2 + "), ("1.63", "(−0.531)"), strict=True
    ):
        width = rasterize_text(part, properties, 72.0, True).width
        assert stop - start == pytest.approx(width, abs=4)
        assert start == pytest.approx(rasterize_text(before + part, properties, 72.0, True).width - width + 3, abs=4)


def test_the_equations_show_the_same_passage_as_the_network() -> None:
    shown, numbers = slow()
    for phase in ("forward", "backward"):
        for frame in late_frames(shown, numbers, phase):  # type: ignore[arg-type]
            shown.draw(frame)
            passage = passage_at(shown, numbers, frame)
            (words,) = shown.animated("equations", BitmapLayer)
            assert {passage.sentence, *passage.lines} <= set(words.contents)
