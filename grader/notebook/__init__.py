"""Notebooks: cells and their roles, solution markers, and the student's notebook made from them."""

from grader.notebook.release import check_release, release, write_release
from grader.notebook.solution import solution_program

__all__ = ["check_release", "release", "solution_program", "write_release"]
