"""What a result says, for every way of showing it: states, failures without repetition, reasons."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.records import Diagnosis, QuestionResult, Status, SubmissionResult, TestResult
from grader.report.text import block, one_line
from grader.scores import points

SENTENCE_LIMIT = 1500  # characters
_UNEXPLAINED = Diagnosis("The answer is not what was expected.")
_NOT_TRIED = Diagnosis("This could not be tried.")


class State(enum.StrEnum):
    """Where a question stands, in words; never told by colour alone."""

    FULL = "full points"
    PARTIAL = "partly right"
    WRONG = "not right yet"
    UNTOUCHED = "not filled in yet"
    PERSON = "a person looks at this"
    ERROR = "not graded: our fault"


@dataclass(frozen=True)
class Failure:
    """Tests that failed for one reason: said once, with the sentences of the tests it broke."""

    titles: tuple[str, ...]
    count: int
    diagnosis: Diagnosis
    tried: bool = True

    @property
    def mistake(self) -> str:
        """The known mistake in words, or nothing."""
        return (self.diagnosis.misconception or "").replace("_", " ")


def state(question: QuestionResult, untouched: Iterable[str] = ()) -> State:
    """Where the question stands."""
    if question.status is Status.GRADER_ERROR:
        return State.ERROR
    if question.status is Status.NEEDS_ATTENTION or question.score is None:
        return State.PERSON
    if question.score >= question.max_score:
        return State.FULL
    if question.name in untouched:
        return State.UNTOUCHED
    return State.PARTIAL if question.score > 0 else State.WRONG


def states(result: SubmissionResult) -> tuple[State, ...]:
    """Where each question of a submission stands, in the notebook's order."""
    return tuple(state(question, result.untouched) for question in result.questions)


def failures(tests: Sequence[TestResult]) -> tuple[Failure, ...]:
    """The failed tests by their reason, named mistakes first."""
    groups: dict[object, list[TestResult]] = {}
    for test in tests:
        if test.passed is not True and not test.with_reference:
            groups.setdefault(_reason_key(test), []).append(test)
    found = [_failure(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda failure: not failure.mistake))


def _reason_key(test: TestResult) -> object:
    diagnosis = _diagnosis(test)
    # The same known mistake shows in other numbers under other inputs; its hint is one.
    return test.passed, diagnosis.misconception or diagnosis


def _failure(group: Sequence[TestResult]) -> Failure:
    titles = tuple(dict.fromkeys(one_line(test.title) for test in group))
    diagnosis = _bounded(_diagnosis(group[0]))
    if diagnosis.expected in titles:  # the sentence of the test, which stands above it already
        diagnosis = replace(diagnosis, expected="")
    return Failure(titles, len(group), diagnosis, tried=group[0].passed is False)


def _bounded(diagnosis: Diagnosis) -> Diagnosis:
    """A sentence may quote what a student wrote, of any length."""
    mistake = diagnosis.misconception
    return Diagnosis(
        happened=block(diagnosis.happened, SENTENCE_LIMIT),
        expected=block(diagnosis.expected, SENTENCE_LIMIT),
        try_=block(diagnosis.try_, SENTENCE_LIMIT),
        misconception=one_line(mistake, 80) if mistake else None,
    )


def _diagnosis(test: TestResult) -> Diagnosis:
    return test.diagnosis or (_NOT_TRIED if test.passed is None else _UNEXPLAINED)


def stands_out(result: SubmissionResult) -> tuple[str, ...]:
    """What a reader of the class table should know of a submission: reasons, then hints."""
    if not result.questions:
        return result.notes or ("Nothing could be graded.",)
    reasons = [
        f"{question.name}: {_question_reason(question, where)}"
        for question, where in zip(result.questions, states(result), strict=True)
        if where not in {State.FULL, State.UNTOUCHED}
    ]
    own = result.notes[-1:] if result.status is Status.GRADER_ERROR else ()
    empty = sum(where is State.UNTOUCHED for where in states(result))
    rest = (f"{empty} of {len(result.questions)} questions not filled in yet.",) if empty else ()
    return (*own, *reasons, *rest)


def _question_reason(question: QuestionResult, where: State) -> str:
    if where in {State.PERSON, State.ERROR} and question.note:
        return question.note
    found = failures(question.tests)
    if not found:
        return question.note or f"{where}."
    diagnosis = found[0].diagnosis
    if diagnosis.misconception and diagnosis.try_:
        return f"{diagnosis.try_} [{diagnosis.misconception}]"
    return diagnosis.happened


def person_needed(results: Iterable[SubmissionResult]) -> tuple[SubmissionResult, ...]:
    """The submissions whose score is not final."""
    return tuple(result for result in results if result.status is not Status.GRADED)


def person_reasons(result: SubmissionResult) -> tuple[str, ...]:
    """Why a person must look, one sentence each."""
    questions = tuple(
        f"{question.name}: {question.note or 'no score was given.'}"
        for question in result.questions
        if question.score is None or question.status is not Status.GRADED
    )
    flags = (f"Flagged: {', '.join(result.flags)}.",) if result.flags else ()
    if result.status is Status.GRADER_ERROR or not result.questions:
        return (*result.notes[-1:], *questions, *flags)
    return (*questions, *flags) or result.notes


def mistakes(results: Iterable[SubmissionResult]) -> tuple[tuple[str, str, int], ...]:
    """Known mistakes of a class as (question, name, students), most frequent first."""
    counted = Counter(
        found
        for result in results
        for found in {
            (test.question, test.diagnosis.misconception)
            for question in result.questions
            for test in question.tests
            if test.passed is False and test.diagnosis and test.diagnosis.misconception
        }
    )
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple((question, name, count) for (question, name), count in ranked)


def summary(results: Sequence[SubmissionResult]) -> str:
    """The class in one line."""
    scores = [result.score for result in results if result.score is not None]
    parts = [f"{sum(result.status is Status.GRADED for result in results)} graded"]
    if waiting := len(person_needed(results)):
        parts.append(f"{waiting} {'needs' if waiting == 1 else 'need'} a person")
    if scores:
        parts.append(f"mean {points(sum(scores) / len(scores))} of {points(_highest(results))}")
    if results:
        seconds = sum(result.seconds for result in results) / len(results)
        parts.append(f"{seconds:.1f} s each")
    return ", ".join(parts)


def _highest(results: Sequence[SubmissionResult]) -> float:
    return max(result.max_score for result in results)
