"""The tables of a gradebook. A change here needs a migration, and a test says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from grader.gradebook.columns import AnyText, Finite, Moment, Record, Span, Words


class Table(DeclarativeBase):
    """What all tables share: names of constraints, and the column type of each Python type."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own attribute)
        str: AnyText(),
        float: Finite(),
        datetime: Moment(),
        timedelta: Span(),
        tuple[str, ...]: Words(),
        Mapping[str, str]: Record(),
        Mapping[str, float]: Record(),
    }


class StudentRow(Table):
    """One student of the roster."""

    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    section: Mapped[str]
    group: Mapped[str]
    ids: Mapped[Mapping[str, str]]


class NotebookRow(Table):
    """One handed-in file, compressed, once however often it was graded."""

    __tablename__ = "notebooks"

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AttemptRow(Table):
    """One graded file: its key, where it came from, and the result as a whole."""

    __tablename__ = "attempts"
    __table_args__ = (
        # A fault of the machine is kept too, but must not stand in the way of another try.
        Index(
            "uq_attempts_key",
            "key",
            unique=True,
            sqlite_where=text("status <> 'grader_error'"),
            postgresql_where=text("status <> 'grader_error'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)  # a hash over the next six: names may be long
    assignment: Mapped[str] = mapped_column(index=True)
    student: Mapped[str]
    notebook: Mapped[str]
    course: Mapped[str]
    image: Mapped[str]
    grader: Mapped[str]
    number: Mapped[int] = mapped_column(BigInteger)  # it may come from a file's name
    graded_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    late: Mapped[timedelta | None]
    origin: Mapped[str]
    digests: Mapped[Mapping[str, str]]
    shown_as: Mapped[str]  # the student's name in the result
    file: Mapped[str]
    sha256: Mapped[str]  # empty where the file could not be read
    status: Mapped[str]
    score: Mapped[float | None]
    max_score: Mapped[float]
    flags: Mapped[tuple[str, ...]]
    notes: Mapped[tuple[str, ...]]
    untouched: Mapped[tuple[str, ...]]
    seconds: Mapped[float]
    questions: Mapped[list[QuestionRow]] = relationship(order_by="QuestionRow.position")


class QuestionRow(Table):
    """One question of a graded file."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("attempt_id", "position"), Index(None, "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    score: Mapped[float | None]
    max_score: Mapped[float]
    note: Mapped[str]
    tests: Mapped[list[TestRow]] = relationship(order_by="TestRow.position")


class TestRow(Table):
    """One hidden test on one answer, and its diagnosis where `happened` is not NULL."""

    __test__ = False  # not a test class of pytest's
    __tablename__ = "tests"
    __table_args__ = (UniqueConstraint("question_id", "position"), Index(None, "misconception"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str]
    passed: Mapped[bool | None]
    weight: Mapped[float]
    happened: Mapped[str | None]
    expected: Mapped[str]
    remedy: Mapped[str]
    misconception: Mapped[str | None]
    with_reference: Mapped[bool]
    observed: Mapped[str]
    seconds: Mapped[float]
    score: Mapped[float]
    max_score: Mapped[float]


class DecisionRow(Table):
    """What a person decided. Rows are only added; a withdrawal is a row too."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(index=True)
    student: Mapped[str]
    question: Mapped[str | None]
    kind: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    score: Mapped[float | None]
    comment: Mapped[str]
    rubric: Mapped[Mapping[str, float]]
