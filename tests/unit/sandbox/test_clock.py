"""The clock of a box stands still while its process is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

# Waits for its input for a second of its own, and says whether it came.
WAIT = """\
import selectors, sys
from grader.sandbox import clock
selector = selectors.DefaultSelector()
selector.register(sys.stdin.buffer, selectors.EVENT_READ)
begun = clock.now()
print("waiting", flush=True)
while not (found := clock.ready(selector, 0.5)) and clock.now() - begun < 1:
    pass
print("came" if found else "late", flush=True)
"""
STOPPED_SECONDS = 2.5


def test_a_stopped_process_is_not_late():
    """What arrives after a pause that was longer than the wait arrives in time."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(STOPPED_SECONDS)
    os.kill(process.pid, signal.SIGCONT)
    said, _ = process.communicate("word\n")

    assert said == "came\n"
