"""Any JSON value becomes a notebook of nbformat 4.5, or one sentence that says why it cannot.

The notebook is built anew from the few fields that grading needs. So what is not taken over (an
output, an attachment, a kernel's name, a field nobody knows) cannot reach anything later on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from grader.errors import SubmissionError
from grader.intake.discover import display_name
from grader.notebook.cells import CELL_ID, joined

MAX_CELLS = 2000
MAX_SOURCE = 200_000
MAX_CODE = 500_000
MAX_LABEL = 100
FORMAT = 4
LAST_MINOR = 5
_NO_TEXT = re.compile("[\ud800-\udfff\0]")  # lone halves of characters, and NUL
_KINDS = frozenset({"code", "markdown", "raw"})
_OLD_KINDS = {"heading": "markdown", "html": "markdown"}

Json = Mapping[str, Any]


def repair(data: object, name: str) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """The notebook, what was repaired in sentences, and flags."""
    return _Repair(name).notebook(data)


class _Repair:
    """One file's repair: what it is called, and what had to be done so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: dict[str, None] = {}
        self.flags: dict[str, None] = {}

    def notebook(self, data: object) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
        if not isinstance(data, dict):
            self.reject(f"holds {_kind(data)}, not a notebook")
        cells = [self.cell(number, cell) for number, cell in enumerate(self.cells(data), 1)]
        code = sum(len(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        if code > MAX_CODE:
            self.reject(
                f"has {code // 1000} kB of code; at most {MAX_CODE // 1000} kB can be graded"
            )
        notebook = {
            "cells": list(self.with_ids(cells)),
            "metadata": _origin(data.get("metadata")),
            "nbformat": FORMAT,
            "nbformat_minor": LAST_MINOR,
        }
        return notebook, tuple(self.notes), tuple(self.flags)

    def reject(self, reason: str) -> NoReturn:
        raise SubmissionError(f"{self.name} {reason}.")

    def note(self, sentence: str) -> None:
        self.notes[sentence] = None

    def cells(self, data: Json) -> list[Any]:
        cells = self.old_cells(data) if self.version(data) < FORMAT else data.get("cells")
        if not isinstance(cells, list):
            found = _kind(cells) if "cells" in data else "nothing"
            self.reject(f'is no notebook: "cells" is {found}, a list was expected')
        if len(cells) > MAX_CELLS:
            self.reject(f"has {len(cells)} cells; at most {MAX_CELLS} can be graded")
        return cells

    def version(self, data: Json) -> int:
        if "nbformat" not in data:
            self.reject('is JSON but no notebook: it has no field "nbformat"')
        major, minor = data["nbformat"], data.get("nbformat_minor", 0)
        for field, value in (("nbformat", major), ("nbformat_minor", minor)):
            if type(value) is not int:
                self.reject(
                    f'is no valid notebook: "{field}" is {_kind(value)}, not a whole number'
                )
        known = major in {2, 3} or (major == FORMAT and 0 <= minor <= LAST_MINOR)
        if not known:
            self.reject(
                f"is in notebook format {_short(major)}.{_short(minor)}; formats 2 to 4.5 can be "
                "graded: save it with the course's Jupyter and submit it again"
            )
        return int(major)

    def old_cells(self, data: Json) -> list[Any]:
        """The cells of format 2 and 3, which stood in worksheets, in today's form."""
        sheets = data.get("worksheets")
        if not isinstance(sheets, list):
            self.reject(f'is no valid notebook: "worksheets" is {_kind(sheets)}, not a list')
        self.note(f"The notebook was in format {data['nbformat']} and was brought to format 4.")
        cells: list[Any] = []
        for sheet in sheets:
            found = sheet.get("cells") if isinstance(sheet, dict) else None
            if not isinstance(found, list):
                self.reject('is no valid notebook: a worksheet has no list "cells"')
            cells += [_modern(cell) if isinstance(cell, dict) else cell for cell in found]
        return cells

    def cell(self, number: int, cell: Any) -> dict[str, Any]:
        if not isinstance(cell, dict):
            self.reject(f"is no valid notebook: cell {number} is {_kind(cell)}, not an object")
        kind = cell.get("cell_type")
        if not isinstance(kind, str):
            self.reject(f'is no valid notebook: "cell_type" of cell {number} is {_kind(kind)}')
        if kind not in _KINDS:
            self.note(f"Cell {number} has an unknown type and was kept as plain text.")
            kind = "raw"
        metadata = cell.get("metadata", {})
        if not isinstance(metadata, dict):
            self.note(f"The metadata of cell {number} was no object and was left out.")
            metadata = {}
        repaired: dict[str, Any] = {
            "cell_type": kind,
            "id": cell.get("id", metadata.get("id")),  # Colab keeps it in the metadata
            "metadata": _labels(metadata),
            "source": self.source(number, kind, cell),
        }
        return repaired | ({"execution_count": None, "outputs": []} if kind == "code" else {})

    def source(self, number: int, kind: str, cell: Json) -> str:
        source = cell.get("source")
        if "source" not in cell:
            self.note(f"Cell {number} had no source and counts as empty.")
            return ""
        lines = source if isinstance(source, list) else [source]
        for line in lines:
            if not isinstance(line, str):
                self.reject(f'is no valid notebook: "source" of cell {number} holds {_kind(line)}')
        text = joined([str(line) for line in lines])
        if len(text) > MAX_SOURCE:
            text = self.shortened(number, kind, text)
        if _NO_TEXT.search(text):
            self.note(f"Cell {number} held characters that no text can hold; they were replaced.")
            text = _NO_TEXT.sub("\ufffd", text)
        return text

    def shortened(self, number: int, kind: str, text: str) -> str:
        """Prose may hold a picture as text; code of that size is no answer."""
        if kind == "code":
            self.reject(
                f"has {len(text) // 1000} kB of code in cell {number}; at most "
                f"{MAX_SOURCE // 1000} kB can be graded: move data out of it and submit it again"
            )
        self.note(f"Cell {number} is longer than {MAX_SOURCE // 1000} kB; only its start was kept.")
        return text[:MAX_SOURCE]

    def with_ids(self, cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Ids that are valid and stand once, the same ones each time the file is read."""
        taken: set[str] = set()
        wanted = {cell["id"] for cell in cells if isinstance(cell["id"], str)}
        for number, cell in enumerate(cells, 1):
            own = cell["id"]
            if not isinstance(own, str) or not CELL_ID.fullmatch(own) or own in taken:
                if isinstance(own, str) and own in taken:
                    self.note("Some cells had the same id; the later ones got new ids.")
                own = _new_id(number, taken | wanted)
            taken.add(own)
            yield {**cell, "id": own}


def _new_id(number: int, taken: set[str]) -> str:
    name = f"cell-{number}"
    while name in taken:
        name += "-"
    return name


def _modern(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    field = "input" if kind == "code" else "source"
    modern = {**cell, "cell_type": _OLD_KINDS.get(kind, kind) if isinstance(kind, str) else kind}
    modern.pop("source", None)
    return modern | ({"source": cell[field]} if field in cell else {})


def _labels(metadata: Json) -> dict[str, Any]:
    """What a cell says of itself, as far as it is text of a sensible length."""
    ours = metadata.get("grader")
    ours = ours if isinstance(ours, dict) else {}
    labels = {key: ours[key] for key in ("role", "question") if _is_label(ours.get(key))}
    return {"grader": labels} if labels else {}


def _origin(metadata: object) -> dict[str, Any]:
    """Which assignment the notebook says it is, and in which version."""
    ours = metadata.get("grader") if isinstance(metadata, dict) else None
    ours = ours if isinstance(ours, dict) else {}
    labels = {key: ours[key] for key in ("assignment", "version") if _is_label(ours.get(key))}
    return {"grader": labels} if labels else {}


def _is_label(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_LABEL and display_name(value) == value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    fallback = "nothing" if value is None else "a number"
    return names.get(type(value), fallback)


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**6 else "(a huge number)"
