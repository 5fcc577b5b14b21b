"""The feedback page of a student and the index of a class: one HTML file each, no script."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from grader.course import Assignment
from grader.records import SubmissionResult
from grader.report.class_view import class_view
from grader.report.files import make_folder, write_atomically
from grader.report.page import page_view
from grader.report.rendering import render
from grader.report.text import identity


def feedback_page(assignment: Assignment, result: SubmissionResult) -> str:
    """The page of one submission. The same result gives the same bytes."""
    return render("feedback.html.j2", page=page_view(assignment, result))


def write_feedback(
    folder: Path, assignment: Assignment, results: Sequence[SubmissionResult]
) -> Path:
    """Write a page for each submission and the instructor's `index.html`; return the index."""
    make_folder(folder)
    names = page_names([result.student for result in results])
    for name, result in zip(names, results, strict=True):
        write_atomically(folder / name, feedback_page(assignment, result))
    index = folder / "index.html"
    write_atomically(index, index_page(assignment, results, names))
    return index


def index_page(
    assignment: Assignment, results: Sequence[SubmissionResult], names: Sequence[str]
) -> str:
    """The class at a glance, with a link to each page."""
    return render("index.html.j2", page=class_view(assignment, results, names))


def page_names(students: Sequence[str]) -> tuple[str, ...]:
    """A file name for each student that we made: letters, digits, a hash; no two are the same."""
    names: list[str] = []
    for student in students:
        turn = 1
        while (name := _page_name(student, turn)) in names:
            turn += 1
        names.append(name)
    return tuple(names)


def _page_name(student: str, turn: int) -> str:
    ascii_letters = unicodedata.normalize("NFKD", student[:200]).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_letters.lower())[:40].strip("-") or "student"
    digest = hashlib.sha256(identity(student).encode()).hexdigest()[:8]
    return f"{slug}-{digest}{'' if turn == 1 else f'-{turn}'}.html"
