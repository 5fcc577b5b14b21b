"""A submitted file becomes a program to run: find, match, read, validate, repair, assemble."""

from grader.intake.assemble import assemble, written_answers
from grader.intake.classroom import Classroom, gather_class
from grader.intake.discover import display_name, find_handins
from grader.intake.handin import Handin, Handins, SetAside
from grader.intake.read import read_submission

__all__ = [
    "Classroom",
    "Handin",
    "Handins",
    "SetAside",
    "assemble",
    "display_name",
    "find_handins",
    "gather_class",
    "read_submission",
    "written_answers",
]
