"""Who needs a person, why, and the command that settles it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

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
            commands=settling(room.assignment.name, grade),
        )
        for grade in room.grades
        if grade.state in _OPEN
    )


def _reasons(grade: FinalGrade) -> tuple[str, ...]:
    result = grade.attempt.result if grade.attempt else None
    notes = result.notes[-1:] if result and not result.questions else ()
    flags = (f"Flagged: {', '.join(result.flags)}.",) if result and result.flags else ()
    reasons = dict.fromkeys((*grade.reasons, *notes, *flags))
    return tuple(one_line(reason, 600) for reason in reasons) or ("No reason was kept.",)


def settling(assignment: str, grade: FinalGrade) -> tuple[str, ...]:
    """What to type. A key is somebody's text, so it is quoted for the shell."""
    key = shlex.quote(one_line(grade.student.key, 200))
    if grade.state is State.GRADER_ERROR:
        return (f"grader grade SUBMISSIONS --assignment {assignment}",)
    override = f"grader override {assignment} {key}"
    questions = [question.name for question in grade.questions if question.score is None]
    who = "--score POINTS --who YOU"
    return tuple(f"{override} --question {name} {who}" for name in questions) or (
        f"{override} {who}",
    )
