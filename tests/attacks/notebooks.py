"""Hostile notebooks, as files that a student could hand in."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from examples.make import answers, read, solved
from tests.attacks.case import RIGHT, WRONG, Notebook, Verdict
from tests.attacks.catalogue import ROOT
from tests.builders import code_cell

ASSIGNMENTS = {"numpy": ("layers", "linear"), "keras": ("keras_layers", "gelu")}
# These questions are graded here: the attacked one and its neighbours. All of them would tell no
# more, and take four times as long.
KEPT = frozenset({"conv_shapes", "pool2d", "linear", "layer_norm", "gelu"})


@cache
def perfect(name: str) -> str:
    """The released notebook with the solution's answers, as JSON."""
    notebook = of_kept_questions(read(ROOT / "assignments" / name / f"{name}.ipynb"))
    solutions = answers(read(ROOT / "solutions" / name / f"{name}.ipynb"))
    for question, cell in answers(notebook).items():
        source = solutions[question]["source"]
        cell["source"] = solved(source if isinstance(source, str) else "".join(source))
    return json.dumps(notebook)


def of_kept_questions(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook without the questions that are not graded here."""
    cells = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("grader", {}).get("question") in {None, *KEPT}
    ]
    return {**notebook, "cells": cells}


def build(attack: Notebook) -> dict[str, Any]:
    """The notebook of an attack; its hostile cells follow the first cell of code."""
    name, question = ASSIGNMENTS[attack.runtime]
    notebook: dict[str, Any] = json.loads(perfect(name))
    wanted = WRONG if attack.answer is None and attack.verdict is Verdict.ZERO else attack.answer
    if wanted not in {None, RIGHT}:
        answers(notebook)[question]["source"] = wanted
    _insert(notebook, hostile_cells(attack))
    return notebook


def hostile_cells(attack: Notebook) -> tuple[str, ...]:
    """The sources of the cells that a student has added."""
    return (attack.cells,) if isinstance(attack.cells, str) else attack.cells


def with_cell(name: str, source: str) -> dict[str, Any]:
    """A perfect notebook in which one cell more looks around."""
    notebook: dict[str, Any] = json.loads(perfect(name))
    _insert(notebook, (source,))
    return notebook


def hand_in(folder: Path, attack: Notebook) -> Path:
    """Write the notebook of an attack; the folder of the file."""
    notebook: dict[str, Any] | bytes = build(attack)
    if attack.edit is not None:
        notebook = attack.edit(copy.deepcopy(build(attack)))
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    path = folder / "attack.ipynb"
    path.write_bytes(content)
    return path


def _insert(notebook: dict[str, Any], sources: tuple[str, ...]) -> None:
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    at = kinds.index("code") + 1
    notebook["cells"][at:at] = [
        code_cell(source, id=f"hostile-{number}") for number, source in enumerate(sources)
    ]
