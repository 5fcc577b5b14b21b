"""The statements of a test cell, one by one: translated, left out as idle, or left to a person."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.bridge import allowed
from grader.authoring.bridge.expressions import SEEDED, Expressions
from grader.authoring.bridge.facts import Facts, NotTranslatedError, refuse
from grader.authoring.bridge.raising import raising, waited_for

Statements = list[ast.stmt]


@dataclass(frozen=True)
class Left:
    """A statement that a person must translate, and why."""

    code: str
    why: str


@dataclass
class Body:
    """What a test cell becomes: statements of a hidden test, and what is left."""

    expressions: Expressions
    statements: Statements = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    harness: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)

    @property
    def asserts(self) -> bool:
        """Whether anything of the answer is looked at."""
        return bool(self.subjects)


def translate_cell(tree: ast.Module, body: Body, output: ast.expr | None = None) -> None:
    """Translate the statements of a cell, of which the last one may have a result to compare."""
    for node in tree.body:
        is_result = node is tree.body[-1] and isinstance(node, ast.Expr)
        kept, seen = dict(body.expressions.local), set(body.subjects)
        try:
            found = _Statement(body).translate(node, output if is_result else None)
        except NotTranslatedError as error:
            body.expressions.local, body.subjects = kept, seen
            body.left.append(Left(ast.unparse(node), str(error)))
            _forget(node, body.expressions)
        else:
            body.statements += found


def _forget(node: ast.stmt, expressions: Expressions) -> None:
    """What a line that stays behind would have bound is not known to those after it."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            expressions.local.pop(each.id, None)


@dataclass
class _Statement:
    body: Body
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

    @property
    def _expressions(self) -> Expressions:
        return self.body.expressions

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

    def _assert(self, test: ast.expr, message: ast.expr | None = None) -> Statements:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            return [line for each in test.values for line in self._assert(each, message)]
        if compared := self._compared(test):
            return [compared]
        value, facts = self._expressions.translate(test)
        self._look_at(facts)
        words = message if isinstance(message, ast.Constant) else None
        return [ast.Assert(value, words)]

    def _compared(self, test: ast.expr) -> ast.stmt | None:
        """A comparison whose two sides the harness can explain."""
        match test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if not (
                asks_for_type(left) or asks_for_type(right)
            ):
                return self._explained("assert_holds", _equality(), [left, right])
            case ast.Call(func=ast.Attribute(value=inner, attr="all"), args=[], keywords=[]) if (
                isinstance(inner, ast.Compare)
            ):
                return None
            case ast.Call(func=function, args=[_, _, *_] as args, keywords=keywords):
                name = self._expressions.full_name(function)
                if name in allowed.PREDICATES and name != "numpy.isclose":
                    predicate = self._expressions.module_name(name)
                    return self._explained("assert_holds", predicate, args, keywords)
        return None

    def _explained(
        self,
        how: str,
        predicate: ast.expr,
        args: Sequence[ast.expr],
        keywords: Sequence[ast.keyword] = (),
    ) -> ast.stmt:
        """`assert_holds(np.allclose, got, expected, rtol=...)`, the answer's side first."""
        values, facts = self._expressions.all(args)
        first, second = facts[0], facts[1]
        self._look_at(first | second)
        for each in (first, second):
            if each.handle or each.function:
                refuse("it compares functions or objects of the box")
        if first.is_set != second.is_set:
            refuse("sets do not travel out of the box")
        order = [1, 0] if second.student and not first.student else [0, 1]
        more = [self._expressions.translate(keyword.value)[0] for keyword in keywords]
        named = [ast.keyword(old.arg, new) for old, new in zip(keywords, more, strict=True)]
        given = [values[place] for place in order] + values[2:]
        if how == "assert_holds" and "operator" in ast.unparse(predicate):
            self._expressions.imports.add("operator")
        return self._harness(how, [predicate, *given], named)

    def _harness(
        self, name: str, args: Sequence[ast.expr], keywords: Sequence[ast.keyword] = ()
    ) -> ast.stmt:
        self.body.harness.add(name)
        return ast.Expr(ast.Call(ast.Name(name, ast.Load()), list(args), list(keywords)))

    def _look_at(self, facts: Facts) -> None:
        if not facts.student:
            refuse("it looks at nothing that the answer returned")
        self.body.subjects |= facts.subjects

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

    def _seed(self, call: ast.Call) -> Statements:
        """A generator of the test's own draws the same numbers as NumPy's global one would."""
        if self._expressions.scope.draws:
            refuse(
                "the answer draws from NumPy's global generator, which a test outside cannot seed"
            )
        value, facts = self._expressions.generator(call.args)
        self._expressions.local[SEEDED] = facts
        return [ast.Assign([ast.Name(SEEDED, ast.Store())], value, lineno=1)]

    def _result(self, value: ast.expr, output: ast.expr) -> Statements:
        """What the last line of a doctest returns is what it returned when it was saved."""
        if isinstance(output, ast.Constant) and output.value is True:
            return self._assert(value)
        return [self._explained("assert_holds", _equality(), [value, output])]

    def _print(self, call: ast.Call) -> Statements:
        """A word of praise is no test; a print of the answer was to be read by a person."""
        if all(isinstance(each, ast.Constant) for each in call.args):
            return []
        raise NotTranslatedError("it prints something for a person to look at")

    def _assertion(self, call: ast.Call) -> Statements | None:
        """An assertion of NumPy's, of nose's or of pytest's."""
        name, args = self._expressions.full_name(call.func), call.args
        if name in allowed.TRUTHS and args:
            return self._assert(args[0])
        if len(args) < 2:  # noqa: PLR2004
            return None
        if name in allowed.NEAR:
            return self._near(args, call.keywords)
        if name in allowed.RAISES:
            return self._raises(args[0], ast.Call(args[1], args[2:], call.keywords))
        if name in allowed.NUMPY_ASSERTIONS | allowed.EQUALITIES:
            return [self._compared_by(name, call)]
        return None

    def _compared_by(self, name: str, call: ast.Call) -> ast.stmt:
        if name in allowed.EQUALITIES:
            return self._explained("assert_holds", _equality(), call.args[:2])
        check = self._expressions.module_name(name)
        return self._explained("assert_explained", check, call.args, call.keywords)

    def _near(self, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Statements:
        """Unittest's `assertAlmostEqual` has it."""
        places: ast.expr = args[2] if len(args) > 2 else ast.Constant(7)  # noqa: PLR2004
        for keyword in keywords:
            places = keyword.value if keyword.arg == "places" else places
        if not isinstance(places, ast.Constant) or not isinstance(places.value, int):
            refuse("its number of places is computed")
        width = ast.keyword("atol", ast.Constant(0.5 * 10.0**-places.value))
        close = self._expressions.module_name("numpy.allclose")
        exactly = ast.keyword("rtol", ast.Constant(0.0))
        return [self._explained("assert_holds", close, args[:2], [exactly, width])]

    def _raises(self, exception: ast.expr, call: ast.expr) -> Statements:
        args, keywords, facts = raising(self._expressions, exception, call)
        self._look_at(facts)
        return [self._harness("assert_raises_kind", args, keywords)]

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


def _equality() -> ast.expr:
    return ast.Attribute(ast.Name("operator", ast.Load()), "eq", ast.Load())


def asks_for_type(node: ast.expr) -> bool:
    """Whether it is `type(...)`, which is compared as it is."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"
