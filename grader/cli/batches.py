"""Many submissions: what `grade` does with a class, and what `regrade` does with a gradebook."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from grader.batch.interrupt import Stop, stop_on_interrupt
from grader.batch.jobs import Handed, Isolation, Sandbox, Setup
from grader.batch.ledger import (
    Book,
    Course,
    Ledger,
    Sorted,
    jobs_of,
    problems_of,
    sort_out,
)
from grader.batch.outcome import Outcome
from grader.batch.pools import open_pool, sensible_workers
from grader.batch.run import Pool, run_batch
from grader.cli.app import INTERRUPTED, NEEDS_A_PERSON, announce
from grader.cli.class_files import ClassFiles
from grader.cli.grading import exit_code
from grader.course import Assignment
from grader.gradebook.grades import Attempt
from grader.report import document, terminal
from grader.report.profile import Profile
from grader.roster import Student
from grader.sandbox import software


@dataclass(frozen=True)
class Workers:
    """Where and how submissions run."""

    sandbox: Sandbox
    isolation: Isolation
    number: int | None
    executor: str | None

    def image(self, task: Assignment) -> str:
        """What identifies the software that they run in; says what is missing."""
        image, missing = software(self.sandbox, task.runtime, announce)
        for sentence in missing:
            announce(sentence)
        return image

    def setup(self, task: Assignment, image: str, stamp: str = "", *, pages: bool = False) -> Setup:
        """What each worker opens."""
        return Setup(task, self.sandbox, self.isolation, image, pages, stamp)

    @contextmanager
    def open(self, task: Assignment, jobs: int) -> Iterator[Pool]:
        """The workers for so many jobs."""
        with open_pool(self.executor, self.number or sensible_workers(task, jobs)) as pool:
            yield pool


def grade_many(
    task: Assignment,
    files: ClassFiles,
    where: Workers,
    gradebook: str | None,
    json_file: Path | None,
    feedback: Path | None,
    profile: Profile | None = None,
) -> int:
    """Grade what has no result yet, keep each result as it comes, and show all; the exit code."""
    handed = files.handed
    image = where.image(task)
    outcome = Outcome(task, handed, feedback)
    with ExitStack() as stack:
        book = _opened(gradebook, files.roster, stack)
        course = Course.of(task, image) if book else None
        found = _sorted(handed, course, book, outcome)
        ledger = Ledger(book, course) if book and course else None
        stop = stack.enter_context(stop_on_interrupt(announce))
        stamp = course.stamp if course else ""
        setup = where.setup(task, image, stamp, pages=feedback is not None)
        run = Run(where, setup, stop, ledger, outcome, profile)
        graded = _grade_new(found.new, run) if found.new else 0
    if json_file:
        document.write_json(json_file, document.document(task.name, image, outcome.whole()))
    terminal.show(task, outcome.results)
    if profile:
        terminal.show_profile(task, profile)
    if index := outcome.write_index():
        typer.echo(f"Feedback pages: {index}")
    if graded < len(found.new):
        left = len(found.new) - graded
        announce(f"Interrupted: {left} of {len(handed)} submissions were not graded.")
        return INTERRUPTED
    return max(exit_code(outcome.results), NEEDS_A_PERSON if files.unmatched else 0)


def _opened(gradebook: str | None, roster: Sequence[Student], stack: ExitStack) -> Book | None:
    if gradebook is None:
        return None
    from grader.gradebook.store import open_gradebook

    book = stack.enter_context(open_gradebook(gradebook))
    book.put_students(roster)
    return book


def _sorted(
    handed: Sequence[Handed], course: Course | None, book: Book | None, outcome: Outcome
) -> Sorted:
    """What is new; the kept results of the others go into the outcome."""
    if book is None or course is None:
        return Sorted(new=tuple(handed))
    found = sort_out(handed, course, book.known(course.assignment.name))
    if found.done or found.older:
        _put_kept((*found.done, *found.older), course, book, outcome)
        before = len(found.done) + len(found.older)
        announce(f"{before} of {len(handed)} were graded before.")
    if found.older:
        announce(
            f"{len(found.older)} of them with an earlier state of the course, image or grader; "
            f"what would change is shown by: grader regrade {course.assignment.name}"
        )
    return found


def _put_kept(
    kept: Iterable[tuple[Handed, str]], course: Course, book: Book, outcome: Outcome
) -> None:
    latest: dict[tuple[str, str], Attempt] = {}
    for attempt in book.current(course.assignment.name):
        latest[attempt.key.student, attempt.key.notebook] = attempt
    for one, mark in kept:
        if (one.student, mark) in latest:
            outcome.put(one, latest[one.student, mark].result)


@dataclass(frozen=True)
class Run:
    """What grades the new ones, and who wants to know of each result."""

    where: Workers
    setup: Setup
    stop: Stop
    ledger: Ledger | None
    outcome: Outcome
    profile: Profile | None


def _grade_new(new: Sequence[Handed], run: Run) -> int:
    graded = 0
    with run.where.open(run.setup.assignment, len(new)) as pool:
        results = itertools.chain(
            problems_of(new, run.setup.assignment),
            run_batch(jobs_of(new), pool, run.setup, stopped=run.stop),
        )
        for done in terminal.watch(results, len(new), lambda done: done.result.status):
            for sentence in done.said:
                announce(sentence)
            handed = new[done.job.number]
            # The page comes first: who is killed between the two grades this file again, and a
            # result that is kept has never the page of an earlier one.
            run.outcome.put(handed, done.result, done.page)
            if run.ledger:
                run.ledger.record(handed, done)
            if run.profile:
                run.profile.add(done.result)
            graded += 1
    return graded
