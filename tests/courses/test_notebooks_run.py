"""Every notebook runs from top to bottom, as the solution and as a student first sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from grader.course import Assignment, assignment_names, load_assignment

ROOT = Path(__file__).parents[2]
SECONDS = 300  # of one cell, on a machine that others use as well
pytestmark = pytest.mark.filterwarnings("default")  # Jupyter's own are not ours to fix


@pytest.fixture(params=assignment_names(ROOT))
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load_assignment(request.param, ROOT)


def run(notebook: Any, folder: Path) -> None:
    """Run every cell, also those that grading skips; an exception in any of them raises here."""
    runner = ExecutePreprocessor(timeout=SECONDS, kernel_name="python3", skip_cells_with_tag="")
    runner.preprocess(notebook, {"metadata": {"path": str(folder)}})


def pictures(notebook: Any) -> set[str]:
    """The names of the cells that show a picture."""
    return {
        cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    }


def picture_cells(assignment: Assignment) -> set[str]:
    """Where each question that a program grades has its picture."""
    return {f"{question.name}-picture" for question in assignment.questions if not question.written}


def test_the_solution_runs_and_shows_a_picture_for_every_question(
    assignment: Assignment, tmp_path: Path
) -> None:
    """Run all finishes without an exception, and each question has its picture."""
    notebook = nbformat.read(assignment.source, as_version=4)

    run(notebook, tmp_path)

    assert picture_cells(assignment) - pictures(notebook) == set()


def test_the_untouched_notebook_runs_and_says_what_is_not_yet_filled(
    assignment: Assignment, tmp_path: Path
) -> None:
    """Before a student has written anything, Run all raises nothing and waits with the pictures."""
    notebook = nbformat.read(assignment.released, as_version=4)
    (tmp_path / assignment.released_cases.name).write_bytes(assignment.released_cases.read_bytes())

    run(notebook, tmp_path)

    said = {c.id: "".join(o.get("text", "") for o in c.get("outputs", [])) for c in notebook.cells}
    for name in picture_cells(assignment):
        assert "not yet filled" in said[name]
    for question in assignment.questions:
        if not question.written:
            assert "not yet filled" in said[f"{question.name}-check"]
