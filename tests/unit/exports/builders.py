"""Final grades of a small class, with the names that break other people's tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from grader.gradebook.grades import Attempt, FinalGrade, QuestionGrade, ResultKey, State
from grader.records import SubmissionResult
from grader.roster import Student
from tests.unit.report import builders as results

WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
# Names as they are typed somewhere in a class of 1500.
ODD_NAMES = {
    "quoted": 'O\'Brien, "Ann"',
    "formula": "=cmd()",
    "formula_with_a_pipe": "=cmd|' /C calc'!A0",
    "plus": "+49 176",
    "minus": "-2+3",
    "at": "@SUM(1,1)",
    "tab": "\t=1+1",
    "full_width": "\uff1d1+1",
    "chinese": "王小明",
    "right_to_left": "محمد بن موسى",
    "reversed": "\u202egnp.exe",
    "empty": "",
    "break": "Ada\r\nLovelace",
    "null": "A\x00B",
    "semicolon": "a;b;c",
    "lone_surrogate": "\ud800x",
}
assignment = results.assignment


def student(key: str, name: str = "", **changes: Any) -> Student:
    """A student with an address."""
    first, _, last = name.rpartition(" ")
    made = Student(key, name, first, last, f"{key}@example.org" if key else "")
    return replace(made, **changes)


def grade(who: Student | str = "ada", score: float | None = 62.0, **changes: Any) -> FinalGrade:
    """A graded student, unless told otherwise."""
    who = student(who, "Ada Lovelace") if isinstance(who, str) else who
    state = State.GRADED if score is not None else State.NEEDS_ATTENTION
    made = FinalGrade(who, state, score, 62.0, raw=score, attempts=1, attempt=attempt(who.key))
    return replace(made, **changes)


def attempt(key: str, result: SubmissionResult | None = None) -> Attempt:
    """One file that was handed in."""
    result_key = ResultKey("layers", key, "ab" * 32, "cd" * 32, "sha256:ef", "0.1.0")
    return Attempt(
        result_key,
        1,
        result or results.submission(key),
        graded_at=WHEN + timedelta(hours=1),
        submitted_at=WHEN,
    )


def with_questions(made: FinalGrade) -> FinalGrade:
    """The grade with its questions, as the gradebook gives them."""
    result = made.attempt.result if made.attempt else results.submission()
    return replace(
        made,
        questions=tuple(
            QuestionGrade(q.name, q.title, q.status, q.score, q.max_score) for q in result.questions
        ),
    )


def unknown(state: State = State.NEEDS_ATTENTION, key: str = "alan") -> FinalGrade:
    """A student whose score is not known, with what a careless export would take for one."""
    who = student(key, "Alan Turing")
    made = grade(who, None, state=state, raw=0.0, reasons=("conv2d was lost.",))
    return replace(made, attempt=None, attempts=0) if state is State.MISSING else made


def odd_class() -> list[FinalGrade]:
    """One student with each of the odd names; keys and scores differ."""
    return [
        grade(student(f"s{number}", name), float(number))
        for number, name in enumerate(ODD_NAMES.values())
    ]
