"""Who takes the course: its students, and which of them a handed-in file belongs to."""

from __future__ import annotations

from grader.roster.students import Claim, Student

__all__ = ["Claim", "Student"]
