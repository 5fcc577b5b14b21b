"""What the hidden tests observe of each known mistake, and how that is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from grader.course import Assignment
from grader.errors import CourseError
from grader.records import Observation, Reply, TestResult, Variant


@dataclass(frozen=True)
class Recorded:
    """One hidden test on one known mistake."""

    passed: bool | None
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Recording:
    """A known mistake and, by the test's name, what the tests of its question saw of it."""

    variant: Variant
    tests: Mapping[str, Recorded]


Recordings = tuple[Recording, ...]
Run = Callable[..., tuple[TestResult, ...]]


class VariantSession(Protocol):
    """A reference's session: it can answer with variants in its functions' place."""

    def call(
        self,
        function: str,
        args: tuple[Any, ...] = ...,
        kwargs: Mapping[str, Any] = ...,
        *,
        variant: str | None = ...,
    ) -> Reply:
        """Call a function, with a variant's functions in the place of those of their names."""
        ...

    def load_variants(self, source: str, filename: str) -> tuple[Variant, ...]:
        """Run a file of variants in the box, and return what it defines."""
        ...


def key_of(variant: Variant) -> str:
    """What a session calls it: `linear.bias_missing`, since two questions may share a mistake."""
    return f"{variant.question}.{variant.name}"


@dataclass(frozen=True)
class WithVariant:
    """A target: the session's functions with one variant in their place."""

    session: VariantSession
    variant: Variant

    def begin(self, seed: int) -> Any:
        """The variant's side of one test."""
        begin = getattr(self.session, "begin", None)
        return begin(seed, key_of(self.variant)) if begin else self

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """Call a function of the variant."""
        return self.session.call(function, args, kwargs or {}, variant=key_of(self.variant))


def record(
    assignment: Assignment,
    session: VariantSession,
    run: Run,
    reference: Any = None,
    *,
    question: str | None = None,
) -> Recordings:
    """Run each known mistake through the hidden tests of its question.

    Args:
        assignment: Whose misconceptions.py is recorded; without that file there are none.
        session: A session of the solution notebook.
        run: `harness.run.run_tests`.
        reference: The target to compare with, best a memoised one; the session if not given.
        question: Only its mistakes; those of all questions if not given.
    """
    return tuple(
        _recorded(assignment, session, variant, run, reference)
        for variant in load_file(session, assignment.misconceptions, assignment)
        if question in {None, variant.question}
    )


def load_file(session: VariantSession, path: Path, assignment: Assignment) -> tuple[Variant, ...]:
    """The variants of a course's file: each of a known question, and named once there."""
    if not path.is_file():
        return ()
    variants = session.load_variants(path.read_text(encoding="utf-8"), path.name)
    keys = [key_of(variant) for variant in variants]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise CourseError(f"{path} defines {twice[0]} twice; give each variant a name of its own.")
    for variant in variants:
        assignment.question(variant.question)
    return variants


def _recorded(
    assignment: Assignment, session: VariantSession, variant: Variant, run: Run, reference: Any
) -> Recording:
    target = WithVariant(session, variant)
    results = run(assignment, target, reference or session, questions=(variant.question,))
    return of_results(variant, results)


def of_results(variant: Variant, results: tuple[TestResult, ...]) -> Recording:
    """The recording that these results of a variant's own question make."""
    own = [result for result in results if result.question == variant.question]
    return Recording(
        variant, {result.name: Recorded(result.passed, result.observations) for result in own}
    )
