"""A plain CSV: one row per student, one column per question, everything the gradebook knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.course import Assignment
from grader.exports.cells import as_csv, key, moment, number, paragraph, words
from grader.exports.export import Export, Options, blanks, known_score
from grader.gradebook.grades import FinalGrade

HEADER = (
    *("student", "name", "first_name", "last_name", "email", "section", "group", "state"),
    *("score", "raw", "max_score", "late_hours", "attempts", "submitted_at", "graded_at"),
    *("comment", "reasons"),
)


def export(assignment: Assignment, grades: Sequence[FinalGrade], _options: Options) -> Export:
    """One row per student, also for those without a score."""
    questions = [question.name for question in assignment.questions]
    rows = [(*_row(grade), *_scores(grade, questions)) for grade in grades]
    return replace(blanks(grades), content=as_csv((*HEADER, *questions), rows))


def _row(grade: FinalGrade) -> tuple[str, ...]:
    student, attempt, score = grade.student, grade.attempt, known_score(grade)
    return (
        key(student.key),
        words(student.full_name),
        words(student.first_name),
        words(student.last_name),
        key(student.email),
        words(student.section),
        words(student.group),
        str(grade.state),
        number(score),
        number(None if score is None else grade.raw),
        number(grade.max_score),
        number(grade.late.total_seconds() / 3600 if grade.late else None, 2),
        str(grade.attempts),
        moment(attempt.submitted_at) if attempt else "",
        moment(attempt.graded_at) if attempt else "",
        paragraph(grade.comment),
        paragraph(" ".join(grade.reasons)),
    )


def _scores(grade: FinalGrade, questions: Sequence[str]) -> list[str]:
    """What is known of single questions, also where the whole waits for a person."""
    scores = {question.name: question.score for question in grade.questions}
    return [number(scores.get(name)) for name in questions]
