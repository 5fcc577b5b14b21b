"""Final grades from a gradebook and the rules of a course of several assignments."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from grader.gradebook.standing import grades_of, strangers_of
from grader.gradebook.store import open_gradebook
from tests.builders import make_assignment
from tests.unit.gradebook.builders import ADA, ALAN, START, attempt, result

RULES = """
title = "Three assignments"
[grading]
late_penalty = 10
free_late_days = 3
[grading.first]
due = 2026-09-01T12:00:00Z
[grading.second]
due = 2026-09-08T12:00:00Z
"""


@pytest.fixture
def course(tmp_path):
    """A course whose second assignment comes first by the alphabet."""
    for name in ("second", "first", "undated"):
        make_assignment(tmp_path, name=name)
    (tmp_path / "solutions" / "course.toml").write_text(RULES)
    return tmp_path


def handed_in(name: str, days_late: float):
    """Ada's perfect work on an assignment, some days after the first was due."""
    given = attempt(
        result(why=10), number=1, submitted_at=START + timedelta(days=days_late), late=None
    )
    return replace(given, key=replace(given.key, assignment=name))


def test_free_days_go_to_what_was_due_first(course, tmp_path):
    """Two free days on the first leave one for the second, however they were recorded."""
    first = make_assignment(course, name="first")
    second = make_assignment(course, name="second")
    with open_gradebook(tmp_path / "gradebook.db") as gradebook:
        gradebook.put_students([ADA])
        gradebook.record(handed_in("second", 7 + 2))
        gradebook.record(handed_in("first", 2))

        (on_first,) = grades_of(gradebook, first, course)
        (on_second,) = grades_of(gradebook, second, course)

    assert (on_first.score, on_first.free_days) == (100, 2)
    assert (on_second.score, on_second.free_days) == (90, 1)


def test_what_has_no_due_date_comes_last(course, tmp_path):
    """An assignment without a due date takes no free day from the others."""
    second = make_assignment(course, name="second")
    with open_gradebook(tmp_path / "gradebook.db") as gradebook:
        gradebook.record(handed_in("undated", 400))
        gradebook.record(handed_in("second", 7 + 3))

        (grade,) = grades_of(gradebook, second, course)

    assert (grade.score, grade.free_days) == (100, 3)


def test_a_changed_rule_changes_grades_and_no_result(course, tmp_path):
    """With another rule the same gradebook gives other grades; its rows stay as they were."""
    first = make_assignment(course, name="first")
    with open_gradebook(tmp_path / "gradebook.db") as gradebook:
        gradebook.record(handed_in("first", 5))
        before = [*gradebook.attempts("first")]
        (milder,) = grades_of(gradebook, first, course)
        outline = course / "solutions" / "course.toml"
        outline.write_text(RULES.replace("late_penalty = 10", "late_penalty = 50"))
        (harder,) = grades_of(gradebook, first, course)

        assert (milder.score, harder.score) == (80, 0)
        assert [*gradebook.attempts("first")] == before


def test_without_a_roster_nobody_is_a_stranger(course, tmp_path):
    """Rules can only be compared with a roster that is there."""
    first = make_assignment(course, name="first")
    outline = course / "solutions" / "course.toml"
    outline.write_text(RULES + 'excused = ["zoe"]\n')
    second = make_assignment(course, name="second")
    with open_gradebook(tmp_path / "gradebook.db") as gradebook:
        assert strangers_of(gradebook, second, course) == ()
        gradebook.put_students([ADA, ALAN])

        assert strangers_of(gradebook, second, course) == ("zoe",)
        assert strangers_of(gradebook, first, course) == ()
