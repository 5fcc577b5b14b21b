"""The part of a hidden test file that one question depends on, found in its syntax tree.

Other questions' tests are left out, and so is what only they use. Whatever is not understood is
kept: a question may be graded again needlessly, but never left as it was when its tests changed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

ALWAYS = frozenset({"pytestmark"})
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def part_of(module: ast.Module, question: str) -> str:
    """The statements that the question's tests can depend on, without their places in the file."""
    kept: set[int] = set()
    names: set[str] = set()
    changed = True
    while changed:
        changed = False
        for number, statement in enumerate(module.body):
            if number not in kept and _needed(statement, question, names):
                kept.add(number)
                names |= set(mentioned(statement))
                changed = True
    return "\n".join(
        ast.dump(statement) for number, statement in enumerate(module.body) if number in kept
    )


def mentioned(tree: ast.AST) -> Iterator[str]:
    """Every name in a tree: variables, attributes, arguments (fixtures), and words in strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.split()


def _needed(statement: ast.stmt, question: str, names: set[str]) -> bool:
    if isinstance(statement, Definition):
        marks = questions_of(statement)
        if marks:
            return question in marks or None in marks
        if statement.name.lower().startswith("test") or _is_for_all(statement):
            return True
        return statement.name in names
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False  # prose
    defined = _assigned(statement)
    return defined is None or bool(defined & names) or bool(defined & ALWAYS)


def questions_of(definition: Definition) -> set[str | None]:
    """The questions whose marks stand in a definition; None for one that is not written out."""
    found: set[str | None] = set()
    for node in ast.walk(definition):
        if isinstance(node, ast.Call) and _is_mark(node.func):
            word = node.args[0] if len(node.args) == 1 else None
            known = isinstance(word, ast.Constant) and isinstance(word.value, str)
            found.add(word.value if known else None)  # type: ignore[union-attr]
    return found


def _is_mark(function: ast.expr) -> bool:
    """`pytest.mark.question`, by whatever name pytest goes."""
    return isinstance(function, ast.Attribute) and function.attr == "question"


def _is_for_all(definition: Definition) -> bool:
    """A fixture that runs without being asked for."""
    return any("autouse" in ast.dump(decorator) for decorator in definition.decorator_list)


def _assigned(statement: ast.stmt) -> set[str] | None:
    """The names that a plain assignment defines; None for a statement of any other kind."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return None
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    if not all(isinstance(part, ast.Name) for part in parts):
        return None  # it changes something that others may see
    return {part.id for part in parts if isinstance(part, ast.Name)}
