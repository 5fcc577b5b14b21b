"""What the names of a notebook stand for, read and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.notebook.code import aliases, defined_names, parse

# Libraries whose objects stay in the box: what a student's function returns is then no data.
OBJECT_LIBRARIES = frozenset(
    {
        "pandas",
        "datascience",
        "polars",
        "torch",
        "sklearn",
        "networkx",
        "PIL",
        "sympy",
        "babypandas",
    }
)

_DRAWS = re.compile(r"\brandom\b")


@dataclass(frozen=True)
class Scope:
    """Names by who binds them: the student's answer, or a cell of the course.

    `constants` are the course's names whose value is plain: it can travel out of the box.
    """

    functions: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    given_functions: frozenset[str] = frozenset()
    given_values: dict[str, ast.expr] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    has_objects: bool = False
    draws: bool = False  # an answer draws from NumPy's global generator
    read_globals: frozenset[str] = frozenset()

    @property
    def answers(self) -> frozenset[str]:
        """Everything that a student defines."""
        return self.functions | self.classes | self.variables


@dataclass
class _Bound:
    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    values: dict[str, ast.expr | None] = field(default_factory=dict)


def read_scope(answers: Iterable[str], given: Iterable[str], tests: Iterable[str] = ()) -> Scope:
    """The scope of hidden tests, from the sources of the notebook's cells."""
    answers, given, tests = list(answers), list(given), list(tests)
    own, course = _bound(answers), _bound(given)
    mine = own.functions | own.classes | own.values.keys()
    modules = _modules([*given, *answers, *tests])
    return Scope(
        functions=frozenset(own.functions),
        classes=frozenset(own.classes),
        variables=frozenset(own.values.keys() - own.functions - own.classes - modules.keys()),
        given_functions=frozenset(course.functions - mine),
        given_values={
            name: value
            for name, value in course.values.items()
            if value is not None and name not in mine
        },
        modules={name: meaning for name, meaning in modules.items() if name not in mine},
        has_objects=any(
            meaning.partition(".")[0] in OBJECT_LIBRARIES for meaning in modules.values()
        ),
        draws=any(_DRAWS.search(source) for source in answers),
        read_globals=_read_globals([*answers, *given]),
    )


def _bound(sources: Iterable[str]) -> _Bound:
    bound = _Bound()
    for source in sources:
        tree = parse(source)
        for node in tree.body if tree else []:
            _bind(node, bound)
    return bound


def _bind(node: ast.stmt, bound: _Bound) -> None:
    match node:
        case ast.FunctionDef(name=name):
            bound.functions.add(name)
        case ast.ClassDef(name=name):
            bound.classes.add(name)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            bound.functions.add(name)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            bound.values[name] = None if name in bound.values else value
        case ast.Assign(targets=targets):
            bound.values |= dict.fromkeys(_stored(*targets))
        case ast.AugAssign(target=ast.Name(id=name)):
            bound.values.setdefault(name, None)  # an array that is added to stays one
        case ast.For() | ast.While() | ast.If() | ast.With() | ast.Try():
            bound.values |= dict.fromkeys(_stored(node))


def _stored(*nodes: ast.AST) -> set[str]:
    names = (each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name))
    return {each.id for each in names if isinstance(each.ctx, ast.Store)}


def _modules(sources: list[str]) -> dict[str, str]:
    plain = {
        alias.name.partition(".")[0]: alias.name.partition(".")[0]
        for source in sources
        if "import" in source and (tree := parse(source)) is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname is None
    }
    return plain | aliases(sources)


def looked_up(source: str) -> set[str]:
    """The names that a cell takes from cells before it."""
    found: set[str] = set()
    tree = parse(source)
    for node in tree.body if tree else []:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found |= _free(node)
        else:
            names = (each for each in ast.walk(node) if isinstance(each, ast.Name))
            found |= {each.id for each in names if isinstance(each.ctx, ast.Load)}
    return found - defined_names(source)


def _read_globals(sources: list[str]) -> frozenset[str]:
    """Names that functions of the notebook look up outside themselves."""
    found: set[str] = set()
    for source in sources:
        tree = parse(source)
        for node in tree.body if tree else []:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found |= _free(node)
    return frozenset(found)


def _free(definition: ast.FunctionDef | ast.ClassDef) -> set[str]:
    names = [node for node in ast.walk(definition) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    parameters = {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - stored - parameters
