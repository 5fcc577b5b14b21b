"""A box: one warm zygote, which takes one submission after another.

Theory of operation
-------------------
A box starts a process (`docker run`, or Python itself for the local box) and speaks with the
zygote in it over its pipes, or over a socket where both reach one. A *session* is one submission:
the zygote forks, the cells run, the host calls functions, the zygote ends and wipes everything
and looks whether anything is left. Nothing that comes out of a box is believed: frames are decoded
strictly, every clock that counts is the host's, and how the student's code ended is a value.

Forks of one zygote share its memory layout and its container. So a container serves the next
submission only when it is provably as before: processes, files and kernel objects gone, nothing
killed or garbled on the way. Otherwise, and every `RECYCLE` submissions, it is replaced; the new
one starts in the background while the host does other work.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal, Protocol, Self

from grader.errors import MachineError
from grader.records import Program
from grader.sandbox.door import Door
from grader.sandbox.fork import Fork, answer
from grader.sandbox.session import Session
from grader.sandbox.stream import Stream
from grader.sandbox.walls import refuse
from grader.settings import Limits

Isolation = Literal["fork", "container"]
START_SECONDS = 120.0
STOP_SECONDS = 10.0
RECYCLE = 200


@dataclass(frozen=True)
class Size:
    """How large a box has to be for the submissions it takes."""

    memory_mb: int
    disk_mb: int
    processes: int

    @classmethod
    def of(cls, limits: Limits) -> Size:
        """The size that these limits ask for."""
        return cls(limits.memory_mb, limits.disk_mb, limits.processes)

    def holds(self, other: Size) -> bool:
        """Whether a submission of the other size fits."""
        return (
            self.memory_mb >= other.memory_mb
            and self.disk_mb == other.disk_mb
            and self.processes >= other.processes
        )


@dataclass(frozen=True)
class Started:
    """A process with a zygote in it, and the door at which that may come instead of its pipes."""

    process: subprocess.Popen[bytes]
    door: Door | None = None


class Launcher(Protocol):
    """Starts and stops the process with a zygote in it."""

    image_id: str
    missing_protection: tuple[str, ...]

    def start(self, size: Size, errors: IO[bytes]) -> Started:
        """Start one; it need not be ready."""

    def missing_walls(self, size: Size, facts: Mapping[str, Any]) -> list[str]:
        """What it lacks of the walls that it was started with, by what its kernel says."""

    def ran_out_of_memory(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether what all its processes may use together was used up."""

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        """Make sure that it is gone, its input being closed already.

        Args:
            process: what `start` has started.
            ready: whether its zygote has ever answered.
        """

    def close(self) -> None:
        """Forget what all of them shared."""


class Box:
    """A zygote that is replaced whenever it may not be as clean as at its start.

    A `strict` one takes no submission into a container that lacks a wall; the self-test's own does,
    to see what comes of it.
    """

    def __init__(
        self,
        launcher: Launcher,
        isolation: Isolation = "fork",
        *,
        limits: Limits | None = None,
        strict: bool = True,
    ) -> None:
        self._launcher = launcher
        self._strict = strict
        self.missing_walls: list[str] = []
        self._isolation = isolation
        self._stream: Stream | None = None
        self._size = Size.of(limits or Limits())
        self._ready = False
        self._served = 0
        self._in_use = False
        self._start()

    @property
    def image_id(self) -> str:
        """What identifies the software in the box."""
        return self._launcher.image_id

    @property
    def in_use(self) -> bool:
        """Whether a session has it."""
        return self._in_use

    @property
    def missing_protection(self) -> tuple[str, ...]:
        """Sentences: against what this box does not protect."""
        return self._launcher.missing_protection

    def session(self, program: Program, limits: Limits) -> Session:
        """Run a program's cells; the session then takes calls. One at a time."""
        if self._in_use:
            raise RuntimeError("a box takes one session at a time; close the other first")
        self._in_use = True
        try:
            return Session(self, program, limits)
        except BaseException:
            self._in_use = False
            self._discard()
            raise

    def fork(self, limits: Limits, extras: Sequence[str]) -> Fork:
        """Fresh processes for the session at hand; a box that fell ill while idle is replaced."""
        wanted = Size.of(limits)
        if self._stream is None or not self._size.holds(wanted):
            self._size = wanted
            self._replace()
        fresh = not self._ready
        try:
            return self._forked(limits, extras)
        except MachineError:
            # Nothing of the submission has run yet. A box that was good for nobody stays an error.
            if fresh:
                raise
            self._replace()
            return self._forked(limits, extras)

    def _forked(self, limits: Limits, extras: Sequence[str]) -> Fork:
        assert self._stream is not None
        if not self._ready:
            facts = answer(self._stream, "ready", START_SECONDS)
            self._look_at_walls(facts.get("walls", {}))
            self._ready = True
        process = self._stream.process
        return Fork(self._stream, limits, extras, lambda: self._launcher.ran_out_of_memory(process))

    def _look_at_walls(self, facts: Mapping[str, Any]) -> None:
        """Before any submission runs: an engine may have dropped what it was asked for."""
        self.missing_walls = self._launcher.missing_walls(self._size, facts)
        if self._strict:
            refuse(self.missing_walls)

    def renew(self) -> None:
        """Replace the box within a session, whose next processes must find nothing of the last."""
        self._replace()

    def release(self, *, clean: bool) -> None:
        """Take the box back from a session."""
        self._in_use = False
        self._served += 1
        kept = clean and self._isolation == "fork" and self._served < RECYCLE
        if not kept:
            self._replace()

    def close(self) -> None:
        """End the container and everything in it."""
        self._discard()
        self._launcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        # Where the process writes its complaints; read when it ends too early.
        errors = tempfile.TemporaryFile()  # noqa: SIM115  (the stream closes it)
        try:
            started = self._launcher.start(self._size, errors)
        except OSError as error:
            errors.close()
            raise MachineError(f"The box cannot be started: {error}.") from error
        self._stream = Stream(started.process, errors, started.door)
        self._ready = False
        self._served = 0

    def _replace(self) -> None:
        self._discard()
        self._start()

    def _discard(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
            self._launcher.stop(stream.process, ready=self._ready)
