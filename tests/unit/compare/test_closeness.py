"""When a value counts as right."""

import numpy as np
import pytest

from grader.compare import close

X = np.linspace(-3, 7, 24).reshape(2, 3, 4)


class Opaque:
    """Stands for an object that stayed in the box."""

    type_name = "Layer"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (X + 1e-9, X),
        (X.astype(np.float32), X),
        (3.0, np.array(3.0)),
        (np.float64(3.0), 3.0),
        (np.array(3.0), 3.0),
        (3, np.int64(3)),
        (np.int32(3), 3),
        ([1, 2], (1, 2)),
        ((1, 2), [1, 2]),
        ((X, [2]), [X, (2,)]),
        ({"a": X}, {"a": X}),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
        (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
        (-0.0, 0.0),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (10**40, 10**40),
        (True, np.bool_(True)),
        ("same", "same"),
        (None, None),
        (X.astype(np.float16), X.astype(np.float16)),
        (X + 1j, X + 1j),
        (np.uint8([1, 2]), np.array([1, 2])),
        (np.asfortranarray(X), X),
        (np.longdouble(3), 3.0),
    ],
)
def test_equal_up_to_rounding_is_right(got, expected):
    """Rounding, a narrower dtype, a scalar's form and list for tuple cost nothing."""
    assert close(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (X + 1e-5, X),
        (X.astype(int), X),
        (np.ones(3, int), np.ones(3)),
        (np.ones(3), np.ones(3, int)),
        (3, 3.0),
        (3.0, 3),
        (np.ones(3, bool), np.ones(3)),
        (1, True),
        (X + 0j, X),
        (X[0], X),
        (X.reshape(6, 4), X),
        ((X, X), X),
        ((X,), X),
        (X, (X,)),
        ((1, 2, 3), (1, 2)),
        ({"a": 1, "b": 2}, {"a": 1}),
        (X.tolist(), X),
        (None, X),
        ("3.0", 3.0),
        (X.astype(object), X),
        (np.array(["a"]), np.ones(1)),
        (np.zeros(3, "f8,f8"), np.zeros(3)),
        (Opaque(), X),
        (10**400, 3),
        (10**400, 3.0),
        (float("nan"), 3.0),
        (3.0, float("nan")),
        (np.full_like(X, np.nan), X),
        (np.array([np.inf]), np.array([-np.inf])),
        (np.array([np.inf]), np.array([1e300])),
        (np.array([1e300]), np.array([np.inf])),
    ],
)
def test_another_value_kind_or_arity_is_wrong(got, expected):
    """Values, shapes, kinds of number and the number of outputs must agree."""
    assert not close(got, expected)


def test_an_opaque_object_equals_nothing():
    """An object that did not travel is not even equal to itself: it could be anything."""
    thing = Opaque()

    assert not close(thing, thing)


def test_the_bound_follows_the_scale_of_the_array():
    """An element near 0 may be off by 1e-7 of the largest element."""
    expected = np.array([1000.0, 0.0])

    assert close(np.array([1000.0, 9e-5]), expected)
    assert not close(np.array([1000.0, 2e-4]), expected)


def test_the_scale_floor_is_optional():
    """Rounding near 0 is forgiven, unless exact zeros are asked for."""
    assert close(np.full(3, 1e-17), np.zeros(3))
    assert not close(np.full(3, 1e-17), np.zeros(3), scale_floor=0.0)
    assert not close(np.full(3, 1e-9), np.zeros(3))


def test_single_precision_answers_have_a_wider_bound():
    """float32 instead of float64 counts to 1e-4, float32 against float32 to 2e-5."""
    assert close((X * (1 + 5e-5)).astype(np.float32), X)
    assert not close((X * (1 + 5e-4)).astype(np.float32), X)
    assert not close(X.astype(np.float32) * np.float32(1 + 1e-4), X.astype(np.float32))


def test_a_tolerance_is_an_absolute_difference():
    """Statistics count as equal within their own bound."""
    assert close(0.62, 0.6, tolerance=0.03)
    assert not close(0.64, 0.6, tolerance=0.03)
    assert close((5, 6), (4, 6), tolerance=1)


HOSTILE = [
    None,
    Opaque(),
    "x" * 10_000,
    10**5000,
    -(10**5000),
    float("inf"),
    b"bytes",
    object(),
    {},
    [],
    (),
    {1: {2: [3]}},
    [[[[[[]]]]]],
    np.array([], dtype=np.float64),
    np.zeros((1,) * 32),
    np.zeros(3, "f8,i4"),
    np.array([object()]),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
    np.array(["text"]),
    np.float16(5),
    np.longdouble(5),
    np.full((2, 3, 4), np.nan, dtype=complex),
    np.ma.masked_array([1.0], [True]),
    np.array([[True]]),
    np.iinfo(np.uint64).max,
    range(3),
    iter([]),
    lambda: None,
]


@pytest.mark.parametrize("expected", [X, 3, 3.0, True, (3, X), [1, 2], {"a": X}, "text", None])
def test_hostile_values_are_judged_and_never_raise(expected):
    """Whatever comes back, the comparison says yes or no, and the explanation is a sentence."""
    from grader.compare import explain

    for got in HOSTILE:
        assert close(got, expected) is (got is None and expected is None)
        if not close(got, expected):
            assert explain(got, expected, inputs=(X, got)).happened
