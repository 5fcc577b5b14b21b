"""Progress over many submissions: a bar with rate and time left, or plain lines into a pipe."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from grader.records import Status
from grader.report.console import make_console, print_line
from grader.report.text import one_line

T = TypeVar("T")
_LONG = 90.0
_PAUSE = 1.0  # seconds between two lines of a batch: a log of a thousand lines tells nobody more
_STATUS = {
    Status.GRADED: "graded",
    Status.NEEDS_ATTENTION: "need a person",
    Status.GRADER_ERROR: "our errors",
}


def busy(what: str, console: Console | None = None) -> AbstractContextManager[object]:
    """Say on stderr what is being done for as long as the context lasts; nothing into a pipe."""
    console = console or make_console(sys.stderr)
    if not console.is_terminal or console.is_dumb_terminal:
        return nullcontext()
    return console.status(Text(one_line(what, 60)))


def watch(
    results: Iterable[T],
    total: int,
    status_of: Callable[[T], Status],
    *,
    what: str = "Grading",
    console: Console | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[T]:
    """Give each result of a batch as it comes, and say on stderr how far it is, and how it goes."""
    console = console or make_console(sys.stderr)
    counts: Counter[Status] = Counter()
    if console.is_terminal and not console.is_dumb_terminal:
        with _bar(console) as bar:
            task = bar.add_task(what, total=total)
            for result in results:
                counts[status_of(result)] += 1
                bar.update(task, advance=1, description=f"{what}: {_counted(counts)}")
                yield result
        return
    started = said = clock()
    for done, result in enumerate(results, 1):
        counts[status_of(result)] += 1
        yield result
        now = clock()
        if done in {1, total} or now - said >= _PAUSE:
            said = now
            line = f"{what} {done:>{len(str(total))}}/{total}: {_speed(done, now - started)}"
            left = f", {time_left(done, total, now - started)}" if done < total else ""
            print_line(console, (f"{line}{left}; {_counted(counts)}", ""))


def _counted(counts: Counter[Status]) -> str:
    return ", ".join(
        f"{counts[status]} {word}" for status, word in _STATUS.items() if counts[status]
    )


def _speed(done: int, elapsed: float) -> str:
    speed = done / max(elapsed, 1e-9)
    return f"{speed:.1f} a second" if speed > 1 else f"{1 / speed:.1f} s each"


def time_left(done: int, total: int, elapsed: float) -> str:
    """About how long the rest takes, as words."""
    seconds = (total - done) * elapsed / max(done, 1)
    if seconds > _LONG:
        return f"about {round(seconds / 60)} min left"
    return f"about {round(seconds)} s left"


class _Rate(ProgressColumn):
    """Seconds for each submission, or submissions for each second when they are quick."""

    def render(self, task: Task) -> Text:
        speed = task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:.1f} a second" if speed > 1 else f"{1 / speed:.1f} s each", "dim")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
