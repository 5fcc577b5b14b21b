"""A submitted file becomes a program to run: read, validate, repair, assemble."""

from grader.intake.assemble import assemble, written_answers
from grader.intake.discover import display_name, find_submissions
from grader.intake.read import read_submission

__all__ = ["assemble", "display_name", "find_submissions", "read_submission", "written_answers"]
