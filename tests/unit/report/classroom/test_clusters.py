"""Wrong answers are the same mistake where the same tests failed and saw the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from grader.gradebook.grades import Attempt, FinalGrade, ResultKey, State
from grader.records import Diagnosis
from grader.report.classroom.clusters import clusters
from grader.roster import Student
from tests.unit.report import builders


def grade(key: str, *seen: str, said: Diagnosis = builders.BIAS, untouched: bool = False):
    """A student whose conv2d failed one test for each fingerprint."""
    tests = tuple(
        builders.hidden_test(f"test[{n}]", "conv2d", False, diagnosis=said, observed=one)
        for n, one in enumerate(seen)
    )
    passed = builders.hidden_test("test_ok", "conv2d")
    made = builders.with_questions(
        builders.submission(key), builders.question("conv2d", 16, tests=(*tests, passed))
    )
    made = replace(made, untouched=("conv2d",) if untouched else ())
    attempt = Attempt(
        ResultKey("layers", key, made.sha256, "c", "i", "0"),
        1,
        made,
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    return FinalGrade(Student(key), State.GRADED, 1.0, 62.0, attempt=attempt)


NEW = Diagnosis("the last row was left out.")


def test_the_same_observations_are_one_mistake():
    """Students who observed the same stand together, the largest group first."""
    found = clusters("conv2d", [grade("a", "x"), grade("b", "y"), grade("c", "y")])

    assert [one.students for one in found] == [("b", "c"), ("a",)]


def test_a_known_mistake_gives_its_name():
    """A cluster is called by the misconception of its tests."""
    (found,) = clusters("conv2d", [grade("a", "x", "z")])

    assert found.name == "bias_per_channel"
    assert (found.failed, found.tests, found.lost) == (2, 3, 4.0)


def test_a_new_mistake_has_no_name_but_words():
    """What nobody has written down yet is shown with what happened."""
    (found,) = clusters("conv2d", [grade("a", "x", said=NEW), grade("b", "x", said=NEW)])

    assert found.name == ""
    assert found.happened == "the last row was left out."


def test_another_test_that_failed_is_another_mistake():
    """The set of failed tests counts, not only what they saw."""
    assert len(clusters("conv2d", [grade("a", "x"), grade("b", "x", "x")])) == 2


def test_without_fingerprints_the_words_tell_apart():
    """Old results have no fingerprint; what they say is the next best."""
    found = clusters("conv2d", [grade("a", ""), grade("b", "", said=NEW), grade("c", "", said=NEW)])

    assert [one.students for one in found] == [("b", "c"), ("a",)]


def test_the_stub_and_right_answers_are_no_mistakes():
    """Who has not filled in, handed in nothing, or is right, stands in no cluster."""
    absent = FinalGrade(Student("n"), State.MISSING, None, 62.0)

    assert clusters("conv2d", [grade("a", "x", untouched=True), grade("b"), absent]) == ()
