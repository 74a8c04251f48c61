"""How soon the command line answers, beside a bare Python and one that imports NumPy.

python -m benchmarks.startup
"""

from __future__ import annotations

import sys

from benchmarks.common import Bar, Report, arguments, take_turns, tool, whole_process

BARE, NUMPY = "python -c pass", "python -c 'import numpy'"
HELP, LIST, CHECK = "backprop-anim --help", "backprop-anim list", "backprop-anim check heart"


def main() -> None:
    """Measure and report."""
    options = arguments(__doc__ or "", rounds=15).parse_args()
    commands = {
        BARE: [sys.executable, "-c", "pass"],
        NUMPY: [sys.executable, "-c", "import numpy"],
        HELP: tool("--help"),
        LIST: tool("list"),
        CHECK: tool("check", "heart"),
    }
    for command in commands.values():  # compiled modules and the disk's cache are there for all
        whole_process(command)
    contenders = {name: lambda command=command: whole_process(command) for name, command in commands.items()}
    report = Report("From the start of the process to its end", "s")
    report.samples = take_turns(contenders, options.rounds, options.json)
    report.bars = [Bar(HELP, limit=0.3, at_least=False), Bar(CHECK, limit=0.6, at_least=False)]
    report.bars += [Bar(HELP, BARE), Bar(CHECK, BARE), Bar(CHECK, NUMPY)]
    report.finish(options)


if __name__ == "__main__":
    main()
