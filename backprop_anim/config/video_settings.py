"""The film from the file's keys: formats, size, theme and panels; it draws and encodes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backprop_anim.common import Registry
from backprop_anim.config.file_schema import MAX_SIDE_PX, MIN_SIDE_PX, FontKeys, VideoKeys
from backprop_anim.config.message_text import format_value
from backprop_anim.config.plugin_factory import PluginFactory, unknown
from backprop_anim.config.problems import Problems
from backprop_anim.experiment import Caption, Experiment, FontChoice, SlowMotion, Video, themes, with_hex_colors
from backprop_anim.panels import panels
from backprop_anim.writers import formats

__all__ = ["build_video", "check_panels", "panel_grid"]

MAX_ROWS, MAX_COLUMNS = 12, 12

Grid = tuple[tuple[str, ...], ...]


def build_video(keys: VideoKeys, factory: PluginFactory) -> Video:
    """Return the film, stand-ins where something is wrong."""
    theme, theme_options = _theme(keys.theme, factory)
    width_px, height_px = _size(keys.size, factory.problems)
    panel_options = _options_by_name(panels, keys.panel_options, "panel_options", factory)
    format_options = _options_by_name(formats, keys.format_options, "format_options", factory)
    wanted = _formats(keys.formats, factory.problems)
    _check_size(wanted, format_options, width_px, height_px, factory)
    motions = keys.slow_motion if isinstance(keys.slow_motion, tuple) else (keys.slow_motion,)
    return Video(
        formats=wanted,
        width_px=width_px,
        height_px=height_px,
        fps=keys.fps,
        theme=theme,
        theme_options=theme_options,
        hold_s=keys.hold,
        seconds=keys.seconds,
        quality=keys.quality,
        panels=None if keys.panels == "auto" else panel_grid(keys.panels, ("video", "panels"), factory.problems),
        panel_options=panel_options,
        format_options=format_options,
        intro_s=keys.intro,
        opening_s=keys.opening,
        slow_motion=tuple(SlowMotion(each.step, each.seconds, each.sample, each.follow) for each in motions),
        captions=tuple(Caption(each.step, each.text, each.seconds) for each in keys.captions),
        milestones=keys.milestones,
        font=_font(keys.font, factory),
    )


def _font(given: str | FontKeys | None, factory: PluginFactory) -> FontChoice | None:
    """Return the typeface; one that is not here is a mistake, save in a recording, which may come from elsewhere."""
    if given is None:
        return None
    from backprop_anim.drawing import FONT_ENDINGS, font_problem  # which takes a while to import

    if isinstance(given, str):
        is_file = given.lower().endswith(FONT_ENDINGS)
        given = FontKeys(file=given) if is_file else FontKeys(family=given)
    choice = FontChoice(given.file, given.family)
    if (given.file is None) == (given.family is None):
        factory.problems.add(("video", "font"), "give either file or family")
    elif factory.folder is not None:
        choice = choice.found_from(factory.folder)
        if problem := font_problem(choice):
            factory.problems.add(("video", "font"), problem)
        if choice.place is not None:
            choice = replace(choice, file=str(choice.place))
    return choice


def _theme(given: Any, factory: PluginFactory) -> tuple[str, dict[str, Any]]:
    path = ("video", "theme")
    named = factory.named(themes, given, path)
    if named is None:
        return "light", {}
    kind, options = named
    return kind, with_hex_colors(factory.options(themes[kind], options, path, (*path, kind)) or {})


def _options_by_name(
    registry: Registry[Any], given: Mapping[str, Mapping[str, Any]], key: str, factory: PluginFactory
) -> dict[str, dict[str, Any]]:
    found = {}
    for name, options in given.items():
        path = ("video", key, name)
        if name not in registry:
            factory.problems.add(path, unknown(registry, name, path[:-1], factory.problems.source), at_key=True)
            continue
        valid = factory.options(registry[name], options, path)
        if valid is not None and _assembles(registry[name], valid, path, factory):
            found[name] = valid
    return found


def _assembles(cls: type, options: dict[str, Any], path: tuple[str, ...], factory: PluginFactory) -> bool:
    """Return whether the plug-in takes these options together; one that needs more has to be given it."""
    return factory.assemble(cls, options, path) is not None


def _formats(given: str | tuple[str, ...], problems: Problems) -> tuple[str, ...]:
    path: tuple[str | int, ...] = ("video", "formats")
    names = (given,) if isinstance(given, str) else given
    if not names:
        problems.add(path, f"must name at least one format: {', '.join(formats)}")
    for place, name in enumerate(names):
        here = path if isinstance(given, str) else (*path, place)
        if name not in formats:
            problems.add(here, unknown(formats, name, ("video", "formats"), problems.source))
        elif name in names[:place]:
            problems.add(here, f"{name} stands here twice")
    return names


def _size(given: str, problems: Problems) -> tuple[int, int]:
    path = ("video", "size")
    written = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", given)
    if written is None:
        problems.add(path, f"must be width x height in pixels, such as 1280x720, not {format_value(given)}")
        return 1280, 720
    width_px, height_px = int(written[1]), int(written[2])
    if not all(MIN_SIDE_PX <= side_px <= MAX_SIDE_PX for side_px in (width_px, height_px)):
        said = f"width and height must be from {MIN_SIDE_PX} to {MAX_SIDE_PX:,} pixels, not {given}"
        problems.add(path, said)
        return 1280, 720
    return width_px, height_px


def _check_size(
    wanted: Sequence[str],
    options: Mapping[str, Mapping[str, Any]],
    width_px: int,
    height_px: int,
    factory: PluginFactory,
) -> None:
    """Note a size that a format cannot write; the first complaint is enough."""
    if not factory.problems.has_no_problem("video.size", "video.format_options"):
        return
    for name in (name for name in wanted if name in formats):
        made = factory.assemble(formats[name], options.get(name, {}), ("video", "format_options", name))
        if made is not None and (problem := made.problem(width_px, height_px)) is not None:
            factory.problems.add(("video", "size"), problem)
            return


def panel_grid(grid: Grid, path: tuple[str | int, ...], problems: Problems) -> Grid:
    """Return a grid of panels, and note what is wrong with it under its key, which is `path`."""
    if not grid or not all(grid):
        problems.add(path, "must be auto, or rows of panel names, each with at least one")
        return grid
    if len(grid) > MAX_ROWS or len(grid[0]) > MAX_COLUMNS:
        problems.add(path, f"has {len(grid)} rows of {len(grid[0])}; at most {MAX_ROWS} of {MAX_COLUMNS} are allowed")
    for row, names in enumerate(grid):
        for column, name in enumerate(names):
            if name not in panels:
                problems.add((*path, row, column), unknown(panels, name, path, problems.source))
        if len(names) != len(grid[0]):
            said = f"this row has {len(names)}, the first has {len(grid[0])}; all rows must be equally long"
            problems.add((*path, row), said)
    if len({len(names) for names in grid}) == 1:
        _check_rectangles(grid, path, problems)
    return grid


def _check_rectangles(grid: Grid, path: tuple[str | int, ...], problems: Problems) -> None:
    cells: dict[str, list[tuple[int, int]]] = {}
    for row, names in enumerate(grid):
        for column, name in enumerate(names):
            cells.setdefault(name, []).append((row, column))
    for name, places in cells.items():
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        is_whole = len(places) == (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
        if not is_whole:
            row, column = places[-1]
            said = f"the places of {name} do not form a rectangle; a repeated name must span whole rows and columns"
            problems.add((*path, row, column), said)


def check_panels(experiment: Experiment, factory: PluginFactory) -> None:
    """Note the panels of the film and of the page that cannot show the experiment."""
    _check_grid(experiment.video.panels, ("video", "panels"), experiment, factory)
    _check_grid(experiment.page.panels, ("page", "panels"), experiment, factory)
    _check_options(experiment, factory)


def _check_options(experiment: Experiment, factory: PluginFactory) -> None:
    """Note options with which a panel that nobody placed, and that may lead, cannot show what it shows without them."""
    placed = {name for grid in (experiment.video.panels, experiment.page.panels) for row in grid or () for name in row}
    for name, options in experiment.video.panel_options.items():
        path = ("video", "panel_options", name)
        fits = panels[name]().unsupported_reason(experiment) is None
        if name in placed or not fits or factory.problems.has_problem(path):
            continue
        panel = factory.assemble(panels[name], options, path)
        if panel is not None and (reason := panel.unsupported_reason(experiment)):
            factory.problems.add(path, f"with these options the panel {name} does not fit here: {reason}")


def _check_grid(grid: Grid | None, path: tuple[str, ...], experiment: Experiment, factory: PluginFactory) -> None:
    options = experiment.video.panel_options
    seen = set()
    for row, names in enumerate(grid or ()):
        for column, name in enumerate(names):
            options_path = ("video", "panel_options", name)
            told_anywhere = path[0] == "page" and name == "equations"  # a page tells any step, without slow motion
            if name in seen or name not in panels or told_anywhere or factory.problems.has_problem(options_path):
                continue
            seen.add(name)
            panel = factory.assemble(panels[name], options.get(name, {}), options_path)
            if panel is not None and (reason := panel.unsupported_reason(experiment)):
                factory.problems.add((*path, row, column), f"the panel {name} does not fit here: {reason}")
