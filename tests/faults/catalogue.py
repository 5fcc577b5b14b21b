"""All cases of the corpus, as they lie in the files beside this one."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.faults.case import Case

FOLDER = Path(__file__).parent
NUMBERS = tuple(f"X{number:02}" for number in range(1, 34))


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the numbers."""
    return tuple(sorted(_found(), key=lambda case: case.number))


def _found() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("x[0-9]*.py")):
        yield from importlib.import_module(f"tests.faults.{path.stem}").CASES
