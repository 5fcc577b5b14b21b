"""nbgrader: the columns of its own CSV export, but quoted, and blank where a score is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.course import Assignment
from grader.exports.cells import as_csv, key, moment, number, words
from grader.exports.export import Export, Options, blanks, known_score
from grader.gradebook.grades import FinalGrade

HEADER = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def export(assignment: Assignment, grades: Sequence[FinalGrade], _options: Options) -> Export:
    """One row per student. The due date is the course's, and not part of a grade: blank."""
    rows = [_row(assignment, grade) for grade in grades]
    return replace(blanks(grades), content=as_csv(HEADER, rows))


def _row(assignment: Assignment, grade: FinalGrade) -> tuple[str, ...]:
    student, score = grade.student, known_score(grade)
    raw = None if score is None else grade.raw
    penalty = None if score is None or raw is None else max(0.0, raw - score)
    return (
        assignment.name,
        "",
        moment(grade.attempt.submitted_at) if grade.attempt else "",
        key(student.key),
        words(student.last_name or student.name),
        words(student.first_name),
        key(student.email),
        number(raw),
        number(penalty if grade.late else (None if score is None else 0.0)),
        number(score),
        number(grade.max_score),
    )
