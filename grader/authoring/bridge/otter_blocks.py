"""otter's raw cells: they are YAML, and say where questions, solutions and tests begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from grader.authoring.bridge.reading import SourceCell, mapping
from grader.errors import UsageError

LONGEST_SETTINGS = 20_000
_RAW = re.compile(
    r"\s*#+[ \t]*(ASSIGNMENT CONFIG|(?:BEGIN|END) (?:QUESTION|PROMPT|SOLUTION|TESTS?))\b"
)
_FENCE = re.compile(r"\s*```[ \t]*otter[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL)
_CONFIG = re.compile(
    r'\A\s*(?:"{3}|\'{3})[ \t]*#[ \t]*BEGIN TEST CONFIG[^\n]*\n(.*?)'
    r'(?:"{3}|\'{3})[ \t]*#[ \t]*END TEST CONFIG[^\n]*\n?',
    re.DOTALL,
)
_HIDDEN = re.compile(r"\A\s*#+[ \t]*HIDDEN[ \t]*\n?")


@dataclass
class Block:
    """Cells of one question, by the block of it that they stand in; or one cell outside all."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    cells: list[tuple[str, SourceCell]] = field(default_factory=list)
    is_question: bool = False

    def of(self, block: str) -> list[SourceCell]:
        """The cells of one block."""
        return [cell for where, cell in self.cells if where == block]


def read_blocks(cells: Sequence[SourceCell]) -> tuple[Mapping[str, Any], list[Block]]:
    """The settings of the assignment, and its questions and other cells in order."""
    settings: Mapping[str, Any] = {}
    blocks: list[Block] = []
    question: Block | None = None
    inner = "text"
    for cell in cells:
        mark, text = _marker(cell)
        if mark == "ASSIGNMENT CONFIG":
            settings = _settings(text, cell)
        elif mark == "BEGIN QUESTION":
            _check(question is None, cell, "a question begins inside another")
            question = Block(_settings(text, cell), cell.number, is_question=True)
        elif mark == "END QUESTION":
            _check(question is not None, cell, "a question ends that never began")
            blocks += [question] if question else []
            question, inner = None, "text"
        elif mark:
            inner = mark.split()[1].rstrip("S").lower() if mark.startswith("BEGIN") else "text"
        elif question is not None:
            question.cells.append((inner, cell))
        else:
            blocks.append(Block(number=cell.number, cells=[("text", cell)]))
    _check(question is None, cells[-1] if cells else None, "a question has no END QUESTION")
    return settings, blocks


def _check(is_right: bool, cell: SourceCell | None, what: str) -> None:
    if not is_right:
        raise UsageError(
            f"Cell {cell.number if cell else 0}: {what}; expected otter's raw cells in pairs, "
            "# BEGIN QUESTION and # END QUESTION."
        )


def _marker(cell: SourceCell) -> tuple[str, str]:
    """What a raw cell (or in Colab a fence in prose) marks, and its text; empty for another."""
    text = cell.source
    if cell.kind == "markdown" and (found := _FENCE.match(text)):
        text = found[1]
    elif cell.kind != "raw":
        return "", ""
    mark = _RAW.match(text)
    return (mark[1] if mark else ""), text


def _settings(text: str, cell: SourceCell) -> Mapping[str, Any]:
    if len(text) > LONGEST_SETTINGS:
        raise UsageError(f"Cell {cell.number}: its settings are longer than any are.")
    try:
        return mapping(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"Cell {cell.number}: its settings are not valid YAML.") from error


@dataclass(frozen=True)
class CaseSettings:
    """What a test cell says of itself; its points are None where it says nothing of them."""

    source: str
    hidden: bool
    points: float | None


def case_settings(source: str) -> CaseSettings:
    """A test cell's code, whether students see it, and its points."""
    if found := _CONFIG.match(source):
        try:
            data = mapping(yaml.safe_load(found[1][:LONGEST_SETTINGS]))
        except (yaml.YAMLError, ValueError, RecursionError):
            data = {}
        return CaseSettings(
            source[found.end() :], data.get("hidden") is True, number(data.get("points"))
        )
    if found := _HIDDEN.match(source):
        return CaseSettings(source[found.end() :], True, None)
    return CaseSettings(source, False, None)


def number(value: object) -> float | None:
    """A number of points, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e6 else None  # noqa: PLR2004


def shares(total: float | None, cases: Sequence[CaseSettings]) -> Iterator[float]:
    """The points of each case: those that say nothing share what the others leave, equally."""
    silent = sum(case.points is None for case in cases)
    said = sum(case.points or 0.0 for case in cases)
    if total is None:
        total = 1.0 if silent == len(cases) else said
    rest = max(0.0, total - said) / silent if silent else 0.0
    return (rest if case.points is None else case.points for case in cases)
