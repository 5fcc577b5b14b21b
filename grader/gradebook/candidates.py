"""Each attempt of one student with all that people and rules make of it, and which one counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Assignment
from grader.gradebook.grades import Attempt, QuestionGrade, State
from grader.gradebook.lateness import Lateness, lateness
from grader.gradebook.questions import (
    Standing,
    best_possible,
    question_grades,
    question_reasons,
    total,
)
from grader.gradebook.rules import Rules
from grader.records import SUSPICIOUS, Status, SubmissionResult
from grader.scores import points


@dataclass(frozen=True)
class Candidate:
    """One attempt, or nothing handed in (`attempt` None). `raw` is its score before penalties."""

    attempt: Attempt | None
    questions: tuple[QuestionGrade, ...]
    lateness: Lateness
    state: State
    raw: float | None
    reasons: tuple[str, ...]

    @property
    def score(self) -> float | None:
        """The score after penalties, where it is known."""
        known = self.state is State.GRADED and self.raw is not None
        return self.raw * self.lateness.share if known and self.raw is not None else None

    @property
    def hoped(self) -> float:
        """The score if all that is not known turned out to be right."""
        return best_possible(self.questions) * self.lateness.share

    @property
    def number(self) -> int:
        """Which attempt it is."""
        return self.attempt.number if self.attempt else 0


def candidate(
    attempt: Attempt | None,
    assignment: Assignment,
    rules: Rules,
    standing: Standing,
    free_days: int,
) -> Candidate:
    """What people and rules make of one attempt."""
    questions = question_grades(attempt, assignment, rules, standing)
    when = lateness(attempt, rules, free_days) if attempt else Lateness()
    raw = total(questions)
    state = _state(attempt, questions, raw)
    reasons = (
        *_whole_reasons(attempt, state, raw),
        *question_reasons(questions, attempt, rules, standing),
        *when.reasons,
    )
    return Candidate(attempt, questions, when, state, raw, reasons)


def _state(attempt: Attempt | None, questions: Sequence[QuestionGrade], raw: float | None) -> State:
    if attempt is None:
        decided = any(question.by != "tests" for question in questions)
        return State.GRADED if decided and raw is not None else State.MISSING
    if _suspicious(attempt.result):
        return State.NEEDS_ATTENTION
    if raw is not None:
        return State.GRADED
    failed = attempt.result.status is Status.GRADER_ERROR
    return State.GRADER_ERROR if failed else State.NEEDS_ATTENTION


def _suspicious(result: SubmissionResult) -> bool:
    """Whether a person must look at the file as a whole, not at one question."""
    settled = all(question.status is Status.GRADED for question in result.questions)
    unexplained = result.status is Status.NEEDS_ATTENTION and settled and bool(result.questions)
    return unexplained or bool(SUSPICIOUS & {*result.flags})


def _whole_reasons(attempt: Attempt | None, state: State, raw: float | None) -> tuple[str, ...]:
    if attempt is None:
        return ("Nothing was handed in.",)
    result = attempt.result
    if _suspicious(result):
        flags = ", ".join(result.flags) or "no flag"
        return (f"A person must confirm the score of {points(raw)}: {flags}.",)
    if result.questions or state is State.GRADED:
        return ()
    what = "This machine failed" if result.status is Status.GRADER_ERROR else "Not graded"
    return (f"{what}: {result.notes[-1] if result.notes else 'no reason was kept.'}",)


def choose(candidates: Sequence[Candidate], rules: Rules) -> Candidate:
    """The attempt that counts; where the best does, those with a known score come first."""
    known = [one for one in candidates if one.score is not None]
    if rules.attempts == "last" or not known:
        return candidates[-1]
    return max(known, key=lambda one: (one.score or 0.0, -one.lateness.free, -one.number))


def doubts(chosen: Candidate, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """A sentence for each later attempt that may turn out to be better."""
    return tuple(
        f"Attempt {one.number} has no known score yet and may be better: a person must look."
        for one in candidates
        if one.number > chosen.number and one.score is None and one.hoped > (chosen.score or 0.0)
    )


def choice_reason(
    chosen: Candidate, candidates: Sequence[Candidate], rules: Rules
) -> tuple[str, ...]:
    """Which attempt counts, where there is more than one."""
    if len(candidates) < 2:  # noqa: PLR2004
        return ()
    others = ", ".join(
        f"attempt {one.number}: {points(one.score)}" for one in candidates if one is not chosen
    )
    return (f"Attempt {chosen.number} counts, the {rules.attempts} one ({others}).",)
