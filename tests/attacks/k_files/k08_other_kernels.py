"""K08: it asks for another kernel or language, or has cells of unknown kinds."""

from __future__ import annotations

from typing import Any

from tests.attacks.case import Case, Notebook, Verdict
from tests.builders import code_cell


def with_kernelspec(notebook: dict[str, Any]) -> dict[str, Any]:
    """It asks for another kernel, by a path."""
    spec = {"name": "../../../bin/bash", "display_name": "<script>", "language": "bash"}
    notebook["metadata"] |= {
        "kernelspec": spec,
        "language_info": {"name": "bash", "file_extension": ".sh"},
    }
    return notebook


def with_strange_cells(notebook: dict[str, Any]) -> dict[str, Any]:
    """Cells of other types and with odd fields."""
    notebook["cells"].append(
        {**code_cell("x = 1", id="odd"), "outputs": [], "metadata": {"tags": 7}}
    )
    notebook["cells"].append(
        {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "%%bash\nrm -rf /"}
    )
    return notebook


CASE = Case(
    number="K08",
    tries="Asks for another kernel or language, or has cells of unknown kinds.",
    stopped_by="The kernel is the box's; metadata of the notebook is dropped.",
    variants={
        "a-kernel-by-path": Notebook(Verdict.OK, edit=with_kernelspec),
        "strange-cells": Notebook(Verdict.OK, edit=with_strange_cells),
    },
)
