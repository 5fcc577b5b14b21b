"""What `check` prints: one line a case, and where it fails happened / expected / try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.cases import CaseFile
from grader.compare.explain import explain
from grader.compare.remedies import recognised
from grader.compare.versions import explain_version
from grader.compare.views import NAMES, VIEWS
from grader.records import Diagnosis, Raised
from grader.selfcheck.notebook import Notebook
from grader.selfcheck.tried import Tried, known_mistakes, try_cases

_SMALL = 12  # elements of an array that is shown whole


def question_lines(question: str, cases: CaseFile, notebook: Notebook) -> Iterator[str]:
    """All that `check` says of one question."""
    chosen = [case for case in cases.cases if case.question == question]
    tried = try_cases(question, cases, notebook)
    yield from _untried([case.function for case in chosen], tried, notebook)
    filled = [each for each in tried if not each.unfilled]
    for each in filled:
        yield from case_lines(each, notebook)
    for mistake in known_mistakes(tried, cases.mistakes.get(question, ())):
        yield f"   This looks like a known mistake, {mistake.name}: {mistake.hint}"
    yield from _modified(filled)
    if filled:
        yield (
            f"{question}: {sum(each.right for each in filled)} of {len(chosen)} public checks "
            "pass. Hidden tests with other inputs decide the points."
        )


def case_lines(tried: Tried, notebook: Notebook) -> Iterator[str]:
    """The lines of one case that was tried."""
    yield f":{')' if tried.right else '('} {tried.case.title}"
    if tried.right:
        return
    found = diagnose(tried, notebook)
    for word, text in (
        ("happened:", found.happened),
        ("expected:", found.expected),
        ("try:", found.try_),
    ):
        if text:
            yield f"   {word:9} {text}"


def version_note(graded_with: str) -> list[str]:
    """A line where the student's NumPy is not the one that grades."""
    own = ".".join(np.__version__.split(".")[:2])
    if own == graded_with:
        return []
    return [f"Note: you have NumPy {own}, your notebook is graded with NumPy {graded_with}."]


def diagnose(tried: Tried, notebook: Notebook) -> Diagnosis:
    """Why a case failed. Its inputs are public and the student's own machine shows all."""
    if isinstance(tried.seen, Raised):
        return _explain_error(tried.seen, notebook)
    if isinstance(tried.answer, Raised):
        name = tried.answer.type
        return Diagnosis(
            f"{tried.case.function} returned a value.",
            f"These arguments have no answer: {name} is expected.",
            f"Check the arguments first and `raise {name}(...)` with a sentence.",
        )
    return _explain_value(tried)


def _explain_value(tried: Tried) -> Diagnosis:
    case, result = tried.case, tried.replies[-1].value
    if VIEWS[case.view].of_mask and tried.seen is tried.replies[0].value:
        return explain(result, np.zeros(np.shape(case.args[0])))
    found = explain(
        tried.seen,
        tried.answer,
        inputs=(*case.args, *case.kwargs.values()),
        what=NAMES[case.view],
        tolerance=case.tolerance,
    )
    got, expected = few(tried.seen), few(tried.answer)
    if not got or not expected or _shapes(tried.seen) != _shapes(tried.answer):
        return found
    return replace(found, happened=f"got {got}. {found.happened}", expected=expected)


def _shapes(value: Any) -> Any:
    """The shape of a value, or of each of its parts, which may differ."""
    if isinstance(value, list | tuple):
        return [_shapes(part) for part in value]
    return np.shape(value)


def few(value: Any) -> str:
    """A number, a small array or a small tuple on one line; empty for anything larger."""
    if isinstance(value, list | tuple):
        parts = [few(each) for each in value]
        return f"({', '.join(parts)})" if all(parts) and len(parts) <= _SMALL else ""
    if not isinstance(value, bool | int | float | np.ndarray | np.generic):
        return ""
    array = np.asarray(value)
    if array.size > _SMALL or array.dtype.kind not in "biuf":
        return ""
    text = np.array2string(array, precision=5, separator=", ", suppress_small=True)
    return " ".join(text.split())


def _untried(functions: Sequence[str], tried: Sequence[Tried], notebook: Notebook) -> Iterator[str]:
    for name in dict.fromkeys(functions):
        if not notebook.defines(name):
            yield f":( {name} is not defined yet: run the cell that defines it, then check again."
        elif stubs := [each for each in tried if each.unfilled and each.case.function == name]:
            yield f":| {stubs[0].unfilled} is not yet filled."


def _modified(tried: Sequence[Tried]) -> Iterator[str]:
    """A function that changes its inputs is right only by luck where they are used again."""
    guilty = (each.case.function for each in tried if any(reply.changed for reply in each.replies))
    for name in dict.fromkeys(guilty):
        yield f"   Note: {name} modifies an input in place. Work on a copy: `x = x.copy()`."


def _explain_error(raised: Raised, notebook: Notebook) -> Diagnosis:
    message = f": {raised.message}" if raised.message else ""
    happened = f"{raised.type}{message}{notebook.place_of(raised)}"
    if version := explain_version(raised):
        return Diagnosis(happened, version.happened, version.try_)
    known = recognised(raised.type, raised.message)
    return Diagnosis(happened, "", known.remedy if known else "")
