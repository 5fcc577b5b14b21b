"""From the solution notebook to the student's: stubs for solutions, locks, stable bytes."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.errors import CourseError, MachineError
from grader.notebook import nbgrader
from grader.notebook.cells import CELL_ID, SOLUTION_ONLY, NotebookCell, joined
from grader.notebook.markers import cut_code, cut_prose
from grader.notebook.source import AssignmentFiles, place, read_source

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def release(assignment: AssignmentFiles) -> bytes:
    """The student's notebook, the same bytes each time it is made from the same source."""
    notebook = student_notebook(assignment)
    _validate(notebook, assignment)
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode()


def student_notebook(assignment: AssignmentFiles) -> dict[str, Any]:
    """The student's notebook as nbformat 4.5 data."""
    kept = [cell for cell in read_source(assignment) if SOLUTION_ONLY not in cell.tags]
    stubs = [_stub(cell, assignment) for cell in kept]
    points = {question.name: question.points for question in assignment.questions}
    cells = [_cell_data(cell, points) for cell in _with_ids(stubs)]
    version = hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:16]
    return {
        "cells": cells,
        "metadata": {
            "grader": {"assignment": assignment.name, "version": version},
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_release(assignment: AssignmentFiles) -> Path:
    """Write the student's notebook into `assignments/`, whole or not at all."""
    content, path = release(assignment), assignment.released
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise MachineError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def check_release(assignment: AssignmentFiles) -> tuple[str, ...]:
    """What differs between `assignments/` and what its source gives now; nothing if all agrees."""
    content, path = release(assignment), assignment.released
    remedy = f"write it with: grader release {assignment.name}"
    if not path.is_file():
        return (f"{path.name} has not been released; {remedy}",)
    present = path.read_bytes()
    if present == content:
        return ()
    try:
        changed = _changed_cells(json.loads(present), json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError):
        changed = ["it is no notebook"]
    return tuple(f"{path.name}: {what}; {remedy}" for what in changed or ["the bytes differ"])


def _changed_cells(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    before = {cell["id"]: cell for cell in present["cells"]}
    after = {cell["id"]: cell for cell in wanted["cells"]}
    changed = [f"the cell {name} is missing" for name in after if name not in before]
    changed += [f"the cell {name} is no longer in the source" for name in before.keys() - after]
    changed += [
        f"the cell {name} differs from its source"
        for name in after
        if name in before and before[name] != after[name]
    ]
    return sorted(changed) if changed else ["the order or the metadata of its cells differs"]


def _stub(cell: NotebookCell, assignment: AssignmentFiles) -> NotebookCell:
    where = place(assignment, cell)
    if cell.role == "written":
        return replace(cell, source=cut_prose(cell.source, where))
    if cell.role == "answer":
        functions = next(q.functions for q in assignment.questions if q.name == cell.question)
        source = cut_code(cell.source, str(cell.question), functions, where)
        return replace(cell, source=source)
    return cell


def _with_ids(cells: Sequence[NotebookCell]) -> Iterator[NotebookCell]:
    """Names that stay when cells are added: after the question, else the author's own."""
    counts: Counter[str] = Counter()
    taken = Counter(cell.id for cell in cells)
    for cell in cells:
        role = "answer" if cell.role == "written" else cell.role
        own = cell.id if CELL_ID.fullmatch(cell.id) and taken[cell.id] == 1 else ""
        is_ours = role != "given" and cell.question
        name = f"{cell.question}-{role}" if is_ours else own or f"{cell.question or 'course'}-given"
        counts[name] += 1
        yield replace(cell, id=name if counts[name] == 1 else f"{name}-{counts[name]}")


def _cell_data(cell: NotebookCell, points: Mapping[str, float]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.id,
        "metadata": _metadata(cell, points),
        "source": joined(cell.source).splitlines(keepends=True),
    }
    if cell.is_code:
        data |= {"execution_count": None, "outputs": []}
    if cell.attachments:
        data["attachments"] = dict(cell.attachments)
    return data


def _metadata(cell: NotebookCell, points: Mapping[str, float]) -> dict[str, Any]:
    ours = {"role": cell.role} | ({"question": cell.question} if cell.question else {})
    metadata: dict[str, Any] = {
        "deletable": False,
        "grader": ours,
        "nbgrader": nbgrader.metadata(
            grade_id=cell.id,
            kind=cell.kind,
            source=cell.source,
            role=cell.role,
            points=points.get(cell.question or ""),
        ),
    }
    if cell.is_locked:
        metadata["editable"] = False
    if cell.tags:
        metadata["tags"] = sorted(cell.tags)
    return metadata


def _validate(notebook: Mapping[str, Any], assignment: AssignmentFiles) -> None:
    import nbformat  # noqa: PLC0415  (slow to import, and needed for releasing only)

    try:
        nbformat.validate(json.loads(json.dumps(notebook)))
    except nbformat.ValidationError as error:
        raise CourseError(
            f"The notebook released from {assignment.source.name} is not valid: {error}."
        ) from error
