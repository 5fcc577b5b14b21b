"""Solution markers: from the reference's source to the stub that a student sees.

`# BEGIN SOLUTION` / `# END SOLUTION` (also nbgrader's `###`, and as an HTML comment in prose)
enclose a region; `# SOLUTION` at a line's end is a region of one line. The first region of a
function becomes a `raise NotImplementedError`, its other regions go without a trace.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.errors import CourseError
from grader.notebook.code import defined_names, parse

WRITTEN_STUB = "*Your answer here.*"
_BEGIN = re.compile(r"\s*(?:#{1,3}|<!--)\s*BEGIN SOLUTION\b")
_END = re.compile(r"\s*(?:#{1,3}|<!--)\s*END SOLUTION\b")
_LINE = re.compile(r"\s*[^\s#].*#{1,3}\s*SOLUTION\s*$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Region:
    """Lines that hold a solution, markers included; 0-based, `end` is the line after the last."""

    start: int
    end: int


def has_markers(source: str) -> bool:
    """Whether any line of a cell is a solution marker."""
    patterns = (_BEGIN, _END, _LINE)
    return any(pattern.match(line) for line in source.splitlines() for pattern in patterns)


def cut_prose(source: str, where: str) -> str:
    """A written answer with every region replaced by the place for the student's own."""
    lines = source.splitlines()
    starts = {region.start: region for region in _regions(lines, where)}
    inside = {n for region in starts.values() for n in range(region.start, region.end)}
    kept = [
        WRITTEN_STUB if number in starts else line
        for number, line in enumerate(lines)
        if number in starts or number not in inside
    ]
    return "\n".join(kept).strip()


def cut_code(source: str, question: str, functions: Collection[str], where: str) -> str:
    """The stub of an answer cell: signatures and docstrings stay, solutions go.

    `functions` are the names that the question asks for: none of them may vanish with a region.
    """
    tree = parse(source)
    if tree is None:
        raise CourseError(f"{where}: the solution is not valid Python.")
    lines = source.splitlines()
    regions = _regions(lines, where)
    stub = "\n".join(_stub_lines(lines, regions, tree, question)).rstrip()
    _check_stub(stub, tree, functions, where)
    return stub


def _regions(lines: Sequence[str], where: str) -> list[Region]:
    regions: list[Region] = []
    opened: int | None = None
    for number, line in enumerate(lines):
        if _BEGIN.match(line):
            if opened is not None:
                raise _unbalanced(where, number, "BEGIN SOLUTION inside another region")
            opened = number
        elif _END.match(line):
            if opened is None:
                raise _unbalanced(where, number, "END SOLUTION without a BEGIN SOLUTION before it")
            regions.append(Region(opened, number + 1))
            opened = None
        elif opened is None and _LINE.match(line):
            regions.append(Region(number, number + 1))
    if opened is not None:
        raise _unbalanced(where, opened, "BEGIN SOLUTION without an END SOLUTION after it")
    return regions


def _unbalanced(where: str, number: int, what: str) -> CourseError:
    return CourseError(f"{where}, line {number + 1}: {what}.")


def _stub_lines(
    lines: Sequence[str], regions: Sequence[Region], tree: ast.Module, question: str
) -> Iterator[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    classes = {
        method: node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
    }
    owners = {region.start: _owner(region, lines, functions) for region in regions}
    inside = {number for region in regions for number in range(region.start, region.end)}
    in_functions = any(owners.values())
    told: set[Function | None] = set()
    for number, line in enumerate(lines):
        if number in owners:
            owner = owners[number]
            # A helper beside the stub needs no place of its own: students invent theirs.
            if owner not in told and (owner or not in_functions):
                # Of a method the class is named: that is what a student is asked for.
                name = classes.get(owner, owner.name) if owner else question
                region = next(region for region in regions if region.start == number)
                yield f'{_indent(region, lines)}raise NotImplementedError("{name}: your turn")'
            told.add(owner)
        elif number not in inside:
            yield line


def _code_lines(region: Region, lines: Sequence[str]) -> Iterator[int]:
    for number in range(region.start, region.end):
        if (bare := lines[number].strip()) and not bare.startswith("#"):
            yield number


def _owner(region: Region, lines: Sequence[str], functions: Sequence[Function]) -> Function | None:
    """The innermost function that begins before the region and holds its first line of code."""
    line = next(_code_lines(region, lines), region.start) + 1
    around = [
        node for node in functions if node.lineno <= region.start and line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno, default=None)


def _indent(region: Region, lines: Sequence[str]) -> str:
    line = lines[next(_code_lines(region, lines), region.start)]
    return line[: len(line) - len(line.lstrip())]


def _check_stub(stub: str, solution: ast.Module, functions: Collection[str], where: str) -> None:
    tree = parse(stub)
    if tree is None:
        raise CourseError(
            f"{where}: what is left outside the solution markers is not valid Python; put whole "
            "statements between them and leave one in every block."
        )
    stubs = {node.name: _face(node) for node in tree.body if isinstance(node, Function)}
    for node in solution.body:
        if not isinstance(node, Function | ast.ClassDef):
            continue
        vanished = node.name in functions and node.name not in defined_names(stub)
        altered = (
            node.name in stubs and isinstance(node, Function) and stubs[node.name] != _face(node)
        )
        if vanished or altered:
            raise CourseError(
                f"{where}: the stub of {node.name} loses its signature or its docstring; keep "
                "both outside the solution markers."
            )


def _face(node: Function) -> tuple[str, str | None]:
    return ast.dump(node.args), ast.get_docstring(node)
