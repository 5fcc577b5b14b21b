"""A spreadsheet runs nothing of what students are called, and numbers stay numbers."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exports.cells import as_csv, disarmed, harmless, key, number, two_decimals, words
from tests.unit.exports.builders import ODD_NAMES

RUNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_no_name_starts_a_formula(name):
    """No name that a student can have starts a formula in a spreadsheet."""
    assert not words(name).startswith(RUNS)
    assert not key(name).startswith(RUNS)


@settings(deadline=None)
@given(st.text())
def test_no_text_starts_a_formula(text):
    """No text at all starts a formula."""
    assert not words(text).startswith(RUNS)
    assert not key(text).startswith(RUNS)
    assert not disarmed(text).startswith(RUNS)


@settings(deadline=None)
@given(st.text(), st.text())
def test_different_keys_stay_different(one, other):
    """Two students never become one because of an apostrophe."""
    assert (harmless(one) == harmless(other)) == (one == other)


@settings(deadline=None)
@given(st.text())
def test_disarming_twice_changes_nothing(text):
    """A file that is filled in twice does not gather apostrophes."""
    assert disarmed(disarmed(text)) == disarmed(text)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_a_table_is_read_back_as_it_was_written(rows):
    """Commas, quotes and line breaks in a cell stay in that cell."""
    cells = [[key(cell) for cell in row] for row in rows]

    content = as_csv(["a", "b"], cells).decode()

    assert list(csv.reader(io.StringIO(content, newline="")))[1:] == cells


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (85.0, "85"), (7.5, "7.5"), (3.33333, "3.3333"), (-1.0, "-1"), (-0.0, "0")],
)
def test_a_number_is_a_number_and_nothing_known_is_nothing(value, text):
    """Numbers are written as numbers, and what is not known as an empty cell."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.675, "2.68"), (1.005, "1.01"), (85.0, "85.00"), (0.004, "0.00")]
)
def test_halves_are_rounded_up(value, text):
    """Two decimals, where a half of a hundredth is rounded up as people do."""
    assert two_decimals(value) == text
    assert two_decimals(value, ",") == text.replace(".", ",")
