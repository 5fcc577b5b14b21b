"""The statements of a test cell, one by one: translated, left out as idle, or left to a person."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.authoring.bridge import allowed
from grader.authoring.bridge.expressions import (
    SEEDED,
    Expressions,
    Facts,
    NotTranslatedError,
    refuse,
)

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
        match node:
            case ast.Import() | ast.ImportFrom():
                return self._import(node)
            case ast.Assign(targets=[target]):
                return self._assign(node, target)
            case ast.Assert():
                return self._assert(node.test, node.msg)
            case ast.Expr():
                return self._expression(node.value, output)
            case ast.For(orelse=[]):
                return self._loop(node)
            case ast.Try():
                return self._try(node)
            case ast.With():
                return self._with(node)
            case ast.Pass():
                return []
            case ast.FunctionDef() | ast.ClassDef():
                refuse(f"it defines the helper `{node.name[:60]}`")
            case _:
                refuse(f"a statement of the kind {type(node).__name__} has no counterpart")

    @property
    def _expressions(self) -> Expressions:
        return self.body.expressions

    def _import(self, node: ast.Import | ast.ImportFrom) -> Statements:
        """Imports are known from the scope; what needs one says so."""
        if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names):
            refuse("it imports everything of a module")
        return []

    def _assign(self, node: ast.Assign, target: ast.expr) -> Statements:
        names = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
        scope = self._expressions.scope
        if shared := names & (scope.read_globals | scope.answers | scope.given_values.keys()):
            refuse(f"it sets `{min(shared)[:60]}`, which the notebook uses too")
        value, facts = self._expressions.translate(node.value)
        self._expressions.bind(target, facts)
        return [ast.Assign([target], value, lineno=1)]

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

    def _expression(self, value: ast.expr, output: ast.expr | None) -> Statements:
        if isinstance(value, ast.Constant):
            return []
        if isinstance(value, ast.Call):
            if isinstance(value.func, ast.Name) and value.func.id == "print":
                return self._print(value)
            if self._expressions.full_name(value.func) == "numpy.random.seed":
                return self._seed(value)
            if found := self._assertion(value):
                return found
        if output is not None:
            return self._result(value, output)
        if isinstance(value, ast.Compare):
            return self._assert(value)
        found, facts = self._expressions.translate(value)
        self._look_at(facts)
        return [ast.Expr(found)]

    def _seed(self, call: ast.Call) -> Statements:
        """A generator of the test's own draws the same numbers as NumPy's global one would."""
        if self._expressions.scope.draws:
            refuse(
                "the answer draws from NumPy's global generator, which a test outside cannot seed"
            )
        value, facts = self._expressions.generator(call.args)
        self._expressions.bind(ast.Name(SEEDED, ast.Store()), facts)
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
        refuse("it prints something for a person to look at")

    def _assertion(self, call: ast.Call) -> Statements:
        name = self._expressions.full_name(call.func)
        args = call.args
        if name in allowed.NUMPY_ASSERTIONS and len(args) > 1:
            check = self._expressions.module_name(name)
            return [self._explained("assert_explained", check, args, call.keywords)]
        if name in allowed.EQUALITIES and len(args) > 1:
            return [self._explained("assert_holds", _equality(), args[:2])]
        if name in allowed.TRUTHS and args:
            return self._assert(args[0])
        if name in allowed.NEAR and len(args) > 1:
            return self._near(args, call.keywords)
        if name in allowed.RAISES and len(args) > 1:
            return self._raises(args[0], ast.Call(args[1], args[2:], call.keywords))
        return []

    def _near(self, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Statements:
        """unittest's `assertAlmostEqual`: equal after rounding to so many places."""
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
        """The call must raise; only a call of the answer itself can be watched from outside."""
        names = exception.elts if isinstance(exception, ast.Tuple) else [exception]
        if len(names) != 1 or not isinstance(names[0], ast.Name):
            refuse("it accepts several exceptions")
        if names[0].id not in allowed.EXCEPTIONS:
            refuse(f"the exception {ast.unparse(names[0])[:60]} is not one of Python's own")
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            refuse("what must raise is no single call of the answer")
        function, facts = self._expressions.translate(call.func)
        if not facts.student or not facts.function:
            refuse("what must raise is no call of the answer")
        args, _ = self._expressions.all(call.args)
        more = [
            ast.keyword(each.arg, self._expressions.translate(each.value)[0])
            for each in call.keywords
        ]
        self._look_at(facts)
        return [self._harness("assert_raises_kind", [function, names[0], *args], more)]

    def _with(self, node: ast.With) -> Statements:
        match node:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call(func=function, args=[kind, *_]))],
                body=[ast.Expr(value=call)],
            ) if self._expressions.full_name(function) in allowed.RAISES:
                return self._raises(kind, call)
        refuse("its `with` block is not one that waits for an exception of a single call")

    def _try(self, node: ast.Try) -> Statements:
        """`try: f(x)`, `except E: pass`, `else: raise AssertionError`: the call must raise E."""
        match node:
            case ast.Try(
                body=[first, *then],
                handlers=[ast.ExceptHandler(type=ast.expr() as kind, body=[ast.Pass()])],
                orelse=orelse,
                finalbody=[],
            ) if _one_failure(then, orelse):
                call = first.value if isinstance(first, ast.Expr | ast.Assign) else None
                if call is not None and not _catches_failure(kind):
                    return self._raises(kind, call)
        refuse("its `try` block is not one that waits for an exception of a single call")

    def _loop(self, node: ast.For) -> Statements:
        if self.depth:
            refuse("it loops inside a loop")
        iterable, facts = self._expressions.translate(node.iter)
        self._expressions.bind(node.target, facts)
        inner = _Statement(self.body, self.depth + 1)
        lines = [line for each in node.body for line in inner.translate(each)]
        return [ast.For(node.target, iterable, lines or [ast.Pass()], [], lineno=1)]


def _equality() -> ast.expr:
    return ast.Attribute(ast.Name("operator", ast.Load()), "eq", ast.Load())


def asks_for_type(node: ast.expr) -> bool:
    """Whether it is `type(...)`, which is compared as it is."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"


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
