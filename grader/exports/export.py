"""What an export is given and what it returns: bytes, and who was left out and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.course import Assignment
from grader.gradebook.grades import FinalGrade, State
from grader.report.text import one_line
from grader.scores import points

_BLANK = {
    State.NEEDS_ATTENTION: "a person must look",
    State.GRADER_ERROR: "the grader failed",
    State.MISSING: "nothing was handed in",
    State.EXCUSED: "excused",
    State.GRADED: "the score is no number",
}
# What is settled, though there is no score: it needs no person.
_SETTLED = frozenset({State.MISSING, State.EXCUSED})


@dataclass(frozen=True)
class Options:
    """What the command line adds: a downloaded file to fill in, and how.

    `column` names the column of the file where more than one could be meant. `scale` turns our
    points into those of the other system.
    """

    into: bytes = b""
    into_name: str = "the file"
    column: str = ""
    scale: bool = False


@dataclass(frozen=True)
class Export:
    """One file, or several by name; `left_out` needs a person, `notes` is good to know."""

    content: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def known_score(grade: FinalGrade) -> float | None:
    """The score that may leave the gradebook, None where it is not known."""
    if grade.state is not State.GRADED or grade.score is None or not math.isfinite(grade.score):
        return None
    return grade.score


def full_points(assignment: Assignment, grades: Sequence[FinalGrade]) -> float:
    """What all questions that count are worth, as the gradebook adds them up."""
    return grades[0].max_score if grades else assignment.max_score


def other_points(system: str, worth: float | None, full: float, *, scale: bool) -> tuple[str, ...]:
    """What to know where another system counts other points than the assignment has."""
    if worth is None or worth == full:
        return ()
    theirs, ours = points(worth), points(full)
    if scale:
        return (f"Scores were scaled from {ours} to the {theirs} points of {system}.",)
    return (
        f"{system} counts {theirs} points and the assignment {ours}: scores were not scaled. "
        "Use --scale to scale them.",
    )


def who(grade: FinalGrade) -> str:
    """A student for a sentence: the name where there is one, and the key."""
    key = one_line(grade.student.key)
    name = one_line(grade.student.full_name)
    return f"{name} ({key})" if name and name != key else key or "a student without a key"


def blanks(grades: Iterable[FinalGrade]) -> Export:
    """The sentences for all students without a score, in an export without content."""
    left: list[str] = []
    notes: list[str] = []
    for grade in grades:
        if known_score(grade) is None:
            (notes if grade.state in _SETTLED else left).append(blank_sentence(grade))
    return Export(left_out=tuple(left), notes=tuple(notes))


def blank_sentence(grade: FinalGrade) -> str:
    """Why a student has no score."""
    reason = one_line(grade.reasons[0]) if grade.reasons else ""
    return f"{who(grade)} has no score: {_BLANK[grade.state]}{f' ({reason})' if reason else ''}."
