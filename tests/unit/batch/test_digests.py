"""The hash of a question changes with what its result depends on, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.digests import course_digest, question_digests
from grader.course import load_assignment
from grader.notebook import write_release
from tests.classes import make_course


def edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(course: Path) -> None:
        path = course / "solutions" / "tiny" / file
        text = path.read_text() if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else new)

    return change


CHANGES = {
    "points": (edit("assignment.toml", "points = 60", "points = 61"), set()),
    "a title": (edit("assignment.toml", "Twice as much", "Two times"), set()),
    "known mistakes": (edit("misconceptions.py", "", "x = 1"), set()),
    "a tolerance": (edit("test_tiny.py", "1e-9", "1e-3"), {"shift"}),
    "a forbidden name": (edit("assignment.toml", '"np.roll"', '"np.pad"'), {"shift"}),
    "its solution": (edit("tiny.ipynb", "x + 1", "1 + x"), {"shift"}),
    "a solution that another follows": (edit("tiny.ipynb", "secret = 2", "secret = 4 / 2"), None),
    "limits": (edit("assignment.toml", "title", "limits.call_seconds = 3\ntitle"), None),
    "the secret": (edit("assignment.toml", "of the course", "of another"), None),
    "a locked cell": (edit("tiny.ipynb", "import numpy as np", "import numpy as xp"), None),
    "probes": (edit("probes.py", "", "x = 1"), None),
    "a module that tests may import": (edit("oracle.py", "", "x = 1"), None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_touches_what_depends_on_it(tmp_path, name):
    """None stands for all questions."""
    change, expected = CHANGES[name]
    before = question_digests(make_course(tmp_path), "image")

    change(tmp_path)
    assignment = load_assignment("tiny", tmp_path)
    write_release(assignment)

    after = question_digests(assignment, "image")
    touched = {question for question in before if before[question] != after[question]}
    assert touched == (set(before) if expected is None else expected)


def test_another_image_touches_all(tmp_path):
    """Other versions of NumPy may round otherwise."""
    assignment = make_course(tmp_path)

    one, other = question_digests(assignment, "one"), question_digests(assignment, "other")

    assert all(one[question] != other[question] for question in one)


def test_points_are_part_of_the_course(tmp_path):
    """A result at other points is another result, though nothing is run for it."""
    before = make_course(tmp_path)
    digests = question_digests(before, "image")
    edit("assignment.toml", "points = 60", "points = 61")(tmp_path)
    after = load_assignment("tiny", tmp_path)

    assert question_digests(after, "image") == digests
    assert course_digest(after, digests) != course_digest(before, digests)
