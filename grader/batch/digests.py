"""What the result of each question depends on, as hashes that are kept with the result.

A changed question is one whose hash differs; points and titles are no part of it, since they
change what a result is worth and not what it is.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader import __version__
from grader.batch.hidden_tests import mentioned, part_of
from grader.course import Assignment, Question
from grader.errors import CourseError
from grader.harness.run import followed
from grader.notebook.cells import read_cells
from grader.notebook.source import read_source
from grader.pipeline import released_notebook

# What is no part of a result: what it is worth, and the words around it.
OUTSIDE = {"points", "title", "topic"}


def question_digests(assignment: Assignment, image: str) -> dict[str, str]:
    """A hash for each question over all that its result depends on."""
    answers = _answers(assignment)
    shared = _hash(*_shared(assignment, image))
    module = _module(assignment.tests)
    return {
        question.name: _hash(
            shared,
            json.dumps(question.model_dump(mode="json", exclude=OUTSIDE), sort_keys=True),
            "" if question.written else part_of(module, question.name),
            *(answers[name] for name in sorted(_uses(assignment, question, answers))),
        )
        for question in assignment.questions
    }


def course_digest(assignment: Assignment, digests: Mapping[str, str]) -> str:
    """The course's part of a result's key: its questions, and what each is worth."""
    points = {question.name: question.points for question in assignment.questions}
    return _hash(json.dumps([sorted(digests.items()), sorted(points.items())]))


def course_stamp(assignment: Assignment) -> str:
    """A hash over every file of the assignment as it is: cheap, to see whether somebody edits."""
    digest = hashlib.sha256()
    files = (path for path in assignment.folder.rglob("*") if "__pycache__" not in path.parts)
    for path in sorted((*files, assignment.released)):
        if path.is_file():
            digest.update(f"{path.name}:{path.stat().st_size}:".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _shared(assignment: Assignment, image: str) -> Iterator[str]:
    """What every question depends on."""
    yield from (__version__, image, assignment.runtime, assignment.policy)
    yield assignment.limits.model_dump_json()
    yield assignment.seed().hex()
    yield assignment.probes_source()
    released = read_cells(released_notebook(assignment))
    yield from (cell.source for cell in released if cell.is_locked and cell.runs_at_grading)
    yield from (
        cell.source
        for cell in read_source(assignment)
        if cell.is_code and cell.role == "given" and cell.runs_at_grading
    )
    known = {assignment.tests, assignment.misconceptions, assignment.alternatives}
    known |= {assignment.probes, assignment.cases}
    for path in sorted(assignment.folder.rglob("*.py")):  # what the hidden tests may import
        if path not in known:
            yield from (str(path.relative_to(assignment.folder)), path.read_text("utf-8"))


def _answers(assignment: Assignment) -> dict[str, str]:
    """The solution's code by question."""
    found = {question.name: "" for question in assignment.questions}
    for cell in read_source(assignment):
        if cell.role == "answer" and cell.question in found:
            found[cell.question] += cell.source + "\n"
    return found


def _uses(assignment: Assignment, question: Question, answers: Mapping[str, str]) -> set[str]:
    """The question and those whose solution its own calls, or that it says it follows."""
    homes = {name: each.name for each in assignment.questions for name in each.functions}
    found: set[str] = set()
    waiting = {question.name, *followed(assignment, question.name)}
    while waiting:
        found |= waiting
        words = {word for name in waiting for word in _words(answers[name])}
        waiting = {homes[word] for word in words & homes.keys()} - found
    return found


def _words(source: str) -> set[str]:
    try:
        return set(mentioned(ast.parse(source)))
    except SyntaxError:  # a magic command: every word of it, then
        return set(source.replace("(", " ").split())


def _module(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{path} is missing: the hidden tests of the assignment.") from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f"{path.name}, line {line}" if line else path.name
        raise CourseError(f"The hidden tests cannot be imported ({place}): {error}.") from error


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
