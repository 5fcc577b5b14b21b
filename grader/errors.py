"""Who can mend it: the tree of errors that reach a user, each with its exit code.

- `GraderError`
    - `UsageError` (2): the command line asks for something that is not there
    - `SubmissionError` (2): a submitted file is no notebook that can be graded
    - `CourseError` (3): the instructor's files contradict themselves
        - `DoubtfulError` (3): or a value of a student's that a hidden test has passed on
    - `MachineError` (4): Docker, the image, memory or disk
        - `UnsafeError` (4): student code would not be held back as promised

A student's crash, time-out or memory kill is none of these: it is a value (`records.Ending`).
"""


class GraderError(Exception):
    """A sentence for the user: what happened, what was expected, what to do about it."""

    exit_code = 1


class UsageError(GraderError):
    """A path, name or option that cannot be used."""

    exit_code = 2


class SubmissionError(GraderError):
    """A submitted file that cannot be read as a notebook of the assignment."""

    exit_code = 2


class CourseError(GraderError):
    """A mistake in the course's own files, for the instructor to mend."""

    exit_code = 3


class DoubtfulError(CourseError):
    """It is the course's mistake unless a student's value is in it: the reference settles that."""


class MachineError(GraderError):
    """Something this machine lacks or has run out of, for its operator to mend."""

    exit_code = 4


class UnsafeError(MachineError):
    """A wall of the box that was promised is not there: it stops a run, where others cost a row."""
