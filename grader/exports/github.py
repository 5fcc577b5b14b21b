"""GitHub Classroom: the result that its reporter reads, as base64 of JSON in version 3.

Classroom knows whole points and no blank. Points are rounded so that questions add up to the total,
and neither nothing nor everything is reached by rounding. Without a score `max_score` is 0, on
which the reporter sends nothing.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any

from grader.exports.explained import explained
from grader.exports.single import Single
from grader.records import QuestionResult
from grader.report.text import block, one_line

VERSION = 3
# The reporter gets this through an environment variable, which Linux caps at 128 KiB.
MOST_BYTES = 90_000
_OUTPUT = 2_000


def export(single: Single) -> bytes:
    """The result as the step's output holds it: one line of base64."""
    return base64.b64encode(_json(single))


def _json(single: Single) -> bytes:
    """With as much said of each question as there is room for."""
    text = b""
    for length in (_OUTPUT, 200, 0):
        text = json.dumps(document(single, length), allow_nan=False).encode()
        if len(text) <= MOST_BYTES:
            break
    return text


def document(single: Single, length: int = _OUTPUT) -> dict[str, Any]:
    """The result as JSON; always at least one test, and every score a number."""
    if single.score is None:
        sentence = one_line(single.sentence, 1500)
        failed = _test("submission", "error", 0, sentence)
        return {
            "version": VERSION,
            "status": "error",
            "max_score": 0,
            "message": sentence,
            "tests": [failed],
        }
    most = max(1, _nearest(single.max_score))
    scores = _shared(_whole(single.score, single.max_score, most), single)
    full = scores and sum(scores) >= most
    return {
        "version": VERSION,
        "status": "pass" if full else "fail",
        "max_score": most,
        "tests": [
            _question(question, score, length)
            for question, score in zip(single.questions, scores, strict=True)
        ]
        or [_test("submission", "pass" if full else "fail", most if full else 0, "")],
    }


def _question(question: QuestionResult, score: int, length: int) -> dict[str, Any]:
    full = question.score is not None and question.score >= question.max_score
    test = _test(one_line(question.title, 100), "pass" if full else "fail", score, "")
    said = block(explained(question), length) if length else ""
    return {**test, "task_id": question.name, **({"output": said} if said else {})}


def _test(name: str, status: str, score: int, message: str) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": name,
        "status": status,
        "score": score,
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": 0,
    }
    return {**test, "message": message} if message else test


def _whole(score: float, max_score: float, most: int) -> int:
    """The score in whole points; 0 and all of them are never reached by rounding."""
    if score <= 0:
        return 0
    if score >= max_score:
        return _nearest(score / max_score * most)
    return min(max(_nearest(score / max_score * most), 1), max(most - 1, 0))


def _shared(total: int, single: Single) -> list[int]:
    """The total shared among the questions as they earned it, by largest remainder."""
    earned = [max(question.score or 0.0, 0.0) for question in single.questions]
    if not earned:
        return []
    whole = sum(earned)
    if not whole:  # what a person gave to the whole alone
        return [total, *[0] * (len(earned) - 1)]
    exact = [total * score / whole for score in earned]
    shares = [math.floor(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda at: (shares[at] - exact[at], at))
    for at in order[: total - sum(shares)]:
        shares[at] += 1
    return shares


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)
