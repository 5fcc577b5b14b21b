"""Answers of the reference are computed once, kept on disk, and never trusted blindly."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.harness.memo import MemoizedReference
from grader.harness.run import run_tests
from grader.records import Ending
from tests.fakes import FakeSession, Hang
from tests.unit.harness.course import SOLUTION, make_assignment


def hang(x: Any) -> None:
    raise Hang


def double(x: Any) -> Any:
    return 2 * x


class Unable:
    """A session that cannot send what it is given."""

    def call(self, *_: Any) -> Any:
        raise CourseError("A test calls double with arguments that cannot be sent.")


class Opening:
    """Opens a session, and counts how often."""

    def __init__(self, **functions: Any) -> None:
        self.session = FakeSession({"double": double, "hang": hang, **functions})
        self.count = 0

    def __call__(self) -> FakeSession:
        self.count += 1
        return self.session


def memo(path: Path | None, opening: Opening, key: str = "k") -> MemoizedReference:
    return MemoizedReference(path, key, opening)


def test_an_answer_is_computed_once(tmp_path: Path) -> None:
    """A second process finds the answer and opens no box."""
    first, second = Opening(), Opening()
    with memo(tmp_path / "a.sqlite", first) as reference:
        value = reference.call("double", (np.arange(3.0),), {}).value

    with memo(tmp_path / "a.sqlite", second) as reference:
        again = reference.call("double", (np.arange(3.0),), {}).value

    assert (first.count, second.count) == (1, 0)
    assert value.tolist() == again.tolist() == [0, 2, 4]


def test_the_box_opens_once_for_many_misses() -> None:
    """One session answers all that is not known."""
    opening = Opening()
    with memo(None, opening) as reference:
        for number in range(3):
            reference.call("double", (number,))

    assert opening.count == 1


@pytest.mark.parametrize("other", [(2.0,), (1,), (np.float32(1.0),)], ids=["value", "int", "f32"])
def test_other_arguments_are_another_call(other: tuple[Any, ...]) -> None:
    """The value, the type and the dtype of an argument all count."""
    opening = Opening()
    with memo(None, opening) as reference:
        reference.call("double", (1.0,))
        reference.call("double", other)

    assert len(opening.session.calls) == 2


def test_another_solution_or_image_is_another_answer(tmp_path: Path) -> None:
    """The key says what an answer depends on beside the call."""
    old, new = Opening(), Opening(double=lambda x: 3 * x)
    with memo(tmp_path / "a.sqlite", old, "old") as reference:
        reference.call("double", (1,))

    with memo(tmp_path / "a.sqlite", new, "new") as reference:
        assert reference.call("double", (1,)).value == 3


def test_an_exception_is_kept_like_an_answer() -> None:
    """What the reference refuses, it refuses for the whole class."""
    opening = Opening(double=lambda x: 1 / 0)
    with memo(None, opening) as reference:
        replies = [reference.call("double", (1,)) for _ in range(2)]

    assert [reply.raised and reply.raised.type for reply in replies] == ["ZeroDivisionError"] * 2
    assert len(opening.session.calls) == 1


def test_a_call_that_ran_out_of_time_is_tried_again() -> None:
    """A slow machine's failure is not kept for the faster one."""
    opening = Opening()
    with memo(None, opening) as reference:
        endings = [reference.call("hang", (1,)).ending for _ in range(2)]

    assert endings == [Ending.OUT_OF_TIME] * 2
    assert len(opening.session.calls) == 2


def test_a_generator_moves_on_also_from_memory() -> None:
    """The new state of a generator is part of the answer."""
    opening = Opening(double=lambda rng: rng.normal())
    with memo(None, opening) as reference:
        replies = [reference.call("double", (np.random.default_rng(1),)) for _ in range(2)]

    assert replies[0].generators == replies[1].generators
    assert replies[0].generators["0"]["bit_generator"] == "PCG64"


