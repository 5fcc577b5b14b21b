"""The solution notebook as a program to run in the reference's box."""

from __future__ import annotations

from grader.notebook.definitions import definitions_only
from grader.notebook.source import AssignmentFiles, read_source
from grader.records import Cell, Program


def solution_program(assignment: AssignmentFiles) -> Program:
    """The code cells of the solution that run at grading, in order."""
    keeps_all = assignment.policy == "all"
    return Program(
        tuple(
            Cell(
                source=cell.source if keeps_all else definitions_only(cell.source),
                role=cell.role,
                question=cell.question,
            )
            for cell in read_source(assignment)
            if cell.runs_at_grading
        ),
        probes=assignment.probes_source(),
    )
