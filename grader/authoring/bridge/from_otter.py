"""otter's source notebooks (`otter assign`): questions between raw cells, tests as doctests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from grader.authoring.bridge.draft import Decision, Draft, DraftQuestion, Part
from grader.authoring.bridge.naming import Names, first_heading, heading
from grader.authoring.bridge.otter_blocks import Block, read_blocks
from grader.authoring.bridge.otter_old import modernised
from grader.authoring.bridge.otter_question import OtterQuestion, outside
from grader.authoring.bridge.reading import SourceNotebook, mapping
from grader.errors import UsageError
from grader.report.text import one_line


def from_otter(notebook: SourceNotebook) -> Draft:
    """The draft of an assignment from the notebook that `otter assign` reads."""
    notebook = replace(notebook, cells=modernised(notebook.cells))
    _check_is_source(notebook)
    settings, blocks = read_blocks(notebook.cells)
    names = Names()
    parts: list[Part] = []
    questions: list[DraftQuestion] = []
    decisions = list(_assignment_decisions(settings))
    doctests = mapping(settings.get("tests")).get("ok_format") is not False
    for block in blocks:
        if block.is_question:
            name = names.new(str(block.settings.get("name", ""))[:100])
            title = heading(_texts(block), name)
            one = OtterQuestion(block, name, title, doctests, notebook.cells)
            parts += one.parts(decisions)
            questions.append(one.question(decisions))
        else:
            parts += outside(block.cells[0][1], decisions)
    named = one_line(str(settings.get("name") or first_heading(notebook)), 100)
    return Draft(named, tuple(parts), tuple(questions), tuple(decisions))


def _check_is_source(notebook: SourceNotebook) -> None:
    sources = [cell for cell in notebook.cells if cell.kind == "raw" or "```otter" in cell.source]
    if any("BEGIN QUESTION" in cell.source for cell in sources):
        return
    if mapping(notebook.metadata.get("otter")).get("tests"):
        raise UsageError(
            f"{notebook.name} is what `otter assign` made. Import the notebook that it was made "
            "from, with the raw cells # BEGIN QUESTION."
        )
    raise UsageError(
        f"{notebook.name} has no question of otter's, expected raw cells # BEGIN QUESTION. For a "
        "notebook of nbgrader use: grader import nbgrader"
    )


def _texts(block: Block) -> list[str]:
    return [
        cell.source for where, cell in block.cells if cell.kind == "markdown" and where == "text"
    ]


def _assignment_decisions(settings: Mapping[str, Any]) -> Iterator[Decision]:
    files = settings.get("files") or settings.get("student_files")
    if files:
        yield Decision(
            None,
            f"The assignment comes with files: {one_line(str(files), 200)}. The box has none.",
            "Make the data in a given cell, or take what needs the files out of the notebook.",
        )
    if seed := settings.get("seed"):
        yield Decision(
            None,
            f"otter sets a seed before every cell ({one_line(str(seed), 120)}); here no one does.",
            "Hand a numpy.random.Generator to the function, and test by statistics.",
        )
