"""What the pages of a class are made from, and what one of its grades is called in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grader.course import Assignment
from grader.gradebook.decisions import Decision
from grader.gradebook.grades import Attempt, FinalGrade, QuestionGrade, State
from grader.records import QuestionResult, Status
from grader.report.feedback import page_names
from grader.report.text import one_line

STATE_WORDS = {
    State.GRADED: "graded",
    State.NEEDS_ATTENTION: "needs a person",
    State.GRADER_ERROR: "our error",
    State.MISSING: "nothing handed in",
    State.EXCUSED: "excused",
}
STATE_TONES = {
    State.GRADED: "full",
    State.NEEDS_ATTENTION: "person",
    State.GRADER_ERROR: "error",
    State.MISSING: "untouched",
    State.EXCUSED: "untouched",
}


@dataclass(frozen=True)
class Classroom:
    """One assignment of a class: final grades, and the history behind them by student."""

    assignment: Assignment
    grades: tuple[FinalGrade, ...]
    attempts: Mapping[str, tuple[Attempt, ...]] = field(default_factory=dict)
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The file name of each student's page."""
        keys = [grade.student.key for grade in self.grades]
        return dict(zip(keys, page_names(keys), strict=True))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What a person calls each student."""
        return {grade.student.key: student_name(grade) for grade in self.grades}

    @cached_property
    def answered(self) -> int:
        """How many students handed something in."""
        return sum(grade.attempt is not None for grade in self.grades)


def classroom(
    assignment: Assignment,
    grades: Iterable[FinalGrade],
    attempts: Iterable[Attempt] = (),
    decisions: Iterable[Decision] = (),
) -> Classroom:
    """Put a class together: each student's own history in order."""
    handed_in: dict[str, list[Attempt]] = {}
    decided: dict[str, list[Decision]] = {}
    for attempt in attempts:
        handed_in.setdefault(attempt.key.student, []).append(attempt)
    for decision in decisions:
        decided.setdefault(decision.student, []).append(decision)
    return Classroom(
        assignment,
        tuple(grades),
        {key: tuple(sorted(own, key=_when)) for key, own in handed_in.items()},
        {key: tuple(own) for key, own in decided.items()},
    )


def _when(attempt: Attempt) -> tuple[int, str]:
    return attempt.number, attempt.graded_at.isoformat()


def student_name(grade: FinalGrade) -> str:
    """What a person calls the student."""
    student = grade.student
    return one_line(student.full_name, 80) or one_line(student.key, 80)


def answer(grade: FinalGrade, question: str) -> QuestionResult | None:
    """What the tests said of one question in the attempt that counts."""
    questions = grade.attempt.result.questions if grade.attempt else ()
    return next((found for found in questions if found.name == question), None)


def is_untouched(grade: FinalGrade, question: str) -> bool:
    """Whether the answer is still the stub of the release."""
    return bool(grade.attempt and question in grade.attempt.result.untouched)


def tone(grade: FinalGrade, question: QuestionGrade) -> str:
    """Where a question stands in one word: full, partial, wrong, untouched, person or error."""
    if question.status is Status.GRADER_ERROR:
        return "error"
    if question.score is None:
        return "person"
    if question.score >= question.max_score:
        return "full"
    if question.score > 0:
        return "partial"
    return "untouched" if is_untouched(grade, question.name) else "wrong"
