"""The folder `solutions/NAME` of an imported assignment, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.authoring.bridge.draft import Draft, DraftQuestion, Part
from grader.authoring.bridge.examining import follows, runtime_of
from grader.authoring.bridge.test_file import needs_values, test_file
from grader.authoring.bridge.translating import Translation
from grader.report.text import plain

MISCONCEPTIONS = '''"""Known mistakes: caught by a hidden test, and named when a student makes one.

The imported notebook knew none. A mistake is a wrong version of an answer, with a hint:

    @misconception("question", hint="What to look at again.")
    def name_of_the_mistake(x):
        return -function(x)
"""
'''
ALTERNATIVES = '''"""Right answers of another kind: each must get full marks.

    @alternative("question")
    def another_way(x):
        return function(x)
"""
'''
CASES = '''"""Public check cases: what `check("...")` tries in the student's notebook.

The imported tests that students saw are cells of the notebook, which they run themselves. A case
explains a mistake as well:

    from grader.cases import Case

    cases = [Case("question", "what it shows", "function", (argument,))]
"""

cases = []
'''
PROBES = '''"""Course code in the box: what an answer has assigned, for hidden tests to compare."""


def value_of(value):
    """The value of a variable of the notebook, by value."""
    return value
'''
LIMITS = """
[limits]
cell_seconds = 30
call_seconds = 10
total_seconds = 300
"""


def write_folder(
    folder: Path, grader: str, draft: Draft, translation: Translation, listed: str
) -> None:
    """Write everything beside its place first, so that no half of an assignment is left."""
    name = folder.name
    files = {
        f"{name}.ipynb": _notebook(draft),
        "assignment.toml": _settings(draft, translation),
        f"test_{name}.py": test_file(name, grader, translation.tests),
        "misconceptions.py": MISCONCEPTIONS,
        "alternatives.py": ALTERNATIVES,
        "cases.py": CASES,
    }
    if needs_values(translation.tests):
        files["probes.py"] = PROBES
    if any(question.written for question in draft.questions):
        files["rubric.md"] = _rubric(draft)
    if listed:
        files["DECISIONS.md"] = listed
    unfinished = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder.parent))
    try:
        for file, text in files.items():
            (unfinished / file).write_text(text, encoding="utf-8")
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _notebook(draft: Draft) -> str:
    cells = [_cell(number, part) for number, part in enumerate(draft.parts, 1)]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, part: Part) -> dict[str, Any]:
    ours = {"role": part.role} | ({"question": part.question} if part.question else {})
    metadata: dict[str, Any] = {"grader": ours} | ({"tags": list(part.tags)} if part.tags else {})
    cell: dict[str, Any] = {
        "cell_type": part.kind,
        "id": f"cell-{number}",
        "metadata": metadata,
        "source": part.source.splitlines(keepends=True),
    }
    if part.kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif part.attachments:
        cell["attachments"] = dict(part.attachments)
    return cell


def _settings(draft: Draft, translation: Translation) -> str:
    head = [f"title = {_text(draft.title)}", f'runtime = "{runtime_of(draft)}"']
    after = follows(draft, translation)
    questions = [
        "\n".join(
            _question(
                question,
                translation.functions(question.name, draft.answers(question.name)),
                after[question.name],
            )
        )
        for question in draft.questions
    ]
    return "\n".join(head) + "\n" + LIMITS + "".join(f"\n{text}\n" for text in questions)


def _question(
    question: DraftQuestion, functions: Sequence[str], after: Sequence[str]
) -> Iterator[str]:
    yield "[[questions]]"
    yield f'name = "{question.name}"'
    yield f"title = {_text(question.title)}"
    yield f"points = {question.points:.10g}"
    if question.written:
        yield "written = true"
        return
    yield f"functions = [{', '.join(map(_text, functions))}]"
    if after:
        yield f"follows = [{', '.join(map(_text, after))}]"


def _text(text: str) -> str:
    """A text in TOML; what its basic strings cannot hold is left out."""
    return json.dumps(plain(text).replace("\x7f", ""), ensure_ascii=False)


def _rubric(draft: Draft) -> str:
    text = ["# How a person grades the written answers", "", "From the imported notebook."]
    for question in draft.questions:
        if question.written:
            text += [
                "",
                f"## {question.name}: {question.points:g} points",
                "",
                plain(question.rubric),
            ]
    return "\n".join(text) + "\n"
