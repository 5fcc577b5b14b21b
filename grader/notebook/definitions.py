"""The execution policy `definitions`: of a cell, keep what defines and leave out what does."""

from __future__ import annotations

import ast

from grader.notebook.code import dotted, is_import, parse


def definitions_only(source: str) -> str:
    """The cell with every other statement blanked, so that line numbers stay as they were."""
    tree = parse(source)
    if tree is None:
        return source  # Python will name the line that it cannot read
    if not tree.body:
        return ""  # also a cell in another language, such as %%bash
    lines = source.split("\n")
    kept = {number for node in tree.body if _defines(node) for number in _lines_of(node)}
    dropped = {number for node in tree.body for number in _lines_of(node)} - kept
    return "\n".join(
        "" if number in dropped else line for number, line in enumerate(lines, 1)
    ).rstrip()


def _lines_of(node: ast.stmt) -> range:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def _defines(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_constant(value)
        case ast.Try() | ast.If():
            return all(_defines(inner) or isinstance(inner, ast.Pass) for inner in _inner(node))
        case _:
            return is_import(node) or isinstance(node, ast.Global)


def _inner(node: ast.Try | ast.If) -> list[ast.stmt]:
    inner = [*node.body, *node.orelse]
    if isinstance(node, ast.Try):
        inner += [*node.finalbody, *(line for handler in node.handlers for line in handler.body)]
    return inner


def _is_constant(value: ast.expr) -> bool:
    """A value that takes no work: literals, names, lambdas, `functools.partial`."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call) and not dotted(node.func).endswith("partial"):
            return False
        if isinstance(node, ast.comprehension | ast.Await | ast.Yield | ast.YieldFrom):
            return False
        waiting.extend(ast.iter_child_nodes(node))
    return True
