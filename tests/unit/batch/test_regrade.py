"""Which kept results a changed course touches, and what of them runs again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import __version__
from grader.batch.ledger import Course
from grader.batch.regrade import Revised, Revision, attempt_of, revisions
from grader.course import Assignment
from grader.gradebook.grades import Attempt
from grader.harness.weights import reweigh
from grader.records import QuestionResult, Status, SubmissionResult, TestResult
from tests.classes import make_course

OLD = {"double": "d1", "shift": "s1"}


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return make_course(tmp_path)


def course(assignment: Assignment, digests: Mapping[str, str], image: str = "image") -> Course:
    return Course(assignment, image, digests)


def attempt(assignment: Assignment, *failed: str, digests: Mapping[str, str] = OLD) -> Attempt:
    questions = tuple(
        QuestionResult(
            name,
            name,
            Status.GRADED,
            0.0 if name in failed else points,
            points,
            (TestResult(f"test_{name}", name, "-", name not in failed, max_score=points),),
        )
        for name, points in (("double", 60.0), ("shift", 30.0))
    )
    score = sum(question.score or 0.0 for question in questions)
    result = SubmissionResult("ada", "ada.ipynb", "0", Status.GRADED, score, 90.0, questions)
    key = course(assignment, digests).key("ada", "n1")
    return Attempt(key, 1, result, datetime(2026, 1, 1, tzinfo=UTC), digests=digests)


def found(kept: Attempt, now: Course, only: tuple[str, ...] | None = None) -> Revision | None:
    listed = list(revisions([kept], now, only))
    return listed[0] if listed else None


def test_an_unchanged_course_touches_nothing(assignment):
    """There is nothing to do."""
    assert found(attempt(assignment), course(assignment, OLD)) is None


def test_only_the_touched_question_runs(assignment):
    """What builds on nothing that changed stays as it is."""
    revision = found(attempt(assignment), course(assignment, {**OLD, "shift": "s2"}))

    assert revision is not None
    assert (revision.touched, revision.runs) == (("shift",), ("shift",))


@pytest.mark.parametrize(("failed", "runs"), [((), ("double",)), (("shift",), None)])
def test_who_did_not_earn_a_follower_alone_has_it_tried_again(assignment, failed, runs):
    """Shift follows double; who has it right by itself keeps it. All that there is: the whole."""
    revision = found(attempt(assignment, *failed), course(assignment, {**OLD, "double": "d2"}))

    assert revision is not None
    assert revision.touched == ("double",)
    assert revision.runs == runs


def test_what_was_graded_before_digests_were_kept_runs_as_a_whole(assignment):
    """Nothing is known of it."""
    revision = found(attempt(assignment, digests={}), course(assignment, OLD))

    assert revision is not None
    assert revision.runs is None


def test_another_course_with_the_same_digests_runs_nothing(assignment):
    """The points have changed."""
    kept = attempt(assignment)
    questions = tuple(q.model_copy(update={"points": 10.0}) for q in assignment.questions)
    other = assignment.model_copy(update={"questions": questions})

    revision = found(kept, course(other, OLD))

    assert revision is not None
    assert revision.runs_nothing
    assert reweigh(kept.result, other).score == 20.0


def test_a_fault_of_ours_is_tried_again_as_a_whole(assignment):
    """There is no result to keep anything of."""
    kept = attempt(assignment)
    kept = replace(kept, result=replace(kept.result, status=Status.GRADER_ERROR))

    revision = found(kept, course(assignment, OLD))

    assert revision is not None
    assert revision.runs is None


def test_a_named_question_leaves_the_others_to_be_done(assignment):
    """The new result is of the new tests of one question and the old ones of the other."""
    new = {"double": "d2", "shift": "s2"}
    revision = found(attempt(assignment), course(assignment, new), ("shift",))

    assert revision is not None
    assert revision.digests == {"double": "d1", "shift": "s2"}
    kept = attempt_of(Revised(revision, revision.attempt.result), course(assignment, new))
    assert kept is not None
    assert found(kept, course(assignment, new), ("shift",)) is None
    left = found(kept, course(assignment, new))
    assert left is not None
    assert left.touched == ("double",)


def test_an_unreadable_file_stays_so(assignment):
    """No change of the course makes a notebook of it."""
    kept = attempt(assignment)
    kept = replace(kept, result=replace(kept.result, questions=(), score=None))

    revision = found(kept, course(assignment, {"double": "d2", "shift": "s2"}))

    assert revision is not None
    assert revision.runs_nothing
    assert kept.key.grader == __version__


def test_what_our_machine_failed_again_is_not_kept(assignment):
    """The earlier result stays."""
    revision = found(attempt(assignment), course(assignment, {**OLD, "shift": "s2"}))
    assert revision is not None
    failed = replace(revision.attempt.result, status=Status.GRADER_ERROR)

    assert attempt_of(Revised(revision, failed), course(assignment, OLD)) is None
    assert attempt_of(Revised(revision, None), course(assignment, OLD)) is None
