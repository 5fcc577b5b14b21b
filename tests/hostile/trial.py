"""One script against the host: how it came out, and what must hold however it came out."""

from __future__ import annotations

import json
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import MachineError
from grader.inside import wire
from grader.inside.bounds import DTYPES
from grader.records import Cell, CellRun, Ending, Program, Reply
from grader.report.outputs import Allowance, show_outputs
from grader.sandbox import box as box_room
from grader.sandbox import calling, cells, fork, stream
from grader.sandbox.box import Box
from grader.settings import Limits
from tests.hostile.script import HostileLauncher, Script

FUNCTIONS = """
def add(x, y): return [x, y, {"z": 1.5}]
def draw(rng, a): return rng.normal(size=3) + a
def apply(f, x): return f(x, k=2), len
"""
PROGRAM = Program((Cell("print('one')"), Cell("1 / 0"), Cell(FUNCTIONS)))
LIMITS = Limits(cell_seconds=0.2, call_seconds=0.2, total_seconds=3, restarts=2, output_kb=64)
# The host's patience where a process says nothing at all; each is seconds in earnest.
HURRY = (
    (box_room, "START_SECONDS", 3.0),
    (cells, "GRACE_SECONDS", 0.1),
    (cells, "START_SECONDS", 0.3),
    (calling, "GRACE_SECONDS", 0.1),
    (fork, "LATE_SECONDS", 0.1),
    (fork, "ANSWER_SECONDS", 0.6),
    (stream, "STALL_SECONDS", 0.6),
)
# All that is waited for in one trial, and as much again for a machine that is busy.
MOST_SECONDS = 30
# A message has at most 65 MiB: as it comes, in its frames, and as the values that it holds.
MOST_MEMORY = 320 << 20
STATUS = Path("/proc/self/status")
WORDS = "the box gave no answer", "speaks another language", "ended in the middle", "did not start"


class Broken(AssertionError):
    """Something that must hold does not."""


@contextmanager
def hurried() -> Iterator[None]:
    """The same host with less patience: a silent peer costs a fraction of a second."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, seconds in HURRY:
            patch.setattr(module, name, seconds)
        yield


@contextmanager
def bounded() -> Iterator[None]:
    """Neither time nor memory beyond what a message may cost."""
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    started = time.monotonic()
    kept = signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)
    grown = _memory("VmHWM") - before
    if grown > MOST_MEMORY:
        raise Broken(f"it took {grown >> 20} MiB and {time.monotonic() - started:.1f} s")


def _hangs(*_: object) -> None:
    raise Broken(f"it hangs for more than {MOST_SECONDS} s")


def _memory(name: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def play(script: Script) -> str:
    """Have the host meet this peer; how that came out, in words."""
    with bounded(), Box(HostileLauncher(script)) as box:
        try:
            with box.session(PROGRAM, LIMITS) as session:
                replies = [session.call(name, args) for name, args in asked()]
        except MachineError as error:
            return _of_machine(error)
        for run in session.execution.cells:
            check_cell(run)
        for reply in replies:
            _check_reply(reply, script)
    endings = [run.ending for run in session.execution.cells], [each.ending for each in replies]
    return f"{[str(e) for e in endings[0]]} {[str(e) for e in endings[1]]} {session.flags}"


def asked() -> list[tuple[str, tuple[Any, ...]]]:
    """The calls of each trial: plain data, a generator, an array, a function of the host."""
    back = wire.Callback("#1", lambda args, _: Reply(Ending.FINISHED, args))
    return [
        ("add", (1, "two")),
        ("draw", (np.random.default_rng(7), np.arange(6.0).reshape(2, 3))),
        ("apply", (back, [1.5, None, {"k": (True,)}])),
    ]


def _of_machine(error: MachineError) -> str:
    text = str(error)
    if "\n" in text or not text.endswith("."):
        raise Broken(f"no sentence: {text!r}")
    return "machine: " + next((words for words in WORDS if words in text), text[:60])


def check_cell(run: CellRun) -> None:
    """What a cell displayed can be stored, sent to another process, and shown."""
    run = pickle.loads(pickle.dumps(run))
    json.dumps(run.outputs, allow_nan=False)
    for shown in show_outputs(run.outputs, Allowance()):
        shown.text.encode()


def _check_reply(reply: Reply, script: Script) -> None:
    """A value is plain data, and nobody who does not know the nonce has given one."""
    pickle.dumps(reply)
    check_plain(reply.value)
    if reply.ending is Ending.FINISHED and not script.knows_the_nonce():
        raise Broken("a value was taken from somebody who does not know the nonce")


def check_plain(value: Any) -> None:
    """What is in a value from a box is data of the kinds that travel, whatever it is."""
    for leaf in wire.leaves(value):
        if isinstance(leaf, np.ndarray | np.generic):
            if leaf.dtype.newbyteorder("<").str.replace(">", "<") not in DTYPES:
                raise Broken(f"an array of {leaf.dtype} was taken")
        elif not isinstance(leaf, _PLAIN):
            raise Broken(f"a {type(leaf).__name__} was taken")


_PLAIN = (
    *(bool, int, float, complex, str, type(None), np.random.Generator),
    *(wire.Opaque, wire.Handle, wire.Symbol),
)
