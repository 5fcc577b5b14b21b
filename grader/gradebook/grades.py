"""The frozen values that the gradebook gives out: attempts, and one final grade per student."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grader.records import Status, SubmissionResult
from grader.roster import Student


@dataclass(frozen=True)
class ResultKey:
    """What a result depends on: with all of it the same, it is not graded again (DESIGN §8)."""

    assignment: str
    student: str
    notebook: str  # sha256 of the file
    course: str  # sha256 of tests, reference and settings
    image: str  # digest
    grader: str  # version of this program


@dataclass(frozen=True)
class Attempt:
    """One handed-in file and its result. Attempts are never changed, only added.

    `result` has no program and no execution. A regrade adds a new attempt with the same
    `number` and a later `graded_at`. `digests` says by question what its result depends on, so
    that a changed course grades again only what it touches.
    """

    key: ResultKey
    number: int
    result: SubmissionResult
    graded_at: datetime
    submitted_at: datetime | None = None
    late: timedelta | None = None
    origin: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)


class State(enum.StrEnum):
    """Where a student stands. Only `GRADED` has a score that may be exported."""

    GRADED = "graded"
    NEEDS_ATTENTION = "needs_attention"
    GRADER_ERROR = "grader_error"
    MISSING = "missing"  # nothing was handed in
    EXCUSED = "excused"


@dataclass(frozen=True)
class QuestionGrade:
    """One question of a final grade. `by` is who decided: "tests", or the person's name."""

    name: str
    title: str
    status: Status
    score: float | None
    max_score: float
    by: str = "tests"
    comment: str = ""
    counts: bool = True  # False where the course has dropped the question


@dataclass(frozen=True)
class FinalGrade:
    """The row of one student: what counts after overrides, lateness, extra credit and drops.

    `score` is None wherever it is not known; `raw` is the score before penalties. `reasons` says
    in one sentence each what moved the score or why a person must look. `attempt` is the one that
    counts, None where nothing was handed in; `free_days` the late days of the student's that it
    uses up.
    """

    student: Student
    state: State
    score: float | None
    max_score: float
    raw: float | None = None
    questions: tuple[QuestionGrade, ...] = ()
    reasons: tuple[str, ...] = ()
    comment: str = ""
    attempt: Attempt | None = None
    attempts: int = 0
    late: timedelta | None = None
    free_days: int = 0
