"""What a name in a test cell means: the answer's, the course's, a library's, the test's own."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.authoring.bridge import allowed
from grader.authoring.bridge.facts import Facts, NotTranslatedError, refuse
from grader.authoring.bridge.scope import Scope

SEEDED = "seeded"  # stands for NumPy's global generator after `np.random.seed(0)`
Pair = tuple[ast.expr, Facts]


@dataclass
class Resolving:
    """Names of one test cell; `local` is what its earlier lines bind."""

    scope: Scope
    local: dict[str, Facts] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    uses_reference: bool = False
    uses_values: bool = False
    box: str = "student"  # who is asked for the answer's names

    def translate(self, node: ast.expr, depth: int = 0) -> Pair:
        """The same expression with calls that go out to the boxes, and what is known of it."""
        raise NotImplementedError

    def full_name(self, node: ast.expr) -> str:
        """`numpy.linalg.norm` for `np.linalg.norm`; empty if it is no name of a module's."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.local:
            return ""
        meaning = self.scope.modules.get(node.id, "")
        return ".".join([meaning, *reversed(parts)]) if meaning else ""

    def module_name(self, name: str) -> ast.expr:
        """The full name of an allowed function, as the test file writes it."""
        module, _, rest = name.partition(".")
        self.imports.add(module)
        node: ast.expr = ast.Name("np" if module == "numpy" else module, ast.Load())
        for part in rest.split("."):
            node = ast.Attribute(node, part, ast.Load())
        return node

    def name(self, node: ast.Name, _: int = 0) -> Pair:
        """A name: of the answer, of the course, of the test or of Python."""
        name = node.id
        if name in self.local:
            return ast.Name(name, ast.Load()), self.local[name]
        if name in self.scope.answers:
            return self._answer(name)
        if name in self.scope.given_functions:
            return self._remote("reference", name), Facts(function=True)
        if name in self.scope.given_values:
            return self._given_value(name), Facts()
        if full := self.full_name(node):
            return self._module_member(full)
        if name == "set":
            refuse("sets do not travel out of the box")
        if name in allowed.BUILTINS:
            return ast.Name(name, ast.Load()), Facts()
        raise NotTranslatedError(
            f"`{name[:60]}` is a name whose value is not known to be plain data"
        )

    def _answer(self, name: str) -> Pair:
        subjects = frozenset({name})
        if name in self.scope.variables:
            return self._value_of(self.box, name), Facts(student=True, subjects=subjects)
        return self._remote(self.box, name), Facts(
            student=True, function=True, subjects=subjects, handle=name in self.scope.classes
        )

    def _remote(self, box: str, name: str) -> ast.expr:
        if name.startswith("_") or name in allowed.TAKEN:
            refuse(f"a hidden test cannot call a function named {name[:60]}")
        self.uses_reference = self.uses_reference or box == "reference"
        return ast.Attribute(ast.Name(box, ast.Load()), name, ast.Load())

    def _value_of(self, box: str, name: str) -> ast.expr:
        self.uses_values = True
        probes = ast.Attribute(ast.Name(box, ast.Load()), "probes", ast.Load())
        function = ast.Attribute(probes, "value_of", ast.Load())
        return ast.Call(function, [self._remote(box, name)], [])

    def _given_value(self, name: str) -> ast.expr:
        """A variable of the course, where it is plain for certain."""
        try:
            type(self)(Scope(modules=self.scope.modules)).translate(self.scope.given_values[name])
        except NotTranslatedError as error:
            refuse(f"`{name[:60]}` is made elsewhere in the notebook, and {error}")
        return self._value_of("reference", name)

    def _module_member(self, full: str) -> Pair:
        if full.startswith("numpy.random"):
            return self._draw(full)
        if full not in allowed.FUNCTIONS and full not in allowed.MODULES:
            refuse(f"`{full[:80]}` may not run outside the box")
        return self.module_name(full), Facts()

    def _draw(self, full: str) -> Pair:
        """Numbers that a seed in the test decides are as good as written down."""
        if full in allowed.GENERATORS:
            return self.module_name(full), Facts()
        name = full.rpartition(".")[2]
        if SEEDED not in self.local or name not in allowed.DRAWS:
            refuse("it draws random numbers without a seed of its own")
        return ast.Attribute(ast.Name(SEEDED, ast.Load()), name, ast.Load()), Facts()

    def generator(self, seeds: Sequence[ast.expr], name: str = "numpy.random.RandomState") -> Pair:
        """A generator of random numbers whose seed stands in the test."""
        if len(seeds) != 1 or not isinstance(seeds[0], ast.Constant):
            refuse("it draws random numbers without a seed of its own")
        return ast.Call(self.module_name(name), list(seeds), []), Facts(draws=True)

    def bind(self, target: ast.expr, facts: Facts) -> None:
        """Bind the names of an assignment or a loop."""
        names = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        for name in names:
            if isinstance(name, ast.Tuple | ast.List):
                self.bind(name, facts)
            elif not isinstance(name, ast.Name):
                refuse("it changes a part of a value")
            elif name.id.startswith("_") and name.id != "_":
                refuse("it binds a private name")
            elif name.id in allowed.RESERVED | allowed.BUILTINS:
                refuse(f"it gives the name `{name.id}` a meaning of its own")
            else:
                self.local[name.id] = facts
