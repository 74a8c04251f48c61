"""The command that helps to show a run elsewhere: embed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from backprop_anim.cli.options import Json, Quiet, Run
from backprop_anim.cli.sources import find_run
from backprop_anim.cli.terminal import print_notice, print_result, show_json

__all__ = ["embed"]


class SnippetFormat(StrEnum):
    """What a snippet is written in."""

    html = "html"
    markdown = "markdown"
    all = "all"


def embed(
    run: Run,
    base: Annotated[
        str, typer.Option("--base", metavar="URL-OR-PATH", help="Where the post finds the files; else beside it.")
    ] = "",
    language: Annotated[SnippetFormat, typer.Option("--format", help="What to print.")] = SnippetFormat.all,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print HTML and Markdown that show a run in a post."""
    from backprop_anim.publish import snippets
    from backprop_anim.runs import find_folder, read_finished

    folder = find_run(run, "embed", find_folder)
    found = snippets(read_finished(folder), base)
    chosen = {"html": found.html, "markdown": found.markdown}
    if language is not SnippetFormat.all:
        chosen = {language.value: chosen[language.value]}
    if as_json:
        show_json({**chosen, "alt": found.alt, "files": list(found.files)})
        return
    print_result("\n\n".join(chosen.values()))
    if not quiet:
        where = f"under {base}" if base else "beside the post"
        print_notice(f"to be put {where}: {', '.join(str(folder / name) for name in found.files)}")
