"""A small class: the course `tiny`, released, with submissions whose scores are known."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from grader.course import Assignment
from grader.notebook import write_release
from tests.builders import SHIFT, TINY_SETTINGS, make_assignment, write_notebook

TESTS = '''\
import numpy as np
import pytest
from grader.harness import assert_matches, observe

WIDTH = 1e-9


@pytest.mark.question("double")
@pytest.mark.parametrize("size", [2, 3])
def test_double(student, reference, rng, size):
    """Twice."""
    assert_matches(student.double, reference.double, rng.normal(size=size))


@pytest.mark.question("shift")
def test_shift(student, reference, rng):
    """One more."""
    got = float(student.shift(4.0))
    observe("shift", got)
    assert abs(got - reference.shift(4.0)) < WIDTH


@pytest.mark.question("shift")
def test_back(student, reference, rng):
    """One less."""
    assert_matches(student.shift_back, reference.shift_back, rng.normal(size=3))
'''
SETTINGS = 'secret = "of the course"\n' + TINY_SETTINGS.rpartition("[[questions]]")[0]
DOUBLE = "def double(x):\n    return 2 * x\n"
RIGHT_SHIFT = SHIFT.replace("  # SOLUTION", "")
# By student: the answers, and the score that they earn.
ANSWERS: dict[str, tuple[dict[str, str], float]] = {
    "ada": ({"double": DOUBLE, "shift": RIGHT_SHIFT}, 90.0),
    "alan": ({"double": "def double(x):\n    return 3 * x\n", "shift": RIGHT_SHIFT}, 30.0),
    "grace": ({"double": DOUBLE, "shift": RIGHT_SHIFT.replace("x + 1", "x + 1.001")}, 75.0),
    "emmy": ({}, 0.0),
}


def make_course(folder: Path, tests: str = TESTS, settings: str = SETTINGS) -> Assignment:
    """The course `tiny` without its written question, tested and released."""
    assignment = make_assignment(folder, settings=settings, cells=_cells())
    assignment.tests.write_text(tests, encoding="utf-8")
    write_release(assignment)
    return assignment


def make_class(folder: Path, assignment: Assignment, copies: int = 1) -> Path:
    """A folder of submissions: each of `ANSWERS` so many times."""
    released = json.loads(assignment.released.read_text(encoding="utf-8"))
    for student, (answers, _) in ANSWERS.items():
        for number in range(copies):
            name = f"{student}{number or ''}"
            write_notebook(folder / f"{name}.ipynb", filled(released, answers, name))
    return folder


def filled(released: dict[str, Any], answers: dict[str, str], name: str) -> dict[str, Any]:
    """The released notebook with answers in it, and a cell that makes the file its student's."""
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        ours = cell["metadata"].get("grader", {})
        if ours.get("role") == "answer" and ours["question"] in answers:
            cell["source"] = answers[ours["question"]]
    notebook["cells"][0]["source"] = f"# {name}"
    return notebook


def _cells() -> list[dict[str, Any]]:
    from tests.builders import tiny_solution

    return [
        cell
        for cell in tiny_solution()
        if cell["metadata"].get("grader", {}).get("role") != "written"
    ]
