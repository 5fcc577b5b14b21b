"""Small real values of a class: results, attempts, students, decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.course import Assignment, Question
from grader.gradebook.decisions import Decision, Kind
from grader.gradebook.grades import Attempt, ResultKey
from grader.records import Diagnosis, QuestionResult, Status, SubmissionResult, TestResult
from grader.roster import Student

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
ADA = Student("ada", "Ada Lovelace", "Ada", "Lovelace", "ada@example.org", "A", "1", {"sis": "7"})
ALAN = Student("alan", "Alan Turing")
EMMY = Student("emmy", "Emmy Noether")
ASSIGNMENT = Assignment(
    name="tiny",
    folder=Path("solutions/tiny"),
    release_folder=Path("assignments/tiny"),
    title="Tiny",
    questions=(
        Question(name="double", title="Twice", points=60),
        Question(name="shift", title="One more", points=30),
        Question(name="why", title="In words", points=10, written=True),
    ),
)


def question(
    name: str,
    score: float | None,
    max_score: float,
    tests: tuple[TestResult, ...] = (),
    **more: Any,
) -> QuestionResult:
    """One question; one without a score needs a person."""
    status = Status.NEEDS_ATTENTION if score is None else Status.GRADED
    title = ASSIGNMENT.question(name).title
    return QuestionResult(name, title, status, score, max_score, tests, **more)


def failed(name: str, of: str, **more: Any) -> TestResult:
    """A failed test with a diagnosis."""
    diagnosis = Diagnosis("It was 3.", "4", "Add one.", "off_by_one")
    return TestResult(name, of, "It adds.", passed=False, diagnosis=diagnosis, **more)


def result(
    double: float | None = 60, shift: float | None = 30, why: float | None = None, **more: Any
) -> SubmissionResult:
    """A result of the tiny assignment, with the status that its questions give it."""
    tests = (failed("test_values[1]", "double", observed="a1b2", max_score=60.0),)
    questions = (
        question("double", double, 60, tests),
        question("shift", shift, 30, note="Passed."),
        question("why", why, 10, note="A written answer: a person grades it."),
    )
    scores = (double, shift, why)
    score = None if None in scores else float(sum(scores))
    fields = {
        "student": "ada",
        "file": "ada.ipynb",
        "sha256": "5e",
        "status": Status.NEEDS_ATTENTION if score is None else Status.GRADED,
        "score": score,
        "max_score": 100.0,
        "questions": questions,
        "seconds": 1.5,
    }
    return SubmissionResult(**{**fields, **more})


def unread(student: str = "ada") -> SubmissionResult:
    """The row of a file that is no notebook."""
    return result(
        student=student, sha256="", score=None, questions=(), status=Status.NEEDS_ATTENTION
    )


def attempt(
    of: SubmissionResult | None = None,
    student: str = "ada",
    number: int = 1,
    *,
    hours: float = 0,
    course: str = "c0",
    notebook: str = "",
    **more: Any,
) -> Attempt:
    """An attempt that was graded some hours after the start."""
    graded = of or result(student=student)
    key = ResultKey("tiny", student, notebook or f"nb{number}", course, "sha256:im", "0.1.0")
    return Attempt(key, number, graded, START + timedelta(hours=hours), **more)


def decision(
    question: str | None, score: float | None, kind: Kind = Kind.OVERRIDE, **more: Any
) -> Decision:
    """A decision of a teacher's, an hour after the start."""
    fields = {"student": "ada", "who": "Grace Hopper", "at": START + timedelta(hours=1), **more}
    return Decision(assignment="tiny", question=question, kind=kind, score=score, **fields)
