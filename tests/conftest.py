"""Puts this folder, with its helpers, on the path of all tests, lets interruptions through, and makes chance repeat."""

from __future__ import annotations

import signal

from hypothesis import settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So a shell starts what runs in the background; the processes of the tests inherit it, and some are interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.load_profile("repeat")
