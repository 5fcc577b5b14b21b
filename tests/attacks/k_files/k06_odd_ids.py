"""K06: it doubles ids, leaves them out, or makes them long or of markup."""

from __future__ import annotations

from typing import Any

from tests.attacks.case import Case, Notebook, Verdict


def with_long_ids(notebook: dict[str, Any]) -> dict[str, Any]:
    """Ids that are long, doubled, missing, or markup."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = ("x" * 10**5, "same", "same", "<script>", "../x")[number % 5]
    return notebook


CASE = Case(
    number="K06",
    tries="Doubles ids, leaves them out, or makes them long or of markup.",
    stopped_by="Cells are found by the release's questions; bad ids are given anew, always alike.",
    variants={"ids": Notebook(Verdict.OK, edit=with_long_ids, may=("duplicate",))},
    held_by=("tests/unit/intake/test_read.py::test_new_ids_are_the_same_each_time",),
)
