"""The notebook `layers` runs from top to bottom, as the solution and as a student first sees it."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from grader.course import load_assignment
from grader.notebook import release


def run(notebook, folder):
    """Run every cell, also those that grading skips; an exception in any of them raises here."""
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        skip_cells_with_tag="",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()


def pictures(notebook):
    """The names of the cells that show a picture."""
    return {
        cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    }


@pytest.mark.filterwarnings("default")  # Jupyter's own are not ours to fix
def test_the_solution_runs_and_shows_a_picture_for_every_question(root):
    """Run all finishes without an exception, and each question has its picture."""
    assignment = load_assignment("layers", root)
    notebook = nbformat.read(assignment.source, as_version=4)

    run(notebook, assignment.source.parent)

    assert pictures(notebook) >= {f"{question.name}-picture" for question in assignment.questions}


@pytest.mark.filterwarnings("default")  # Jupyter's own are not ours to fix
def test_the_untouched_notebook_runs_and_says_what_is_not_yet_filled(root, tmp_path):
    """Before a student has written anything, Run all raises nothing and waits with the pictures."""
    assignment = load_assignment("layers", root)
    notebook = nbformat.reads(release(assignment).decode(), as_version=4)

    run(notebook, tmp_path)

    said = {c.id: "".join(o.get("text", "") for o in c.get("outputs", [])) for c in notebook.cells}
    assert pictures(notebook) == {"photo"}
    for question in assignment.questions:
        assert "not yet filled" in said[f"{question.name}-picture"]
