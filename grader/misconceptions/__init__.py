"""Known mistakes: what the hidden tests observe of each, and which one a failed answer shows.

A hidden test is a deterministic program against an interface. It is run once with each known
mistake in the student's place; a student whose failed test observed the same made that mistake.
"""

from grader.misconceptions.keeping import load, save
from grader.misconceptions.naming import indistinguishable, name_mistakes
from grader.misconceptions.recordings import Recorded, Recording, Recordings, key_of, record

__all__ = [
    "Recorded",
    "Recording",
    "Recordings",
    "indistinguishable",
    "key_of",
    "load",
    "name_mistakes",
    "record",
    "save",
]
