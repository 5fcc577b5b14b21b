"""What a question's tests say, as plain text for platforms that show no pages of ours."""

from __future__ import annotations

from collections.abc import Iterator

from grader.records import Diagnosis, QuestionResult
from grader.report.text import block, one_line
from grader.report.view import failures

MOST_FAILURES = 20
_LENGTH = 8_000


def explained(question: QuestionResult) -> str:
    """Each failure once, with its reason; the note of the question first."""
    return block("\n".join(_lines(question)), _LENGTH)


def _lines(question: QuestionResult) -> Iterator[str]:
    if question.note:
        yield one_line(question.note)
    found = failures(question.tests)
    for failure in found[:MOST_FAILURES]:
        times = f" ({failure.count} tests)" if failure.count > 1 else ""
        yield f"- {'; '.join(failure.titles)}{times}"
        yield from (f"  {line}" for line in reasons(failure.diagnosis))
    if len(found) > MOST_FAILURES:
        yield f"... and {len(found) - MOST_FAILURES} more reasons."


def reasons(diagnosis: Diagnosis) -> Iterator[str]:
    """What happened, what was expected, what to try, a line each."""
    if diagnosis.happened:
        yield f"Happened: {one_line(diagnosis.happened, 1500)}"
    if diagnosis.expected:
        yield f"Expected: {one_line(diagnosis.expected, 1500)}"
    if diagnosis.try_:
        yield f"Try: {one_line(diagnosis.try_, 1500)}"
