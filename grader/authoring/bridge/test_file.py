"""`test_NAME.py`: the hidden tests as a file, made from syntax trees and never from text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.authoring.bridge.translating import HiddenTest

_IMPORTED = {"assert_holds", "assert_explained", "assert_raises_kind"}


def test_file(name: str, grader: str, tests: Sequence[HiddenTest]) -> str:
    """The whole file."""
    used = {word for test in tests for word in test.body.harness}
    modules = {word for test in tests for word in test.body.expressions.imports}
    imports = [f"import {word}" for word in sorted(modules - {"numpy"})]
    vendor = ["import numpy as np"] * ("numpy" in modules) + ["import pytest"]
    ours = ["from grader.harness import assert_close"] * ("assert_close" in used)
    if imported := sorted(used & _IMPORTED):
        ours.append(f"from grader.harness.imported import {', '.join(imported)}")
    head = [
        f'"""Hidden tests of `{name}`, imported from {grader}.',
        "",
        "A docstring is the sentence that the student reads.",
        '"""',
    ]
    groups = ["\n".join(group) for group in (head, imports, vendor, ours) if group]
    return "\n\n".join(groups) + "\n" + "".join(f"\n\n{text}\n" for text in map(_test, tests))


def needs_values(tests: Sequence[HiddenTest]) -> bool:
    """Whether a test looks at a variable, which takes a probe."""
    return any(test.body.expressions.uses_values for test in tests)


def _test(test: HiddenTest) -> str:
    cells = ", ".join(map(str, test.cells))
    note = f"# Cell {cells}."
    if test.body.left:
        note = f"# Cell {cells}, not all of it: see DECISIONS.md."
    return f"{note}\n{ast.unparse(ast.fix_missing_locations(_function(test)))}"


def _function(test: HiddenTest) -> ast.FunctionDef:
    fixtures = ["student", *(["reference"] if test.body.expressions.uses_reference else [])]
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(each) for each in fixtures],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    title = ast.Expr(ast.Constant(test.title))
    return ast.FunctionDef(
        name=test.name,
        args=arguments,
        body=[title, *test.body.statements],
        decorator_list=list(_marks(test)),
        lineno=1,
    )


def _marks(test: HiddenTest) -> Iterator[ast.expr]:
    yield _mark("question", test.question)
    if test.weight != 1:
        yield _mark("weight", int(test.weight) if test.weight.is_integer() else test.weight)


def _mark(name: str, value: object) -> ast.expr:
    mark = ast.Attribute(ast.Name("pytest", ast.Load()), "mark", ast.Load())
    return ast.Call(ast.Attribute(mark, name, ast.Load()), [ast.Constant(value)], [])  # type: ignore[arg-type]
