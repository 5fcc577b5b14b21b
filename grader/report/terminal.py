"""What the commands print: results, progress, and how an assignment or a machine stands."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course import Assignment
from grader.records import SubmissionResult
from grader.report.boundaries import show_tried
from grader.report.changes import Change, print_changes
from grader.report.checks import show_checks, show_verification
from grader.report.console import make_console
from grader.report.profile import Profile
from grader.report.progress import busy, watch
from grader.report.table import print_class, print_submission

__all__ = [
    "busy",
    "show",
    "show_changes",
    "show_checks",
    "show_profile",
    "show_tried",
    "show_verification",
    "watch",
]


def show(assignment: Assignment, results: Sequence[SubmissionResult]) -> None:
    """The class table; a single submission in detail."""
    console = make_console()
    if len(results) == 1:
        print_submission(console, assignment, results[0])
    else:
        print_class(console, assignment, results)


def show_changes(changes: Sequence[Change]) -> None:
    """What a regrade changes."""
    print_changes(make_console(), changes)


def show_profile(assignment: Assignment, profile: Profile) -> None:
    """Where the time went."""
    profile.show(make_console(), assignment)
