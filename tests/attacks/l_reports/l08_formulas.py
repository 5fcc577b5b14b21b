"""L08: it writes a formula into a name, for the spreadsheet of whoever opens the table."""

from __future__ import annotations

from pathlib import Path

from grader.exports import cells
from tests.attacks.case import Case, Host


def no_formula(*texts: str) -> Host:
    """In a spreadsheet no text is a formula."""

    def check(_: Path) -> None:
        for text in texts:
            assert not cells.disarmed(text).startswith(("=", "+", "-", "@", "\t", "\r"))

    return Host(check)


CASE = Case(
    number="L08",
    tries="Writes a formula into a name, for the spreadsheet of whoever opens the table.",
    stopped_by="What would start a formula is disarmed.",
    variants={
        "formulas": no_formula(
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\uff1d1",
            '=HYPERLINK("http://example.com")',
            "\n=1",
        ),
    },
    held_by=(
        "tests/unit/exports/test_cells.py::test_no_text_starts_a_formula",
        "tests/unit/exports/test_canvas.py::test_a_formula_for_a_name_is_disarmed_where_an_id_stands_beside_it",
    ),
)
