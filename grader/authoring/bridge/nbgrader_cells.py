"""What nbgrader's metadata say of each cell, and which tests belong to which answers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.bridge.reading import SourceCell, mapping
from grader.authoring.bridge.stubs import has_solution
from grader.notebook.code import defined_names, parse


@dataclass(frozen=True)
class Kind:
    """What nbgrader's metadata say of a cell."""

    role: str  # given, answer, tests, manual, task
    grade_id: str
    points: float


@dataclass
class Group:
    """Answer cells that make one question, and the tests of it."""

    answers: list[SourceCell]
    tests: list[SourceCell] = field(default_factory=list)
    name: str = ""


def kind_of(cell: SourceCell) -> Kind:
    """What nbgrader does with a cell, by its metadata."""
    data = mapping(cell.metadata.get("nbgrader"))
    grade, solution, task = (data.get(flag) is True for flag in ("grade", "solution", "task"))
    role = "given"
    if task or (grade and solution):
        role = "task" if task else "manual"
    elif grade:
        role = "tests" if cell.is_code else "given"
    elif solution or (cell.is_code and has_solution(cell.source)):
        role = "answer" if cell.is_code else "given"
    return Kind(role, str(data.get("grade_id") or f"cell-{cell.number}")[:100], _points(data))


def _points(data: Mapping[str, Any]) -> float:
    value = data.get("points")
    try:
        points = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return 0.0
    return points if 0 <= points < 1e6 else 0.0  # noqa: PLR2004


def groups_of(cells: Sequence[SourceCell], kinds: Mapping[int, Kind]) -> Iterator[Group]:
    """Each test belongs to the last answer before it that defines what it uses."""
    answers = [cell for cell in cells if kinds[cell.number].role == "answer"]
    names = {cell.number: defined_names(cell.source) for cell in answers}
    functions = {cell.number: _functions(cell.source) for cell in answers}
    tests: dict[int, list[SourceCell]] = {cell.number: [] for cell in answers}
    for cell in cells:
        if kinds[cell.number].role == "tests" and (owner := _owner(cell, functions, names)):
            tests[owner].append(cell)
    group = Group([])
    last: Group | None = None
    for cell in answers:
        group.answers.append(cell)
        if tests[cell.number]:
            group.tests = tests[cell.number]
            yield group
            last, group = group, Group([])
    if group.answers and last is not None:
        last.answers += group.answers
    elif group.answers:
        yield group


def _owner(test: SourceCell, *bound: Mapping[int, frozenset[str]]) -> int | None:
    """The last answer with a function that the test calls, else with a name, else the last."""
    words = set(re.findall(r"[A-Za-z_]\w*", test.source))
    before = [number for number in bound[0] if number < test.number]
    for names in bound:
        if using := [number for number in before if names[number] & words]:
            return max(using)
    return max(before, default=None)


def _functions(source: str) -> frozenset[str]:
    tree = parse(source)
    definitions = ast.FunctionDef | ast.ClassDef
    return frozenset(
        node.name for node in (tree.body if tree else []) if isinstance(node, definitions)
    )


def name_of(group: Group, kinds: Mapping[int, Kind]) -> str:
    """The function that is asked for, where it is one; else what nbgrader calls the cell."""
    words = {word for cell in group.tests for word in re.findall(r"[A-Za-z_]\w*", cell.source)}
    using = [cell for cell in group.answers if _functions(cell.source) & words]
    main = using[0] if using else group.answers[-1]
    names = _functions(main.source) if using else defined_names(main.source)
    tested = sorted(names & words, key=main.source.find)
    grade_id = kinds[main.number].grade_id
    return tested[0] if len(tested) == 1 or (tested and is_generic(grade_id)) else grade_id


def is_generic(grade_id: str) -> bool:
    """Whether nbgrader made the name up."""
    return re.fullmatch(r"cell-[0-9a-f]*", grade_id) is not None
