"""The layouts of hand-ins: each module knows one, and turns files into `Handin`s."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from grader.intake.entries import Entry
from grader.intake.handin import Handins
from grader.intake.layouts import canvas, gradescope, moodle, nbgrader, notebooks, student_folders

# The first that recognises the files reads them; the last recognises any.
LAYOUTS: tuple[ModuleType, ...] = (gradescope, moodle, canvas, nbgrader, student_folders, notebooks)


def read_layout(entries: Sequence[Entry], assignment: str | None) -> Handins:
    """Whose the files are, by the layout that they have."""
    layout = next(layout for layout in LAYOUTS if layout.recognises(entries))
    found: Handins = layout.read(entries, assignment)
    return found
