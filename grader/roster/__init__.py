"""Who takes the course: its students, and which of them a handed-in file belongs to."""

from __future__ import annotations

from grader.roster.matching import Register, Unmatched, open_register
from grader.roster.names import display_name
from grader.roster.reading import namesakes, read_roster
from grader.roster.students import Claim, Student

__all__ = [
    "Claim",
    "Register",
    "Student",
    "Unmatched",
    "display_name",
    "namesakes",
    "open_register",
    "read_roster",
]
