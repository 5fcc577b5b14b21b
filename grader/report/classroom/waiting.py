"""Who needs a person, why, and the command that settles it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from grader.course import Assignment
from grader.gradebook.grades import FinalGrade, State
from grader.report.classroom.material import STATE_TONES, STATE_WORDS, Classroom, student_name
from grader.report.text import one_line

_OPEN = frozenset({State.NEEDS_ATTENTION, State.GRADER_ERROR})


@dataclass(frozen=True)
class Waiting:
    """One student whose grade is not known yet."""

    student: str
    page: str
    state: str
    tone: str
    reasons: tuple[str, ...]
    commands: tuple[str, ...]


def waiting(room: Classroom) -> tuple[Waiting, ...]:
    """Everyone whose grade a person or a second run must settle."""
    return tuple(
        Waiting(
            student=student_name(grade),
            page=room.pages[grade.student.key],
            state=STATE_WORDS[grade.state],
            tone=STATE_TONES[grade.state],
            reasons=_reasons(grade),
            commands=settling(room.assignment, grade),
        )
        for grade in room.grades
        if grade.state in _OPEN
    )


def _reasons(grade: FinalGrade) -> tuple[str, ...]:
    result = grade.attempt.result if grade.attempt else None
    notes = result.notes[-1:] if result and not result.questions else ()
    flags = (f"Flagged: {', '.join(result.flags)}.",) if result and result.flags else ()
    new = [note for note in notes if not any(note in reason for reason in grade.reasons)]
    reasons = dict.fromkeys((*grade.reasons, *new, *flags))
    return tuple(one_line(reason, 600) for reason in reasons) or ("No reason was kept.",)


def settling(assignment: Assignment, grade: FinalGrade) -> tuple[str, ...]:
    """What to type. A key is somebody's text, so it is quoted for the shell."""
    key = shlex.quote(one_line(grade.student.key, 200))
    who = f"{'-- ' if key.startswith('-') else ''}{assignment.name} {key}"
    again = f"grader grade NEW_FILE --assignment {assignment.name}"
    if grade.state is State.GRADER_ERROR or not (grade.attempt and grade.attempt.result.questions):
        return again, f"grader override --by YOUR_NAME {who} POINTS"
    written = {question.name for question in assignment.questions if question.written}
    unknown = [question.name for question in grade.questions if question.score is None]
    return tuple(
        f"grader mark --by YOUR_NAME {who} {name} POINTS"
        if name in written
        else f"grader override --question {name} --by YOUR_NAME {who} POINTS"
        for name in unknown
    ) or (f"grader override --by YOUR_NAME {who} POINTS",)
