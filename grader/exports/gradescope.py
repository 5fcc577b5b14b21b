"""Gradescope: the results.json of one submission.

Gradescope takes what has no score for a failed autograder and shows it to the instructor; that is
the only honest place for a score that is not known, since it knows no blank.
"""

from __future__ import annotations

import json
from typing import Any

from grader.exports.explained import explained
from grader.exports.single import Single
from grader.records import QuestionResult
from grader.report.text import one_line

HIDDEN = "hidden"  # what the run prints is for the instructor


def export(single: Single) -> bytes:
    """One test per question; no score anywhere unless the whole is known."""
    shown = single.score is not None or single.written_open
    document: dict[str, Any] = {
        "output": single.sentence or "Graded.",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": HIDDEN,
        "execution_time": max(0, round(single.seconds)),
        "tests": [
            _test(question, f"{number}", shown=shown)
            for number, question in enumerate(single.questions, 1)
        ],
    }
    if single.score is not None:
        document["score"] = round(single.score, 4)
    return (json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode()


def _test(question: QuestionResult, number: str, *, shown: bool) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": one_line(question.title),
        "number": number,
        "output": explained(question),
        "visibility": "visible",
    }
    if shown and question.score is not None:
        full = question.score >= question.max_score
        test |= {
            "score": round(question.score, 4),
            "max_score": question.max_score,
            "status": "passed" if full else "failed",
        }
    return test
