"""Where in the student's cells an exception arose."""

from __future__ import annotations

import re
import traceback

CELL = "<cell {}>"
_CELL = re.compile(r"<cell (\d{1,5})>")


def innermost(error: BaseException | None) -> tuple[int | None, int | None]:
    """The cell and line of the innermost frame that is the student's own."""
    if error is None:
        return None, None
    if isinstance(error, SyntaxError) and (found := _cell(error.filename)) is not None:
        return found, error.lineno
    where: tuple[int | None, int | None] = (None, None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        found = _cell(frame.f_code.co_filename)
        if found is not None:
            where = found, line
    return where


def _cell(filename: str | None) -> int | None:
    found = _CELL.fullmatch(filename or "")
    return int(found[1]) if found else None
