"""All cases of the corpus, as they lie in the folders beside this file."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.attacks.case import Case

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
GROUPS = {
    "A": ("score forging", 12),
    "B": ("theft of hidden tests", 12),
    "C": ("tampering in the process", 13),
    "D": ("lying return values", 14),
    "E": ("exhaustion of resources", 21),
    "F": ("persistence between submissions", 9),
    "G": ("interference with a neighbour", 6),
    "H": ("escape from the container", 9),
    "I": ("network", 4),
    "J": ("abuse of the kernel's protocol", 15),
    "K": ("malformed files", 14),
    "L": ("injection into reports", 12),
    "M": ("web application", 10),
    "N": ("theft of the environment", 4),
}
NUMBERS = tuple(
    f"{letter}{number:02}"
    for letter, (_, count) in GROUPS.items()
    for number in range(1, count + 1)
)


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the numbers."""
    return tuple(sorted(_found(), key=lambda case: case.number))


def _found() -> Iterator[Case]:
    for path in sorted([*FOLDER.glob("?_*/?[0-9]*.py"), *FOLDER.glob("?_*/elsewhere.py")]):
        module = importlib.import_module(f"tests.attacks.{path.parent.name}.{path.stem}")
        found = vars(module).get("CASES") or (module.CASE,)
        yield from found
