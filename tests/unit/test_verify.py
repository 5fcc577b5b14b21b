"""`grader verify` finds whatever an assignment does not keep of its promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.course import Assignment
from grader.errors import CourseError
from grader.harness.memo import MemoizedReference
from grader.notebook import solution_program, write_release
from grader.pipeline import Grading, released_notebook
from grader.verify.findings import Verification, findings
from grader.verify.trials import run_trials
from tests.builders import make_assignment
from tests.fakes import FakeBox

TESTS = '''
import numpy as np
import pytest
from grader.harness import *

@pytest.mark.question("double")
@pytest.mark.parametrize("size", [2, 3])
def test_double(student, reference, rng, size):
    """Twice."""
    assert_matches(student.double, reference.double, rng.normal(size=size))

@pytest.mark.question("shift")
def test_shift(student, reference, rng):
    """One more."""
    assert_matches(student.shift, reference.shift, rng.normal(size=3))

@pytest.mark.question("shift")
def test_back(student, reference, rng):
    """One less."""
    assert_matches(student.shift_back, reference.shift_back, rng.normal(size=3))
'''
TRIPLE = '@misconception("double", hint="Two.")\ndef triple(x): return 3 * x\n'
TWO_UP = '@misconception("shift", hint="One.")\ndef two_up(x): return x + 2\n'
SWAPPED = """
@misconception("shift", hint="The other way.")
class swapped:
    def shift(x): return x - 1
    def shift_back(x): return x + 1
"""
RIGHT = '@misconception("double", hint="-")\ndef in_truth_right(x): return x + x\n'
SUM = '@alternative("double")\ndef as_a_sum(x): return x + x\n'
WRONG_SUM = '@alternative("double")\ndef as_a_sum(x): return x + x + 1e-3\n'


def verified(  # noqa: PLR0917
    root: Path,
    mistakes: str = TRIPLE + TWO_UP + SWAPPED,
    alternatives: str = SUM,
    tests: str = TESTS,
    repetitions: int = 2,
    questions: tuple[str, ...] | None = None,
) -> Verification:
    """Verify a tiny course in fake boxes."""
    assignment = make_assignment(root)
    assignment.tests.write_text(tests, encoding="utf-8")
    assignment.misconceptions.write_text(mistakes, encoding="utf-8")
    assignment.alternatives.write_text(alternatives, encoding="utf-8")
    write_release(assignment)
    return findings(assignment, run_trials(grading(assignment, root), repetitions, questions))


def grading(assignment: Assignment, root: Path) -> Grading:
    def reference_session() -> Any:
        return FakeBox().session(solution_program(assignment), assignment.limits)

    return Grading(
        assignment=assignment,
        release=released_notebook(assignment),
        box=FakeBox(),
        reference=MemoizedReference(None, "", reference_session),
        recordings_folder=root / "mistakes",
        announce=lambda _: None,
    )


def test_a_course_that_keeps_its_promises_is_ok(tmp_path: Path) -> None:
    """The numbers of a whole course: all caught, named and repeated, nothing leaks."""
    found = verified(tmp_path)

    assert found.ok
    numbers = (found.questions, found.hidden_tests, found.misconceptions, found.caught)
    assert numbers == (3, 4, 3, 3)
    assert (found.named, found.leaks_to_other_questions) == (3, 0)
    assert (found.alternatives, found.alternatives_full) == (1, 1)
    assert (found.repetitions, found.identical, found.unfailable_tests) == (2, 2, 0)


def test_the_numbers_are_plain_data(tmp_path: Path) -> None:
    """`--json` writes the numbers under the names that other programs read."""
    document = json.loads(json.dumps(verified(tmp_path).as_json()))

    assert document["caught"] == 3
    assert document["unfailable_tests"] == 0
    assert document["ok"] is True


def test_a_mistake_that_no_test_sees_is_reported(tmp_path: Path) -> None:
    """A variant that passes all hidden tests of its question is not caught."""
    found = verified(tmp_path, TRIPLE + RIGHT)

    assert not found.ok
    assert found.not_caught == ("double.in_truth_right",)
    assert (found.caught, found.misconceptions) == (1, 2)


def test_mistakes_that_no_test_tells_apart_are_reported(tmp_path: Path) -> None:
    """Two variants that look the same cannot be named."""
    found = verified(tmp_path, TRIPLE + TRIPLE.replace("triple", "thrice").replace("Two", "Not"))

    assert not found.ok
    assert found.indistinguishable == ("triple = thrice",)
    assert found.named == 0


def test_a_mistake_that_costs_points_elsewhere_is_reported(tmp_path: Path) -> None:
    """A question whose tests call another question's function punishes twice."""
    check = "assert_close(student.shift(1.0), reference.shift(1.0))"
    leak = TESTS.replace('"""Twice."""', f'"""Twice."""\n    {check}')

    found = verified(tmp_path, TRIPLE + TWO_UP, tests=leak)

    assert found.leaks_to_other_questions == 1
    assert not found.ok
    assert found.leaks[0].startswith("shift.two_up: test_double[2]: ")


