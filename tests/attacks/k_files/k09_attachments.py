"""K09: it has attachments whose names lead out of a folder."""

from __future__ import annotations

from typing import Any

from tests.attacks.case import Case, Notebook, Verdict


def with_attachments(notebook: dict[str, Any]) -> dict[str, Any]:
    """Attachments whose names lead elsewhere."""
    names = ("../zq7planted", "/tmp/zq7planted", "a\0b", "C:\\zq7planted", "x.svg")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {
                name: {"image/png": "!!!", "text/html": "<script>"} for name in names
            }
            cell["source"] = "![x](attachment:../zq7planted) ![y](../../../../etc/passwd)"
    return notebook


CASE = Case(
    number="K09",
    tries="Has attachments whose names lead out of a folder.",
    stopped_by="Attachments are dropped as the file is read.",
    variants={"attachments": Notebook(Verdict.OK, edit=with_attachments, may=("tampered",))},
    held_by=(
        "tests/unit/intake/test_read.py::test_outputs_attachments_and_foreign_metadata_are_dropped",
    ),
)
