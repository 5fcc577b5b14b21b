"""Tests that wait for an exception: what must be raised, and by which call of the answer."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.authoring.bridge import allowed
from grader.authoring.bridge.expressions import Expressions
from grader.authoring.bridge.facts import Facts, NotTranslatedError, refuse


def raising(
    expressions: Expressions, exception: ast.expr, call: ast.expr
) -> tuple[list[ast.expr], list[ast.keyword], Facts]:
    """The arguments of `assert_raises_kind`; only a call of the answer itself can be watched."""
    if not isinstance(exception, ast.Name) or exception.id not in allowed.EXCEPTIONS:
        raise NotTranslatedError("it waits for several exceptions, or for one of a library's")
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise NotTranslatedError("what must raise is no single call of the answer")
    function, facts = expressions.translate(call.func)
    if not facts.student or not facts.function:
        refuse("what must raise is no call of the answer")
    args, _ = expressions.all(call.args)
    keywords = [
        ast.keyword(each.arg, expressions.translate(each.value)[0]) for each in call.keywords
    ]
    return [function, exception, *args], keywords, facts


def waited_for(node: ast.Try) -> tuple[ast.expr, ast.expr]:
    """The exception and the call of a `try` that fails the test when nothing is raised."""
    match node:
        case ast.Try(
            body=[first, *then],
            handlers=[ast.ExceptHandler(type=ast.expr() as kind, body=[ast.Pass()])],
            orelse=orelse,
            finalbody=[],
        ) if _one_failure(then, orelse) and not _catches_failure(kind):
            if isinstance(first, ast.Expr | ast.Assign):
                return kind, first.value
    raise NotTranslatedError("its `try` block waits for no exception of a single call")


def _one_failure(then: Sequence[ast.stmt], orelse: Sequence[ast.stmt]) -> bool:
    """Whether nothing follows the call but a failure, in the block or in its `else`."""
    return len(then) + len(orelse) == 1 and all(map(_fails, (*then, *orelse)))


def _fails(node: ast.stmt) -> bool:
    match node:
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id="AssertionError")) | ast.Name(id="AssertionError")
        ):
            return True
        case ast.Assert(test=ast.Constant(value=False)):
            return True
    return False


def _catches_failure(kind: ast.expr) -> bool:
    """`except Exception` would catch the test's own failure too."""
    return isinstance(kind, ast.Name) and kind.id in {
        "Exception",
        "BaseException",
        "AssertionError",
    }
