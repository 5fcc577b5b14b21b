"""A small assignment on disk, for tests that run hidden tests."""

from __future__ import annotations

import textwrap
from pathlib import Path

from grader.course import Assignment, load_assignment

SETTINGS = """
title = "Two questions"

[[questions]]
name = "double"
title = "Double"
points = 6

[[questions]]
name = "quad"
title = "Quadruple"
points = 4
follows = ["double"]
"""

SOLUTION = """
def double(x):
    return 2 * x

def quad(x):
    return double(double(x))
"""

HEAD = """
import numpy as np
import pytest
from grader.harness import *
"""

QUAD_TEST = '''
@pytest.mark.question("quad")
def test_quad(student, reference, rng):
    """Four times."""
    assert_matches(student.quad, reference.quad, rng.normal(size=3))
'''

TESTS = f'''{QUAD_TEST}
@pytest.mark.question("double")
@pytest.mark.parametrize("size", [2, 3])
def test_double(student, reference, rng, size):
    """Twice."""
    assert_matches(student.double, reference.double, rng.normal(size=size))

@pytest.mark.question("double")
@pytest.mark.weight(4)
def test_shape(student):
    """The shape stays."""
    assert_shape(student.double(np.ones((2, 5))), (2, 5))
'''


def make_assignment(root: Path, tests: str = TESTS, settings: str = SETTINGS) -> Assignment:
    """Write `solutions/tiny` with these hidden tests and read it as the grader does."""
    folder = root / "solutions" / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assignment.toml").write_text(settings, encoding="utf-8")
    (folder / "tiny.ipynb").write_text("{}", encoding="utf-8")
    (folder / "test_tiny.py").write_text(HEAD + textwrap.dedent(tests), encoding="utf-8")
    return load_assignment("tiny", root)
