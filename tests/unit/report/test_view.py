"""Rules for what a result says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.records import Diagnosis, Status
from grader.report.view import State, failures, mistakes, person_reasons, state, summary
from tests.unit.report import builders


@pytest.mark.parametrize(
    ("score", "status", "untouched", "expected"),
    [
        (10.0, Status.GRADED, False, State.FULL),
        (3.0, Status.GRADED, False, State.PARTIAL),
        (0.0, Status.GRADED, False, State.WRONG),
        (0.0, Status.GRADED, True, State.UNTOUCHED),
        (10.0, Status.GRADED, True, State.FULL),
        (None, Status.GRADED, False, State.PERSON),
        (0.0, Status.NEEDS_ATTENTION, True, State.PERSON),
        (None, Status.GRADER_ERROR, False, State.ERROR),
    ],
)
def test_a_question_stands_in_one_state(score, status, untouched, expected):
    """Points decide, unless a person must look or the fault is ours."""
    question = builders.question("conv2d", 10.0, score=score, status=status)

    assert state(question, ("conv2d",) if untouched else ()) is expected


def test_named_mistakes_come_first_and_are_told_once():
    """Other numbers under other inputs are still the same mistake."""
    again = replace(builders.BIAS, happened="other numbers")
    tests = [
        builders.hidden_test("a", "conv2d", False, diagnosis=Diagnosis("odd")),
        builders.hidden_test("b", "conv2d", False, diagnosis=builders.BIAS),
        builders.hidden_test("c", "conv2d", False, diagnosis=again, title="Another sentence."),
        builders.hidden_test("d", "conv2d", True),
    ]

    named, odd = failures(tests)

    assert (named.mistake, named.count) == ("bias per channel", 2)
    assert named.titles == (builders.PRINCIPLE, "Another sentence.")
    assert odd.diagnosis.happened == "odd"


def test_what_could_not_be_tried_is_not_called_failed():
    """Not tried is a reason of its own."""
    (failure,) = failures([builders.hidden_test("a", "conv2d", None)])

    assert failure.tried is False
    assert failure.diagnosis.happened == "This could not be tried."


def test_what_passed_with_the_reference_is_no_failure():
    """The mistake was paid for in the earlier question."""
    assert failures([builders.hidden_test("a", "conv2d", False, with_reference=True)]) == ()


def test_mistakes_are_counted_by_student():
    """A mistake seen by four tests of one student counts once."""
    counted = mistakes([builders.mistaken(), builders.mistaken(), builders.submission()])

    assert counted[0] == ("conv2d", "bias_per_channel", 2)


def test_a_flag_is_a_reason_even_beside_a_score():
    """Tampering: the honest score stands beside the reason to look."""
    made = replace(builders.submission(), status=Status.NEEDS_ATTENTION, flags=("tampered",))

    assert person_reasons(made) == ("Flagged: tampered.",)


def test_the_summary_leaves_out_what_has_no_score():
    """The mean is over the scores that there are."""
    results = [builders.submission(), builders.unreadable()]

    assert summary(results) == "1 graded, 1 needs a person, mean 62 of 62, 0.4 s each"
