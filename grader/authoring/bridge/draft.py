"""What an assignment of another grader says, in our words, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.notebook.cells import SKIP_EXECUTION


@dataclass(frozen=True)
class Decision:
    """One thing that a person must decide: where, why, what to do, and the code it is about.

    `must` tells a decision without which points or answers are not as they were from a note.
    """

    cell: int | None
    why: str
    what_to_do: str
    code: str = ""
    question: str = ""
    must: bool = True


@dataclass(frozen=True)
class Part:
    """One cell of the new notebook, and the number of the cell that it comes from."""

    number: int
    kind: str
    source: str
    role: str = "given"
    question: str | None = None
    tags: tuple[str, ...] = ()
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        """Whether its code is part of the program that is graded."""
        return self.kind == "code" and SKIP_EXECUTION not in self.tags


@dataclass(frozen=True)
class GradedCell:
    """A cell with tests: its code, its points, and the output that it was saved with.

    Tests of otter are doctests: what the last line returns must be what was saved.
    """

    number: int
    name: str
    source: str
    points: float
    output: str | None = None
    is_doctest: bool = False


@dataclass(frozen=True)
class DraftQuestion:
    """A question with the tests it had; `rubric` is what its author wrote for whoever grades it."""

    name: str
    title: str
    points: float
    written: bool = False
    tests: tuple[GradedCell, ...] = ()
    together: bool = False  # all of its tests are one: all or nothing
    rubric: str = ""


@dataclass(frozen=True)
class Draft:
    """The whole assignment."""

    title: str
    parts: tuple[Part, ...]
    questions: tuple[DraftQuestion, ...]
    decisions: tuple[Decision, ...] = ()

    def answers(self, question: str) -> Iterator[Part]:
        """The answer cells of a question."""
        return (part for part in self.parts if part.role == "answer" and part.question == question)
