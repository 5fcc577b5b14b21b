"""The gradebook: every attempt and every decision of a class, in one file or on one server.

One transaction per attempt. Nothing is ever changed or deleted but rows of the roster, which are
brought up to date. What counts is worked out from it when it is asked for (`final`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, select, union
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from grader.errors import UsageError
from grader.gradebook import database, reading, rows
from grader.gradebook.decisions import Decision, Kind
from grader.gradebook.faults import place_of, sentence, sentences
from grader.gradebook.grades import Attempt, ResultKey
from grader.gradebook.tables import AttemptRow, DecisionRow, NotebookRow, StudentRow
from grader.records import Status
from grader.roster import Student

PATIENCE = 60.0  # seconds that a locked database is waited for


@contextmanager
def open_gradebook(
    place: str | Path, *, create: bool = True, patience: float = PATIENCE
) -> Iterator[Gradebook]:
    """The gradebook at a path or URL, made or brought up to date where it must be."""
    url = database.address(place)
    if url.get_backend_name() == "sqlite" and not create and not Path(url.database or "").exists():
        raise UsageError(
            f"There is no gradebook {url.database}. Grade something first, or name another one "
            "with --gradebook."
        )
    engine = database.open_engine(url, patience)
    try:
        with sentences(url):
            database.bring_up_to_date(engine)
        yield Gradebook(engine)
    finally:
        engine.dispose()


class Gradebook:
    """An open gradebook. Safe to use from several threads, and from several processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self.place = place_of(engine.url)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with sentences(self._engine.url), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with (
            sentences(self._engine.url),
            Session(self._writer) as session,
            session.begin(),
        ):
            yield session

    def known(self, assignment: str) -> frozenset[ResultKey]:
        """The keys that need not be graded again. A fault of the machine is worth another try."""
        columns = (
            *(AttemptRow.assignment, AttemptRow.student, AttemptRow.notebook),
            *(AttemptRow.course, AttemptRow.image, AttemptRow.grader),
        )
        query = select(*columns).where(
            AttemptRow.assignment == assignment, AttemptRow.status != Status.GRADER_ERROR
        )
        with self._reading() as session:
            return frozenset(ResultKey(*row) for row in session.execute(query))

    def record(self, attempt: Attempt, notebook: bytes = b"") -> bool:
        """Add an attempt, whole or not at all; False when its key was there already."""
        try:
            with Session(self._writer) as session, session.begin():
                return _record(session, attempt, notebook)
        except IntegrityError:  # another process was first, with this key or this notebook
            with self._writing() as session:
                return _record(session, attempt, notebook)
        except SQLAlchemyError as error:
            raise sentence(self._engine.url, error) from error

    def attempts(self, assignment: str) -> Iterator[Attempt]:
        """The whole history in the order in which it was recorded, a page at a time."""
        query = select(AttemptRow.id).where(AttemptRow.assignment == assignment)
        last = 0
        while True:
            following = query.where(AttemptRow.id > last).order_by(AttemptRow.id)
            with self._reading() as session:
                ids = session.scalars(following.limit(reading.PAGE)).all()
                found = reading.page(session, ids)
            yield from found
            if len(ids) < reading.PAGE:
                return
            last = ids[-1]

    def numbers(self, assignment: str) -> Sequence[tuple[str, str, int]]:
        """Student, notebook and number of every attempt, in the order of recording."""
        columns = AttemptRow.student, AttemptRow.notebook, AttemptRow.number
        query = select(*columns).where(AttemptRow.assignment == assignment).order_by(AttemptRow.id)
        with self._reading() as session:
            return [(who, notebook, number) for who, notebook, number in session.execute(query)]

    def current(self, assignment: str, student: str | None = None) -> tuple[Attempt, ...]:
        """The latest grading of each attempt of each student, or of one student."""
        with self._reading() as session:
            ids = session.scalars(reading.newest(assignment, student)).all()
            attempts = [*reading.in_pages(session, ids)]
        return tuple(sorted(attempts, key=lambda one: (one.key.student, one.number)))

    def people(self, assignment: str) -> frozenset[str]:
        """The students of whom there is an attempt or a decision, on the roster or not."""
        queries = [
            select(table.student).where(table.assignment == assignment)
            for table in (AttemptRow, DecisionRow)
        ]
        with self._reading() as session:
            return frozenset(session.scalars(union(*queries)))

    def notebook(self, sha256: str) -> bytes | None:
        """The handed-in file with that hash, None where it was not kept."""
        with self._reading() as session:
            row = session.get(NotebookRow, sha256)
            return zlib.decompress(row.content) if row else None

    def put_students(self, students: Iterable[Student]) -> None:
        """Add to the roster, and bring the rows of those already in it up to date."""
        with self._writing() as session:
            known = {row.key: row for row in session.scalars(select(StudentRow))}
            for student in students:
                row = known.setdefault(student.key, StudentRow())
                rows.fill_student(row, student)
                session.add(row)

    def students(self) -> tuple[Student, ...]:
        """The roster, in the order in which it was first read."""
        with self._reading() as session:
            found = session.scalars(select(StudentRow).order_by(StudentRow.id))
            return tuple(rows.student_of(row) for row in found)

    def override(
        self,
        assignment: str,
        student: str,
        question: str | None,
        score: float,
        who: str,
        *,
        comment: str = "",
    ) -> Decision:
        """A person's score in place of the tests', for one question or for the whole."""
        given = (who, _now(), score, comment)
        return self._decide(Decision(assignment, student, question, Kind.OVERRIDE, *given))

    def mark(
        self,
        assignment: str,
        student: str,
        question: str,
        rubric: Mapping[str, float] | float,
        who: str,
        *,
        comment: str = "",
    ) -> Decision:
        """A person's points by criterion, which add up to the question's score; or that score."""
        criteria, score = _points(rubric)
        given = (who, _now(), score, comment, criteria)
        return self._decide(Decision(assignment, student, question, Kind.MARK, *given))

    def comment(
        self, assignment: str, student: str, question: str | None, comment: str, who: str
    ) -> Decision:
        """A person's words on a question or on the whole, without a score."""
        return self._decide(
            Decision(assignment, student, question, Kind.COMMENT, who, _now(), comment=comment)
        )

    def withdraw(
        self,
        assignment: str,
        student: str,
        question: str | None,
        who: str,
        *,
        kind: Kind = Kind.SCORE_WITHDRAWN,
        comment: str = "",
    ) -> Decision:
        """From now on no score (or comment) that a person gave before counts for this question."""
        return self._decide(
            Decision(assignment, student, question, kind, who, _now(), comment=comment)
        )

    def _decide(self, decision: Decision) -> Decision:
        with self._writing() as session:
            session.add(rows.decision_row(decision))
        return decision

    def decisions(self, assignment: str) -> tuple[Decision, ...]:
        """All decisions, in the order in which they were taken; of a kind the latest counts."""
        query = select(DecisionRow).where(DecisionRow.assignment == assignment)
        with self._reading() as session:
            found = session.scalars(query.order_by(DecisionRow.id))
            return tuple(rows.decision_of(row) for row in found)


def _record(session: Session, attempt: Attempt, notebook: bytes) -> bool:
    if session.scalar(_same(attempt)):
        return False
    if notebook:
        _keep(session, notebook)
    session.add(rows.attempt_row(attempt))
    return True


def _same(attempt: Attempt) -> Select[Any]:
    """The attempt that makes recording this one needless."""
    query = select(AttemptRow.id).where(AttemptRow.key == rows.digest(attempt.key))
    done = AttemptRow.status != Status.GRADER_ERROR
    if attempt.result.status is Status.GRADER_ERROR:
        done |= AttemptRow.graded_at == attempt.graded_at
    return query.where(done).limit(1)


def _keep(session: Session, notebook: bytes) -> None:
    sha256 = hashlib.sha256(notebook).hexdigest()
    if not session.scalar(select(NotebookRow.sha256).where(NotebookRow.sha256 == sha256)):
        session.add(NotebookRow(sha256=sha256, content=zlib.compress(notebook, 6)))


def _points(rubric: Mapping[str, float] | float) -> tuple[Mapping[str, float], float]:
    return (rubric, sum(rubric.values())) if isinstance(rubric, Mapping) else ({}, rubric)


def _now() -> datetime:
    return datetime.now(UTC)
