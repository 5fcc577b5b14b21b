"""The commands. Each is thin: it calls one room, and errors become a sentence and an exit code.

Exit codes: 0 fine, 1 some submissions need a person, 2 usage or a bad file, 3 the course,
4 the machine, 130 interrupted.
"""

from __future__ import annotations

from grader.cli import grading  # its commands stand first in `grader --help`

# isort: split
from grader.cli import gradebook, reporting

# isort: split
from grader.cli import exporting, submission

# isort: split
from grader.cli import authoring, importing, machine
from grader.cli.app import main

__all__ = [
    "authoring",
    "exporting",
    "gradebook",
    "grading",
    "importing",
    "machine",
    "main",
    "reporting",
    "submission",
]
