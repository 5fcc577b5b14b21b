"""Which known mistake a failed test shows, if any: better no name than a wrong one.

- A mistake *agrees* with a failed test if the same test failed with it and saw the same, up to
  where the student's ended; with a passed test, if it passed and saw the same.
- A mistake that agrees with every test of the question is the one. Two of them: none, unless
  their hints are one (and then the first).
- A mistake that agrees with some failed tests only, since the answer has another one beside it, is
  named in those of them that saw real numbers, if no test contradicts it: none that the student
  passed fails with it, but for those of other functions (tanh in `gelu`, beside an exact slope),
  and no test sees the same statistic differ. Of several, the one that agrees with the most tests;
  of equals, none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from grader.misconceptions.matching import equal, same, same_kind, tells
from grader.misconceptions.recordings import Recorded, Recording, Recordings
from grader.records import Diagnosis, TestResult


@dataclass(frozen=True)
class Fit:
    """How well a known mistake explains the tests of a question."""

    recording: Recording
    agreeing: frozenset[str]  # tests that ended alike and saw the same
    telling: frozenset[str]  # those of them that failed and saw something
    exact: int  # observations equal up to rounding: tells mistakes with near statistics apart
    whole: bool  # agrees with every test
    contradicted: bool  # fails where the student passes

    @property
    def rank(self) -> tuple[int, int]:
        """More is better."""
        return len(self.agreeing), self.exact


def name_mistakes(tests: tuple[TestResult, ...], recordings: Recordings) -> tuple[TestResult, ...]:
    """The results, each failed test that shows a known mistake with its name and hint."""
    named: dict[str, Recording] = {}
    for question in dict.fromkeys(test.question for test in tests):
        own = [test for test in tests if test.question == question and test.passed is not None]
        if any(not test.passed for test in own):
            named |= _named(
                own, [known for known in recordings if known.variant.question == question]
            )
    return tuple(
        _with_name(test, named[test.name]) if test.name in named else test for test in tests
    )


def indistinguishable(recordings: Recordings) -> tuple[tuple[str, str], ...]:
    """Pairs of known mistakes of a question that no hidden test tells apart."""
    return tuple(
        (one.variant.name, other.variant.name)
        for one, other in combinations(recordings, 2)
        if one.variant.question == other.variant.question and _alike(one, other)
    )


def _named(own: list[TestResult], known: list[Recording]) -> dict[str, Recording]:
    functions = frozenset(name for recording in known for name in recording.variant.replaces)
    fits = [_fit(own, recording, functions) for recording in known]
    failed = [test for test in own if not test.passed]
    if whole := _best(fit for fit in fits if fit.whole and fit.telling):
        return {test.name: whole for test in failed}
    if any(fit.whole and fit.telling for fit in fits):
        return {}  # several explain everything, and would give different advice
    candidates = [fit for fit in fits if not fit.contradicted]
    found = {
        test.name: _best(fit for fit in candidates if test.name in fit.telling)
        for test in failed
        if any(map(tells, test.observations))
    }
    return {name: recording for name, recording in found.items() if recording is not None}


def _best(fits: Iterable[Fit]) -> Recording | None:
    """The mistake that fits best; none where two fit alike and give different advice."""
    ranked = sorted(fits, key=lambda fit: fit.rank, reverse=True)
    tied = [fit.recording for fit in ranked if fit.rank == ranked[0].rank]
    return tied[0] if len({recording.variant.hint for recording in tied}) == 1 else None


def _fit(own: list[TestResult], recording: Recording, functions: frozenset[str]) -> Fit:
    pairs = [(test, recording.tests.get(test.name, Recorded(None, ()))) for test in own]
    agreeing = frozenset(test.name for test, known in pairs if _agrees(test, known))
    failed = [(test, known) for test, known in pairs if not test.passed and test.observations]
    differing = frozenset().union(
        *(_statistics(test) for test, _ in failed if test.name not in agreeing)
    )
    telling = [
        (test, known)
        for test, known in failed
        if test.name in agreeing and not _statistics(test) & differing
    ]
    shown_in = frozenset().union(*(_labels(test, known) for test, known in telling))
    against = (
        _labels(test, known) for test, known in pairs if test.passed and known.passed is False
    )
    return Fit(
        recording,
        agreeing,
        telling=frozenset(test.name for test, _ in telling),
        exact=sum(_exact(test, known) for test, known in pairs if test.name in agreeing),
        whole=len(agreeing) == len(own),
        contradicted=any(
            not labels or not functions >= shown_in or labels & shown_in for labels in against
        ),
    )


def _statistics(test: TestResult) -> frozenset[str]:
    """What is known within a width only. Two mistakes are near each other here and there."""
    return frozenset(seen.label for seen in test.observations if seen.tolerance is not None)


def _labels(test: TestResult, known: Recorded) -> frozenset[str]:
    """What was looked at: the functions that were called, and what the test computed."""
    return frozenset(seen.label for seen in (*test.observations, *known.observations))


def _agrees(test: TestResult, known: Recorded) -> bool:
    seen = len(test.observations)
    # An exception in a test that passed was the right answer, and its words are the student's own.
    alike = same_kind if test.passed else same
    return (
        test.passed is known.passed
        and seen <= len(known.observations)
        and (not test.passed or seen == len(known.observations))
        and all(map(alike, test.observations, known.observations))
    )


def _exact(test: TestResult, known: Recorded) -> int:
    pairs = zip(test.observations, known.observations, strict=False)
    return sum(equal(got.value, other.value) for got, other in pairs)


def _alike(one: Recording, other: Recording) -> bool:
    return one.tests.keys() == other.tests.keys() and all(
        recorded.passed == other.tests[name].passed
        and len(recorded.observations) == len(other.tests[name].observations)
        and all(map(_equal_seen, recorded.observations, other.tests[name].observations))
        for name, recorded in one.tests.items()
    )


def _equal_seen(one: object, other: object) -> bool:
    return equal(getattr(one, "value", None), getattr(other, "value", None))


def _with_name(test: TestResult, recording: Recording) -> TestResult:
    diagnosis = test.diagnosis or Diagnosis(happened="")
    variant = recording.variant
    return replace(
        test, diagnosis=replace(diagnosis, misconception=variant.name, try_=variant.hint)
    )
