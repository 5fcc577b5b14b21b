"""`grader import`: what it makes verifies, in the box."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.authoring import foreign


@pytest.mark.parametrize(
    ("kind", "cells"),
    [("nbgrader", foreign.tiny_nbgrader()), ("otter", foreign.tiny_otter())],
    ids=["nbgrader", "otter"],
)
def test_what_is_imported_verifies(kind, cells, tmp_path: Path, grader) -> None:
    """The reference has full marks, the stub none, and each hidden test can be failed."""
    path = foreign.write(tmp_path, cells)

    imported = grader("import", kind, path, "--name", "mine", cwd=tmp_path)
    released = grader("release", "mine", "--sandbox", "local", cwd=tmp_path)
    verified = grader("verify", "mine", "--sandbox", "local", "--repetitions", "2", cwd=tmp_path)

    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert "hidden tests from" in imported.stdout
    assert released.returncode == 0, released.stderr
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_decisions_end_with_a_list_and_exit_code_1(tmp_path: Path, grader) -> None:
    """Each line says which cell, why and what to do."""
    cells = [foreign.answer(foreign.MEAN), foreign.graded("print(mean([1]))")]
    path = foreign.write(tmp_path, cells)

    done = grader("import", "nbgrader", path, cwd=tmp_path)

    assert done.returncode == 1
    assert "must cell 2 (mean): This test cell (2 points) was not translated" in done.stdout
    assert (tmp_path / "solutions" / "tiny" / "DECISIONS.md").is_file()


def test_a_file_that_is_no_notebook_is_one_sentence(tmp_path: Path, grader) -> None:
    """Nothing is written, and no traceback is shown."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "x.ipynb").write_text("{")

    done = grader("import", "otter", tmp_path / "x.ipynb", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("grader: This cannot be imported")
    assert "Traceback" not in done.stderr
