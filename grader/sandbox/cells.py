"""The cells of a program: run in order, and again without those that ended their process."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from grader.errors import MachineError
from grader.inside.extras import EXTRAS
from grader.inside.wire import ProtocolError
from grader.records import CellRun, Ending, Program
from grader.sandbox import clock, replies
from grader.sandbox.fork import MAX_STRAYS, Died, Event, Fork, Garbled, Said
from grader.settings import Limits

GRACE_SECONDS = 1.0
START_SECONDS = 20.0
MOST_FALSE_STARTS = 2
KILLED = -signal.SIGKILL


def extras_of(program: Program) -> list[str]:
    """What the program mentions of that which is slow to import."""
    sources = [program.probes, *(cell.source for cell in program.cells)]
    return [name for name in EXTRAS if any(name in source for source in sources)]


@dataclass
class _Running:
    """The cell that runs at the moment."""

    index: int | None = None
    started: float = 0.0
    deadline: float = 0.0
    interrupted: bool = False
    last: int | None = None


class CellRuns:
    """How each cell of a program ended, over as many lives of its kernel as it takes."""

    def __init__(self, program: Program, limits: Limits, flag: Callable[[str], None]) -> None:
        self.restarts = 0
        self._sources = [cell.source for cell in program.cells]
        self._limits = limits
        self._flag = flag
        self._runs: dict[int, CellRun] = {}
        self._deadly: set[int] = set()
        self._due: set[int] = set()
        self._strays = self._false_starts = 0
        self._now = _Running()
        self._finish = 0.0

    def result(self) -> tuple[CellRun, ...]:
        """One `CellRun` for each cell; what was never tried is skipped."""
        skipped = CellRun(Ending.SKIPPED)
        return tuple(self._runs.get(index, skipped) for index in range(len(self._sources)))

    def run(self, fork: Fork, seconds: float) -> bool:
        """Run the cells in a fresh kernel; False when a cell has ended it."""
        self._finish = clock.now() + seconds
        wanted = self._worth_running()
        self._due, self._strays = set(wanted), 0
        fork.run(self._sources, wanted, self._limits.output_kb * 1000)
        self._now = _Running(deadline=clock.now() + START_SECONDS)
        while True:
            event = fork.next(self._now.deadline - clock.now())
            done = self._take(event, fork)
            if done is not None:
                return done

    def _worth_running(self) -> list[int]:
        """Not what has ended a kernel before; the last time, only what is known to end well."""
        indexes = [i for i in range(len(self._sources)) if i not in self._deadly]
        if self.restarts and self.restarts >= self._limits.restarts:
            return [index for index in indexes if index in self._runs]
        return indexes

    def _take(self, event: Event | None, fork: Fork) -> bool | None:
        """Take one event; True when all is done, False when the kernel is lost."""
        match event:
            case None:
                return self._late(fork)
            case Said(part="driver", message=message):
                return self._heard(message)
            case Died(part="kernel", memory=memory):
                if memory:
                    self._flag("out_of_memory")
                return self._lost(Ending.OUT_OF_MEMORY if memory else Ending.EXITED)
            case Died(part="driver", status=status, memory=memory):
                return self._driver_ended(status, memory=memory)
            case Garbled(part="driver"):
                return self._protocol()
            case _:
                # The kernel says something on the channel of calls, unasked.
                self._flag("forged_reply")
                self._strays += 1
                return self._protocol() if self._strays > MAX_STRAYS else None

    def _driver_ended(self, status: int, *, memory: bool) -> bool | None:
        if status == 0:
            return None  # its last words are still on their way
        if status == KILLED and not memory:
            # No student's process may signal it: the machine did, for its own memory.
            return self._start_again("The driver in the box was killed. Run the same again.")
        return self._protocol()

    def _heard(self, message: dict[str, object]) -> bool | None:
        # `str(...)` first: an array compared with a word is neither true nor false.
        match message:
            case {"event": str("begin"), "index": int(index)} if 0 <= index < len(self._sources):
                return self._begin(index)
            case {"event": str("end"), "index": int(index)} if index == self._now.index:
                return self._end(message)
            case {"event": str("done")}:
                return True
            case _:
                return self._protocol()

    def _begin(self, index: int) -> bool | None:
        if index not in self._due:  # each begin sets a new deadline, and there is one for each
            self._now.last = index
            return self._protocol()
        self._due.remove(index)
        started = clock.now()
        deadline = min(started + self._limits.cell_seconds, self._finish)
        self._now = _Running(index, started, deadline, last=index)
        return None

    def _end(self, message: dict[str, object]) -> bool | None:
        now, index = self._now, self._now.index
        assert index is not None
        try:
            seconds = clock.now() - now.started
            run = replies.cell_run(message, seconds, self._limits.output_kb * 1000)
        except (ProtocolError, TypeError, KeyError):
            return self._protocol()
        if now.interrupted:
            run = CellRun(Ending.OUT_OF_TIME, run.outputs, None, seconds, run.truncated)
        if run.truncated:
            self._flag("output_truncated")
        self._runs.setdefault(index, run)
        self._now = _Running(deadline=clock.now() + START_SECONDS, last=index)
        # With its time used up the submission gets no calls either: what still runs is ended.
        return True if clock.now() >= self._finish else None

    def _late(self, fork: Fork) -> bool | None:
        """Interrupt a cell once; one that does not react within a second loses its kernel."""
        now = self._now
        if now.index is None:
            # On a loaded machine a fresh kernel can miss its only client; another one will not.
            return self._start_again(
                f"The kernel in the box did not start within {START_SECONDS:.0f} s. "
                "Is this machine overloaded? Run the same again."
            )
        if now.interrupted:
            return self._lost(Ending.OUT_OF_TIME)
        fork.interrupt()
        now.interrupted = True
        now.deadline = clock.now() + GRACE_SECONDS
        return None

    def _start_again(self, complaint: str) -> bool:
        """What is nobody's doing is worth a few more kernels, and then a complaint of ours."""
        if self._false_starts >= MOST_FALSE_STARTS:
            raise MachineError(complaint)
        self._false_starts += 1
        return False

    def _protocol(self) -> bool:
        self._flag("protocol")
        return self._lost(Ending.PROTOCOL)

    def _lost(self, ending: Ending) -> bool:
        """The kernel is gone; the cell that took it along is not run again."""
        now = self._now
        index = now.index if now.index is not None else now.last
        ending = Ending.OUT_OF_TIME if now.interrupted else ending
        if index is None:
            raise MachineError("The kernel in the box ended before it ran a cell. Run it again.")
        before = self._runs.get(index)
        if before is None or now.index is None:
            outputs = before.outputs if before else ()
            seconds = before.seconds if before else clock.now() - now.started
            self._runs[index] = CellRun(ending, outputs, None, seconds)
        self._deadly.add(index)
        self.restarts += 1
        return False
