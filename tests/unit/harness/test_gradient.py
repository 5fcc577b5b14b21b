"""Gradients are checked by central differences of the reference's forward function."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from grader.harness import gradient_check
from grader.harness.outcome import Mismatch, Watch
from grader.harness.proxies import Proxy
from grader.harness.student import Student
from tests.fakes import FakeSession

RNG = np.random.default_rng(3)
X, W, B = RNG.normal(size=(3, 4)) + 100, RNG.normal(size=(4, 2)), RNG.normal(size=2)
DOUT = RNG.normal(size=(3, 2))


def forward(x: Any, w: Any, b: Any, scale: float = 1.0) -> Any:
    return scale * np.tanh(x @ w / 100) + b


def backward(dout: Any, x: Any, w: Any, scale: float = 1.0) -> Any:
    inner = scale * dout * (1 - np.tanh(x @ w / 100) ** 2) / 100
    return inner @ w.T, x.T @ inner, dout.sum(axis=0)


def check(answer: Any, names: tuple[str, ...] = ("dx", "dw", "db"), **kwargs: Any) -> None:
    student = Student(FakeSession({"backward": answer}), Watch(), Counter())
    reference = Proxy(FakeSession({"forward": forward}))
    gradient_check(
        student.backward, reference.forward, (X, W, B), DOUT, (DOUT, X, W), names=names, **kwargs
    )


def spoiled(index: int, change: Any) -> Any:
    def answer(*args: Any, **kwargs: Any) -> Any:
        gradients = list(backward(*args, **kwargs))
        gradients[index] = change(gradients[index])
        return tuple(gradients)

    return answer


def test_right_gradients_pass() -> None:
    """Analytic gradients agree with differences, also of inputs with a large offset."""
    check(backward)


def test_keywords_reach_both_functions() -> None:
    """A keyword such as the stride goes to the forward and to the backward function."""
    check(backward, scale=3.0)


def test_a_list_of_gradients_passes() -> None:
    """A list in place of a tuple costs nothing."""
    check(lambda *args: list(backward(*args)))


def test_a_single_gradient_needs_no_tuple() -> None:
    """A backward function of one gradient may return it bare."""
    check(lambda *args: backward(*args)[0], names=("dx",))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (spoiled(0, lambda dx: dx / 3), "dx.*1/3 of"),
        (spoiled(1, lambda dw: dw.T), "dw.*shape"),
        (spoiled(2, lambda db: db[None]), "db.*shape"),
        (spoiled(1, lambda dw: dw + 0.01 * np.eye(4, 2)), r"dw.*(\[|offset|larger|elements)"),
        (lambda *args: backward(*args)[:2], "tuple of 2.*3 gradients: dx, dw, db"),
        (lambda *args: None, "None.*3 gradients"),
        (spoiled(0, lambda dx: "dx"), "dx.*str"),
    ],
    ids=["factor", "transposed", "row", "few elements", "too few", "nothing", "text"],
)
def test_a_wrong_gradient_is_named_and_explained(answer: Any, message: str) -> None:
    """The failure says which gradient, and what is wrong with it."""
    with pytest.raises(Mismatch, match=f"(?is){message}"):
        check(answer)


def test_gradients_that_agree_are_not_called_wrong() -> None:
    """Rounding of the differences is not blamed on a gradient beside the wrong one."""
    with pytest.raises(Mismatch) as caught:
        check(spoiled(0, lambda dx: dx / 3))

    assert "dw" not in caught.value.diagnosis.happened.replace("dw and db", "")


def test_a_gradient_that_is_zero_may_be_exactly_zero() -> None:
    """Where the true gradient is 0, the differences' rounding is not held against the answer."""
    student = Student(FakeSession({"f": lambda dout, x: np.zeros_like(x)}), Watch(), Counter())
    reference = Proxy(FakeSession({"f": lambda x: x / x.sum(axis=1, keepdims=True)}))
    x = RNG.uniform(1, 2, size=(4, 1))

    gradient_check(student.f, reference.f, (x,), np.ones((4, 1)), (np.ones((4, 1)), x), ("dx",))