def test_an_alternative_that_loses_points_is_reported(tmp_path: Path) -> None:
    """A correct variant must have full marks."""
    found = verified(tmp_path, alternatives=WRONG_SUM)

    assert not found.ok
    assert found.alternatives_full == 0
    assert found.alternatives_not_full[0].startswith("double.as_a_sum: test_double[2]: ")


def test_a_hidden_test_that_nothing_can_fail_is_reported(tmp_path: Path) -> None:
    """Neither a known mistake nor the stub fails it, so it tests nothing."""
    idle = '\n@pytest.mark.question("shift")\ndef test_idle(student):\n    """Always."""\n'

    found = verified(tmp_path, tests=TESTS + idle)

    assert not found.ok
    assert found.unfailable == ("test_idle",)
    assert found.unfailable_tests == 1
    assert found.stub_passes == ("test_idle",)


def test_a_hidden_test_that_only_the_stub_fails_is_told(tmp_path: Path) -> None:
    """Such a test may be right, but no known mistake needs it."""
    found = verified(tmp_path, TRIPLE + TWO_UP)

    assert found.ok
    assert found.failed_by_the_stub_only == ("test_back",)


def test_a_reference_that_fails_its_own_tests_is_reported(tmp_path: Path) -> None:
    """A wrong hidden test shows before a student meets it."""
    strict = TESTS.replace(
        "assert_matches(student.shift,", "assert_close(1.0, 2.0), (student.shift,"
    )

    found = verified(tmp_path, tests=strict)

    assert not found.ok
    assert found.reference_fails[0].startswith("test_shift: ")


def test_results_that_change_are_reported(tmp_path: Path) -> None:
    """A test that depends on chance or on the hour is no test."""
    drifting = TESTS.replace(
        '"""Twice."""', '"""Twice."""\n    import time\n    fail(str(time.time_ns()))'
    )

    found = verified(tmp_path, tests=drifting, repetitions=3)

    assert not found.ok
    assert found.identical == 1


def test_an_assignment_that_was_not_released_is_the_courses_mistake(tmp_path: Path) -> None:
    """The untouched release is graded too, so it must be there."""
    with pytest.raises(CourseError, match="grader release tiny"):
        released_notebook(make_assignment(tmp_path))


def test_one_question_can_be_verified_alone(tmp_path: Path) -> None:
    """An author who works on one question does not wait for the others."""
    found = verified(tmp_path, questions=("double",))

    assert found.ok
    assert (found.questions, found.hidden_tests, found.misconceptions) == (1, 2, 1)


def test_a_variant_runs_where_it_can_be_seen(tmp_path: Path) -> None:
    """A sample of the mistakes runs on all questions; the others on their own alone."""
    many = "".join(
        f'@misconception("shift", hint="{n}")\ndef up_by_{n}(x): return x + {n}\n'
        for n in range(3, 7)
    )
    assignment = make_assignment(tmp_path)
    assignment.tests.write_text(TESTS, encoding="utf-8")
    assignment.misconceptions.write_text(many, encoding="utf-8")
    write_release(assignment)

    trials = run_trials(grading(assignment, tmp_path), 1)

    asked = [len({test.question for test in tried.tests}) for tried in trials.mistakes]
    assert asked == [2, 2, 1, 1]
