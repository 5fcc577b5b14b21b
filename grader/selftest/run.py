"""Run the probes in a real box, one submission each, and a harmless one at the end."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.errors import MachineError, UsageError
from grader.records import Cell, Program
from grader.sandbox import Box
from grader.sandbox.box import Launcher
from grader.scratch import scratch_folder
from grader.selftest.probes import LIMITS, Probe, found, probes

PLANTED = "GRADER_SELFTEST_SECRET"
HARMLESS = "def answers(x): return x + 1"


@dataclass(frozen=True)
class Tried:
    """What came of one boundary; `held` is None where it was not promised, so not tried."""

    boundary: str
    tries: str
    held: bool | None
    got_through: str = ""
    seconds: float = 0.0


def selftest(launcher: Launcher, *, local: bool, only: Sequence[str] = ()) -> Iterator[Tried]:
    """Try every boundary, and give each result as it comes.

    Args:
        launcher: starts the boxes; they may lack what grading would refuse to do without.
        local: whether they are those of `--sandbox local`, which promise less.
        only: the names of the boundaries to try; all by default.

    Raises:
        UsageError: there is no boundary of such a name.
        MachineError: no box can be had, so nothing can be tried.
    """
    with _planted() as secret, Box(launcher, strict=False) as box:
        wanted = _named(probes(secret), only)
        yield _started(box)
        for probe in wanted:
            if local and not probe.local:
                yield Tried(probe.boundary, probe.tries, None)
            else:
                yield _timed(probe.boundary, probe.tries, partial(_try, box, probe))
        yield _timed("canary", "does no harm, and comes after all these", partial(_harmless, box))


def _named(probes: tuple[Probe, ...], names: Sequence[str]) -> tuple[Probe, ...]:
    known = [probe.boundary for probe in probes]
    if unknown := set(names) - set(known):
        raise UsageError(f"There is no boundary {min(unknown)!r}; there are: {', '.join(known)}.")
    return tuple(probe for probe in probes if not names or probe.boundary in names)


@contextmanager
def _planted() -> Iterator[Path]:
    """A secret in a file that is the operator's alone, and in the environment."""
    secret = secrets.token_hex(16)
    os.environ[PLANTED] = secret
    try:
        with scratch_folder("selftest") as folder:
            path = folder / "secret"
            path.write_text(secret, encoding="ascii")
            path.chmod(0o600)
            yield path
    finally:
        del os.environ[PLANTED]


def _timed(boundary: str, tries: str, attempt: Callable[[], str]) -> Tried:
    started = time.monotonic()
    try:
        got_through = attempt()
    except MachineError as error:
        got_through = str(error)
    seconds = time.monotonic() - started
    return Tried(boundary, tries, not got_through, got_through, seconds)


def _started(box: Box) -> Tried:
    """The walls of the first container, by what its own kernel says."""
    started = time.monotonic()
    with box.session(_program(HARMLESS), LIMITS):
        missing = ", ".join(f"without {wall}" for wall in box.missing_walls)
    seconds = time.monotonic() - started
    return Tried("container", "starts as for grading", not missing, missing, seconds)


def _try(box: Box, probe: Probe) -> str:
    with box.session(_program(probe.cell), probe.limits) as session:
        got_through = probe.judge(session)
    if not got_through and probe.flag and probe.flag not in session.flags:
        return f"nothing was noticed of it (no flag {probe.flag})"
    if got_through or not probe.heir:
        return got_through
    with box.session(_program(probe.heir), LIMITS) as heir:
        return found(heir.execution)


def _harmless(box: Box) -> str:
    with box.session(_program(HARMLESS), LIMITS) as session:
        value = session.call("answers", (41,)).value
    return "" if value == 42 else f"it answers {value!r}, flagged {session.flags}"  # noqa: PLR2004


def _program(cell: str) -> Program:
    return Program((Cell(cell),))
