"""A public case that was tried, and the known mistake that several of them together look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.cases import Case, CaseFile, Mistake, agrees, observe
from grader.compare.raised import is_unfilled, stub_name
from grader.records import Raised, Reply
from grader.selfcheck.notebook import Notebook

_MOST_NAMED = 2  # more mistakes that no public case tells apart help nobody


@dataclass(frozen=True)
class Tried:
    """What case `number` of its question saw, and the replies in which it saw it."""

    number: int
    case: Case
    answer: Any
    seen: Any
    replies: tuple[Reply, ...]

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return agrees(self.seen, self.answer, self.case.tolerance)

    @property
    def unfilled(self) -> str:
        """The function that is still the stub: this one or one that it calls; empty if none."""
        if not isinstance(self.seen, Raised) or not is_unfilled(self.seen):
            return ""
        return stub_name(self.seen.message) or self.case.function

    def looks_like(self, mistake: Mistake) -> bool:
        """Whether a known mistake gives what was seen; of wrong errors the whole message counts."""
        known = mistake.observations[self.number]
        if isinstance(self.seen, Raised) and not isinstance(self.answer, Raised):
            return isinstance(known, Raised) and _words(known) == _words(self.seen)
        return agrees(self.seen, known, self.case.tolerance)


def try_cases(question: str, cases: CaseFile, notebook: Notebook) -> tuple[Tried, ...]:
    """Try all cases of a question whose functions the notebook defines."""
    pairs = zip(cases.cases, cases.answers, strict=True)
    chosen = [(case, answer) for case, answer in pairs if case.question == question]
    return tuple(
        Tried(number, case, answer, *observe(case, notebook))
        for number, (case, answer) in enumerate(chosen)
        if notebook.defines(case.function)
    )


def known_mistakes(tried: Sequence[Tried], mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """The known mistakes that give what was seen in all cases, or in all those of one function."""
    filled = [each for each in tried if not each.unfilled]
    wrong = dict.fromkeys(each.case.function for each in filled if not each.right)
    groups = [[each for each in filled if each.case.function == name] for name in wrong]
    for group in [filled, *groups] if wrong else []:
        found = [each for each in mistakes if all(case.looks_like(each) for case in group)]
        if 0 < len(found) <= _MOST_NAMED:
            return tuple(found)
    return ()


def _words(raised: Raised) -> tuple[str, str]:
    """Without what differs from run to run: the numbers in the names of layers."""
    return raised.type, re.sub(r"_\d+", "", raised.message.strip())
