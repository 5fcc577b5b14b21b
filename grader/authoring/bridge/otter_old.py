"""otter's format of before version 3, and jassign's: settings in fenced prose, tests by a comment.

Its cells become those of today's format, so that there is one way on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.authoring.bridge.reading import SourceCell

LONGEST = 20_000
_QUOTED = re.compile(
    r"(?:```|<!--)[ \t]*\n?[ \t]*#?[ \t]*BEGIN (ASSIGNMENT|QUESTION)[ \t]*\n(.*?)(?:```|-->)",
    re.DOTALL,
)
_TEST = re.compile(r"\A\s*#+[ \t]*(HIDDEN[ \t]+)?TEST\b[ \t]*#*[ \t]*\n?")


def modernised(cells: Sequence[SourceCell]) -> tuple[SourceCell, ...]:
    """The cells in today's format; those of today are as they were."""
    return tuple(_modernised(list(cells)))


def _modernised(cells: list[SourceCell]) -> Iterator[SourceCell]:
    while cells:
        cell = cells.pop(0)
        quoted = _QUOTED.search(cell.source[:LONGEST]) if cell.kind == "markdown" else None
        if quoted is None:
            yield cell
        elif quoted[1] == "ASSIGNMENT":
            yield _raw(cell, f"# ASSIGNMENT CONFIG\n{quoted[2]}")
        else:
            text = (cell.source[: quoted.start()] + cell.source[quoted.end() :]).strip()
            yield _raw(cell, f"# BEGIN QUESTION\n{quoted[2]}")
            yield replace(cell, source=text)
            yield from _answer(cell, cells)
            yield from _tests(cell, cells)
            yield _raw(cell, "# END QUESTION")


def _answer(question: SourceCell, cells: list[SourceCell]) -> Iterator[SourceCell]:
    """The cell below the question."""
    if cells and not _QUOTED.search(cells[0].source[:LONGEST]):
        yield _raw(question, "# BEGIN SOLUTION")
        yield cells.pop(0)
        yield _raw(question, "# END SOLUTION")


def _tests(question: SourceCell, cells: list[SourceCell]) -> Iterator[SourceCell]:
    yield _raw(question, "# BEGIN TESTS")
    while cells and cells[0].is_code and (mark := _TEST.match(cells[0].source)):
        cell = cells.pop(0)
        hidden = "# HIDDEN\n" if mark[1] else ""
        yield replace(cell, source=hidden + cell.source[mark.end() :])
    yield _raw(question, "# END TESTS")


def _raw(cell: SourceCell, text: str) -> SourceCell:
    return SourceCell(cell.number, "raw", text)
