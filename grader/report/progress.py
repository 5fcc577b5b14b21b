"""Progress over many submissions: a bar with rate and time left, or plain lines into a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

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

from grader.report.console import make_console, print_line
from grader.report.text import one_line

Item = tuple[str, Path]
_LONG = 90.0


def progress(
    submissions: Sequence[Item],
    what: str = "Grading",
    console: Console | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Item]:
    """Give each (student, path) in turn and say on stderr how far it is.

    A single submission in a pipe needs no progress: its result follows at once.
    """
    console = console or make_console(sys.stderr)
    if console.is_terminal and not console.is_dumb_terminal:
        yield from _with_bar(submissions, what, console)
    elif len(submissions) > 1:
        yield from _with_lines(submissions, what, console, clock)
    else:
        yield from submissions


def time_left(done: int, total: int, elapsed: float) -> str:
    """About how long the rest takes, as words."""
    seconds = (total - done) * elapsed / max(done, 1)
    if seconds > _LONG:
        return f"about {round(seconds / 60)} min left"
    return f"about {round(seconds)} s left"


def _with_bar(submissions: Sequence[Item], what: str, console: Console) -> Iterator[Item]:
    with _bar(console) as bar:
        task = bar.add_task(what, total=len(submissions))
        for student, path in submissions:
            bar.update(task, description=f"{what} {one_line(student, 24)}")
            yield student, path
            bar.advance(task)


def _with_lines(
    submissions: Sequence[Item], what: str, console: Console, clock: Callable[[], float]
) -> Iterator[Item]:
    total, started = len(submissions), clock()
    begun = started
    for done, (student, path) in enumerate(submissions, 1):
        yield student, path
        now = clock()
        left = f", {time_left(done, total, now - started)}" if done < total else ""
        count = f"{what} {done:>{len(str(total))}}/{total}"
        print_line(console, (f"{count}: {one_line(student, 40)}, {now - begun:.1f} s{left}", ""))
        begun = now


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
