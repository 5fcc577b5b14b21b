"""The autograder for Gradescope: whole, runnable, and with nothing but one assignment."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.course import load_assignment
from grader.errors import CourseError
from grader.exports import autograder
from grader.exports.wheel import wheel

ROOT = Path(__file__).parent.parent.parent.parent


def archive(assignment):
    return zipfile.ZipFile(io.BytesIO(autograder.export(assignment).content))


@pytest.mark.parametrize(("name", "packages"), [("layers", False), ("vgg", True)])
def test_it_holds_one_assignment_and_what_it_needs(name, packages):
    """Hidden tests and release of one assignment; Keras only where the assignment uses it."""
    with archive(load_assignment(name, ROOT)) as packed:
        names = packed.namelist()
        setup = packed.read("setup.sh").decode()

    folders = {name.split("/")[2] for name in names if name.startswith("course/")}
    assert folders == {name}
    assert f"course/solutions/{name}/test_{name}.py" in names
    assert f"course/assignments/{name}/{name}.ipynb" in names
    assert ("keras>=" in setup) == packages
    assert "@" not in setup.replace('"$@"', "")


def test_its_scripts_may_be_run():
    """Gradescope unpacks the zip with the permissions that stand in it."""
    with archive(load_assignment("layers", ROOT)) as packed:
        modes = {name: packed.getinfo(name).external_attr >> 16 for name in packed.namelist()}

    assert modes["setup.sh"] & modes["run_autograder"] & 0o111 == 0o111
    assert modes["course/solutions/layers/test_layers.py"] & 0o111 == 0


def test_it_says_what_is_not_protected():
    """Whoever exports it is told what Docker would have protected."""
    notes = " ".join(autograder.export(load_assignment("layers", ROOT)).notes)

    assert "network" in notes
    assert "hidden tests" in notes


def test_an_assignment_that_was_not_released_is_refused(course):
    """Without the released notebook the sentence says how to make it."""
    (course / "assignments/layers/layers.ipynb").unlink()

    with pytest.raises(CourseError, match="grader release layers"):
        autograder.export(load_assignment("layers", course))


def test_the_same_grader_makes_the_same_wheel():
    """The archive holds no times, so that the same files are the same bytes."""
    assert wheel() == wheel()
