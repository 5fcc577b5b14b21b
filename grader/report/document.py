"""The JSON document that other programs read, as `schema.json` specifies it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from grader.records import QuestionResult, Status, SubmissionResult, TestResult
from grader.report.files import write_atomically
from grader.report.text import block, identity

VERSION = 1
_SENTENCE = 2000


def document(
    assignment_name: str, image: str | None, results: Iterable[SubmissionResult]
) -> dict[str, Any]:
    """All results of one run as plain data; `image` is None where no image was used."""
    return {
        "version": VERSION,
        "assignment": assignment_name,
        "image": image,
        "submissions": [_submission(result) for result in results],
    }


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write the document whole or not at all; `MachineError` where it cannot be written."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(path, text + "\n", durable=True)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    text = resources.files("grader.report").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _submission(result: SubmissionResult) -> dict[str, Any]:
    return {
        "student": identity(result.student),
        "file": identity(result.file),
        "sha256": result.sha256,
        **_verdict(result),
        "flags": [identity(flag) for flag in result.flags],
        "seconds": round(result.seconds, 3) if math.isfinite(result.seconds) else 0.0,
        "questions": [_question(question) for question in result.questions],
        **({"notes": [_text(note) for note in result.notes]} if result.notes else {}),
    }


def _question(question: QuestionResult) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.title,
        **_verdict(question),
        "tests": [_test(test) for test in question.tests],
        **({"note": _text(question.note)} if question.note else {}),
    }


def _verdict(result: SubmissionResult | QuestionResult) -> dict[str, Any]:
    """Status and score; a score that is no number is our own fault and is said so, not written."""
    unusable = result.score is not None and not math.isfinite(result.score)
    return {
        "status": str(Status.GRADER_ERROR if unusable else result.status),
        "score": None if unusable else result.score,
        "max_score": result.max_score,
    }


def _test(test: TestResult) -> dict[str, Any]:
    diagnosis = test.diagnosis
    tried = test.passed is not None and math.isfinite(test.score)
    return {
        "name": identity(test.name),
        "title": identity(test.title),
        "passed": test.passed,
        "score": test.score if tried else None,
        "max_score": test.max_score,
        "misconception": diagnosis.misconception if diagnosis else None,
        "happened": _text(diagnosis.happened) if diagnosis else None,
        "expected": _text(diagnosis.expected) if diagnosis else None,
        "try": _text(diagnosis.try_) if diagnosis else None,
        **({"with_reference": True} if test.with_reference else {}),
    }


def _text(sentence: str) -> str:
    return block(sentence, _SENTENCE)
