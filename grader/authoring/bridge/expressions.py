"""One expression of a test cell, as the host may evaluate it, or the reason why it may not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.authoring.bridge import allowed
from grader.authoring.bridge.facts import Facts, refuse
from grader.authoring.bridge.growth import check_growth, check_size
from grader.authoring.bridge.resolving import Pair, Resolving

MOST_DEPTH = 60


class Expressions(Resolving):
    """Translates the expressions of one test cell; `local` is what its earlier lines bind."""

    def translate(self, node: ast.expr, depth: int = 0) -> Pair:
        """The same expression with calls that go out to the boxes, and what is known of it."""
        if depth > MOST_DEPTH:
            refuse("it is nested too deeply")
        way = _WAYS.get(type(node), Expressions.built)
        return way(self, node, depth)

    def constant(self, node: ast.Constant, _: int = 0) -> Pair:
        """A value as it is written."""
        if isinstance(node.value, bytes) or node.value is Ellipsis:
            refuse(f"{type(node.value).__name__} values do not travel out of the box")
        if isinstance(node.value, str) and len(node.value) > allowed.MOST // 10:
            refuse("a text in it is very long")
        return node, Facts()

    def attribute(self, node: ast.Attribute, depth: int) -> Pair:
        """A member of a module, or an attribute of data or of an object of the box."""
        if full := self.full_name(node):
            return self._module_member(full)
        if node.attr.startswith("_"):
            refuse(f"it reads the private attribute {node.attr[:60]}")
        value, facts = self.translate(node.value, depth + 1)
        if facts.function:
            refuse("it reads an attribute of a function")
        if facts.draws:
            if node.attr not in allowed.DRAWS:
                refuse(f"`.{node.attr[:60]}` of a generator of random numbers")
            return ast.Attribute(value, node.attr, ast.Load()), Facts()
        if not facts.handle:
            self._check_data_attribute(node.attr, facts)
        # What an object of the box holds is taken for data; `verify` shows where it is none.
        return ast.Attribute(value, node.attr, ast.Load()), replace(facts, handle=False)

    def _check_data_attribute(self, name: str, facts: Facts) -> None:
        if name not in allowed.ATTRIBUTES:
            refuse(f"`.{name[:60]}` may not be used on a value outside the box")
        self._check_no_object(facts, f"`.{name}`")

    def _check_no_object(self, facts: Facts, what: str) -> None:
        if facts.student and self.scope.has_objects:
            refuse(f"{what} of an answer may be that of a table or another object of the box")

    def call(self, node: ast.Call, depth: int) -> Pair:
        """A call: of the answer, of the course, or of what may run on the host."""
        function, facts = self._callee(node.func, depth)
        args, arguments = self.all(node.args, depth + 1)
        keywords = []
        for keyword in node.keywords:
            value, more = self.translate(keyword.value, depth + 1)
            keywords.append(ast.keyword(keyword.arg, value))
            arguments = [*arguments, more]
        if facts.function and any(each.is_set for each in arguments):
            refuse("sets do not travel into the box")
        check_size(node, function, self.full_name(node.func))
        if self.full_name(node.func) in allowed.GENERATORS:
            return self.generator(node.args, self.full_name(node.func))
        found = facts
        for each in arguments:
            found = found | each
        name = function.id if isinstance(function, ast.Name) else ""
        if name == "type" and len(args) != 1:
            refuse("it makes a class")
        if name in {"len", "sorted", "list", "sum", "max", "min"} and found.student:
            self._check_no_object(found, f"`{name}`")
        if any(each.handle and not each.function for each in arguments) and not facts.function:
            refuse("an object of the box is used as if it were data")
        return ast.Call(function, args, keywords), Facts(
            student=found.student,
            subjects=found.subjects,
            handle=facts.handle,
            is_set=name == "set",
        )

    def _callee(self, node: ast.expr, depth: int) -> Pair:
        if not isinstance(node, ast.Name | ast.Attribute):
            refuse("it calls something that is no name")
        if isinstance(node, ast.Name) and node.id == "set" and "set" not in self.scope.answers:
            return ast.Name("set", ast.Load()), Facts()
        function, facts = self.translate(node, depth + 1)
        if isinstance(node, ast.Name) and node.id in self.local and not facts.function:
            refuse(f"`{node.id[:60]}` is called, and not known to be a function")
        return function, facts

    def arithmetic(self, node: ast.BinOp, depth: int) -> Pair:
        """Two values and an operator."""
        left, one = self.translate(node.left, depth + 1)
        right, other = self.translate(node.right, depth + 1)
        if one.handle or other.handle:
            refuse("it computes with an object of the box")
        check_growth(node)
        facts = one | other
        is_set = one.is_set or other.is_set
        return ast.BinOp(left, node.op, right), Facts(
            student=facts.student, subjects=facts.subjects, is_set=is_set
        )

    def function(self, node: ast.Lambda, depth: int) -> Pair:
        """A function that the test makes, to be handed to the answer."""
        names = [each.arg for each in node.args.args]
        if node.args.defaults or node.args.vararg or node.args.kwarg or node.args.kwonlyargs:
            refuse("a lambda in it has unusual parameters")
        kept = dict(self.local)
        self.local |= dict.fromkeys(names, Facts())
        try:
            body, facts = self.translate(node.body, depth + 1)
        finally:
            self.local = kept
        if facts.student:
            refuse("a function that it makes calls the answer")
        return ast.Lambda(node.args, body), Facts(function=False)

    def comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, depth: int
    ) -> Pair:
        """A list, a set or a stream made by a loop."""
        kept = dict(self.local)
        facts = Facts()
        generators = []
        try:
            for each in node.generators:
                iterable, more = self.translate(each.iter, depth + 1)
                self.bind(each.target, more)
                conditions, _ = self.all(each.ifs, depth + 1)
                generators.append(ast.comprehension(each.target, iterable, conditions, 0))
                facts = facts | more
            element, more = self.translate(node.elt, depth + 1)
        finally:
            self.local = kept
        facts = facts | more
        return type(node)(element, generators), Facts(
            student=facts.student,
            subjects=facts.subjects,
            is_set=isinstance(node, ast.SetComp),
        )

    def all(self, nodes: Sequence[ast.expr], depth: int = 0) -> tuple[list[ast.expr], list[Facts]]:
        """Several expressions."""
        pairs = [self.translate(node, depth) for node in nodes]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def built(self, node: ast.expr, depth: int) -> Pair:
        """What is built from its parts: containers, comparisons, indices, conditions."""
        if not isinstance(node, _PLAIN):
            refuse(f"a {type(node).__name__} in it has no counterpart")
        facts = Facts()
        copy = type(node)(**{name: getattr(node, name) for name in node._fields})
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                part, more = self.translate(value, depth + 1)
                setattr(copy, name, part)
                facts = facts | _data(more)
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr | None):
                parts, several = self.all([part for part in value if part is not None], depth + 1)
                if len(parts) != len(value):
                    refuse("it unpacks a dictionary")
                setattr(copy, name, parts)
                for more in several:
                    facts = facts | _data(more)
        if isinstance(node, ast.Subscript):
            self._check_no_object(facts, "an item")
        return copy, Facts(
            student=facts.student, subjects=facts.subjects, is_set=isinstance(node, ast.Set)
        )


_PLAIN = (
    *(ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp),
    *(ast.Subscript, ast.Slice, ast.Starred),
)


def _data(facts: Facts) -> Facts:
    if facts.handle and not facts.function:
        refuse("an object of the box is used as if it were data")
    return facts


_WAYS: Mapping[type[ast.expr], Callable[[Expressions, Any, int], Pair]] = {
    ast.Constant: Expressions.constant,
    ast.Name: Expressions.name,
    ast.Attribute: Expressions.attribute,
    ast.Call: Expressions.call,
    ast.BinOp: Expressions.arithmetic,
    ast.Lambda: Expressions.function,
    ast.ListComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.comprehension,
    ast.SetComp: Expressions.comprehension,
}
