"""Assertions of translated tests: the course's own comparison decides, and is explained."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from grader.harness.imported import assert_explained, assert_holds, assert_raises_kind
from grader.harness.outcome import Mismatch
from tests.unit.harness.test_assertions import student


@pytest.mark.parametrize(
    ("predicate", "got", "expected"),
    [
        (operator.eq, 4, 4.0),
        (operator.eq, [1, 2], [1, 2]),
        (operator.eq, 0.1 + 0.2, 0.3),
        (operator.eq, np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        (np.allclose, np.array([1.0]), [1.0]),
    ],
)
def test_what_the_course_accepts_passes(predicate, got, expected):
    """Also an integer for a real, and a difference by rounding alone."""
    assert_holds(predicate, got, expected)


@pytest.mark.parametrize(
    ("predicate", "got", "expected"),
    [
        (operator.eq, 5, 4),
        (operator.eq, None, 4),
        (operator.eq, "4", 4),
        (np.allclose, np.array([1.1]), [1.0]),
        (np.allclose, "text", [1.0]),
        (np.allclose, None, 1.0),
    ],
)
def test_what_the_course_refuses_fails_with_a_diagnosis(predicate, got, expected):
    """Whatever the value is, the failure says what it was."""
    with pytest.raises(Mismatch) as caught:
        assert_holds(predicate, got, expected)

    assert caught.value.diagnosis.happened


def test_a_narrow_tolerance_of_the_course_counts():
    """What our own rule would accept fails where the course asks for more."""
    with pytest.raises(Mismatch) as caught:
        assert_holds(np.allclose, 1.0 + 1e-9, 1.0, rtol=1e-12, atol=0)

    assert "near" in caught.value.diagnosis.happened


def test_an_assertion_of_numpys_is_explained():
    """Its own words show the expected values; ours say how the two differ."""
    with pytest.raises(Mismatch) as caught:
        assert_explained(np.testing.assert_allclose, np.array([1.0, 3.0]), [1.0, 2.0])

    assert "ACTUAL" not in caught.value.diagnosis.happened


def raising(exception: Exception):
    def function(*_):
        raise exception

    return student(f=function).f


def test_an_exception_of_the_kind_is_right():
    """As `except LookupError` catches a KeyError."""
    assert_raises_kind(raising(KeyError("x")), LookupError, 1)


@pytest.mark.parametrize("exception", [TypeError("no"), NotImplementedError("f: your turn")])
def test_another_exception_and_the_stub_are_wrong(exception):
    """A stub raises too, and earns nothing."""
    with pytest.raises(Mismatch):
        assert_raises_kind(raising(exception), ValueError, 1)


def test_a_stub_is_wrong_where_any_exception_would_do():
    """NotImplementedError is a RuntimeError, but says that nothing was written."""
    with pytest.raises(Mismatch):
        assert_raises_kind(raising(NotImplementedError("f: your turn")), RuntimeError, 1)
