"""What a person decided about a grade: rows of their own, with who and when, only ever added."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class Kind(enum.StrEnum):
    """What was decided. The latest score of a question counts, whichever way it was given."""

    OVERRIDE = "override"  # a score in place of the tests' score
    MARK = "mark"  # a score by rubric, for an answer that a person grades
    COMMENT = "comment"
    SCORE_WITHDRAWN = "score withdrawn"  # no override or mark before this one counts any more
    COMMENT_WITHDRAWN = "comment withdrawn"


@dataclass(frozen=True)
class Decision:
    """One row. `question` None is the whole assignment; `rubric` holds points by criterion."""

    assignment: str
    student: str
    question: str | None
    kind: Kind
    who: str
    at: datetime
    score: float | None = None
    comment: str = ""
    rubric: Mapping[str, float] = field(default_factory=dict)
