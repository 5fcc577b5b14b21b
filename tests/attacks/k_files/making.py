"""Files as they are handed in, and the notebook that they are made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.case import File
from tests.builders import code_cell, make_notebook

GOOD = make_notebook(code_cell("x = 1"))


def bytes_(content: bytes, says: str, **more: Any) -> File:
    """A file of these bytes."""

    def make(path: Path) -> None:
        path.write_bytes(content)

    return File(make, says, **more)


def made(make: Callable[[Path], object], says: str) -> File:
    """Something that is no ordinary file."""

    def do(path: Path) -> None:
        make(path)

    return File(do, says)
