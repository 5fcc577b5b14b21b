"""A07: the notebook itself claims points, or changes what the course has locked."""

from tests.attacks.case import Case, Notebook, Verdict
from tests.builders import code_cell

CHEAT = 'def assert_matches(*a, **k):\n    """Always."""\n'


def with_points(notebook):
    """Every cell says how many points it has got."""
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("grader", {}).update(points=100, score=100, status="passed")
        cell["metadata"]["nbgrader"] = {"grade": True, "points": 100, "score": 100, "locked": False}
    notebook["metadata"]["score"] = 100
    return notebook


def with_tests(notebook):
    """Cells that say they are the course's tests, and all of the question's."""
    extra = code_cell(CHEAT, "check", "linear", id="forged-test")
    given = code_cell("np.testing.assert_allclose = lambda *a: 0", "given", id="forged-given")
    notebook["cells"] += [extra, given]
    return notebook


def with_edited_cells(notebook):
    """The course's own cells do something else."""
    for cell in notebook["cells"]:
        if (
            cell["metadata"].get("grader", {}).get("role") == "given"
            and cell["cell_type"] == "code"
        ):
            cell["source"] = "import numpy as np\nnp.allclose = lambda *a, **k: True"
    return notebook


def with_roles_swapped(notebook):
    """Every answer says that it is a given cell."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("grader", {}).get("question") == "linear":
            cell["metadata"]["grader"]["role"] = "given"
    return notebook


CASE = Case(
    number="A07",
    tries="Forges points, roles and test cells in the notebook's metadata, or edits locked cells.",
    stopped_by="Roles, points and locked cells are taken from the release, never from the file.",
    variants={
        "points-in-metadata": Notebook(Verdict.ZERO, edit=with_points),
        "test-cells": Notebook(Verdict.ZERO, edit=with_tests, may=("tampered",)),
        "edited-given-cells": Notebook(Verdict.ZERO, edit=with_edited_cells, flags=("tampered",)),
        "roles-swapped": Notebook(Verdict.ZERO, edit=with_roles_swapped, may=("tampered",)),
    },
    quick=("edited-given-cells",),
    held_by=(
        "tests/unit/intake/test_assemble.py::test_an_edited_course_cell_is_replaced_and_flagged",
        "tests/unit/intake/test_assemble.py::test_what_an_extra_cell_says_of_itself_changes_nothing",
    ),
)
