"""What of a hidden test file belongs to a question: its tests, and what they can reach."""

from __future__ import annotations

import ast

import pytest

from grader.batch.hidden_tests import part_of

MODULE = '''
"""Hidden tests."""
import numpy as np
import pytest

WIDTH = 1e-9
SIZES = [2, 3]
TABLE = {}
TABLE["x"] = 1


def near(got, expected):
    return abs(got - expected) < WIDTH


@pytest.fixture
def image(rng):
    return rng.normal(size=SIZES)


@pytest.mark.question("double")
@pytest.mark.parametrize("size", SIZES)
def test_double(student, size):
    """Twice."""
    assert student.double(size) == 2 * size


@pytest.mark.question("shift")
class TestShift:
    def test_shift(self, student):
        assert near(student.shift(1), 2)

    def test_image(self, student, image):
        assert student.shift(image).shape == image.shape
'''
CHANGES = {
    "a test of one question": ("2 * size", "3 * size", {"double"}),
    "a helper that one question uses": ("< WIDTH", "<= WIDTH", {"shift"}),
    "a constant behind a helper": ("1e-9", "1e-6", {"shift"}),
    "a constant that both reach": ("[2, 3]", "[2, 4]", {"double", "shift"}),
    "a fixture": ("rng.normal", "rng.uniform", {"shift"}),
    "a title": ("Twice.", "Two times.", {"double"}),
    "an import": ("import numpy as np", "import numpy", {"double", "shift"}),
    "something that is changed in place": ('["x"] = 1', '["x"] = 2', {"double", "shift"}),
    "prose": ("Hidden tests.", "The hidden tests.", set()),
    "a comment": ("WIDTH = 1e-9", "WIDTH = 1e-9  # narrow", set()),
    "layout": ("def near(got, expected):\n", "def near(got, expected):\n\n", set()),
    "an unknown mark": ('question("shift")', "question(NAME)", {"double", "shift"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_touches_the_questions_that_can_see_it(name):
    """No other question is graded again, and none that it could concern is left out."""
    old, new, expected = CHANGES[name]
    assert old in MODULE

    before, after = ast.parse(MODULE), ast.parse(MODULE.replace(old, new))

    touched = {q for q in ("double", "shift") if part_of(before, q) != part_of(after, q)}
    assert touched == expected


def test_a_fixture_for_all_belongs_to_all():
    """`autouse` asks nobody."""
    fixture = "@pytest.fixture(autouse=True)\ndef calm():\n    yield {}\n"

    parts = [part_of(ast.parse(MODULE + fixture.format(n)), "double") for n in (1, 2)]

    assert parts[0] != parts[1]
