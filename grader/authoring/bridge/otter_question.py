"""One question of otter's, as it becomes one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from grader.authoring.bridge import remarks
from grader.authoring.bridge.draft import Decision, DraftQuestion, GradedCell, Part
from grader.authoring.bridge.otter_blocks import (
    Block,
    CaseSettings,
    case_settings,
    number,
    shares,
)
from grader.authoring.bridge.reading import SourceCell
from grader.authoring.bridge.regions import cut_regions
from grader.authoring.bridge.stubs import has_solution, remark, without_prompts
from grader.authoring.bridge.written import as_prose, fenced, prose
from grader.notebook.cells import SKIP_EXECUTION
from grader.notebook.code import parse

_GRADER = re.compile(
    r"^(?:grader\.(?:check|check_all|export)\(.*\)|grader[ \t]*=[ \t]*otter\..*|import otter)\s*$"
)
_BEGIN_IGNORE = re.compile(r"[ \t]*#+[ \t]*BEGIN IGNORE\b")
_END_IGNORE = re.compile(r"[ \t]*#+[ \t]*END IGNORE\b")
_ENDS_IN = re.compile(r"#[ \t]*(?:IGNORE|SEED)[ \t]*$")


def outside(cell: SourceCell, decisions: list[Decision]) -> Iterator[Part]:
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
    text, _ = cut_regions(source, _BEGIN_IGNORE, _END_IGNORE)
    lines = text.splitlines()
    return "\n".join(
        line for line in lines if not _GRADER.match(line) and not _ENDS_IN.search(line[-60:])
    )


@dataclass(frozen=True)
class OtterQuestion:
    """One question of otter's, as it becomes one of ours."""

    block: Block
    name: str
    title: str
    doctests: bool
    notebook: Sequence[SourceCell]

    @cached_property
    def solutions(self) -> list[SourceCell]:
        """The cells of its solution."""
        return [cell for cell in self.block.of("solution") if not _is_ignored(cell)]

    @cached_property
    def cases(self) -> list[tuple[SourceCell, CaseSettings]]:
        """Its test cells."""
        return [
            (cell, case_settings(cell.source)) for cell in self.block.of("test") if cell.is_code
        ]

    @cached_property
    def answers(self) -> list[SourceCell]:
        """The cells that tests look at."""
        return [] if self.by_hand else [cell for cell in self.solutions if cell.is_code]

    @property
    def by_hand(self) -> bool:
        """Whether a person graded it."""
        return self.block.settings.get("manual") is True

    @property
    def is_written(self) -> bool:
        """Whether a person graded it, or there is no code to grade."""
        return self.by_hand or not self.answers

    def parts(self, decisions: list[Decision]) -> Iterator[Part]:
        """Its cells in order; a written answer is one cell, where the first solution stood."""
        prose_at = next((cell for where, cell in self.block.cells if where == "solution"), None)
        for where, cell in self.block.cells:
            if where == "solution" and cell is prose_at and self.is_written:
                yield Part(cell.number, "markdown", self._prose(), "written", self.name)
            elif where == "solution" and cell in self.answers:
                yield self._answer(cell, decisions)
            elif where == "text" or "otter_include" in _tags(cell):
                yield from outside(cell, decisions)
            elif where == "test" and cell.is_code:
                yield from self._visible(cell)
        if self.is_written and prose_at is None:
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
        source, had_prompt = without_prompts(_without_otter(cell.source))
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
            yield Part(cell.number, "code", case.source.strip("\n"), tags=(SKIP_EXECUTION,))

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
                yield remarks.code_by_hand(bare, self.name, self.notebook)
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

    def _tests(self, total: float | None) -> Iterator[GradedCell]:
        points = list(shares(total, [case for _, case in self.cases]))
        if not any(points):
            points = [1.0] * len(self.cases)
        for count, ((cell, case), share) in enumerate(zip(self.cases, points, strict=True), 1):
            yield GradedCell(
                cell.number, f"{self.name}_{count}", case.source, share, cell.output, self.doctests
            )

    def _test_decisions(self, tests: Sequence[GradedCell]) -> Iterator[Decision]:
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
