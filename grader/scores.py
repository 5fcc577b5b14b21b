"""Scores as numbers and as words: without rounding noise, with as few digits as it takes."""

from __future__ import annotations


def rounded(score: float) -> float:
    """The score to four decimals, so that sums of shares are clean again."""
    return round(score, 4) + 0.0


def points(score: float | None) -> str:
    """A score with at most two decimals: `85`, `7.5`, `3.33`; a dash where there is none."""
    if score is None:
        return "–"
    return f"{round(score, 2):.2f}".rstrip("0").rstrip(".")
