"""Where a hidden test of the tests notes what it holds, weakly."""

from __future__ import annotations

import weakref
from typing import Any

NOTED: list[weakref.ref[Any]] = []


def note(value: Any) -> None:
    """Note a value without keeping it."""
    NOTED.append(weakref.ref(value))
