"""Cells of a notebook as values: what kind, which role, which question, which tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from grader.notebook.code import read_code

ROLES = frozenset({"given", "answer", "check", "written"})
SKIP_EXECUTION = "skip-execution"
SOLUTION_ONLY = "solution-only"
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class NotebookCell:
    """One cell, whatever notebook it comes from. `number` counts from 1, as a reader does.

    `role` and `question` are what the cell's metadata claim, empty where they claim nothing.
    """

    number: int
    kind: str
    source: str
    id: str = ""
    role: str = ""
    question: str | None = None
    tags: frozenset[str] = frozenset()
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_code(self) -> bool:
        """Whether a kernel could run it."""
        return self.kind == "code"

    @property
    def is_locked(self) -> bool:
        """Whether it belongs to the course: a given cell or a check."""
        return self.role in {"given", "check"}

    @property
    def runs_at_grading(self) -> bool:
        """Whether its code is part of the program: no check, no demonstration."""
        return self.is_code and self.role != "check" and SKIP_EXECUTION not in self.tags

    @property
    def defines(self) -> frozenset[str]:
        """The names that its code binds at the top level."""
        return self._reading[0]

    @property
    def key(self) -> str:
        """Equal for cells of one kind that differ in layout and comments at most."""
        return f"{self.kind}:{self._reading[1]}"

    @cached_property
    def _reading(self) -> tuple[frozenset[str], str]:
        """Read once, and forgotten with the cell."""
        if self.is_code:
            return read_code(self.source)
        return frozenset(), " ".join(self.source.split())


def read_cells(notebook: Mapping[str, Any]) -> tuple[NotebookCell, ...]:
    """The cells of an nbformat 4 notebook that has been checked before, in order."""
    return tuple(_read_cell(number, cell) for number, cell in enumerate(notebook["cells"], 1))


def _read_cell(number: int, cell: Mapping[str, Any]) -> NotebookCell:
    metadata = _mapping(cell.get("metadata"))
    ours = _mapping(metadata.get("grader"))
    role, question = ours.get("role"), ours.get("question")
    listed = metadata.get("tags")
    listed = listed if isinstance(listed, list | tuple) else []
    tags = frozenset(tag for tag in listed if isinstance(tag, str))
    return NotebookCell(
        number=number,
        kind=str(cell.get("cell_type", "raw")),
        source=joined(cell.get("source", "")),
        id=str(cell.get("id", "")),
        role=role if isinstance(role, str) else "",
        question=question if isinstance(question, str) else None,
        tags=tags | ({SOLUTION_ONLY} if role == SOLUTION_ONLY else frozenset()),
        attachments=_mapping(cell.get("attachments")),
    )


def joined(source: str | list[str]) -> str:
    """The text of a cell, which nbformat stores as a string or as a list of lines."""
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def claimed_origin(notebook: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The assignment and the version that a notebook says it was released as."""
    ours = _mapping(_mapping(notebook.get("metadata")).get("grader"))
    assignment, version = ours.get("assignment"), ours.get("version")
    return (
        assignment if isinstance(assignment, str) else None,
        version if isinstance(version, str) else None,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
