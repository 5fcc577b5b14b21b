"""A failed test is given the name of a known mistake only where it is that mistake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import misconceptions
from grader.errors import CourseError
from grader.harness.run import run_tests
from grader.inside.wire import Opaque
from grader.misconceptions import Recorded, Recording, name_mistakes
from grader.misconceptions.matching import equal, informative, same, tells
from grader.records import Diagnosis, Observation, Raised, TestResult, Variant
from tests.fakes import FakeSession
from tests.unit.harness.course import HEAD, SOLUTION, make_assignment

MISTAKES = """
@misconception("double", hint="Twice, not three times.")
def triple(x):
    return 3 * x

@misconception("double", hint="Twice, not the square.")
def squared(x):
    return x * x

@misconception("quad", hint="Twice twice.")
def only_twice(x):
    return double(x)
"""


def course(tmp_path: Path, mistakes: str = MISTAKES, **files: str) -> Any:
    assignment = make_assignment(tmp_path, **files)
    assignment.misconceptions.write_text(mistakes, encoding="utf-8")
    return assignment


def recorded(tmp_path: Path, **files: str) -> tuple[Any, misconceptions.Recordings]:
    assignment = course(tmp_path, **files)
    recordings = misconceptions.record(assignment, FakeSession.of(SOLUTION), run_tests)
    return assignment, recordings


def names(tmp_path: Path, student: str, **files: str) -> dict[str, str | None]:
    assignment, recordings = recorded(tmp_path, **files)
    results = run_tests(assignment, FakeSession.of(student), FakeSession.of(SOLUTION))
    named = name_mistakes(results, recordings)
    return {
        result.name: result.diagnosis.misconception
        for result in named
        if result.diagnosis is not None
    }


def test_every_known_mistake_is_recorded_on_its_own_question(tmp_path: Path) -> None:
    """A recording holds the tests of the mistake's question and how they ended."""
    _, recordings = recorded(tmp_path)

    assert [recording.variant.name for recording in recordings] == [
        "triple",
        "squared",
        "only_twice",
    ]
    assert {name: test.passed for name, test in recordings[0].tests.items()} == {
        "test_double[2]": False,
        "test_double[3]": False,
        "test_shape": True,
    }


def test_a_course_without_known_mistakes_has_no_recordings(tmp_path: Path) -> None:
    """misconceptions.py is optional."""
    assignment = make_assignment(tmp_path)

    assert misconceptions.record(assignment, FakeSession.of(SOLUTION), run_tests) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('@misconception("double")\ndef a(x): return x\n' * 2, "defines double.a twice"),
        ('@misconception("half")\ndef a(x): return x\n', "no question 'half'"),
    ],
    ids=["twice", "unknown question"],
)
def test_a_mistake_in_the_file_is_the_courses(tmp_path: Path, text: str, message: str) -> None:
    """A variant stands once, and belongs to a question."""
    with pytest.raises(CourseError, match=message):
        misconceptions.record(course(tmp_path, text), FakeSession.of(SOLUTION), run_tests)


def test_a_known_mistake_is_named_with_its_hint(tmp_path: Path) -> None:
    """The name and the hint come from the course; what happened stays as it was seen."""
    assignment, recordings = recorded(tmp_path)
    student = FakeSession.of("def double(x): return x + x + x")
    results = run_tests(assignment, student, FakeSession.of(SOLUTION))

    failed = name_mistakes(results, recordings)[0]

    assert failed.diagnosis is not None
    assert failed.diagnosis.misconception == "triple"
    assert failed.diagnosis.try_ == "Twice, not three times."
    assert results[0].diagnosis is not None
    assert failed.diagnosis.happened == results[0].diagnosis.happened


def test_another_mistake_is_not_named(tmp_path: Path) -> None:
    """An answer that nobody foresaw gets no name."""
    assert set(names(tmp_path, "def double(x): return 5 * x").values()) == {None}


def test_a_right_answer_gets_no_name(tmp_path: Path) -> None:
    """Nothing failed, so nothing is named."""
    assert names(tmp_path, SOLUTION) == {}


