"""Reading attempts with their questions and tests: three queries a page, however many there are.

Plain rows, not mapped objects: a class of 1500 has some 80 000 tests, and this is twice as fast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from grader.gradebook import rows
from grader.gradebook.grades import Attempt
from grader.gradebook.tables import AttemptRow, QuestionRow, TestRow
from grader.records import QuestionResult, TestResult

PAGE = 200  # attempts that are read at once

_ATTEMPTS = select(AttemptRow.__table__)
_QUESTIONS = select(QuestionRow.__table__).order_by(QuestionRow.attempt_id, QuestionRow.position)
_TESTS = (
    select(TestRow.__table__, QuestionRow.name.label("question"))
    .join(QuestionRow, QuestionRow.id == TestRow.question_id)
    .order_by(TestRow.question_id, TestRow.position)
)


def newest(assignment: str, student: str | None) -> Select[Any]:
    """The number of the row of the latest grading of each attempt."""
    rank = func.row_number().over(
        partition_by=(AttemptRow.student, AttemptRow.number),
        order_by=(AttemptRow.graded_at.desc(), AttemptRow.id.desc()),
    )
    ranked = select(AttemptRow.id, rank.label("rank")).where(AttemptRow.assignment == assignment)
    if student is not None:
        ranked = ranked.where(AttemptRow.student == student)
    found = ranked.subquery()
    return select(found.c.id).where(found.c.rank == 1)


def in_pages(session: Session, ids: Sequence[int]) -> Iterator[Attempt]:
    """The attempts with these numbers of rows, in this order."""
    for start in range(0, len(ids), PAGE):
        yield from page(session, ids[start : start + PAGE])


def page(session: Session, ids: Sequence[int]) -> list[Attempt]:
    """A few attempts, in the order of their numbers of rows."""
    found = {row.id: row for row in session.execute(_ATTEMPTS.where(AttemptRow.id.in_(ids)))}
    questions = _questions(session, ids)
    return [rows.attempt_of(found[one], tuple(questions[one])) for one in ids]


def _questions(session: Session, ids: Sequence[int]) -> dict[int, list[QuestionResult]]:
    tests = _tests(session, ids)
    found: dict[int, list[QuestionResult]] = defaultdict(list)
    for row in session.execute(_QUESTIONS.where(QuestionRow.attempt_id.in_(ids))):
        found[row.attempt_id].append(rows.question_of(row, tuple(tests[row.id])))
    return found


def _tests(session: Session, ids: Sequence[int]) -> dict[int, list[TestResult]]:
    found: dict[int, list[TestResult]] = defaultdict(list)
    row: Row[Any]
    for row in session.execute(_TESTS.where(QuestionRow.attempt_id.in_(ids))):
        found[row.question_id].append(rows.test_of(row))
    return found
