"""The files and the log of GitHub, GitLab and Gradescope for one submission."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.course import Assignment
from grader.exports import github, gradescope, junit, workflow
from grader.exports.explained import explained
from grader.exports.single import OUR_FAULT, Single, nothing
from grader.exports.summary import summary
from grader.exports.writing import write_bytes
from grader.report.text import one_line
from grader.report.view import state
from grader.scores import points


def show_first(platform: str, task: Assignment, output: Path) -> None:
    """The files before anything is known: there is no score."""
    for place in (output, output / "results.json", output / "junit.xml"):
        if place.is_symlink():  # in a folder that came from a student
            place.unlink()
    _files(platform, task, nothing(task, OUR_FAULT, fault=True), output)


def show(platform: str, task: Assignment, single: Single, output: Path, log: str) -> None:
    """The files and the log of a submission that was graded, or could not be."""
    _files(platform, task, single, output)
    if platform == "github":
        _github_files(task, single)
    sys.stdout.write(_log(platform, single, log))
    sys.stdout.flush()


def _files(platform: str, task: Assignment, single: Single, output: Path) -> None:
    if platform == "gradescope":
        write_bytes(output / "results.json", gradescope.export(single))
    else:
        write_bytes(output / "junit.xml", junit.export(task, single))


def _github_files(task: Assignment, single: Single) -> None:
    status = "graded" if single.score is not None else "error" if single.fault else "no-score"
    values = {
        "result": github.export(single).decode(),
        "score": "" if single.score is None else points(single.score),
        "max-score": points(single.max_score),
        "status": status,
    }
    _append("GITHUB_OUTPUT", workflow.outputs(values).encode())
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    written = Path(page).stat().st_size if page and Path(page).is_file() else 0
    _append("GITHUB_STEP_SUMMARY", summary(task, single, written))


def _append(variable: str, content: bytes) -> None:
    if place := os.environ.get(variable):
        with Path(place).open("ab") as file:
            file.write(content)


def _log(platform: str, single: Single, log: str) -> str:
    text = "\n".join(_lines(single))
    if platform == "gradescope":
        # Its log is hidden from students, and the only place where an instructor can look.
        text += f"\n\n{log}" if single.score is None else ""
    return workflow.quiet(text) if platform == "github" else workflow.harmless(text)


def _lines(single: Single) -> Iterator[str]:
    if single.score is not None:
        yield f"{points(single.score)} of {points(single.max_score)} points"
    if single.sentence:
        yield one_line(single.sentence, 1500)
    for question in single.questions:
        earned = f"{points(question.score)} of {points(question.max_score)}"
        yield f"{one_line(question.title)}: {earned}, {state(question)}"
        yield from (f"  {line}" for line in explained(question).splitlines())
