"""The statements of a test cell, one by one: translated, left out as idle, or left to a person."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.authoring.bridge import allowed
from grader.authoring.bridge.asserting import Asserting, Body, Left, Statements, shown
from grader.authoring.bridge.expressions import Expressions
from grader.authoring.bridge.facts import NotTranslatedError, refuse
from grader.authoring.bridge.raising import waited_for


def translate_cell(tree: ast.Module, body: Body, output: ast.expr | None = None) -> None:
    """Translate the statements of a cell, of which the last one may have a result to compare."""
    for node in tree.body:
        is_result = node is tree.body[-1] and isinstance(node, ast.Expr)
        kept, seen = dict(body.expressions.local), set(body.subjects)
        try:
            found = _Statement(body).translate(node, output if is_result else None)
        except NotTranslatedError as error:
            body.expressions.local, body.subjects = kept, seen
            body.left.append(Left(shown(node), str(error)))
            _forget(node, body.expressions)
        else:
            body.statements += found


def _forget(node: ast.stmt, expressions: Expressions) -> None:
    """What a line that stays behind would have bound is not known to those after it."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            expressions.local.pop(each.id, None)


@dataclass
class _Statement(Asserting):
    depth: int = 0

    def translate(self, node: ast.stmt, output: ast.expr | None = None) -> Statements:
        """The statements that stand for this one in a hidden test."""
        if isinstance(node, ast.Expr):
            return self.expression(node.value, output)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            refuse(f"it defines the helper `{node.name[:60]}`")
        way = _WAYS.get(type(node))
        if way is None:
            raise NotTranslatedError(
                f"a statement of the kind {type(node).__name__} has no counterpart"
            )
        return way(self, node)

    def imported(self, node: ast.Import | ast.ImportFrom) -> Statements:
        """Imports are known from the scope; what needs one says so."""
        if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names):
            refuse("it imports everything of a module")
        return []

    def assign(self, node: ast.Assign) -> Statements:
        """A name of the test's own, unless the notebook would see it."""
        target = node.targets[0]
        if len(node.targets) > 1:
            refuse("it assigns to several names at once")
        names = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
        scope = self._expressions.scope
        if shared := names & (scope.read_globals | scope.functions | scope.classes):
            refuse(f"it sets `{min(shared)[:60]}`, which the notebook uses too")
        value, facts = self._expressions.translate(node.value)
        self._expressions.bind(target, facts)
        return [ast.Assign([target], value, lineno=1)]

    def asserted(self, node: ast.Assert) -> Statements:
        """An assertion."""
        return self._assert(node.test, node.msg)

    def idle(self, _: ast.Pass) -> Statements:
        """A line that does nothing."""
        return []

    def expression(self, value: ast.expr, output: ast.expr | None) -> Statements:
        """A line that is a value: an assertion of a library, the result of a doctest, a call."""
        if isinstance(value, ast.Constant):
            return []
        if isinstance(value, ast.Call) and (found := self._special(value)) is not None:
            return found
        if output is not None:
            return self._result(value, output)
        if isinstance(value, ast.Compare):
            return self._assert(value)
        call, facts = self._expressions.translate(value)
        self._look_at(facts)
        return [ast.Expr(call)]

    def _special(self, call: ast.Call) -> Statements | None:
        """Calls that mean something to a test."""
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            return self._print(call)
        if self._expressions.full_name(call.func) == "numpy.random.seed":
            return self._seed(call)
        return self._assertion(call)

    def waiting(self, node: ast.With) -> Statements:
        """`with pytest.raises(E): f(x)`."""
        match node:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call(func=function, args=[kind, *_]))],
                body=[ast.Expr(value=call)],
            ) if self._expressions.full_name(function) in allowed.RAISES:
                return self._raises(kind, call)
        raise NotTranslatedError("its `with` block waits for no exception of a single call")

    def tried(self, node: ast.Try) -> Statements:
        """`try: f(x)`, `except E: pass`, `else: raise AssertionError`: the call must raise E."""
        return self._raises(*waited_for(node))

    def loop(self, node: ast.For) -> Statements:
        """A loop over what the test has written down."""
        if node.orelse:
            refuse("its loop has an `else`")
        if self.depth:
            refuse("it loops inside a loop")
        iterable, facts = self._expressions.translate(node.iter)
        self._expressions.bind(node.target, facts)
        inner = _Statement(self.body, self.depth + 1)
        lines = [line for each in node.body for line in inner.translate(each)]
        return [ast.For(node.target, iterable, lines or [ast.Pass()], [], lineno=1)]


_WAYS: Mapping[type[ast.stmt], Callable[[_Statement, Any], Statements]] = {
    ast.Import: _Statement.imported,
    ast.ImportFrom: _Statement.imported,
    ast.Assign: _Statement.assign,
    ast.Assert: _Statement.asserted,
    ast.For: _Statement.loop,
    ast.Try: _Statement.tried,
    ast.With: _Statement.waiting,
    ast.Pass: _Statement.idle,
}
