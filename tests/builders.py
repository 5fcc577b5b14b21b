"""Small real values for tests: cells, notebooks, a tiny course, submissions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.course import Assignment, load_assignment
from grader.records import Submission

TINY_SETTINGS = """\
title = "A tiny assignment"

[[questions]]
name = "double"
title = "Twice as much"
points = 60

[[questions]]
name = "shift"
title = "One step further"
points = 30
functions = ["shift", "shift_back"]
follows = ["double"]
forbidden = ["np.roll"]

[[questions]]
name = "why"
title = "In words"
points = 10
written = true
"""

DOUBLE = '''\
def double(x):
    """Twice x."""
    # BEGIN SOLUTION
    secret = 2
    return secret * x
    # END SOLUTION'''
DOUBLE_STUB = '''\
def double(x):
    """Twice x."""
    raise NotImplementedError("double: your turn")'''
SHIFT = '''\
def shift(x):
    """x and one more."""
    return x + 1  # SOLUTION


def shift_back(x):
    """x and one less."""
    return x - 1  # SOLUTION'''
SHIFT_STUB = '''\
def shift(x):
    """x and one more."""
    raise NotImplementedError("shift: your turn")


def shift_back(x):
    """x and one less."""
    raise NotImplementedError("shift_back: your turn")'''
WHY = "**Why?**\n\n### BEGIN SOLUTION\nBecause two is even.\n### END SOLUTION"


def code_cell(
    source: str,
    role: str | None = None,
    question: str | None = None,
    *,
    id: str = "",  # noqa: A002  (its name in nbformat)
    tags: Iterable[str] = (),
    **metadata: Any,
) -> dict[str, Any]:
    """One code cell of nbformat 4.5."""
    cell = markdown_cell(source, role, question, id=id, tags=tags, **metadata)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def markdown_cell(
    source: str,
    role: str | None = None,
    question: str | None = None,
    *,
    id: str = "",  # noqa: A002  (its name in nbformat)
    tags: Iterable[str] = (),
    **metadata: Any,
) -> dict[str, Any]:
    """One cell of prose."""
    ours = {"role": role, "question": question}
    if role:
        metadata["grader"] = {key: value for key, value in ours.items() if value}
    if tags:
        metadata["tags"] = list(tags)
    return {"cell_type": "markdown", "id": id, "metadata": metadata, "source": source}


def make_notebook(*cells: Mapping[str, Any], assignment: str | None = None) -> dict[str, Any]:
    """A notebook of nbformat 4.5; cells without an id get one from their place."""
    named = [
        {**cell, "id": cell.get("id") or f"cell-{number}"} for number, cell in enumerate(cells, 1)
    ]
    metadata = {"grader": {"assignment": assignment}} if assignment else {}
    return {"cells": named, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_notebook(path: Path, notebook: Mapping[str, Any]) -> Path:
    """The notebook as a file, its folder made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def tiny_solution() -> list[dict[str, Any]]:
    """The cells of the solution notebook of `tiny`: three questions, one of them in prose."""
    return [
        markdown_cell("# Tiny"),
        code_cell("import numpy as np", "given", id="imports"),
        code_cell(DOUBLE, "answer", "double"),
        code_cell('check("double")', "check", "double", tags=["skip-execution"]),
        code_cell("print(double(3))", "given", id="picture", tags=["skip-execution"]),
        code_cell(SHIFT, "answer", "shift"),
        code_cell('check("shift")', "check", "shift", tags=["skip-execution"]),
        markdown_cell(WHY, "written", "why"),
        code_cell("secret_of_the_course = 1", tags=["solution-only"]),
    ]


def make_assignment(
    course: Path,
    cells: Iterable[Mapping[str, Any]] | None = None,
    settings: str = TINY_SETTINGS,
    name: str = "tiny",
) -> Assignment:
    """A course folder with one assignment, by default `tiny`."""
    folder = course / "solutions" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assignment.toml").write_text(settings, encoding="utf-8")
    chosen = tiny_solution() if cells is None else list(cells)
    write_notebook(folder / f"{name}.ipynb", make_notebook(*chosen))
    return load_assignment(name, course)


def make_submission(notebook: Mapping[str, Any], student: str = "ada") -> Submission:
    """A submission as intake hands it on, without a file behind it."""
    return Submission(student, Path(f"{student}.ipynb"), "0" * 64, notebook)
