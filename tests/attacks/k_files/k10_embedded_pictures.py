"""K10: it embeds a picture of the host's by its path."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.intake import read_submission
from tests.attacks.case import Case, Host
from tests.builders import code_cell, make_notebook


def read_as(content: bytes, check: Callable[[Any], object]) -> Host:
    """A file that is read, and what must be true of it."""

    def look(folder: Path) -> None:
        path = folder / "attack.ipynb"
        path.write_bytes(content)
        assert check(read_submission(path))

    return Host(look)


CASE = Case(
    number="K10",
    tries="Embeds a picture of the host's by its path.",
    stopped_by="Prose is not rendered, and no path of a notebook is opened.",
    variants={
        "a-path": read_as(
            json.dumps(
                make_notebook(
                    {
                        **code_cell("x"),
                        "cell_type": "markdown",
                        "source": "![x](../../../../etc/passwd)",
                    }
                )
            ).encode(),
            lambda read: "root:" not in json.dumps(read.notebook),
        )
    },
)
