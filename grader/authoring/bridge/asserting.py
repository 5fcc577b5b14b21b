"""What a test cell asserts of the answer, as calls of the harness that can explain a failure."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.authoring.bridge import allowed
from grader.authoring.bridge.expressions import Expressions
from grader.authoring.bridge.facts import Facts, NotTranslatedError, refuse
from grader.authoring.bridge.raising import raising
from grader.authoring.bridge.resolving import SEEDED

Statements = list[ast.stmt]


def shown(node: ast.AST) -> str:
    """A piece of code as text, however deep it is."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return "(nested too deeply to show)"


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


@dataclass
class Asserting:
    """Assertions of one test cell."""

    body: Body

    def _assert(self, test: ast.expr, message: ast.expr | None = None) -> Statements:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            return [line for each in test.values for line in self._assert(each, message)]
        if compared := self._compared(test):
            return [compared]
        value, facts = self._expressions.translate(test)
        if _only_denies(test) and facts.subjects <= self._expressions.scope.variables:
            refuse("it holds for a variable that is not yet assigned, too")
        self._look_at(facts)
        words = message if isinstance(message, ast.Constant) else None
        return [ast.Assert(value, words)]

    @property
    def _expressions(self) -> Expressions:
        return self.body.expressions

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


def _equality() -> ast.expr:
    return ast.Attribute(ast.Name("operator", ast.Load()), "eq", ast.Load())


def asks_for_type(node: ast.expr) -> bool:
    """Whether it is `type(...)`, which is compared as it is."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"


def _only_denies(test: ast.expr) -> bool:
    """`x is not None`, `x != 3`: the stub's `x = ...` is neither."""
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot | ast.NotEq)
