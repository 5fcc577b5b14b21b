"""A class of `layers` of any size, each submission with the score that it must get.

Right in many ways (the alternatives), wrong in every known way (the misconceptions), not filled
in, damaged, hostile. What is right must have 100, the stub 0, a damaged file no score but a
person; what a mistake costs is read from one run of it alone.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from grader.course import Assignment, find_course, load_assignment

COURSE = find_course(Path(__file__).parent)
# Of a hundred submissions: how many are of which kind.
MIX = {"right": 12, "alternative": 30, "mistake": 40, "stub": 4, "broken": 6, "hostile": 8}
BROKEN = (
    b"",
    b"this is no notebook",
    b'{"nbformat": 4, "cells": [',
    b"<!DOCTYPE html><html></html>",
)


@dataclass(frozen=True)
class Kind:
    """One way to hand in. `score` None with `status` graded: to be read from a run of it alone."""

    name: str
    content: bytes
    status: str = "graded"
    score: float | None = None


def kinds() -> dict[str, list[Kind]]:
    """Every way to hand in, by what it is."""
    assignment = load_assignment("layers", COURSE)
    make = _examples()
    right = make.submission({})
    hostile = [name for name in make.EXAMPLES if name.startswith(("hangs", "crashes", "forges"))]
    return {
        "right": [Kind("right", _bytes(right), score=100.0)],
        "alternative": list(_variants(assignment.alternatives, right, score=100.0)),
        "mistake": list(_variants(assignment.misconceptions, right, score=None)),
        "stub": [Kind("stub", assignment.released.read_bytes(), score=0.0)],
        "broken": [
            Kind(f"broken {number}", content, "needs_attention")
            for number, content in enumerate(BROKEN)
        ],
        "hostile": [Kind(name, _bytes(make.submission(make.EXAMPLES[name]))) for name in hostile],
    }


def make_class(folder: Path, size: int, seed: int = 0) -> dict[str, Kind]:
    """Write so many submissions, each a file of its own; what each must get, by student."""
    folder.mkdir(parents=True, exist_ok=True)
    known, chance = kinds(), random.Random(seed)
    places = dict.fromkeys(known, 0)
    found = {}
    for number in range(size):
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        one = known[kind][places[kind] % len(known[kind])]
        places[kind] += 1
        student = f"student{number:05}"
        (folder / f"{student}.ipynb").write_bytes(_own(one, student))
        found[student] = one
    return found


def _own(kind: Kind, student: str) -> bytes:
    """The same with the student's name in it: no two files of a class are equal."""
    if kind.status != "graded":
        return kind.content
    notebook = json.loads(kind.content)
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    cell["source"] = f"{source}\n\n{student}"
    return _bytes(notebook)


def _variants(path: Path, right: dict[str, Any], score: float | None) -> Iterator[Kind]:
    """A submission for each variant of a file: its code, in place of the right answer's.

    It stands in the last answer's cell, where every function that it may call is defined.
    """
    module = ast.parse(path.read_text(encoding="utf-8"))
    for definition in module.body:
        question = _question(definition)
        if question is None:
            continue
        notebook = copy.deepcopy(right)
        cell = [
            cell
            for cell in notebook["cells"]
            if cell["metadata"].get("grader", {}).get("role") == "answer"
        ][-1]
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cell["source"] = f"{source}\n\n{_in_place(module, definition, question[1])}"
        yield Kind(f"{question[0]}.{definition.name}", _bytes(notebook), score=score)


def _question(definition: ast.stmt) -> tuple[str, str] | None:
    """Which question a variant is of, and the name that a function replaces."""
    if not isinstance(definition, ast.FunctionDef | ast.ClassDef):
        return None
    for call in definition.decorator_list:
        if _marks(call):
            question = ast.literal_eval(call.args[0])
            named = {word.arg: word.value for word in call.keywords}
            replaces = ast.literal_eval(named["replaces"]) if "replaces" in named else question
            return question, replaces
    return None


def _marks(call: ast.expr) -> TypeGuard[ast.Call]:
    """Whether a decorator is what makes a variant of a definition."""
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") in {
        "misconception",
        "alternative",
    }


def _in_place(module: ast.Module, variant: Any, replaces: str) -> str:
    """Code that runs the variant beside the right answer, whose names mean the original there."""
    others = [
        node for node in module.body if node is not variant and not isinstance(node, ast.Expr)
    ]
    text = ast.unparse(ast.Module([_bare(node) for node in (*others, variant)], []))
    methods = [node.name for node in variant.body if isinstance(node, ast.FunctionDef)]
    if isinstance(variant, ast.ClassDef) and not variant.bases:  # it replaces several at once
        lines = [f"{name} = _room[{variant.name!r}].__dict__[{name!r}]" for name in methods]
    else:
        lines = [f"{replaces} = _room[{variant.name!r}]"]
    return "\n".join(["_room = dict(globals())", f"exec({text!r}, _room)", *lines])


def _bare(node: ast.stmt) -> ast.stmt:
    """A definition without the mark that makes it a variant."""
    if _question(node) is None:
        return node
    bare: Any = copy.deepcopy(node)
    bare.decorator_list = [mark for mark in bare.decorator_list if not _marks(mark)]
    return bare


def _bytes(notebook: dict[str, Any]) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode()


def _examples() -> Any:
    """`examples/make.py`, which writes the examples of this repository."""
    spec = importlib.util.spec_from_file_location("make", COURSE / "examples" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assignment() -> Assignment:
    """The assignment that the class is about."""
    return load_assignment("layers", COURSE)