def test_two_mistakes_are_each_named_on_their_question(tmp_path: Path) -> None:
    """A mistake is looked for among those of its own question."""
    student = "def double(x): return 3 * x\ndef quad(x): return 2 * x"

    assert names(tmp_path, student) == {
        "test_double[2]": "triple",
        "test_double[3]": "triple",
        "test_quad": "only_twice",
    }


def test_a_mistake_beside_another_is_named_where_it_shows(tmp_path: Path) -> None:
    """A test that saw exactly a known mistake names it, also if another test failed otherwise."""
    student = "def double(x): return 3 * x if x.ndim == 1 else x[0]"

    found = names(tmp_path, student)

    assert found["test_double[2]"] == found["test_double[3]"] == "triple"
    assert found["test_shape"] is None


def test_a_mistake_that_a_passed_test_contradicts_is_not_named(tmp_path: Path) -> None:
    """Whoever made the mistake would have failed the test that this answer passed."""
    student = "def double(x): return 3 * x if len(x) == 2 else 2 * x"

    assert names(tmp_path, student)["test_double[2]"] is None


def result(name: str, *values: Any, passed: bool | None = False) -> TestResult:
    seen = tuple(Observation("f", value) for value in values)
    return TestResult(name, "q", "T.", passed, diagnosis=Diagnosis("no"), observations=seen)


def recording(name: str, hint: str = "", **tests: tuple[bool, list[Any]]) -> Recording:
    return Recording(
        Variant(name, "q", ("f",), hint or name),
        {
            test: Recorded(passed, tuple(Observation("f", value) for value in values))
            for test, (passed, values) in tests.items()
        },
    )


def given(results: list[TestResult], *recordings: Recording) -> list[str | None]:
    named = name_mistakes(tuple(results), recordings)
    return [test.diagnosis.misconception if test.diagnosis else None for test in named]


HALF = np.array([0.5, 0.25])


def test_of_two_indistinguishable_mistakes_none_is_named() -> None:
    """No name is better than a wrong one."""
    one, other = recording("one", t=(False, [HALF])), recording("other", t=(False, [HALF]))

    assert given([result("t", HALF)], one, other) == [None]


def test_two_mistakes_with_one_hint_may_share_it() -> None:
    """Where the advice is the same, it is right whichever it was."""
    one = recording("one", "same", t=(False, [HALF]))
    other = recording("other", "same", t=(False, [HALF]))

    assert given([result("t", HALF)], one, other) == ["one"]


def test_the_mistake_that_explains_every_test_is_named() -> None:
    """Of two that explain one test, the one that explains the others too."""
    one = recording("one", t=(False, [HALF]), u=(False, [2 * HALF]))
    other = recording("other", t=(False, [HALF]), u=(False, [3 * HALF]))

    assert given([result("t", HALF), result("u", 3 * HALF)], one, other) == ["other", "other"]


def test_the_mistake_that_explains_more_tests_is_named() -> None:
    """Beside an unknown mistake in `v`, two known ones are told apart by `u`."""
    one = recording("one", t=(False, [HALF]), u=(True, [HALF]), v=(True, [HALF]))
    other = recording("other", t=(False, [HALF]), u=(True, [2 * HALF]), v=(True, [HALF]))

    found = given(
        [result("t", HALF), result("u", HALF, passed=True), result("v", 9 * HALF)], one, other
    )

    assert found == ["one", None, None]


@pytest.mark.parametrize(
    "value", [3, np.array([1, 2]), True, "text", np.array([1.0, 2.0]), Raised("ValueError", "no")]
)
def test_a_value_that_says_little_names_nothing_by_itself(value: Any) -> None:
    """Two mistakes often give the same integer; if another test disagrees, it is no evidence."""
    known = recording("known", t=(False, [value]), u=(True, [HALF]))

    assert given([result("t", value), result("u", 2 * HALF)], known) == [None, None]
    assert given([result("t", value), result("u", HALF, passed=True)], known) == ["known", None]


