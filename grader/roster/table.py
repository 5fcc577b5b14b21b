"""A CSV file as spreadsheets and learning platforms write it: bytes become rows of text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.roster.names import display_name

MAX_MB = 20
MAX_CELL = 300
_AGAIN = "save the list as CSV (UTF-8) and name that file"


@dataclass(frozen=True)
class Row:
    """The cells of one row and the line of the file on which it ends."""

    line: int
    cells: tuple[str, ...]


def read_table(path: Path) -> tuple[Row, ...]:
    """All rows that are not empty, the headers first; a sentence where there are none."""
    shown = display_name(path.name)
    text = _decoded(_content(path, shown), shown)
    first, rest = _first_line(text.lstrip("\r\n"))
    if first.strip().casefold() in {"sep=,", "sep=;", "sep=\t"}:  # a note to Excel
        text, first = rest, _first_line(rest)[0]
    rows = _rows(text, _delimiter(first), shown)
    if not rows:
        raise UsageError(f"{shown} is empty: expected a line of headers, then one student a line.")
    return rows


def _content(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_MB * 1_000_000 + 1)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror or error}.") from error
    if len(content) > MAX_MB * 1_000_000:
        raise UsageError(f"{shown} is larger than {MAX_MB} MB; no class list is.")
    return content


def _decoded(content: bytes, shown: str) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise UsageError(f"{shown} is an Excel workbook or another zip archive: {_AGAIN}.")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{shown} is not UTF-8 text (byte {error.start + 1}), so its names would be garbled: "
            f"{_AGAIN}."
        ) from error
    if "\0" in text:
        raise UsageError(f"{shown} holds binary data, or UTF-16 without its mark: {_AGAIN}.")
    return text


def _first_line(text: str) -> tuple[str, str]:
    first, *rest = re.split(r"\r\n|\r|\n", text, maxsplit=1)
    return first, rest[0] if rest else ""


def _delimiter(line: str) -> str:
    """The one that is most often in the headers, but for what is in quotes."""
    unquoted = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=unquoted.count)


def _rows(text: str, delimiter: str, shown: str) -> tuple[Row, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            cleaned = tuple(clean(cell) for cell in cells)
            if any(cleaned):
                rows.append(Row(reader.line_num, cleaned))
                _check_width(rows, shown)
    except csv.Error as error:
        raise UsageError(
            f"{shown} is no valid CSV in line {reader.line_num} ({error}): {_AGAIN}."
        ) from error
    return tuple(rows)


def _check_width(rows: list[Row], shown: str) -> None:
    """A name with an unquoted comma would move all that follows it into the wrong column."""
    header, row = rows[0], rows[-1]
    extra = [cell for cell in row.cells[len(header.cells) :] if cell]
    if extra:
        raise UsageError(
            f"{shown} has {len(row.cells)} cells in line {row.line} but {len(header.cells)} "
            "headers: put a value that holds a separator into double quotes."
        )


def clean(cell: str) -> str:
    """A cell on one line, without what cannot be seen; what is written stays as it is."""
    seen = "".join(
        char
        for char in unicodedata.normalize("NFC", cell[: 4 * MAX_CELL])
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cs", "Cn", "Co"}
    )
    return " ".join(seen.replace("\ufeff", "").split())[:MAX_CELL].rstrip()
