"""What a regrade shows: before and after, why, and what it means for the class."""

from __future__ import annotations

import io

from grader.records import QuestionResult, Status, SubmissionResult, TestResult
from grader.report.changes import Change, change_of, distribution, print_changes
from grader.report.console import make_console


def question(passed: dict[str, bool], points: float = 10.0, name: str = "conv2d") -> QuestionResult:
    share = points / len(passed)
    tests = tuple(
        TestResult(test, name, "-", ok, score=share if ok else 0.0, max_score=share)
        for test, ok in passed.items()
    )
    score = sum(test.score for test in tests)
    return QuestionResult(name, name, Status.GRADED, score, points, tests)


def result(*questions: QuestionResult) -> SubmissionResult:
    score = sum(each.score or 0.0 for each in questions)
    worth = sum(each.max_score for each in questions)
    return SubmissionResult("ada", "f", "0", Status.GRADED, score, worth, questions)


def reasons(before: SubmissionResult, after: SubmissionResult) -> tuple[str, ...]:
    return change_of("ada", 1, before, after).reasons


def test_a_reason_names_the_question_and_the_tests():
    """Which tests have another verdict now."""
    before = result(question({"test_a": False, "test_b": True}))
    after = result(question({"test_a": True, "test_b": False}))

    assert reasons(before, result(question({"test_a": True, "test_b": True}))) == (
        "conv2d: 5/10 → 10/10: test_a now passes",
    )
    assert reasons(before, after) == ()  # the points are the same


def test_new_and_gone_tests_are_named():
    """A question's points are shared by other tests than before."""
    before, after = (
        question({"test_a": True, "old": False}),
        question({"test_a": True, "new": True}),
    )

    assert reasons(result(before), result(after)) == (
        "conv2d: 5/10 → 10/10: new is new; old is gone",
    )


def test_other_points_are_a_reason():
    """Nothing was run, and what it is worth has changed."""
    before, after = question({"test_a": True}), question({"test_a": True}, points=12.0)

    assert reasons(result(before), result(after)) == ("conv2d: 10/10 → 12/12: worth 12, was 10",)


def test_many_tests_are_counted():
    """A line stays a line."""
    names = [f"test_{number}" for number in range(7)]

    (reason,) = reasons(
        result(question(dict.fromkeys(names, False))), result(question(dict.fromkeys(names, True)))
    )

    assert reason.endswith("test_0, test_1, test_2, test_3 and 3 more now passes")


def test_questions_that_come_and_go_are_named():
    """What is no question any more took its points with it."""
    old, new = question({"test_a": True}, name="old"), question({"test_a": False}, name="new")

    assert reasons(result(old), result(new)) == (
        "new: a new question, 0/10",
        "old: no question any more, was 10/10",
    )


def test_the_class_in_two_lines():
    """How many go up, down and nowhere, and by how much; an unknown score is none of these."""
    changes = [
        Change("ada", 1, 5.0, 7.0, 10, 10),
        Change("alan", 1, 5.0, 7.0, 10, 10),
        Change("emmy", 1, 5.0, 4.0, 10, 10),
        Change("grace", 1, 5.0, 5.0, 10, 10),
        Change("kurt", 1, None, 5.0, 10, 10),
    ]

    assert distribution(changes) == (
        "2 up, 1 down, 1 become known or unknown, 1 the same.",
        "Points by how many: +2: 2, −1: 1.",
    )


def test_only_those_that_change_are_listed():
    """Of a thousand students three are read."""
    file = io.StringIO()
    changes = [Change("ada", 2, 5.0, 7.0, 10, 10, ("conv2d: why",)), Change("x", 1, 1, 1, 10, 10)]

    print_changes(make_console(file), changes)

    text = file.getvalue()
    assert "ada (2)" in text
    assert "conv2d: why" in text
    assert "1 up, 0 down, 1 the same." in text
    assert "\nx " not in text