def test_a_test_that_ended_earlier_is_compared_up_to_there() -> None:
    """The student's test may stop at the first wrong value; the known mistake's went further."""
    known = recording("known", t=(False, [HALF, 2 * HALF]))

    assert given([result("t", HALF)], known) == ["known"]
    assert given([result("t", HALF, 2 * HALF, 3 * HALF)], known) == [None]


def test_a_test_that_saw_nothing_names_nothing() -> None:
    """Without an observation there is no evidence."""
    assert given([result("t")], recording("known", t=(False, []))) == [None]


def test_a_test_that_could_not_be_tried_says_nothing() -> None:
    """Only tests that ran are compared."""
    known = recording("known", t=(False, [HALF]), u=(False, [HALF]))

    assert given([result("t", HALF), result("u", passed=None)], known) == ["known", None]


def test_near_statistics_are_told_apart_by_the_nearer() -> None:
    """Two random mistakes within one bound: the one that drew the same numbers is meant."""

    def seen(value: float) -> Observation:
        return Observation("share", value, 0.1)

    def mistake(name: str, value: float) -> Recording:
        return Recording(Variant(name, "q", (), name), {"t": Recorded(False, (seen(value),))})

    test = replace(result("t"), observations=(seen(0.52),))

    assert given([test], mistake("one", 0.5), mistake("other", 0.52)) == ["other"]
    assert given([test], mistake("one", 0.9)) == [None]


@pytest.mark.parametrize(
    ("got", "known", "expected"),
    [
        (np.array([1.0, 2.0 + 1e-9]), np.array([1.0, 2.0]), True),
        (np.array([1.0, 2.0 + 1e-4]), np.array([1.0, 2.0]), False),
        (np.array([1.0]), np.array([1]), False),
        (np.float32(0.1), 0.1, True),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
        (np.array([np.inf]), np.array([-np.inf]), False),
        (np.ones((2, 1)), np.ones(2), False),
        ([0.5, 1.5], np.array([0.5, 1.5]), True),
        (np.array([0.5, 1.5]), (0.5, 1.5), True),
        ([0.5, None], np.array([0.5, 1.5]), False),
        ((1, HALF), [1, HALF], True),
        ((1, HALF), (1,), False),
        ({"a": 1.5}, {"a": 1.5}, True),
        ({"a": 1.5}, {"b": 1.5}, False),
        ("a", "a", True),
        (None, None, True),
        (None, 0.0, False),
        (True, 1, False),
        (10**30, 10**30, True),
        (Opaque("map"), Opaque("map"), True),
        (Raised("A", "at 0x7f3a index 12"), Raised("A", "at 0x55 index 3", 1, 2), True),
        (Raised("A", "one"), Raised("A", "other"), False),
        (Raised("A"), Raised("B"), False),
        (Raised("A"), 1.0, False),
    ],
)
def test_values_are_the_same_up_to_rounding(got: Any, known: Any, expected: bool) -> None:
    """Rounding, containers' types and numbers in messages do not count; all else does."""
    assert equal(got, known) is expected


def test_another_label_is_another_observation() -> None:
    """The same value of another function is not the same."""
    assert not same(Observation("f", 1.5), Observation("g", 1.5))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(HALF, True), ((1, 0.5), True), (2.0, False), (np.nan, False), ([1, 2], False), ("x", False)],
)
def test_real_numbers_are_informative(value: Any, expected: bool) -> None:
    """Integers, text and exceptions coincide by chance; real numbers do not."""
    assert informative(value) is expected


KEPT = [
    None,
    True,
    7,
    10**30,
    0.1,
    "text",
    HALF,
    np.float32(0.5),
    np.array([True]),
    (1, [2.5, {"a": None, 3: HALF}]),
    Raised("ValueError", "no"),
    Opaque("map"),
]


@pytest.mark.parametrize("value", KEPT, ids=lambda value: type(value).__name__)
def test_recordings_come_back_as_they_were_saved(tmp_path: Path, value: Any) -> None:
    """Every kind of observed value survives the file."""
    file = tmp_path / "folder" / "mistakes.npz"
    before = (recording("known", t=(False, [value])),)
    misconceptions.save(before, file)

    after = misconceptions.load(file)

    assert after is not None
    assert after[0].variant == before[0].variant
    assert equal(after[0].tests["t"].observations[0].value, value)
    assert [path.name for path in file.parent.iterdir()] == ["mistakes.npz"]


