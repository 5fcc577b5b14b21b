"""A changed course grades again what it touches, and a person sees the difference first."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.classes import make_class, make_course
from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("regrade")  # the class is graded once


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four in a gradebook, with what grading them left in the cache."""
    folder = tmp_path_factory.mktemp("graded")
    make_class(folder / "in", make_course(folder))
    grader(folder, "grade", "in", "--assignment", "tiny", "--gradebook", "gradebook.db")
    return folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return shutil.copytree(graded_once, tmp_path / "course")


def grader(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader.cli", *words, "--sandbox", "local"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRADER_CACHE": str(folder / "cache")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "solutions" / "tiny" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def scores(folder: Path) -> list[tuple[str, float, float]]:
    """All attempts ever kept, in their order."""
    with closing(sqlite3.connect(folder / "gradebook.db")) as database:
        return list(database.execute("SELECT student, score, max_score FROM attempts ORDER BY id"))


def test_a_wider_tolerance_runs_one_question_again(graded):
    """Only the question whose tests use it; the one whose score moves is named with the reason."""
    change(graded, "test_tiny.py", "WIDTH = 1e-9", "WIDTH = 1e-2")

    shown = grader(graded, "regrade", "tiny")
    unchanged = scores(graded)
    done = grader(graded, "regrade", "tiny", "--yes")

    assert "4 of 4 results are touched: shift." in shown.stderr
    assert "4 run in part, 0 as a whole, 0 not at all" in shown.stderr
    assert "shift: 15/30 → 30/30: test_shift now passes" in shown.stdout
    assert "1 up, 0 down, 3 the same." in shown.stdout
    assert shown.returncode == 1
    assert "Nothing was changed" in shown.stderr
    assert len(unchanged) == 4
    assert done.returncode == 0
    assert ("grace", 75.0, 90.0) in scores(graded)[:4]
    assert ("grace", 90.0, 90.0) in scores(graded)[4:]


def test_other_points_run_nothing(graded):
    """A change of points weighs anew what is known."""
    change(graded, "assignment.toml", "points = 30", "points = 40")

    done = grader(graded, "regrade", "tiny", "--yes")
    again = grader(graded, "regrade", "tiny", "--yes")

    assert "0 run in part, 0 as a whole, 4 not at all (points alone)." in done.stderr
    assert "grace" in done.stdout
    assert ("grace", 80.0, 100.0) in scores(graded)
    assert "All 4 results are those of the course as it stands." in again.stderr


def test_a_question_that_builds_on_a_touched_one_runs_with_it(graded):
    """Shift follows double: who did not earn it alone has it tried again too."""
    change(graded, "test_tiny.py", "[2, 3]", "[2, 3, 4]")

    done = grader(graded, "regrade", "tiny", "--yes")

    assert "4 of 4 results are touched: double." in done.stderr
    assert "2 run in part, 2 as a whole" in done.stderr
    assert "0 up, 0 down, 4 the same." in done.stdout


def test_grading_does_not_change_kept_results_by_itself(graded):
    """A call of `grade` after a change says that there is one, and leaves the results."""
    change(graded, "test_tiny.py", "WIDTH = 1e-9", "WIDTH = 1e-2")

    done = grader(graded, "grade", "in", "-a", "tiny", "--gradebook", "gradebook.db")

    assert "4 of them with an earlier state of the course" in done.stderr
    assert "grader regrade tiny" in done.stderr
    assert len(scores(graded)) == 4


def test_grade_can_regrade_in_one_call(graded):
    """`grade --regrade --yes` brings everything up to date."""
    change(graded, "test_tiny.py", "WIDTH = 1e-9", "WIDTH = 1e-2")

    done = grader(
        graded, "grade", "in", "-a", "tiny", "--gradebook", "gradebook.db", "--regrade", "--yes"
    )

    assert done.returncode == 0, done.stderr
    assert ("grace", 90.0, 90.0) in scores(graded)


def test_another_question_is_left_alone_when_one_is_named(graded):
    """`--question` limits a regrade to it; the other change stays to be done."""
    change(graded, "test_tiny.py", "WIDTH = 1e-9", "WIDTH = 1e-2")

    other = grader(graded, "regrade", "tiny", "--question", "double", "--yes")

    assert "All 4 results of double are those of the course" in other.stderr
    assert len(scores(graded)) == 4


def test_without_results_there_is_nothing_to_regrade(tmp_path):
    """A gradebook that is not there is a sentence, exit code 2, and is not made."""
    make_course(tmp_path)

    done = grader(tmp_path, "regrade", "tiny")

    assert done.returncode == 2
    assert "gradebook.db" in done.stderr
    assert not (tmp_path / "gradebook.db").exists()
