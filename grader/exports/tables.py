"""A CSV file that was downloaded, read so that it can be written back as it was, but for a cell."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from grader.errors import UsageError
from grader.report.text import one_line

MOST_BYTES = 50_000_000
MOST_CELLS = 5_000_000
_BOM = b"\xef\xbb\xbf"
_COMMA = re.compile(r"-?\d{1,9},\d{1,4}")
_POINT = re.compile(r"-?\d{1,9}\.\d{1,4}")


@dataclass(frozen=True)
class Table:
    """Rows of cells, and how the file wrote them. `cells` may be changed in place."""

    cells: list[list[str]]
    delimiter: str = ","
    newline: str = "\r\n"
    bom: bool = False
    decimal: str = "."

    @property
    def header(self) -> list[str]:
        """The first row."""
        return self.cells[0]

    def encode(self) -> bytes:
        """The file again, quoted where it must be."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline).writerows(
            self.cells
        )
        return (_BOM if self.bom else b"") + text.getvalue().encode("utf-8")


def read_table(content: bytes, name: str) -> Table:
    """Read a download; `UsageError` where it is no CSV file in UTF-8."""
    name = one_line(name)
    text = _decoded(content, name)
    delimiter = _delimiter(text)
    cells = _cells(text, delimiter, name)
    if not cells or len(cells[0]) < 2:  # noqa: PLR2004
        raise UsageError(f"{name} is no table: expected the CSV file as it was downloaded.")
    return Table(
        cells=cells,
        delimiter=delimiter,
        newline="\r\n" if "\r\n" in text else "\n",
        bom=content.startswith(_BOM),
        decimal=_decimal(cells, delimiter),
    )


def _decoded(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        raise UsageError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB: is it the download?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not in UTF-8: expected the CSV file as it was downloaded, not saved again "
            "by a spreadsheet. Download it once more."
        ) from error


def _delimiter(text: str) -> str:
    """The one that makes most columns of the header."""
    head = text[:100_000]

    def columns(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), []))

    return max((",", ";", "\t"), key=columns)


def _cells(text: str, delimiter: str, name: str) -> list[list[str]]:
    cells, count = [], 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            count += len(row)
            if count > MOST_CELLS:
                raise UsageError(f"{name} has more than {MOST_CELLS} cells: is it the download?")
            cells.append(row)
    except csv.Error as error:
        raise UsageError(
            f"{name} is damaged near line {len(cells) + 1}: {error}. Download it once more."
        ) from error
    return cells


def _decimal(cells: list[list[str]], delimiter: str) -> str:
    """Whether 8.5 is written 8,5; a file with semicolons comes from where it is."""
    values = [cell.strip() for row in cells[1:] for cell in row]
    if any(_COMMA.fullmatch(value) for value in values):
        return ","
    if any(_POINT.fullmatch(value) for value in values):
        return "."
    return "," if delimiter == ";" else "."