@pytest.mark.parametrize("damage", [None, b"", b"garbage", b"PK\x03\x04garbage"])
def test_what_cannot_be_read_is_recorded_again(tmp_path: Path, damage: bytes | None) -> None:
    """A missing or damaged file is as good as none."""
    file = tmp_path / "mistakes.npz"
    if damage is not None:
        file.write_bytes(damage)

    assert misconceptions.load(file) is None


def test_a_file_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    """Nothing is ever unpickled."""
    file = tmp_path / "mistakes.npz"
    np.savez(file, document=np.array([object()], dtype=object))

    assert misconceptions.load(file) is None


def test_mistakes_that_no_test_tells_apart_are_found(tmp_path: Path) -> None:
    """The course is told which of its known mistakes need another test."""
    mistakes = MISTAKES.replace("x * x", "x + 2 * x")
    assignment = course(tmp_path, mistakes)
    recordings = misconceptions.record(assignment, FakeSession.of(SOLUTION), run_tests)

    assert misconceptions.indistinguishable(recordings) == (("triple", "squared"),)
    assert HEAD


def test_the_message_of_a_right_exception_is_the_students_own() -> None:
    """Where raising is the right answer, other words in the message do not hide a known mistake."""
    observed = Observation("f", 0.5)
    seen = (Observation("f", Raised("ValueError", "too small")),)
    variant = Variant("halves", "f", ("f",), "Do not halve.")
    known = (
        Recording(
            variant,
            {
                "test_raises": Recorded(
                    True, (Observation("f", Raised("ValueError", "no place for the kernel")),)
                ),
                "test_values": Recorded(False, (observed,)),
            },
        ),
    )
    results = (
        TestResult("test_raises", "f", "It raises.", True, observations=seen),
        TestResult("test_values", "f", "It returns.", False, observations=(observed,)),
    )

    named = name_mistakes(results, known)[1].diagnosis

    assert named is not None
    assert named.misconception == "halves"


def test_a_mistake_in_one_of_two_functions_is_named() -> None:
    """Right tests of another function do not contradict it; right tests of the same do."""

    def test(name: str, label: str, value: Any, *, passed: bool) -> TestResult:
        return replace(result(name, passed=passed), observations=(Observation(label, value),))

    def wrong(label: str, value: Any) -> Recorded:
        return Recorded(False, (Observation(label, value),))

    known = Recording(
        Variant("approximates", "q", ("f", "slope"), "Be exact."),
        {"t": wrong("f", HALF), "u": wrong("slope", HALF), "v": wrong("the share", HALF)},
    )
    shown = test("t", "f", HALF, passed=False)

    assert given([shown, test("u", "slope", 2 * HALF, passed=True)], known)[0] == "approximates"
    assert given([shown, test("u", "f", 2 * HALF, passed=True)], known)[0] is None
    assert given([shown, test("u", "slope", HALF, passed=False)], known)[0] == "approximates"


def test_a_statistic_that_agrees_by_chance_names_nothing() -> None:
    """If one test sees the known mistake's spread and another does not, the first was luck."""

    def spread(value: float) -> tuple[Observation]:
        return (Observation("the spread", value, 0.1),)

    known = Recording(
        Variant("known", "q", ("f",), "Look."),
        {"t": Recorded(False, spread(0.6)), "u": Recorded(False, spread(0.3))},
    )
    near = replace(result("t"), observations=spread(0.65))

    assert given([near, replace(result("u"), observations=spread(0.65))], known) == [None, None]
    assert given([near, result("v", HALF)], known) == ["known", None]


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [(0.02, 0.1, False), (0.93, 0.1, False), (0.4, 0.1, True), (0.02, None, True)],
)
def test_a_share_near_none_or_all_tells_nothing(value: float, width: float, expected: bool) -> None:
    """Where nothing is as it should be, every mistake has a share of about 0."""
    assert tells(Observation("share", value, width)) is expected
