"""nbgrader's tree: `submitted/STUDENT/ASSIGNMENT/NAME.ipynb`, the time in `timestamp.txt`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from grader.errors import UsageError
from grader.intake.entries import Entry
from grader.intake.handin import Handins, SetAside
from grader.intake.layouts.pieces import Piece, gather
from grader.intake.times import parse_time
from grader.roster import Claim, display_name
from grader.roster.names import fold

_ROOT = "submitted"
_TIME = "timestamp.txt"
_BELOW = 3  # STUDENT/ASSIGNMENT/NAME
# What stands beside it in a course of nbgrader, and is the instructor's.
_OTHERS = frozenset({"source", "release", "autograded", "feedback"})


def recognises(entries: Sequence[Entry]) -> bool:
    """Most notebooks, but for the instructor's own, are three levels below `submitted`."""
    work = [e for e in entries if e.is_notebook and (_inside(e) or _OTHERS.isdisjoint(e.parts))]
    return 2 * sum(bool(_inside(entry)) for entry in work) > len(work)


def read(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """The hand-ins of one assignment; source, release and feedback are no one's work."""
    inside = [(entry, own) for entry in entries if (own := _inside(entry))]
    chosen, notes = _of_assignment([own[1] for _, own in inside], assignment)
    own_files = [(entry, own) for entry, own in inside if chosen in {None, own[1]}]
    times = {own[:2]: _time(entry) for entry, own in own_files if entry.name == _TIME}
    found = gather(_pieces(own_files, times), assignment)
    return Handins(found.found, (*found.aside, *_outside(entries)), notes)


def _pieces(
    files: Sequence[tuple[Entry, tuple[str, ...]]], times: dict[tuple[str, ...], datetime | None]
) -> Iterator[Piece]:
    for entry, own in files:
        if entry.name != _TIME:
            yield Piece(entry, Claim(own[0]), entry.name, submitted_at=times.get(own[:2]))


def _outside(entries: Sequence[Entry]) -> Iterator[SetAside]:
    for entry in entries:
        if entry.is_notebook and not _inside(entry) and _OTHERS.isdisjoint(entry.parts):
            yield SetAside(entry.origin, "It is not in the tree of nbgrader below `submitted`.")


def _inside(entry: Entry) -> tuple[str, ...]:
    """STUDENT, ASSIGNMENT, NAME and what is between, where the entry is such a file."""
    if _ROOT not in entry.parts:
        return ()
    own = entry.parts[entry.parts.index(_ROOT) + 1 :]
    return own if len(own) >= _BELOW else ()


def _of_assignment(
    names: Sequence[str], assignment: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The folder to take, None for all; a sentence on what is left out."""
    known = sorted(set(names))
    if assignment is None or len(known) < 2:  # noqa: PLR2004
        return None, ()
    shown = ", ".join(display_name(name, 40) for name in known[:8])
    chosen = [name for name in known if fold(name) == fold(assignment)]
    if not chosen:
        raise UsageError(
            f"The tree of nbgrader holds the assignments {shown}, but none of the name "
            f"{assignment}. Name the folders of one: submitted/*/NAME."
        )
    left = ", ".join(display_name(name, 40) for name in known if name not in chosen)
    return chosen[0], (f"The tree of nbgrader also holds {left}: not graded as {assignment}.",)


def _time(entry: Entry) -> datetime | None:
    if entry.path is None or not Path(entry.path).is_file():
        return None
    with Path(entry.path).open("rb") as file:
        return parse_time(file.read(200).decode(errors="replace"))
