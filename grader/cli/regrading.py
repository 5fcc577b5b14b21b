"""What `regrade` does with a gradebook: run what is touched, show it, ask, keep it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import typer

from grader.batch.interrupt import stop_on_interrupt
from grader.batch.ledger import Book, Course
from grader.batch.regrade import Revised, Revision, attempt_of, revise, revisions
from grader.batch.spool import Spool
from grader.cli.app import INTERRUPTED, NEEDS_A_PERSON, announce
from grader.cli.batches import Workers
from grader.course import Assignment
from grader.errors import UsageError
from grader.gradebook.grades import Attempt
from grader.records import Status
from grader.report import terminal
from grader.report.changes import Change, change_of


def regrade_kept(
    task: Assignment,
    where: Workers,
    gradebook: str,
    questions: Collection[str] | None,
    *,
    yes: bool,
) -> int:
    """Grade again what the course touches, show what changes, and keep it when told; exit code."""
    from grader.gradebook.store import open_gradebook

    course = Course.of(task, where.image(task))
    with open_gradebook(gradebook, create=False) as book, Spool[Attempt]() as kept:
        attempts = book.current(task.name)
        found = tuple(revisions(attempts, course, questions))
        if not attempts:
            raise UsageError(f"{gradebook} has no results of {task.name}: grade something first.")
        if not found:
            of = f" of {', '.join(questions)}" if questions else ""
            announce(f"All {len(attempts)} results{of} are those of the course as it stands.")
            return 0
        _say_what_runs(found, len(attempts))
        changes = _revise(found, course, book, where, kept)
        if changes is None:
            announce("Interrupted: nothing was changed.")
            return INTERRUPTED
        terminal.show_changes(changes)
        if not _confirmed(len(kept), yes=yes):
            return NEEDS_A_PERSON
        for attempt in kept:
            book.record(attempt)
    typer.echo(f"Kept {len(changes)} new results beside the earlier ones.")
    return 0


def _say_what_runs(found: Sequence[Revision], total: int) -> None:
    questions = dict.fromkeys(name for revision in found for name in revision.touched)
    announce(f"{len(found)} of {total} results are touched: {', '.join(questions) or 'points'}.")
    whole = sum(revision.runs is None for revision in found)
    none = sum(revision.runs_nothing for revision in found)
    parts = len(found) - whole - none
    announce(f"{parts} run in part, {whole} as a whole, {none} not at all (points alone).")


def _revise(
    found: Sequence[Revision], course: Course, book: Book, where: Workers, kept: Spool[Attempt]
) -> list[Change] | None:
    """The changes, with the attempts that make them on disk; None when interrupted."""
    setup = where.setup(course.assignment, course.image, course.stamp)
    changes, seen = [], 0
    with stop_on_interrupt(announce) as stop, where.open(course.assignment, len(found)) as pool:
        revised = revise(found, book, pool, setup, stop)
        for one in terminal.watch(revised, len(found), _status, what="Regrading"):
            seen += 1
            attempt = attempt_of(one, course)
            if attempt is None:
                announce(_left(one))
                continue
            kept.put(attempt)
            before = one.revision.attempt
            key = before.key.student
            changes.append(change_of(key, before.number, before.result, attempt.result))
    if seen < len(found):
        return None
    return sorted(changes, key=lambda change: (change.student, change.number))


def _status(revised: Revised) -> Status:
    return revised.result.status if revised.result else Status.NEEDS_ATTENTION


def _left(revised: Revised) -> str:
    from grader.intake import display_name

    student = display_name(revised.revision.attempt.key.student)
    if revised.result is None:
        return f"{student} keeps the earlier result: the gradebook does not have the notebook."
    return f"{student} keeps the earlier result: {revised.result.notes[-1]}"


def _confirmed(count: int, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        announce("Nothing was changed: run the same with --yes to keep the new results.")
        return False
    if typer.confirm(f"Keep these {count} new results? The earlier ones stay readable."):
        return True
    announce("Nothing was changed.")
    return False
