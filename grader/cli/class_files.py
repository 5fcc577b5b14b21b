"""The files of a class: found, given to their students, and what has no place said aloud."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from grader.batch.jobs import Handed
from grader.cli.app import announce
from grader.course import Assignment
from grader.intake import Classroom, Handin, display_name, find_handins, gather_class
from grader.roster import Student

# Canvas marks a file late without saying how late: it is kept as late by the least.
JUST_LATE = timedelta(seconds=1)
SHOWN = 20


@dataclass(frozen=True)
class ClassFiles:
    """What there is to grade, the roster where one was given, and how much has no student."""

    handed: tuple[Handed, ...]
    roster: tuple[Student, ...] = ()
    unmatched: int = 0


@contextmanager
def class_files(
    paths: Sequence[Path], task: Assignment, roster: Path | None
) -> Iterator[ClassFiles]:
    """The files under the paths, unpacked for as long as the context lasts."""
    students = _read(roster)
    group_work = bool(students) and _are_groups(task)
    with find_handins(paths, task.name) as handins:
        room = gather_class(handins, students, group_work=group_work)
        _say(room)
        yield ClassFiles(tuple(_handed(room)), students, len(room.unmatched))


def _read(roster: Path | None) -> tuple[Student, ...]:
    if roster is None:
        return ()
    from grader.roster import read_roster

    return read_roster(roster)


def _are_groups(task: Assignment) -> bool:
    from grader.course import load_outline
    from grader.gradebook.rules import load_rules

    return load_rules(load_outline(task.course), task).groups


def _handed(room: Classroom) -> Iterator[Handed]:
    """A row for each file of each student, under a name that no other row has."""
    keys = {student.key for student, _ in room.rows}
    taken: set[str] = set()
    for student, handin in room.rows:
        label = student.key
        if label in taken:
            label = _free(label, handin.attempt, keys | taken)
        taken.add(label)
        yield Handed(
            student=student.key,
            path=handin.path,
            number=handin.attempt,
            submitted_at=handin.submitted_at,
            late=_late(handin),
            origin=handin.origin,
            label=label,
            problem=handin.problem,
        )


def _free(name: str, number: int, taken: Set[str]) -> str:
    """The name with its number behind, or the next number that makes it nobody else's."""
    return next(label for n in itertools.count(number) if (label := f"{name} ({n})") not in taken)


def _late(handin: Handin) -> timedelta | None:
    if isinstance(handin.late, bool):
        return JUST_LATE if handin.late else timedelta(0)
    return handin.late


def _say(room: Classroom) -> None:
    for note in room.notes:
        announce(note)
    _list(
        "handed in nothing",
        [display_name(student.name or student.key) for student in room.missing],
    )
    _list(
        "could not be given to a student, and a person must",
        [f"{display_name(h.origin, 200)}: {found.reason}" for h, found in room.unmatched],
    )
    _list(
        "set aside, and not graded",
        [f"{display_name(one.origin, 200)}: {one.reason}" for one in room.aside],
    )


def _list(what: str, lines: Sequence[str]) -> None:
    if lines:
        announce(f"{len(lines)} {what}:")
        for line in lines[:SHOWN]:
            announce(f"  {line}")
        if len(lines) > SHOWN:
            announce(f"  and {len(lines) - SHOWN} more")
