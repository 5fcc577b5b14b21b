"""otter's source notebooks (`otter assign`): questions between raw cells, tests as doctests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.authoring.bridge.draft import Decision, Draft, DraftQuestion, Part, TestCell
from grader.authoring.bridge.from_nbgrader import code_by_hand
from grader.authoring.bridge.naming import Names, first_heading, heading
from grader.authoring.bridge.otter_blocks import (
    Block,
    case_settings,
    number,
    read_blocks,
    shares,
)
from grader.authoring.bridge.reading import SourceCell, SourceNotebook, mapping
from grader.authoring.bridge.stubs import has_solution, remark, without_prompts
from grader.authoring.bridge.written import as_prose, fenced, prose
from grader.errors import UsageError
from grader.notebook.code import parse
from grader.report.text import one_line

SKIP = ("skip-execution",)
_OLD_FORMAT = re.compile(r"```[^`]*BEGIN QUESTION", re.DOTALL)
_GRADER = re.compile(
    r"^(?:grader\.(?:check|check_all|export)\(.*\)|grader[ \t]*=[ \t]*otter\..*|import otter)[ \t]*$"
)
_IGNORED = re.compile(
    r"^[ \t]*#+[ \t]*BEGIN IGNORE\b.*?^[ \t]*#+[ \t]*END IGNORE\b[^\n]*\n?|^[^\n]*#[ \t]*IGNORE[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)
_SEED = re.compile(r"^[^\n#]*#[ \t]*SEED[ \t]*$", re.MULTILINE)


def from_otter(notebook: SourceNotebook) -> Draft:
    """The draft of an assignment from the notebook that `otter assign` reads."""
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
            draft = _Question(block, name, heading(_texts(block), name), doctests)
            draft.later = notebook.cells
            parts += draft.parts(decisions)
            questions.append(draft.question(decisions))
        else:
            parts += _outside(block.cells[0][1], decisions)
    title = settings.get("name") or first_heading(notebook)
    return Draft(one_line(str(title), 100), tuple(parts), tuple(questions), tuple(decisions))


def _check_is_source(notebook: SourceNotebook) -> None:
    sources = [cell for cell in notebook.cells if cell.kind == "raw" or "```otter" in cell.source]
    if any("BEGIN QUESTION" in cell.source for cell in sources):
        return
    if any(
        _OLD_FORMAT.search(cell.source[:20_000])
        for cell in notebook.cells
        if cell.kind == "markdown"
    ):
        raise UsageError(
            f"{notebook.name} is in otter's format of before version 3 (questions in fenced prose). "
            "Bring it into the format of raw cells first: otter's page 'Notebook Format' shows it."
        )
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


def _outside(cell: SourceCell, decisions: list[Decision]) -> Iterator[Part]:
    """A cell outside of all questions: the course's own, without what otter needed of it."""
    source = _without_otter(cell.source) if cell.is_code else cell.source
    if cell.is_code and (_is_ignored(cell) or not source.strip()):
        return
    if cell.is_code and has_solution(source):
        decisions.append(
            Decision(
                cell.number,
                "A solution stands outside of every question; its cell was left out.",
                "Put it into a question, or write the visible part of it again.",
                cell.source,
            )
        )
        return
    yield Part(cell.number, cell.kind, source, attachments=cell.attachments)


def _is_ignored(cell: SourceCell) -> bool:
    return re.match(r"\s*#+[ \t]*IGNORE\b", cell.source) is not None


def _without_otter(source: str) -> str:
    source = _IGNORED.sub("", source)
    kept = [line for line in source.splitlines() if not _GRADER.match(line)]
    return "\n".join(kept)


