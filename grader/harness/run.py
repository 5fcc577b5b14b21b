"""Run an assignment's hidden tests in this process, with two targets in the fixtures' place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from grader.course import Assignment
from grader.harness.fingerprint import fingerprint
from grader.harness.fixtures import Bench
from grader.harness.injected import Ended, conduct
from grader.harness.proxies import Target
from grader.harness.verdict import Verdict, course_error, judge
from grader.harness.weights import shares_of
from grader.inside.bounds import FUNCTION, Named, Opaque
from grader.records import Raised, Reply, TestResult


def run_tests(
    assignment: Assignment,
    student: Target,
    reference: Target,
    *,
    questions: Collection[str] | None = None,
) -> tuple[TestResult, ...]:
    """The result of each hidden test, in the order of the notebook.

    Raises `CourseError` where the tests cannot be imported, are marked wrongly or fail with the
    reference too, and passes on a `MachineError` of a target.
    """
    run = conduct(Bench(assignment, student, reference), questions=questions)
    judged = {name: _judge(ended, assignment) for name, ended in run.ended.items()}
    _settle_doubts(assignment, judged, reference)
    shares = shares_of(assignment, run.tests)
    return tuple(_result(ended, judged[name], shares[name]) for name, ended in run.ended.items())


class Replaceable(Target, Protocol):
    """A target whose functions can be answered by the host instead: a session of a box."""

    def substitute(
        self, answers: Mapping[str, Callable[[tuple[Any, ...], Mapping[str, Any]], Reply]]
    ) -> None:
        """From now on, calls of these names in the target's own code come out to the host."""
        ...


def follow_through(
    assignment: Assignment,
    results: tuple[TestResult, ...],
    student: Replaceable,
    reference: Target,
    *,
    questions: Collection[str] | None = None,
) -> tuple[TestResult, ...]:
    """Try what failed again, with the reference in the place of an earlier answer that was wrong.

    A mistake is paid for once: a question that `follows` a wrong one keeps what it earns either
    way. Where it fails both ways, the second failure is its own, and is the one explained.
    """
    for question in assignment.questions:
        wrong = {result.question for result in results if result.passed is False}
        earlier = followed(assignment, question.name) & wrong
        asked = questions is None or question.name in questions
        if asked and question.name in wrong and earlier:
            known = functions_of(assignment, followed(assignment, question.name))
            student.substitute(_answers(assignment, earlier, known, reference))
            again = run_tests(assignment, student, reference, questions=(question.name,))
            results = _better(results, {result.name: result for result in again})
    return results


def followed(assignment: Assignment, question: str) -> set[str]:
    """The questions that one builds on, directly or through another."""
    found: set[str] = set()
    waiting = [*assignment.question(question).follows]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += assignment.question(name).follows
    return found - {question}


def functions_of(assignment: Assignment, questions: Iterable[str]) -> set[str]:
    """What the answers to these questions define."""
    return {name for question in questions for name in assignment.question(question).functions}


def _answers(
    assignment: Assignment, questions: Iterable[str], known: Collection[str], reference: Target
) -> dict[str, Callable[[tuple[Any, ...], Mapping[str, Any]], Reply]]:
    """`known` are the functions that the reference may put in the place of the student's own.

    Not that of the question at hand: its answer would be given away.
    """
    names = functions_of(assignment, questions)
    answer = getattr(reference, "answer", reference.call)

    def answered(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        named = {word: _own_function(value, known) for word, value in kwargs.items()}
        reply: Reply = answer(name, tuple(_own_function(value, known) for value in args), named)
        return reply

    return {name: partial(answered, name) for name in names}


def _own_function(value: Any, known: Collection[str]) -> Any:
    """An answer that the student's code hands on, such as a block: the reference takes its own."""
    if isinstance(value, Opaque) and value.type_name.startswith(FUNCTION):
        name = value.type_name.removeprefix(FUNCTION)
        return Named(name) if name in known else value
    return value


def _better(
    first: tuple[TestResult, ...], again: Mapping[str, TestResult]
) -> tuple[TestResult, ...]:
    def choose(result: TestResult) -> TestResult:
        other = again.get(result.name)
        if result.passed or other is None or other.passed is None or _had_no_answer(other):
            return result
        return replace(other, with_reference=bool(other.passed))

    return tuple(map(choose, first))


def _had_no_answer(result: TestResult) -> bool:
    """Whether the reference could not stand in: what was said to the student then is not theirs."""
    return any(
        isinstance(seen.value, Raised) and seen.value.type == "SubstituteError"
        for seen in result.observations
    )


def _judge(ended: Ended, assignment: Assignment) -> Verdict:
    return judge(ended.error, ended.test, ended.watch, assignment.tests)


def _settle_doubts(assignment: Assignment, judged: dict[str, Verdict], reference: Target) -> None:
    """A test's own exception is the student's doing only if the reference does not cause it."""
    doubtful = {name for name, verdict in judged.items() if verdict.doubt is not None}
    if not doubtful:
        return
    again = conduct(Bench(assignment, reference, reference), names=doubtful)
    for name, ended in again.ended.items():
        if ended.error is not None:
            where = f"The hidden test {name} fails with the reference too"
            raise course_error(ended.error, where, assignment.tests) from judged[name].doubt


def _result(ended: Ended, verdict: Verdict, points: float) -> TestResult:
    return TestResult(
        name=ended.test.name,
        question=ended.test.question,
        title=ended.test.title,
        passed=verdict.passed,
        weight=ended.test.weight,
        diagnosis=verdict.diagnosis,
        observations=tuple(ended.watch.observations),
        observed=fingerprint(ended.watch.observations) if verdict.passed is False else "",
        seconds=ended.seconds,
        score=points if verdict.passed else 0.0,
        max_score=points,
    )
