"""Puts this folder, with its helpers, on the path of all tests, and lets interruptions through."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So a shell starts what runs in the background; the processes of the tests inherit it, and some are interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)