class _Question:
    """One question of otter's, as it becomes one of ours."""

    def __init__(self, block: Block, name: str, title: str, doctests: bool) -> None:  # noqa: FBT001
        self.later: Sequence[SourceCell] = ()
        self.block, self.name, self.title, self.doctests = block, name, title, doctests
        self.by_hand = block.settings.get("manual") is True
        self.solutions = [cell for cell in block.of("solution") if not _is_ignored(cell)]
        self.cases = [
            (cell, case_settings(cell.source)) for cell in block.of("test") if cell.is_code
        ]
        self.answers = [] if self.by_hand else [cell for cell in self.solutions if cell.is_code]

    @property
    def is_written(self) -> bool:
        """Whether a person graded it, or there is no code to grade."""
        return self.by_hand or not self.answers

    def parts(self, decisions: list[Decision]) -> Iterator[Part]:
        """Its cells in order; a written answer is one cell, where the first solution stood."""
        written = False
        for where, cell in self.block.cells:
            if where == "test" and cell.is_code:
                yield from self._visible(cell)
            elif where == "solution" and cell in self.answers:
                yield self._answer(cell, decisions)
            elif where == "solution" and "otter_include" in _tags(cell):
                yield Part(cell.number, cell.kind, cell.source, attachments=cell.attachments)
            elif where == "solution":
                if self.is_written and not written:
                    yield Part(cell.number, "markdown", self._prose(), "written", self.name)
                written = True
            elif where == "text":
                yield from _outside(cell, decisions)
        if self.is_written and not written:
            yield Part(self.block.number, "markdown", prose(""), "written", self.name)

    def question(self, decisions: list[Decision]) -> DraftQuestion:
        """Its points and tests."""
        total = number(self.block.settings.get("points"))
        if total is None and isinstance(listed := self.block.settings.get("points"), list):
            total = sum(filter(None, map(number, listed)))
        if self.is_written:
            decisions += self._by_hand(total)
            return DraftQuestion(
                self.name, self.title, total or 1.0, written=True, rubric=self._prose()
            )
        tests = tuple(self._tests(total))
        decisions += self._test_decisions(tests)
        return DraftQuestion(
            self.name,
            self.title,
            sum(test.points for test in tests) or total or 1.0,
            tests=tests,
            together=self.block.settings.get("all_or_nothing") is True,
        )

    def _answer(self, cell: SourceCell, decisions: list[Decision]) -> Part:
        source, had_prompt = without_prompts(_SEED.sub("", _without_otter(cell.source)))
        marked = has_solution(source)
        source, shown = remark(source)
        if had_prompt or shown or not marked:
            decisions.append(
                Decision(
                    cell.number,
                    "The student's version of this answer is another: the signatures stay and a "
                    "stub stands for the rest; otter's prompt is left out.",
                    "Nothing, unless the prompt said more than the text above it.",
                    question=self.name,
                    must=False,
                )
            )
        return Part(cell.number, "code", source, "answer", self.name)

    def _visible(self, cell: SourceCell) -> Iterator[Part]:
        case = case_settings(cell.source)
        tree = parse(case.source)
        if not case.hidden and not self.is_written and (tree is None or tree.body):
            yield Part(cell.number, "code", case.source.strip("\n"), tags=SKIP)

    def _prose(self) -> str:
        texts = [cell.source for cell in self.solutions if cell.kind == "markdown"]
        code = [cell.source for cell in self.solutions if cell.is_code]
        if texts:
            return prose("\n\n".join(texts + [fenced(each) for each in code]))
        return (
            as_prose("\n\n".join(without_prompts(each)[0] for each in code)) if code else prose("")
        )

    def _by_hand(self, total: float | None) -> Iterator[Decision]:
        for cell in self.solutions:
            if cell.is_code:
                bare = replace(cell, source=without_prompts(cell.source)[0])
                yield code_by_hand(bare, self.name, self.later)
        if self.cases:
            yield Decision(
                self.cases[0][0].number,
                "A question that a person grades has tests too; they were left out.",
                "Make it an answer with hidden tests, if the tests are to count.",
                "\n\n".join(case.source for _, case in self.cases),
                self.name,
            )
        if not total:
            yield Decision(
                self.block.number,
                "This question has no points; it has 1 now.",
                "Set its points in assignment.toml.",
                question=self.name,
                must=total is None,
            )

    def _tests(self, total: float | None) -> Iterator[TestCell]:
        points = list(shares(total, [case for _, case in self.cases]))
        if not any(points):
            points = [1.0] * len(self.cases)
        for count, ((cell, case), share) in enumerate(zip(self.cases, points, strict=True), 1):
            yield TestCell(
                cell.number, f"{self.name}_{count}", case.source, share, cell.output, self.doctests
            )

    def _test_decisions(self, tests: Sequence[TestCell]) -> Iterator[Decision]:
        if not tests:
            yield Decision(
                self.block.number,
                "This question has no tests.",
                "Write a hidden test for it, or make it a written question.",
                question=self.name,
            )
        for test in tests:
            if not test.points:
                yield Decision(
                    test.number,
                    "This test has 0 points; it is no hidden test.",
                    "Nothing, unless it should count.",
                    question=self.name,
                    must=False,
                )


def _tags(cell: SourceCell) -> Sequence[object]:
    tags = cell.metadata.get("tags")
    return tags if isinstance(tags, list) else ()
