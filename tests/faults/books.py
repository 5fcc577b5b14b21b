"""What a gradebook holds when everything is left out that differs from run to run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.gradebook.store import open_gradebook
from grader.records import Status, SubmissionResult

Rows = dict[str, list[Any]]


def rows(book: str, assignment: str) -> Rows:
    """Every result that counts, by student. A fault of ours counts only where nothing else does."""
    found: Rows = {}
    faults: Rows = {}
    with open_gradebook(book) as gradebook:
        for attempt in gradebook.attempts(assignment):
            ours = attempt.result.status is Status.GRADER_ERROR
            row = (attempt.key, attempt.number, _timeless(attempt.result))
            (faults if ours else found).setdefault(attempt.key.student, []).append(row)
    return {**faults, **found}


def twice(found: Rows) -> int:
    """How many students have more than one result of the same file."""
    return sum(len({row[0] for row in mine}) < len(mine) for mine in found.values())


def empty(url: str) -> None:
    """Make a PostgreSQL database empty."""
    from sqlalchemy import create_engine, text

    address = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def _timeless(result: SubmissionResult) -> SubmissionResult:
    """Without seconds, and without a word about the container, which is no part of a grade."""
    questions = tuple(
        replace(question, tests=tuple(replace(test, seconds=0.0) for test in question.tests))
        for question in result.questions
    )
    flags = tuple(flag for flag in result.flags if flag != "container_replaced")
    return replace(result, questions=questions, seconds=0.0, flags=flags)
