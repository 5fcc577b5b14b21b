"""The cells of a table that a spreadsheet may open: numbers stay numbers, text is no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from grader.report.text import block, identity, one_line

# A cell that starts with one of these is run by Excel, LibreOffice or Google Sheets; some locales
# also know the full-width forms.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_LONGEST = 30_000  # characters; Excel cuts a cell at 32,767


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; distinct stays distinct."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA and text.strip("'") else text


def disarmed(text: str) -> str:
    """The same for a cell of another's file; doing it twice changes nothing."""
    return f"'{text}" if text[:1] in _FORMULA and text else text


def words(text: str) -> str:
    """A name or a sentence on one line."""
    return harmless(one_line(text, 1000))


def paragraph(text: str) -> str:
    """A comment of several lines."""
    return harmless(block(text, _LONGEST).strip())


def key(text: str) -> str:
    """What identifies a student: whole, but valid Unicode."""
    return harmless(identity(text).replace("\0", "\\x00"))


def number(value: float | None, digits: int = 4) -> str:
    """A number with as many digits as it needs; nothing where it is not known."""
    if value is None:
        return ""
    return f"{round(value, digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")


def two_decimals(value: float, separator: str = ".") -> str:
    """A score as Canvas and Moodle keep it: two decimals, halves rounded up."""
    rounded = Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded + 0:.2f}".replace(".", separator)


def moment(value: datetime | None) -> str:
    """A time in UTC as a spreadsheet sorts it; nothing where it is not known."""
    return value.isoformat(sep=" ", timespec="seconds") if value else ""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as RFC 4180 has it, in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
