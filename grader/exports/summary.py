"""GitHub: the step summary in Markdown, in which nothing of a student's is Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.course import Assignment
from grader.exports.explained import reasons
from grader.exports.single import Single
from grader.records import QuestionResult
from grader.report.text import one_line
from grader.report.view import failures, state
from grader.scores import points

# Beyond this GitHub throws the summary of the step away, whole.
MOST_BYTES = 1024 * 1024
_CUT = "\n\n*The rest was cut: too long for a summary.*\n"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&@:=$^\"'/])")


def summary(assignment: Assignment, single: Single, written: int = 0) -> bytes:
    """The page, at most what is left of the step's limit after `written` bytes."""
    text = "\n".join(_lines(assignment, single)) + "\n"
    return _capped(text.encode(), MOST_BYTES - written)


def escaped(text: str, limit: int = 1500) -> str:
    """Text of a student's, so that it is shown as it is: no markup, no link, no mention."""
    return _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", one_line(text, limit))


def _lines(assignment: Assignment, single: Single) -> Iterator[str]:
    yield f"## {escaped(assignment.title)}"
    yield ""
    if single.score is not None:
        yield f"**{points(single.score)} of {points(single.max_score)} points**"
        yield ""
    if single.sentence:
        yield escaped(single.sentence)
        yield ""
    if single.questions:
        yield "| question | points | |"
        yield "|---|---:|---|"
        yield from map(_row, single.questions)
        yield ""
    for question in single.questions:
        yield from _failures(question)


def _row(question: QuestionResult) -> str:
    earned = f"{points(question.score)} of {points(question.max_score)}"
    return f"| {escaped(question.title)} | {earned} | {state(question)} |"


def _failures(question: QuestionResult) -> Iterator[str]:
    found = failures(question.tests)
    if not found:
        return
    yield f"### {escaped(question.title)}"
    yield ""
    for failure in found:
        yield f"- {escaped('; '.join(failure.titles))}"
        yield from (f"  - {escaped(line)}" for line in reasons(failure.diagnosis))
    yield ""


def _capped(text: bytes, most: int) -> bytes:
    if len(text) <= most:
        return text
    end = most - len(_CUT.encode())
    if end <= 0:
        return b""
    kept = text[:end].decode(errors="ignore")
    return (kept[: kept.rfind("\n")] + _CUT).encode()
