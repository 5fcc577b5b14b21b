"""Pairs of submissions that are alike beyond the released code and beyond what the class shares.

A hint for a person, never a verdict: nothing here changes a score.
"""

from grader.similarity.pairs import Likeness, Pair, Passage, Sensitivity, find_pairs
from grader.similarity.prints import Answer, Work

__all__ = ["Answer", "Likeness", "Pair", "Passage", "Sensitivity", "Work", "find_pairs"]
