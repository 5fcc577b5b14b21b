"""Each assertion of hidden tests fails with a diagnosis, and notes what it saw."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from grader import harness
from grader.harness.outcome import Mismatch, ReferenceFailed, Watch, current_watch
from grader.harness.proxies import Proxy, RemoteFunction
from grader.harness.student import Student
from tests.fakes import FakeSession


def student(**functions: Any) -> Student:
    return Student(FakeSession(functions), Watch(), Counter())


def reference(**functions: Any) -> Proxy:
    return Proxy(FakeSession(functions))


def function(answer: Any) -> RemoteFunction:
    return student(f=answer).f


def test_an_assertion_is_imported_from_the_harness() -> None:
    """Hidden tests need one import line."""
    assert all(callable(getattr(harness, name)) for name in harness.__all__)


def test_a_match_passes_up_to_rounding() -> None:
    """An answer 1e-12 away is right."""
    expected = reference(f=lambda x: 2 * x).f

    harness.assert_matches(function(lambda x: 2 * x + 1e-12), expected, np.ones(3))


def test_a_mismatch_says_what_happened() -> None:
    """A wrong answer raises a failure with its diagnosis."""
    with pytest.raises(Mismatch) as caught:
        harness.assert_matches(
            function(lambda x: x), reference(f=lambda x: 2 * x).f, np.arange(3.0)
        )

    assert "input, unchanged" in caught.value.diagnosis.happened


def test_both_sides_draw_from_the_same_state() -> None:
    """A generator handed to student and reference gives both the same numbers, and moves on."""

    def draw(rng: np.random.Generator) -> Any:
        return rng.normal(size=3)

    rng = np.random.default_rng(1)

    harness.assert_matches(function(draw), reference(f=draw).f, rng)

    twin = np.random.default_rng(1)
    twin.normal(size=3)
    assert rng.normal() == twin.normal()


def test_a_call_with_a_generator_is_not_observed() -> None:
    """Another order of random draws is legitimate, so such answers are no evidence."""
    watch = Watch()
    proxy = Student(FakeSession({"f": lambda rng: rng.normal()}), watch, Counter())

    proxy.f(np.random.default_rng(1))

    assert watch.observations == []


def test_what_the_reference_cannot_answer_is_not_the_students_failure() -> None:
    """A reference that raises is the course's mistake."""
    with pytest.raises(ReferenceFailed, match="reference's f raised ZeroDivisionError"):
        reference(f=lambda x: 1 / x).f(0)


def test_a_value_is_compared_under_its_name() -> None:
    """The diagnosis says which value is meant."""
    with pytest.raises(Mismatch, match=r"(?i)the mean"):
        harness.assert_close(2.5, 1.5, "the mean")


@pytest.mark.parametrize("value", [np.ones((3, 2)), "text", None], ids=["array", "str", "None"])
def test_another_shape_fails(value: Any) -> None:
    """An array of another shape, or no array at all, is not of the shape."""
    with pytest.raises(Mismatch):
        harness.assert_shape(value, (2, 3))


def test_a_number_has_the_shape_of_a_number() -> None:
    """A Python number counts as an array without axes."""
    harness.assert_shape(1.5, ())


def test_a_statistic_is_observed_with_its_width() -> None:
    """What a random answer was like is kept, with the width within which it counts as the same."""
    watch = Watch()
    token = current_watch.set(watch)

    harness.assert_statistic(0.61, 0.6, 0.05, "the share of kept units")

    current_watch.reset(token)
    assert [(seen.value, seen.tolerance) for seen in watch.observations] == [(0.61, 0.05)]


@pytest.mark.parametrize("got", [0.3, float("nan"), "text"], ids=["far", "nan", "str"])
def test_a_statistic_out_of_its_bound_fails(got: Any) -> None:
    """Chance does not explain it, or it is no number."""
    with pytest.raises(Mismatch, match="The share of kept units is"):
        harness.assert_statistic(got, 0.6, 0.05, "the share of kept units")


def refuse(x: Any) -> None:
    raise ValueError("no")


def test_the_asked_exception_passes() -> None:
    """A function that refuses its arguments as asked is right."""
    harness.assert_raises(function(refuse), ValueError, 1)


@pytest.mark.parametrize("answer", [lambda x: x, lambda x: 1 / 0], ids=["returns", "other"])
def test_another_way_of_ending_fails(answer: Any) -> None:
    """Neither an answer nor another exception is the asked one."""
    with pytest.raises(Mismatch):
        harness.assert_raises(function(answer), ValueError, 1)


def test_another_exception_is_told_which_was_asked_for() -> None:
    """The sentence names the exception that the test asks for."""
    with pytest.raises(Mismatch, match="ValueError is expected for these arguments"):
        harness.assert_raises(function(lambda x: 1 / 0), ValueError, 1)


def add_in_place(x: Any, y: Any) -> Any:
    y += x
    return y


def test_an_argument_changed_in_place_fails_and_is_named() -> None:
    """The caller's arrays are not the function's to change."""
    with pytest.raises(Mismatch, match="f changed argument 2 in place"):
        harness.assert_untouched(function(add_in_place), np.ones(2), np.ones(2))


def test_arguments_left_alone_pass() -> None:
    """A function that makes new arrays is right."""
    harness.assert_untouched(function(lambda x, y: x + y), np.ones(2), y=np.ones(2))


def test_a_failure_in_the_courses_own_words_is_the_diagnosis() -> None:
    """`fail` hands its three sentences to the student."""
    with pytest.raises(Mismatch) as caught:
        harness.fail("It rains.", "Sun.", "An umbrella.")

    assert caught.value.diagnosis.try_ == "An umbrella."
