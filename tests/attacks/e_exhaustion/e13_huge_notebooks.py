"""E13: it hands in a cell of megabytes, or thousands of cells."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.builders import code_cell


def with_many_cells(notebook):
    """Thousands of cells of code and prose."""
    notebook["cells"] += [code_cell("x = 1", id=f"many-{n}") for n in range(1500)]
    return notebook


def with_a_huge_cell(notebook):
    """Two megabytes of source in one cell."""
    notebook["cells"].append(code_cell("x = 1  # comment\n" * 120_000, id="huge"))
    return notebook


CASE = Case(
    number="E13",
    tries="Hands in a cell of megabytes, or thousands of cells.",
    stopped_by="The file's size and number of values are limited; pages cut what is long.",
    variants={
        "many-cells": Notebook(Verdict.OK, edit=with_many_cells, limits={"total_seconds": 90}),
        "a-huge-cell": Notebook(Verdict.REJECT, edit=with_a_huge_cell),
    },
    held_by=(
        "tests/unit/report/test_feedback.py::test_a_marked_line_of_a_long_cell_is_among_those_shown",
        "tests/unit/report/test_outputs.py::test_a_flood_of_outputs_is_counted_not_shown",
    ),
)
