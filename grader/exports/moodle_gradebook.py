"""Moodle: a CSV for Grades, Import, whose columns are mapped there. One bad row stops it whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.course import Assignment
from grader.exports.cells import as_csv, key, two_decimals, words
from grader.exports.export import Export, Options, blanks, known_score, who
from grader.exports.moodle import comment
from grader.gradebook.grades import FinalGrade

HEADER = ("username", "idnumber", "email", "firstname", "lastname")


def export(assignment: Assignment, grades: Sequence[FinalGrade], _options: Options) -> Export:
    """The students that Moodle can find, with their grade and feedback."""
    header = (*HEADER, words(assignment.title), words(f"Feedback: {assignment.title}"))
    unknown = blanks(grades)
    rows, nameless = [], []
    for grade in grades:
        if not _identified(grade):
            nameless.append(
                f"{who(grade)} has no address, ID number or login that Moodle could know: left out."
            )
        elif known_score(grade) is not None:
            rows.append(_row(grade))
    return replace(unknown, content=as_csv(header, rows), left_out=(*unknown.left_out, *nameless))


def _identified(grade: FinalGrade) -> bool:
    student = grade.student
    return any(
        value.strip()
        for value in (student.email, student.ids.get("idnumber", ""), student.ids.get("login", ""))
    )


def _row(grade: FinalGrade) -> tuple[str, ...]:
    student, score = grade.student, known_score(grade)
    return (
        key(student.ids.get("login", "")),
        key(student.ids.get("idnumber", "")),
        key(student.email),
        words(student.first_name),
        words(student.last_name),
        "" if score is None else two_decimals(score),
        comment(grade),
    )
