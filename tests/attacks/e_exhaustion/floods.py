"""Cells whose output is cut, at no cost."""

from __future__ import annotations

from tests.attacks.case import Notebook, Verdict

FLOOD = {"cell_seconds": 15, "output_kb": 64}


def flood(body: str, **more) -> Notebook:
    """A cell that is cut, and costs nothing."""
    more = {"flags": ("output_truncated",), **more}
    return Notebook(Verdict.OK, body, limits=FLOOD, **more)