def test_values_computed_from_many_calls_are_kept_whole(tmp_path: Path) -> None:
    """A numerical gradient of a hundred calls is one entry."""
    opening, again = Opening(), Opening()

    def compute(session: Any) -> list[Any]:
        return [session.call("double", (number,), {}).value for number in range(5)]

    with memo(tmp_path / "a.sqlite", opening) as reference:
        reference.remember("gradient", ("double",), compute)
    with memo(tmp_path / "a.sqlite", again) as reference:
        assert reference.remember("gradient", ("double",), compute) == [0, 2, 4, 6, 8]

    assert again.count == 0


@pytest.mark.parametrize("damage", [b"not a database", b""], ids=["garbage", "empty"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    """What can be computed again is never an error."""
    path = tmp_path / "a.sqlite"
    path.write_bytes(damage)
    with memo(path, Opening()) as reference:
        reference.call("double", (1,))

    again = Opening()
    with memo(path, again) as reference:
        assert reference.call("double", (1,)).value == 2

    assert again.count == 0


def test_a_damaged_entry_is_computed_again(tmp_path: Path) -> None:
    """An answer whose checksum is wrong is as good as none."""
    path = tmp_path / "a.sqlite"
    with memo(path, Opening()) as reference:
        reference.call("double", (1,))
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE answers SET answer = x'00'")
    database.close()

    with memo(path, Opening()) as reference:
        assert reference.call("double", (1,)).value == 2


def test_a_file_damaged_while_open_is_made_again(tmp_path: Path) -> None:
    """Another process's accident does not stop this one."""
    path = tmp_path / "a.sqlite"
    with memo(path, Opening()) as reference:
        reference.call("double", (1,))
        path.write_bytes(b"garbage" * 4000)

        assert reference.call("double", (2,)).value == 4
        assert reference.call("double", (1,)).value == 2


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """Without a usable cache folder, answers are kept in memory."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    opening = Opening()
    with memo(tmp_path / "file" / "a.sqlite", opening) as reference:
        replies = [reference.call("double", (1,)).value for _ in range(2)]

    assert replies == [2, 2]
    assert len(opening.session.calls) == 1


def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    """Both write and read the same answers at once."""
    path = tmp_path / "a.sqlite"
    with memo(path, Opening()) as one, memo(path, Opening()) as other:
        for number in range(20):
            (one if number % 2 else other).call("double", (number,))

        assert other.call("double", (1,)).value == one.call("double", (2,)).value / 2


def test_grading_a_class_asks_the_reference_once(tmp_path: Path) -> None:
    """The second submission's hidden tests need no call of the reference."""
    assignment, opening = make_assignment(tmp_path), Opening()
    opening.session = FakeSession.of(SOLUTION)
    with memo(tmp_path / "a.sqlite", opening) as reference:
        run_tests(assignment, FakeSession.of(SOLUTION), reference)
        asked = len(opening.session.calls)
        run_tests(assignment, FakeSession.of("def double(x): return x"), reference)

    assert len(opening.session.calls) == asked


def test_what_a_students_code_asks_is_answered_but_not_kept(tmp_path: Path) -> None:
    """A submission that calls the reference a million times does not fill the disk."""
    opening = Opening()
    with memo(tmp_path / "a.sqlite", opening) as reference:
        reference.call("double", (1,))
        known = reference.answer("double", (1,), {})
        unknown = [reference.answer("double", (2,), {}) for _ in range(2)]
    with memo(tmp_path / "a.sqlite", opening) as reference:
        again = reference.answer("double", (2,), {})

    assert known.value == 2
    assert [reply.value for reply in (*unknown, again)] == [4, 4, 4]
    assert len(opening.session.calls) == 3


def test_what_a_students_code_asks_is_no_mistake_of_the_course(tmp_path: Path) -> None:
    """Arguments that cannot be sent on are the submission's, and must not stop a class."""
    deep: list[Any] = []
    for _ in range(40):
        deep = [deep]
    with MemoizedReference(tmp_path / "a.sqlite", "k", Unable) as reference:
        replies = [reference.answer("double", args, {}) for args in [(1,), (deep,)]]

    assert [reply.ending for reply in replies] == [Ending.PROTOCOL] * 2
