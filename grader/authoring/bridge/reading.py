"""A notebook from the internet, read under limits: cells as values, nothing of it is run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError, UsageError
from grader.intake import read_submission
from grader.intake.discover import display_name
from grader.notebook.cells import joined
from grader.report.text import one_line

FORMAT = 4
MOST_OUTPUT = 10_000  # of a saved output; a longer one is no value to compare with
_PYTHON = ("python", "python3", "ipython", "")


@dataclass(frozen=True)
class SourceCell:
    """One cell. `output` is the text of what its last line returned when it was saved."""

    number: int
    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    output: str | None = None
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_code(self) -> bool:
        """Whether a kernel could run it."""
        return self.kind == "code"


@dataclass(frozen=True)
class SourceNotebook:
    """The cells of a notebook, and what its metadata say of the notebook as a whole."""

    name: str
    cells: tuple[SourceCell, ...]
    metadata: Mapping[str, Any]


def read_source_notebook(path: Path) -> SourceNotebook:
    """Read a notebook whose author is a stranger.

    Raises:
        UsageError: it is no notebook in format 4, or its language is not Python.
    """
    name = display_name(path.name)
    try:
        checked = read_submission(path)  # its size, nesting and encoding are in order
    except SubmissionError as error:
        raise UsageError(f"This cannot be imported: {error}") from error
    notebook = _loaded(path, checked.sha256, name)
    _check_language(notebook, name)
    cells = _list(notebook.get("cells"))
    if len(cells) != len(checked.notebook["cells"]):
        raise UsageError(f"{name} has damaged cells; open it in Jupyter, save it and try again.")
    return SourceNotebook(
        name=path.stem,
        cells=tuple(
            _cell(number, mapping(cell), clean["source"])
            for number, (cell, clean) in enumerate(
                zip(cells, checked.notebook["cells"], strict=True), 1
            )
        ),
        metadata=mapping(notebook.get("metadata")),
    )


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _loaded(path: Path, digest: str, name: str) -> Mapping[str, Any]:
    """The file that has just been checked, with the fields that grading does without."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise UsageError(f"{name} changed while it was read; try again.")
    try:
        notebook = mapping(json.loads(content.decode("utf-8-sig")))
    except ValueError as error:
        raise UsageError(
            f"{name} is not valid JSON; open it in Jupyter, save it and try again."
        ) from error
    if notebook.get("nbformat") != FORMAT:
        raise UsageError(
            f"{name} is in notebook format {one_line(str(notebook.get('nbformat')), 20)}, "
            "expected 4; open it in Jupyter, save it and try again."
        )
    return notebook


def _check_language(notebook: Mapping[str, Any], name: str) -> None:
    metadata = mapping(notebook.get("metadata"))
    kernel = mapping(metadata.get("kernelspec"))
    language = mapping(metadata.get("language_info")).get("name") or kernel.get("language") or ""
    if str(language).lower() not in _PYTHON:
        raise UsageError(
            f"{name} is in {one_line(str(language), 40)}; only notebooks in Python can be graded."
        )


def _cell(number: int, cell: Mapping[str, Any], source: str) -> SourceCell:
    return SourceCell(
        number=number,
        kind=str(cell.get("cell_type")),
        source=source,
        metadata=mapping(cell.get("metadata")),
        output=_output(cell),
        attachments=mapping(cell.get("attachments")),
    )


def _output(cell: Mapping[str, Any]) -> str | None:
    """The text of the cell's result, which Jupyter shows beside Out[n]."""
    for output in _list(cell.get("outputs")):
        if mapping(output).get("output_type") == "execute_result":
            text = mapping(mapping(output).get("data")).get("text/plain")
            if isinstance(text, str) or (
                isinstance(text, list) and all(isinstance(line, str) for line in text)
            ):
                return joined(text)[:MOST_OUTPUT]
    return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
