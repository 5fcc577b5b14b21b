"""Bounds on what a translated test can make on the host: its text comes from a stranger."""

from __future__ import annotations

import ast

from grader.authoring.bridge import allowed
from grader.authoring.bridge.facts import refuse


def check_size(call: ast.Call, function: ast.expr, name: str) -> None:
    """Refuse arrays and loops that are long, or whose length is computed."""
    is_range = isinstance(function, ast.Name) and function.id == "range"
    is_draw = isinstance(function, ast.Attribute) and function.attr in allowed.DRAWS
    if name not in allowed.CREATORS and not is_range and not is_draw:
        return
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    parts = [each for argument in arguments for each in ast.walk(argument)]
    if name != "numpy.array" and any(isinstance(each, ast.BinOp) for each in parts):
        _refuse_computed(parts)
    size = 1
    for each in parts:
        if isinstance(each, ast.Constant) and type(each.value) is int and name not in _LITERAL:
            size *= max(1, abs(each.value))
    if name in allowed.SQUARES:
        size *= size
    if size > (allowed.MOST_ROUNDS if is_range else allowed.MOST):
        refuse("what it makes is very large")


def _refuse_computed(parts: list[ast.AST]) -> None:
    """`range(1, n + 1)` is as long as n, which is bounded where it was made; a product is not."""
    for each in parts:
        if isinstance(each, ast.BinOp) and not isinstance(each.op, ast.Add | ast.Sub):
            refuse("the size of what it makes is computed")


_LITERAL = frozenset({"numpy.array", "numpy.asarray"})  # as long as they are written


def check_growth(node: ast.BinOp) -> None:
    """Arithmetic whose result could be without bound."""
    right = node.right.operand if isinstance(node.right, ast.UnaryOp) else node.right
    number = right.value if isinstance(right, ast.Constant) else None
    if isinstance(node.op, ast.LShift):
        refuse("it shifts bits")
    if isinstance(node.op, ast.Pow) and not (
        isinstance(number, int | float) and abs(number) <= allowed.MOST_POWER
    ):
        refuse("it raises to a power that is computed or large")
    if isinstance(node.op, ast.Mult | ast.Mod):
        for side in (node.left, node.right):
            if isinstance(node.op, ast.Mod) and _is_text(side):
                refuse("it formats a text")
        if _repeats(node.left, node.right) or _repeats(node.right, node.left):
            refuse("it repeats a list or a text many times")


def _repeats(value: ast.expr, times: ast.expr) -> bool:
    """Whether a product may be a long list or text."""
    if not isinstance(value, ast.List | ast.Tuple) and not _is_text(value):
        return False
    small = isinstance(times, ast.Constant) and isinstance(times.value, int)
    return not small or abs(times.value) > allowed.MOST_ROUNDS  # type: ignore[attr-defined]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
