"""The plugin is inert in other people's test runs, and serves `pytest solutions/NAME`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grader.harness.alone import Alone
from tests.unit.harness.course import QUAD_TEST, make_assignment

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as an instructor does."""
    return subprocess.run(
        [*PYTEST, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_run_without_hidden_tests_imports_nothing_of_the_harness(tmp_path: Path) -> None:
    """Other test suites on an instructor's machine pay nothing and see no fixture of ours."""
    (tmp_path / "test_other.py").write_text(
        "import sys\ndef test_it():\n"
        "    assert 'grader.harness.fixtures' not in sys.modules\n"
        "    assert 'grader.course' not in sys.modules and 'numpy' not in sys.modules\n"
        "def test_fixture(student): pass\n",
        encoding="utf-8",
    )

    ran = pytest_in(tmp_path)

    assert "fixture 'student' not found" in ran.stdout
    assert "1 passed, 1 error" in ran.stdout


def test_the_marks_are_known(tmp_path: Path) -> None:
    """`--strict-markers` accepts the marks of hidden tests."""
    ran = pytest_in(tmp_path, "--markers")

    assert "@pytest.mark.question(name)" in ran.stdout
    assert "@pytest.mark.reveal" in ran.stdout


def test_hidden_tests_are_collected_in_the_order_of_the_notebook(tmp_path: Path) -> None:
    """Run alone, they come as they do when a submission is graded."""
    make_assignment(tmp_path)

    ran = pytest_in(tmp_path, "solutions/tiny", "--collect-only", "--strict-markers")

    names = [line.partition("::")[2] for line in ran.stdout.splitlines() if "::" in line]
    assert names == ["test_double[2]", "test_double[3]", "test_shape", "test_quad"]


def test_a_mistake_in_the_marks_is_one_sentence_also_here(tmp_path: Path) -> None:
    """The instructor who runs the file alone is told the same, without a traceback."""
    make_assignment(tmp_path, QUAD_TEST.replace('"quad")', '"octo")'))

    ran = pytest_in(tmp_path, "solutions/tiny")

    assert ran.returncode == 4
    assert "ERROR: tiny has no question 'octo'" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


def test_a_broken_assignment_is_one_sentence_also_here(tmp_path: Path) -> None:
    """A file that is no assignment.toml is named."""
    make_assignment(tmp_path)
    (tmp_path / "solutions/tiny/assignment.toml").write_text("title = ", encoding="utf-8")

    ran = pytest_in(tmp_path, "solutions/tiny")

    assert "is not valid TOML" in ran.stderr


def test_the_boxes_open_only_when_a_test_asks() -> None:
    """Collecting hidden tests starts nothing."""
    alone = Alone("docker")

    alone.pytest_unconfigure()
