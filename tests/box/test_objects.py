"""Objects that stay in the box, functions as arguments, and the course's own code beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.harness import fail
from grader.harness.memo import MemoizedReference
from grader.harness.outcome import Mismatch, Watch
from grader.harness.proxies import Proxy
from grader.harness.student import Student
from grader.records import Cell, Program
from grader.sandbox import Box, Session
from tests.box.conftest import QUICK

NOTEBOOK = """
class Counter:
    def __init__(self, start): self.value = start
    def up(self, by=1):
        self.value += by
        return self.value
    def __call__(self, x): return x + self.value

def forever():
    n = 0
    while True:
        yield n
        n += 1

def twice(f, x): return f(f(x))
def average(f, sample, n): return sum(f(sample()) for _ in range(n)) / n
def draw(f, rng): return [f(rng), f(rng)]
def careful(f):
    try:
        return f()
    except ValueError as error:
        return str(error)
def double(x): return 2 * x
def fresh(): return float(np.random.rand())
def through(f, x): return f(x)
def broken(): return Counter(1).missing
import numpy as np
"""
PROBES = """
def start_at(value, counter): return counter(value)
def sum_of(counter, xs): return sum(counter(x) for x in xs)
def half(x): return x / 2
"""


@pytest.fixture
def session(box: Box) -> Any:
    session = box.session(Program((Cell(NOTEBOOK),), probes=PROBES), QUICK)
    yield session
    session.close()


@pytest.fixture
def student(session: Session) -> Student:
    return Student(session.begin(5), Watch(), Counter())


def test_an_object_stays_in_the_box_and_can_be_used(student: Student) -> None:
    """An object comes back as a handle: called, read, and changed by its own methods."""
    counter = student.Counter(3)

    assert counter.value == 3
    assert counter.up() == 4
    assert counter.up(by=10) == 14
    assert counter(np.arange(2)).tolist() == [14, 15]


def test_an_object_of_an_earlier_test_is_gone(session: Session, student: Student) -> None:
    """Objects live for one test: many tests do not fill the box."""
    counter = student.Counter(3)
    for seed in range(5):
        Student(session.begin(seed), Watch(), Counter()).Counter(1)

    with pytest.raises(Mismatch):
        counter.up()


def test_an_iterable_without_end_is_taken_with_a_bound(student: Student) -> None:
    """A generator that never stops is looked at as far as the test says."""
    assert student.take(student.forever(), 4) == [0, 1, 2, 3]


def test_a_missing_attribute_says_which_function_it_came_from(student: Student) -> None:
    """What a student reads speaks of the own function, not of an operation of ours."""
    with pytest.raises(Mismatch, match=r"`Counter`.*AttributeError"):
        student.Counter(1).nowhere()


def test_a_function_of_the_test_is_called_from_the_box(student: Student) -> None:
    """A Python function among the arguments is called in the test, with data."""
    seen = []

    def add_one(x: Any) -> Any:
        seen.append(x)
        return x + 1

    assert student.twice(add_one, 5) == 7
    assert seen == [5, 6]


def test_a_generator_moves_on_when_a_function_of_the_test_draws(student: Student) -> None:
    """A callback that draws from the student's generator advances it, in the box and here."""
    rng, own = np.random.default_rng(1), np.random.default_rng(1)

    assert student.draw(lambda r: float(r.random()), rng) == [own.random(), own.random()]
    assert rng.random() == own.random()


def test_an_exception_of_a_function_of_the_test_reaches_the_students_code(student: Student) -> None:
    """A callback may raise, as a failing objective does; the student's code can catch it."""

    def objective() -> float:
        raise ValueError("diverged")

    assert student.careful(objective) == "diverged"


def test_a_failure_in_a_function_of_the_test_ends_the_test(student: Student) -> None:
    """An assertion inside of a callback is the test's, and no student's code can swallow it."""
    with pytest.raises(Mismatch, match="too many"):
        student.careful(lambda: fail("too many calls"))


def test_functions_of_the_box_and_of_the_course_are_arguments(student: Student) -> None:
    """A function of the notebook or of the probes is handed over by name."""
    assert student.twice(student.double, 3) == 12
    assert student.twice(student.probes.half, 8) == 2.0


def test_probes_take_objects_and_functions(student: Student) -> None:
    """Course code in the box works on the student's objects."""
    counter = student.probes.start_at(2, student.Counter)

    assert student.probes.sum_of(counter, [1, 1]) == 6


def test_the_notebook_cannot_see_the_probes(box: Box) -> None:
    """Probes are loaded after the cells, outside of the student's namespace."""
    look = "def look(): return sorted(name for name in globals() if 'half' in name)"
    with box.session(Program((Cell(look),), probes=PROBES), QUICK) as session:
        assert session.call("look").value == []
        assert session.call("probes.half", (3,)).value == 1.5


def test_the_same_test_draws_the_same_numbers(session: Session) -> None:
    """Code that draws from NumPy's global state is graded alike each time, and not constantly."""
    runs = [
        [Student(begun, Watch(), Counter()).fresh() for _ in range(2)]
        for begun in (session.begin(7), session.begin(7), session.begin(8))
    ]

    assert runs[0] == runs[1] != runs[2]
    assert runs[0][0] != runs[0][1]


def test_the_reference_stands_in_for_a_function(box: Box, session: Session) -> None:
    """The student's code receives a function that the reference answers."""
    student = Student(session.begin(1), Watch(), Counter())
    other = Program((Cell("def double(x): return 'from the reference'"),))

    def stand_in(call: Callable[..., Any]) -> Any:
        return Proxy(Answering(call)).double

    assert student.through(stand_in(lambda x: x * 100), 2) == 200
    assert other.cells  # the reference's own code never enters the student's box


class Answering:
    """A target of one Python function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def call(self, name: str, args: Any = (), kwargs: Any = None) -> Any:
        from grader.records import Ending, Reply

        return Reply(Ending.FINISHED, self._function(*args))


def test_answers_on_objects_are_kept_with_their_past(session: Session) -> None:
    """The reference's objects are made again only where an answer is not known."""
    asked = []

    class Listening:
        def begin(self, seed: int) -> Any:
            dialogue = session.begin(seed)
            listen = dialogue.call_at

            def call_at(index: int, function: str, *rest: Any) -> Any:
                asked.append(function)
                return listen(index, function, *rest)

            dialogue.call_at = call_at
            return dialogue

    def use(reference: Proxy) -> list[Any]:
        counter = reference.Counter(3)
        return [counter.up(), counter.up(), reference.double(4)]

    memo = MemoizedReference(None, "", Listening)
    first = use(Proxy(memo.begin(2)))
    calls = len(asked)
    second = use(Proxy(memo.begin(2)))

    assert first == second == [4, 5, 8]
    assert len(asked) == calls  # nothing was asked again
    counter = Proxy(memo.begin(2)).Counter(3)
    assert [counter.up(), counter.up(), counter.up()] == [4, 5, 6]
