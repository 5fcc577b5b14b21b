"""What the instructor's index says of a class, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Assignment
from grader.records import Status, SubmissionResult
from grader.report.text import one_line
from grader.report.view import (
    State,
    mistakes,
    person_needed,
    person_reasons,
    stands_out,
    states,
    summary,
)
from grader.scores import points

STATUS_WORDS = {
    Status.GRADED: "graded",
    Status.NEEDS_ATTENTION: "needs a person",
    Status.GRADER_ERROR: "our error",
}
MISTAKE_LIMIT = 12


@dataclass(frozen=True)
class Row:
    """One student in the class table."""

    student: str
    page: str
    score: str
    percent: float | None
    status: str
    states: tuple[tuple[str, State], ...]  # with the question's title
    reason: str
    flags: str
    seconds: str


@dataclass(frozen=True)
class QuestionMean:
    """How a class did on one question; `percent` None where nobody has a score."""

    title: str
    mean: str
    max_score: str
    percent: float | None


@dataclass(frozen=True)
class ClassView:
    """The index page."""

    title: str
    summary: str
    max_score: str
    rows: tuple[Row, ...]
    waiting: tuple[tuple[Row, tuple[str, ...]], ...]
    questions: tuple[QuestionMean, ...]
    mistakes: tuple[tuple[str, str, int], ...]


def class_view(
    assignment: Assignment, results: Sequence[SubmissionResult], names: Sequence[str]
) -> ClassView:
    """The class table, who waits for a person, and where the class struggles."""
    rows = [_row(result, name) for result, name in zip(results, names, strict=True)]
    waiting = set(map(id, person_needed(results)))
    return ClassView(
        title=assignment.title,
        summary=summary(results),
        max_score=points(assignment.max_score),
        rows=tuple(rows),
        waiting=tuple(
            (row, person_reasons(result))
            for row, result in zip(rows, results, strict=True)
            if id(result) in waiting
        ),
        questions=_means(assignment, results),
        mistakes=mistakes(results)[:MISTAKE_LIMIT],
    )


def _row(result: SubmissionResult, page: str) -> Row:
    known = result.score is not None and result.max_score > 0
    reasons = stands_out(result)
    return Row(
        student=one_line(result.student, 80),
        page=page,
        score=points(result.score),
        percent=round(100 * (result.score or 0.0) / result.max_score, 1) if known else None,
        status=STATUS_WORDS[result.status],
        states=tuple(zip((q.title for q in result.questions), states(result), strict=True)),
        reason=one_line(reasons[0], 240) if reasons else "",
        flags=one_line(", ".join(result.flags), 120),
        seconds=f"{result.seconds:.1f}",
    )


def _means(assignment: Assignment, results: Sequence[SubmissionResult]) -> tuple[QuestionMean, ...]:
    means = []
    for question in assignment.questions:
        scores = [
            answer.score
            for result in results
            for answer in result.questions
            if answer.name == question.name and answer.score is not None
        ]
        mean = sum(scores) / len(scores) if scores else None
        percent = None if mean is None else round(100 * mean / question.points, 1)
        means.append(QuestionMean(question.title, points(mean), points(question.points), percent))
    return tuple(means)
