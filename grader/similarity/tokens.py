"""Python as a row of tokens that stay the same when names, comments and layout change.

The tokens are those of the syntax tree, in the order of the text. A name that the author chose is
one token for all; a name of a library (`reshape`, `range`, `axis=`) is itself, since whoever
copies cannot change it. Left out is what costs a copier nothing to add: comments, docstrings,
annotations, imports, `pass`, and calls of `print`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.notebook.code import parse

LONGEST = 200_000  # characters of one cell; more is not read by hand either
_SILENT = ast.expr_context | ast.Import | ast.ImportFrom | ast.Pass | ast.type_ignore


@dataclass(frozen=True)
class Unit:
    """A function, a method or a run of other statements: what may stand anywhere in a notebook."""

    tokens: tuple[str, ...]
    lines: tuple[int, ...]  # of each token, counted from 1 in its cell


def read_trees(sources: Iterable[str]) -> list[ast.Module | None]:
    """The syntax tree of each cell; None where Python cannot read it."""
    return [parse(source) if len(source) <= LONGEST else None for source in sources]


def chosen_names(trees: Iterable[ast.Module | None]) -> frozenset[str]:
    """The names that the author of these cells chose: variables, arguments, functions, fields."""
    return frozenset(
        name for tree in trees if tree is not None for node in ast.walk(tree) for name in _own(node)
    )


def _own(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.AsyncFunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
            yield name


def units(tree: ast.Module, chosen: frozenset[str]) -> list[Unit]:
    """The parts of a cell whose order means nothing, each as its own row of tokens."""
    rows = (_unit(statements, chosen) for statements in _parts(tree.body))
    return [row for row in rows if row.tokens]


def _parts(body: list[ast.stmt]) -> Iterator[list[ast.AST]]:
    loose: list[ast.AST] = []
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _parts(statement.body)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield [statement]
        else:
            loose.append(statement)
    yield loose


def _unit(statements: list[ast.AST], chosen: frozenset[str]) -> Unit:
    """Walk with a stack of our own: a tree may be deeper than Python's."""
    tokens: list[str] = []
    lines: list[int] = []
    waiting, line = statements[::-1], 1
    while waiting:
        node = _simplified(waiting.pop())
        if isinstance(node, _SILENT) or _says_nothing(node):
            continue
        line = getattr(node, "lineno", line)
        tokens.append(_token(node, chosen))
        lines.append(line)
        waiting.extend(_children(node)[::-1])
    return Unit(tuple(tokens), tuple(lines))


def _simplified(node: ast.AST) -> ast.AST:
    """One form for what can be written in two: `a += b`, `a = a + b`; with annotation or none."""
    match node:
        case ast.AugAssign(target=target, op=operator, value=value):
            whole = ast.copy_location(ast.BinOp(target, operator, value), node)
            return ast.copy_location(ast.Assign([target], whole), node)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return ast.copy_location(ast.Assign([target], value), node)
    return node


def _says_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
        case ast.AnnAssign(value=None):
            return True
    return False


def _token(node: ast.AST, chosen: frozenset[str]) -> str:
    match node:
        case ast.Name(id=name):
            return "name" if name in chosen else name
        case ast.Attribute(attr=name):
            return ".name" if name in chosen else f".{name}"
        case ast.keyword(arg=str(name)):
            return "name=" if name in chosen else f"{name}="
        case ast.Constant(value=value):
            return _literal(value)
    return type(node).__name__


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool) or value is ...:
        return repr(value)
    return "number" if isinstance(value, int | float | complex) else "text"


def _children(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.JoinedStr():
            return []
        case ast.arg():
            return []  # an annotation
        case (
            ast.FunctionDef(args=arguments, body=body)
            | ast.AsyncFunctionDef(args=arguments, body=body)
        ):
            return [arguments, *body]
    return list(ast.iter_child_nodes(node))
