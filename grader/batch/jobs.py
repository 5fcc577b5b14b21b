"""What goes to a worker and what comes back: small values that any executor can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from grader.course import Assignment
from grader.harness.weights import Again
from grader.records import QuestionResult, SubmissionResult, TestResult

Sandbox = Literal["docker", "local"]
Isolation = Literal["fork", "container"]
_Choice = Callable[[tuple[TestResult, ...]], Iterable[TestResult]]


@dataclass(frozen=True)
class Setup:
    """What every worker of a run opens once and keeps warm.

    `image` is what the results are kept under; a worker with another one refuses to grade.
    `course` is the stamp of the course's files; a worker that finds others refuses as well.
    `pages`: whether a feedback page comes with each result.
    """

    assignment: Assignment
    sandbox: Sandbox = "docker"
    isolation: Isolation = "fork"
    image: str = ""
    pages: bool = False
    course: str = ""


@dataclass(frozen=True)
class Handed:
    """A file that a student handed in, as intake found it.

    `student` is the gradebook's key, `label` what its row is called where one student has several.
    Where there is nothing to grade, `problem` says why.
    """

    student: str
    path: Path
    number: int = 1
    submitted_at: datetime | None = None
    late: timedelta | None = None
    origin: str = ""
    label: str = ""
    problem: str = ""

    @property
    def shown(self) -> str:
        """What its row is called."""
        return self.label or self.student


@dataclass(frozen=True)
class Job:
    """One file to grade. Its bytes travel with it, so that what is kept is what was graded.

    `content` is None where the file could not be read or is too large: the worker says so.
    """

    number: int
    student: str
    path: Path
    content: bytes | None = None
    again: Again | None = None


@dataclass(frozen=True)
class Done:
    """The result of a job, without its program, its outputs and what the tests observed."""

    job: Job
    result: SubmissionResult
    page: str | None = None
    said: tuple[str, ...] = ()


def slim(result: SubmissionResult) -> SubmissionResult:
    """The result as it is kept: fingerprints in the place of what was observed."""
    return _with_tests(result, lambda tests: (replace(test, observations=()) for test in tests))


def brief(result: SubmissionResult) -> SubmissionResult:
    """What the table of a class shows: of the tests only those that failed."""
    return _with_tests(
        result,
        lambda tests: (replace(test, observations=()) for test in tests if not test.passed),
    )


def _with_tests(result: SubmissionResult, choose: _Choice) -> SubmissionResult:
    def smaller(question: QuestionResult) -> QuestionResult:
        return replace(question, tests=tuple(choose(question.tests)))

    return replace(
        result,
        questions=tuple(map(smaller, result.questions)),
        program=None,
        execution=None,
    )
