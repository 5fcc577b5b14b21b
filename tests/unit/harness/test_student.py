"""What a student's function returns can cost its own test, and nothing else."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.compare.wording import kind_of
from grader.errors import CourseError, DoubtfulError
from grader.harness import student as module
from grader.harness.outcome import MOST_KEPT, Mismatch, Watch
from grader.harness.proxies import Proxy
from grader.harness.run import run_tests
from grader.harness.student import Student
from grader.records import Reply
from tests.fakes import FakeSession
from tests.unit.harness import holds
from tests.unit.harness.course import QUAD_TEST, SOLUTION, make_assignment


class Saint:
    """Nothing inside, and every statistic as it should be."""

    shape, dtype, ndim, size = (2, 3), np.dtype("float64"), 2, 6

    def mean(self, *_: Any, **__: Any) -> float:
        return 0.0

    std = var = min = max = sum = mean


def student(watch: Watch | None = None, **functions: Any) -> Student:
    return Student(FakeSession(functions), watch or Watch(), Counter())


@pytest.mark.parametrize(
    "use",
    [np.mean, np.std, np.min, np.sum, np.shape, np.size, np.ndim, lambda got: got.max()],
    ids=["mean", "std", "min", "sum", "shape", "size", "ndim", "max"],
)
def test_an_object_does_not_answer_for_numbers(use: Any) -> None:
    """An object that claims a mean and a shape has none as far as a test is concerned."""
    got = student(f=Saint).f()

    with pytest.raises(Mismatch) as caught:
        use(got)

    assert "The tests work with the numbers in it" in str(caught.value)


def test_an_object_that_is_handed_to_the_reference_costs_its_test() -> None:
    """A test that expects an array hands what it gets to the reference: it is the student's."""
    got = student(f=Saint).f()

    with pytest.raises(Mismatch):
        Proxy(FakeSession({"g": lambda x: x})).g(got)


def test_an_object_of_the_references_is_handed_to_nobody() -> None:
    """There it is the hidden test that is wrong."""
    got = Proxy(FakeSession({"f": Saint})).f()

    with pytest.raises(CourseError):
        student(g=lambda x: x).g(got)


def test_one_test_holds_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that are all far too large end their test, not the machine."""
    monkeypatch.setattr(module, "MOST_RECEIVED", 1 << 20)
    own = student(f=lambda: np.zeros(50_000))
    own.f(), own.f()

    with pytest.raises(Mismatch) as caught:
        own.f()

    assert "more than 1 MB in one test" in str(caught.value)


def test_of_what_is_large_a_test_keeps_the_kind() -> None:
    """What was seen is kept until the class is graded."""
    watch = Watch()
    own = student(watch, f=lambda: np.zeros(MOST_KEPT // 8))

    own.f()
    own.f()

    whole, kind = (seen.value for seen in watch.observations)
    assert whole.nbytes == MOST_KEPT
    assert kind == kind_of(whole)


CHAINED = (
    QUAD_TEST
    + '''
@pytest.mark.question("double")
def test_twice(student):
    """It holds."""
    student.double(student.double(2))
'''
)


class Small(FakeSession):
    """A session to which large numbers cannot be sent, as with those of 400 digits."""

    def call(self, function: str, args: Any = (), kwargs: Any = None, **more: Any) -> Reply:
        if any(isinstance(value, int) and value > 10**300 for value in args):
            raise DoubtfulError("cannot be sent")
        return super().call(function, args, kwargs, **more)


def test_an_answer_that_cannot_be_sent_back_costs_its_test(tmp_path: Path) -> None:
    """A running mean is handed to the next call; who returns another thing loses that test."""
    own = Small.of("def double(x): return 10**350\ndef quad(x): return 4 * x")

    results = run_tests(make_assignment(tmp_path, CHAINED), own, Small.of(SOLUTION))

    verdicts = {result.name: result.passed for result in results}
    assert verdicts == {"test_twice": False, "test_quad": True}


def test_a_test_that_sends_what_cannot_be_sent_is_the_courses_mistake(tmp_path: Path) -> None:
    """The reference settles it: there the same happens."""
    tests = CHAINED.replace("student.double(2)", "10**350")

    with pytest.raises(CourseError):
        run_tests(make_assignment(tmp_path, tests), Small.of(SOLUTION), Small.of(SOLUTION))


def test_what_a_failed_test_held_is_let_go(tmp_path: Path) -> None:
    """Its exception knows its lines, and its variables no longer: a class has thousands of them."""
    head = "import tests.unit.harness.holds as holds\n"
    body = """
@pytest.mark.question("double")
def test_holds(student):
    \"\"\"It holds.\"\"\"
    got = student.double(2)
    holds.note(got)
    assert got is None
"""
    own = FakeSession.of("import numpy as np\ndef double(x): return np.zeros(3_000_000)")

    run_tests(make_assignment(tmp_path, head + QUAD_TEST + body), own, FakeSession.of(SOLUTION))

    gc.collect()
    assert holds.NOTED
    assert all(reference() is None for reference in holds.NOTED)
