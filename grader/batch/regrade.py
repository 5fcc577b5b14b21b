"""What a changed course touches of the results that are kept, and the new results in their place.

Only the questions that are touched run again, from the notebooks that are kept; a change of points
runs nothing. Nothing is written here: a person first sees what would change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader import __version__
from grader.batch.digests import course_digest
from grader.batch.jobs import Job, Setup
from grader.batch.ledger import Book, Course
from grader.batch.run import Pool, run_batch
from grader.course import Assignment
from grader.gradebook.grades import Attempt
from grader.harness.run import followed
from grader.harness.weights import Again, reweigh
from grader.records import Status, SubmissionResult


@dataclass(frozen=True)
class Revision:
    """A kept result that the course as it stands would have otherwise.

    `touched` are the questions that differ, `runs` those whose tests run again (with the questions
    that build on them), None where the file is graded as a whole.
    """

    attempt: Attempt
    touched: tuple[str, ...]
    runs: tuple[str, ...] | None
    digests: Mapping[str, str]

    @property
    def runs_nothing(self) -> bool:
        """Whether the points alone have changed."""
        return self.runs == ()


@dataclass(frozen=True)
class Revised:
    """A revision and the result that it gave; None where its notebook was not kept."""

    revision: Revision
    result: SubmissionResult | None


def revisions(
    attempts: Iterable[Attempt], course: Course, only: Collection[str] | None = None
) -> Iterator[Revision]:
    """The kept results that are not those of the course as it stands."""
    for attempt in attempts:
        revision = _revision(attempt, course, only)
        new = course_digest(course.assignment, revision.digests)
        same = (new, course.image) == (attempt.key.course, attempt.key.image)
        if not same or attempt.result.status is Status.GRADER_ERROR:
            yield revision


def _revision(attempt: Attempt, course: Course, only: Collection[str] | None) -> Revision:
    touched = {
        name
        for name, digest in course.digests.items()
        if attempt.digests.get(name) != digest and (only is None or name in only)
    }
    kept = {name: digest for name, digest in attempt.digests.items() if name in course.digests}
    digests = {**kept, **{name: course.digests[name] for name in touched}}
    order = [question.name for question in course.assignment.questions]
    return Revision(
        attempt,
        touched=tuple(name for name in order if name in touched),
        runs=_runs(attempt, touched, course.assignment),
        digests=digests,
    )


def _runs(attempt: Attempt, touched: set[str], assignment: Assignment) -> tuple[str, ...] | None:
    graded = {question.name for question in assignment.questions if not question.written}
    if attempt.result.status is Status.GRADER_ERROR:
        return None
    if not attempt.result.questions:  # no notebook; only another grader could read it
        return () if attempt.key.grader == __version__ else None
    again = touched | _followers(attempt.result, touched, assignment)
    if again >= graded:
        return None
    return tuple(q.name for q in assignment.questions if q.name in again & graded)


def _followers(result: SubmissionResult, touched: set[str], assignment: Assignment) -> set[str]:
    """What builds on a touched question and did not earn its points all by itself."""
    leaning = {
        question.name
        for question in result.questions
        if any(not test.passed or test.with_reference for test in question.tests)
    }
    return {
        question.name
        for question in assignment.questions
        if question.name in leaning and followed(assignment, question.name) & touched
    }


def revise(
    found: Iterable[Revision],
    book: Book,
    pool: Pool,
    setup: Setup,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Revised]:
    """Each revision with its new result, as they come."""
    waiting: dict[int, Revision] = {}
    ready: list[Revised] = []

    def jobs() -> Iterator[Job]:
        for number, revision in enumerate(found):
            content = None if revision.runs_nothing else _notebook(revision, book)
            if revision.runs_nothing:
                result = reweigh(revision.attempt.result, setup.assignment)
                ready.append(Revised(revision, result))
            elif content is None:
                ready.append(Revised(revision, None))
            else:
                waiting[number] = revision
                yield _job(number, revision, content)

    for done in run_batch(jobs(), pool, setup, stopped=stopped):
        yield Revised(waiting.pop(done.job.number), done.result)
        yield from ready
        ready.clear()
    yield from ready


def _notebook(revision: Revision, book: Book) -> bytes | None:
    return book.notebook(revision.attempt.key.notebook)


def _job(number: int, revision: Revision, content: bytes) -> Job:
    result, runs = revision.attempt.result, revision.runs
    again = None if runs is None else Again(result, frozenset(runs))
    return Job(number, result.student, Path(result.file), content, again)


def attempt_of(revised: Revised, course: Course) -> Attempt | None:
    """What is to be kept of a revision: nothing where it could not be graded again."""
    old, result = revised.revision.attempt, revised.result
    if result is None or result.status is Status.GRADER_ERROR:
        return None
    key = course.key(old.key.student, old.key.notebook, revised.revision.digests)
    return replace(
        old,
        key=key,
        result=result,
        graded_at=datetime.now(UTC),
        digests=revised.revision.digests,
    )
