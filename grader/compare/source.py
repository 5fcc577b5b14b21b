"""What the student's own source says: the names in it, the line that raised, who defines what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from grader.records import Cell, Ending, Execution, Program, Raised

_WORD = re.compile(r"[^\W\d]\w*")
_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)
_LONGEST_LINE = 100


def identifiers(program: Program | None) -> frozenset[str]:
    """Every word of the program's source: a message may repeat these and tell nothing new."""
    cells = () if program is None else program.cells
    return frozenset(word for cell in cells for word in _words(cell.source))


def raised_line(raised: Raised | None, program: Program | None) -> str:
    """The student's line in which the exception arose, shortened; empty where there is none."""
    if raised is None or program is None or raised.cell is None or raised.line is None:
        return ""
    if not 0 <= raised.cell < len(program.cells):
        return ""
    # Jupyter drops the empty lines at the top of a cell before it counts.
    lines = program.cells[raised.cell].source.lstrip("\n\r \t").splitlines()
    return _shortened(lines[raised.line - 1]) if 0 < raised.line <= len(lines) else ""


def called(cell: Cell) -> str:
    """How a reader finds a cell: by its first line, since only some of the cells are run."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return f"the cell that begins with {quoted(lines[0])}" if lines else "an empty cell"


def quoted(line: str) -> str:
    """A line of source between backticks."""
    return f"`{_shortened(line).replace('`', chr(39))}`"


def defined_names(cell: Cell) -> frozenset[str]:
    """The names that a cell binds when it runs to its end."""
    return _bound(cell.source)


def defining_cells(name: str, program: Program) -> tuple[int, ...]:
    """The indexes of the cells that bind a name."""
    return tuple(number for number, cell in enumerate(program.cells) if name in defined_names(cell))


def ended_early(numbers: tuple[int, ...], execution: Execution | None) -> tuple[int, ...]:
    """Those of the cells that did not run to their end."""
    runs = () if execution is None else execution.cells
    return tuple(
        number
        for number in numbers
        if number < len(runs) and runs[number].ending is not Ending.FINISHED
    )


def _shortened(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


@lru_cache(maxsize=256)
def _words(source: str) -> frozenset[str]:
    return frozenset(_WORD.findall(source))


@lru_cache(maxsize=256)
def _bound(source: str) -> frozenset[str]:
    try:
        tree = ast.parse(_MAGIC.sub("pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE))
    return frozenset(name for node in _module_level(tree) for name in _names(node))


def _module_level(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that run in the module's own namespace: not the bodies of functions."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        if not inner:
            pending.extend(ast.iter_child_nodes(node))


def _names(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return (node.id,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    return ()
