"""Solution markers as ours need them: the signature stays outside, the body inside.

Both other graders let a solution hold whole functions, which vanish from the student's copy or are
replaced by a prompt. Here a student always sees the signature and the docstring, so the markers
move into the function.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.bridge.regions import cut_regions
from grader.notebook.code import parse

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
_BEGIN = re.compile(r"\s*#+\s*BEGIN SOLUTION\b")
_END = re.compile(r"\s*#+\s*END SOLUTION\b")
_LINE = re.compile(r"#{1,3}[ \t]*SOLUTION(?:[ \t]+NO[ \t]+PROMPT)?[ \t]*$")
_LINE_END = 60  # how far from its end a line may say that it is a solution
_BEGIN_PROMPT = re.compile(r'[ \t]*"""[ \t]*#[ \t]*BEGIN PROMPT\b')
_END_PROMPT = re.compile(r'[^"]*"""[ \t]*;?[ \t]*#[ \t]*END PROMPT\b')
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Marked:
    """The lines of a cell without markers, and which of them are the solution."""

    lines: tuple[str, ...]
    solution: tuple[bool, ...]
    has_markers: bool


def without_prompts(source: str) -> tuple[str, bool]:
    """The cell without the text that otter shows in the solution's place; whether it had some."""
    found, prompts = cut_regions(source, _BEGIN_PROMPT, _END_PROMPT)
    return found, bool(prompts)


def has_solution(source: str) -> bool:
    """Whether any line marks a solution."""
    return read_markers(source).has_markers


def read_markers(source: str) -> Marked:
    """Which lines of a cell are between markers or end in one."""
    lines: list[str] = []
    solution: list[bool] = []
    inside = marked = False
    for line in source.splitlines():
        if _BEGIN.match(line) or _END.match(line):
            inside, marked = _BEGIN.match(line) is not None, True
            continue
        code = None if inside else _code_of(line)
        marked = marked or code is not None
        lines.append(line if code is None else code)
        solution.append(inside or code is not None)
    return Marked(tuple(lines), tuple(solution), marked)


def _code_of(line: str) -> str | None:
    """The code of a line that ends in `# SOLUTION`; None of any other line."""
    start = max(0, len(line) - _LINE_END)
    found = _LINE.search(line, start)
    code = line[: found.start()].rstrip() if found else ""
    return code if code.strip() and not code.lstrip().startswith("#") else None


def remark(source: str) -> tuple[str, bool]:
    """The cell with markers where ours stand, and whether a signature was hidden before.

    A cell without markers is a solution as a whole. Names that it only assigns get a line
    `name = ...` of their own, which stays.
    """
    marked = read_markers(source)
    solution = [value or not marked.has_markers for value in marked.solution]
    tree = parse("\n".join(marked.lines))
    shown = False
    if tree is not None:
        shown = _show_signatures(tree.body, solution, nested=False)
    _trim(marked.lines, solution)
    return "\n".join(_emit(marked.lines, solution, _places(tree, solution))), shown


def _show_signatures(body: Sequence[ast.stmt], solution: list[bool], *, nested: bool) -> bool:
    """Take signatures and docstrings out of the solution; whether there were any."""
    shown = False
    for node in body:
        if isinstance(node, ast.ClassDef) and _hides(node, solution):
            _clear(solution, _first_line(node), node.body[0].lineno - 1)
            _clear_docstring(node, solution)
            shown = _show_signatures(node.body, solution, nested=True) or not nested
        elif isinstance(node, Definition) and _hides(node, solution):
            _hide_body(node, solution)
            shown = True
    return shown


def _hides(node: Definition | ast.ClassDef, solution: Sequence[bool]) -> bool:
    return node.lineno <= len(solution) and solution[node.lineno - 1]


def _hide_body(node: Definition, solution: list[bool]) -> None:
    if node.body[0].lineno == node.lineno:  # all on one line: its signature cannot stay alone
        return
    _clear(solution, _first_line(node), node.body[0].lineno - 1)
    _clear_docstring(node, solution)


def _clear_docstring(node: Definition | ast.ClassDef, solution: list[bool]) -> None:
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        first = node.body[0]
        _clear(solution, first.lineno, first.end_lineno or first.lineno)


def _first_line(node: Definition | ast.ClassDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _clear(solution: list[bool], first: int, last: int) -> None:
    for number in range(first, last + 1):
        solution[number - 1] = False


def _places(tree: ast.Module | None, solution: Sequence[bool]) -> dict[int, list[str]]:
    """`x = ...` for each name that the solution assigns at the top level, by the line before it."""
    places: dict[int, list[str]] = {}
    hidden = (node for node in (tree.body if tree else []) if solution[node.lineno - 1])
    pairs = {name: node.lineno for node in hidden for name in _assigned(node)}
    for name, line in pairs.items():
        places.setdefault(_region_start(solution, line), []).append(f"{name} = ...")
    return places


def _trim(lines: Sequence[str], solution: list[bool]) -> None:
    """Empty lines at the ends of a region are none of it."""
    for order in (range(len(lines)), reversed(range(len(lines)))):
        begun = False
        for number in order:
            begun = solution[number] and (begun or bool(lines[number].strip()))
            solution[number] = begun


def _region_start(solution: Sequence[bool], line: int) -> int:
    while line > 1 and solution[line - 2]:
        line -= 1
    return line


def _assigned(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets):
            pairs = [
                target.elts if isinstance(target, ast.Tuple) else [target] for target in targets
            ]
            yield from (name.id for pair in pairs for name in pair if isinstance(name, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name


def _emit(
    lines: Sequence[str], solution: Sequence[bool], places: dict[int, list[str]]
) -> Iterator[str]:
    inside, indent = False, ""
    for number, (line, hidden) in enumerate(zip(lines, solution, strict=True), 1):
        if hidden and not inside:
            indent = _indent(lines, solution, number)
            yield from places.get(number, [])
            yield indent + BEGIN
        elif inside and not hidden:
            yield indent + END
        inside = hidden
        yield line
    if inside:
        yield indent + END


def _indent(lines: Sequence[str], solution: Sequence[bool], number: int) -> str:
    """The indentation of the first line of code in a region."""
    for line, hidden in zip(lines[number - 1 :], solution[number - 1 :], strict=True):
        if not hidden:
            break
        if line.strip():
            return line[: len(line) - len(line.lstrip())]
    return ""
