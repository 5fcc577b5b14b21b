"""nbgrader's cell metadata, version 3, so that a course on nbgrader can open what we release."""

from __future__ import annotations

import hashlib
from typing import Any

SCHEMA_VERSION = 3


def metadata(
    *, grade_id: str, kind: str, source: str, role: str, points: float | None = None
) -> dict[str, Any]:
    """The `nbgrader` entry of a cell's metadata.

    An autograded answer is a solution, a written one is graded by hand, everything else is
    locked. A check cell carries no points: nbgrader would give them for any cell without an error.
    """
    grade = role == "written"
    solution = role in {"answer", "written"}
    entry: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "grade": grade,
        "locked": not solution,
        "solution": solution,
        "task": False,
        "grade_id": grade_id,
        "cell_type": kind,
    }
    if grade and points is not None:
        entry["points"] = points
    return {**entry, "checksum": checksum(entry, source)}


def checksum(entry: dict[str, Any], source: str) -> str:
    """The hash by which nbgrader tells a changed cell from one that is as it was released."""
    parts = [source, entry["cell_type"]]
    parts += [str(entry[flag]) for flag in ("grade", "solution", "locked")]
    parts.append(entry["grade_id"])
    if entry["grade"]:
        parts.append(str(float(entry["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
