"""The table `[grading]` of a course: what it may say, and for whom."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest

from grader.course import Outline
from grader.errors import CourseError
from grader.gradebook.rules import Rules, check_names, load_rules
from tests.unit.gradebook.builders import ADA, ALAN, ASSIGNMENT

DUE = datetime(2026, 10, 1, 21, 59, tzinfo=UTC)


def rules_of(text: str) -> Rules:
    """The rules for the tiny assignment in a course with this text."""
    return load_rules(Outline(title="A course", **tomllib.loads(text)), ASSIGNMENT)


def test_a_course_without_the_table_has_plain_rules():
    """Without `[grading]` the last attempt counts, nothing is due and nothing is penalised."""
    assert rules_of("") == Rules()
    assert Rules().attempts == "last"


def test_an_assignment_overrides_the_course():
    """What stands in the assignment's own table counts; the rest comes from the course."""
    rules = rules_of(
        """
        [grading]
        attempts = "best"
        late_penalty = 10
        free_late_days = 4
        [grading.tiny]
        due = 2026-10-01T23:59:00+02:00
        late_penalty = 20
        [grading.other]
        late_penalty = 30
        """
    )

    assert rules == Rules(attempts="best", late_penalty=20, free_late_days=4, due=DUE)


def test_extensions_and_excuses_of_course_and_assignment_add_up():
    """A student may have more time in the whole course, another one only here."""
    rules = rules_of(
        """
        [grading]
        excused = ["emmy"]
        extensions = { ada = 2 }
        [grading.tiny]
        due = 2026-10-01T23:59:00+02:00
        excused = ["grace"]
        extensions = { alan = 2026-10-09T12:00:00Z }
        """
    )

    assert rules.excused == ("emmy", "grace")
    assert rules.due_for("ada") == datetime(2026, 10, 3, 21, 59, tzinfo=UTC)
    assert rules.due_for("alan") == datetime(2026, 10, 9, 12, tzinfo=UTC)
    assert rules.due_for("emmy") == DUE


def test_names_that_the_roster_lacks_are_found():
    """An extension or an excuse for nobody is most likely a slip, and can be listed."""
    rules = Rules(extensions={"ada": 1.0, "aad": 1.0}, excused=("alna",))

    assert rules.strangers([ADA, ALAN]) == ("aad", "alna")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[grading]\nattempts = "first"', r"grading\.attempts: .*'best' or 'last'"),
        ("[grading]\nlate_penality = 10", r"grading\.late_penality: "),
        (
            "[grading.tiny]\nlate_penalty = 101",
            r"grading\.tiny\.late_penalty: .*less than or equal",
        ),
        ("[grading.tiny]\nlate_penalty = nan", r"grading\.tiny\.late_penalty: .*finite"),
        ("[grading.tiny]\ndue = 2026-10-01T23:59:00", r"grading\.tiny\.due: .*timezone"),
        ("[grading.tiny]\ndue = 2026-10-01", r"grading\.tiny\.due: "),
        ("[grading.tiny]\nextensions = { ada = -1 }", r"grading\.tiny\.extensions\.ada: "),
        ("[grading.tiny]\nextensions = { ada = 2026 }", r"grading\.tiny\.extensions\.ada: "),
        ("[grading.tiny]\ndue = 20261001", r"grading\.tiny\.due: "),
        ("[grading.tiny]\nextensions = 3", r"grading\.tiny\.extensions: "),
        (
            '[grading.tiny]\ndropped = ["dobule"]',
            r"names 'dobule'; its questions are double, shift",
        ),
        ('[grading.tiny]\nextra_credit = ["bonus"]', "names 'bonus'"),
        ('[grading]\ndropped = ["double"]', r"Move it to \[grading\.NAME\]"),
        ("[grading.tiny]\nfree_late_days = 3", r"Move it to \[grading\]"),
        ("[grading]\nrounding = 1.5", r"grading\.rounding: "),
        ("[grading]\ntiny = 3", r"grading\.tiny"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_with_its_place(text, says):
    """A mistake in the rules names the setting and what was expected."""
    with pytest.raises(CourseError, match=says):
        rules_of(text)


def test_a_table_for_no_assignment_is_a_sentence():
    """A mistyped name of an assignment would silently set nothing."""
    outline = Outline(title="A course", grading={"tiyn": {"late_penalty": 5}})

    with pytest.raises(CourseError, match=r"\[grading\.tiyn\] is for no assignment"):
        check_names(outline, ["tiny"])
