"""The document that `grader grade --json` wrote, read back as results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.records import Diagnosis, QuestionResult, Status, SubmissionResult, TestResult
from grader.report.document import VERSION
from grader.report.text import one_line

MOST_BYTES = 500_000_000


def read_results(path: Path) -> tuple[str, tuple[SubmissionResult, ...]]:
    """The assignment's name and the results; `UsageError` where it is no such document."""
    shown = one_line(str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{shown} is too large to be one run's results.")
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            raise UsageError(
                f"{shown} is of version {document['version']!r}, and this grader reads {VERSION}: "
                "grade again with this version."
            )
        return document["assignment"], tuple(map(_submission, document["submissions"]))
    except OSError as error:
        raise UsageError(
            f"{shown} cannot be read: {error.strerror}. Expected what `grader grade --json` wrote."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{shown} is not what `grader grade --json` wrote. Grade again, or name that file."
        ) from error


def _submission(item: Mapping[str, Any]) -> SubmissionResult:
    return SubmissionResult(
        student=item["student"],
        file=item["file"],
        sha256=item["sha256"],
        status=Status(item["status"]),
        score=item["score"],
        max_score=item["max_score"],
        questions=tuple(map(_question, item["questions"])),
        flags=tuple(item["flags"]),
        notes=tuple(item.get("notes", ())),
        seconds=item["seconds"],
    )


def _question(item: Mapping[str, Any]) -> QuestionResult:
    return QuestionResult(
        name=item["name"],
        title=item["title"],
        status=Status(item["status"]),
        score=item["score"],
        max_score=item["max_score"],
        tests=tuple(_test(test, item["name"]) for test in item["tests"]),
        note=item.get("note", ""),
    )


def _test(item: Mapping[str, Any], question: str) -> TestResult:
    diagnosis = None
    if item["happened"] is not None:
        diagnosis = Diagnosis(
            item["happened"], item["expected"] or "", item["try"] or "", item["misconception"]
        )
    return TestResult(
        name=item["name"],
        question=question,
        title=item["title"],
        passed=item["passed"],
        diagnosis=diagnosis,
        with_reference=item.get("with_reference", False),
        score=item["score"] or 0.0,
        max_score=item["max_score"],
    )
