"""How the sandbox's boundaries stand (`grader doctor --selftest`), a line as each was tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console

from grader.report.console import has_unicode, indented, make_console, print_line

if TYPE_CHECKING:
    from grader.selftest import Tried

HEADER = f"  {'boundary':<16} {'a submission ...':<42} {'holds':<12} seconds"


def show_tried(tried: Iterable[Tried], console: Console | None = None) -> tuple[str, ...]:
    """A table as it grows, and a closing line; the names of the boundaries that do not hold."""
    console = console or make_console()
    print_line(console, (HEADER, "dim"))
    open_, count, seconds = [], 0, 0.0
    for row in tried:
        _show(console, row)
        count += row.held is not None
        seconds += row.seconds
        if row.held is False:
            open_.append(row.boundary)
    if open_:
        closing = f"{len(open_)} of {count} do not hold: {', '.join(open_)}. Do not grade so."
    else:
        closing = f"All {count} hold. It took {seconds:.0f} s."
    print_line(console, (closing, "bold red" if open_ else "bold green"))
    return tuple(open_)


def _show(console: Console, row: Tried) -> None:
    good, bad = ("✓", "✗") if has_unicode(console) else ("+", "x")
    mark, word, style = {
        True: (good, "yes", "green"),
        False: (bad, "NO", "red"),
        None: ("-", "not promised", "dim"),
    }[row.held]
    spent = "" if row.held is None else f"{row.seconds:7.1f}"
    print_line(
        console,
        (f"{mark} ", style),
        (f"{row.boundary:<16} ", "bold"),
        (f"{row.tries:<42} ", ""),
        (f"{word:<12} ", style),
        (spent, "dim"),
    )
    if row.got_through:
        indented(console, row.got_through, style, 4)
