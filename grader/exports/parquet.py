"""Parquet: two tables for data frames, `students` and `questions`, null where nothing is known."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.course import Assignment
from grader.errors import MachineError
from grader.exports.export import Export, Options, blanks, known_score
from grader.gradebook.grades import FinalGrade
from grader.report.text import identity

if TYPE_CHECKING:
    import pyarrow as pa


def export(assignment: Assignment, grades: Sequence[FinalGrade], _options: Options) -> Export:
    """Two files. A data frame runs no formulas, so text is kept as it is."""
    try:
        import pyarrow as pa  # noqa: PLC0415  (large, and only for this format)
    except ImportError as error:
        raise MachineError(
            'Parquet needs pyarrow, which is not installed: pip install "keras-grader[parquet]".'
        ) from error
    students = pa.Table.from_pylist(
        [_student(assignment, grade) for grade in grades], schema=_students(pa)
    )
    questions = pa.Table.from_pylist(
        [row for grade in grades for row in _questions_of(assignment, grade)],
        schema=_questions(pa),
    )
    files = {"students.parquet": _bytes(students), "questions.parquet": _bytes(questions)}
    return replace(blanks(grades), files=files)


def _students(pa: Any) -> pa.Schema:
    text, real, time = pa.string(), pa.float64(), pa.timestamp("us", tz="UTC")
    return pa.schema(
        [
            *[(name, text) for name in ("assignment", "student", "name", "first_name")],
            *[(name, text) for name in ("last_name", "email", "section", "group", "state")],
            *[(name, real) for name in ("score", "raw", "max_score")],
            ("late_seconds", real),
            ("attempts", pa.int32()),
            ("submitted_at", time),
            ("graded_at", time),
            ("comment", text),
            ("reasons", pa.list_(text)),
        ]
    )


def _questions(pa: Any) -> pa.Schema:
    text, real = pa.string(), pa.float64()
    return pa.schema(
        [
            *[(name, text) for name in ("assignment", "student", "question", "title", "status")],
            *[(name, real) for name in ("score", "max_score")],
            ("by", text),
            ("comment", text),
            ("counts", pa.bool_()),
        ]
    )


def _student(assignment: Assignment, grade: FinalGrade) -> Mapping[str, Any]:
    student, attempt, score = grade.student, grade.attempt, known_score(grade)
    return {
        "assignment": assignment.name,
        "student": identity(student.key),
        "name": identity(student.full_name),
        "first_name": identity(student.first_name),
        "last_name": identity(student.last_name),
        "email": identity(student.email),
        "section": identity(student.section),
        "group": identity(student.group),
        "state": str(grade.state),
        "score": score,
        "raw": None if score is None else grade.raw,
        "max_score": grade.max_score,
        "late_seconds": grade.late.total_seconds() if grade.late else None,
        "attempts": grade.attempts,
        "submitted_at": attempt.submitted_at if attempt else None,
        "graded_at": attempt.graded_at if attempt else None,
        "comment": identity(grade.comment),
        "reasons": [identity(reason) for reason in grade.reasons],
    }


def _questions_of(assignment: Assignment, grade: FinalGrade) -> list[Mapping[str, Any]]:
    return [
        {
            "assignment": assignment.name,
            "student": identity(grade.student.key),
            "question": question.name,
            "title": question.title,
            "status": str(question.status),
            "score": question.score,
            "max_score": question.max_score,
            "by": identity(question.by),
            "comment": identity(question.comment),
            "counts": question.counts,
        }
        for question in grade.questions
    ]


def _bytes(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()
