"""Public check cases: what `check("conv2d")` tries, frozen as numbers into one `.npz` file.

The file holds inputs, what the reference and each known mistake return for them, and hints: no
code, and nothing of a hidden test. It is read without pickle.
"""

from __future__ import annotations

import copy
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from grader.compare.closeness import Array, close
from grader.compare.plain import Seed, pack, rounded, unpack
from grader.compare.views import VIEWS, Calls, observed
from grader.errors import CourseError
from grader.inside.bounds import Named
from grader.records import Ending, Raised, Reply, Variant

# What NumPy raises over a file that is damaged, or is an .npy under this name.
UNREADABLE = (
    *(OSError, LookupError, TypeError, ValueError, EOFError, AttributeError),
    *(zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True)
class Case:
    """One call of a student's function with public arguments, and what to look at.

    `view` is one of `grader.compare.views.VIEWS`; `raises` the exception that is the right answer;
    `tolerance` an absolute difference, for views of random functions.

    Of Keras objects, numbers are compared: the parameters, and the output with public weights that
    depend on their shapes alone. `view="network"`: a function of tensors, `args[0]` is the shape of
    its input; `"model"`: a function that returns a model; `"layer"`: a class, `args[0]` is an array
    to call the layer on; `"parameters"`: a function that returns a large model, which is counted.
    """

    question: str
    title: str
    function: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    view: str = "values"
    raises: type[Exception] | str | None = None
    tolerance: float | None = None

    def __post_init__(self) -> None:
        if self.view not in VIEWS:
            raise ValueError(
                f"{self.title!r} has the view {self.view!r}; there are {', '.join(VIEWS)}"
            )


@dataclass(frozen=True)
class Mistake:
    """A known mistake and what it returns for each case of its question, in their order."""

    name: str
    hint: str
    observations: tuple[Any, ...]


@dataclass(frozen=True)
class CaseFile:
    """What a `.cases.npz` holds; `numpy` is the version (major.minor) that grades."""

    numpy: str
    cases: tuple[Case, ...]
    answers: tuple[Any, ...]
    mistakes: Mapping[str, tuple[Mistake, ...]]

    def questions(self) -> tuple[str, ...]:
        """The names of the questions, in the order of the notebook."""
        return tuple(dict.fromkeys(case.question for case in self.cases))


class Target(Protocol):
    """Whatever functions can be called on: a session in a box, or the notebook itself."""

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] = ...
    ) -> Reply:
        """Call one function."""


def public_answers(cases: Sequence[Case], target: Target) -> tuple[Any, ...]:
    """What each case sees of the target's functions."""
    return tuple(observe(case, target)[0] for case in cases)


def observe(case: Case, target: Target) -> tuple[Any, tuple[Reply, ...]]:
    """What a case sees, and the replies it saw it in; a `Raised` where a call gave no value."""
    replies: list[Reply] = []
    args: tuple[Any, ...] = ()
    for number in range(VIEWS[case.view].calls):
        args = args if number and VIEWS[case.view].one_stream else fresh(case.args)
        reply = _called(case, target, args)
        replies.append(reply)
        if reply.ending is not Ending.FINISHED:
            return reply.raised or Raised(str(reply.ending)), tuple(replies)
        _advance(args, reply.generators)
    changed = tuple(dict.fromkeys(name for reply in replies for name in reply.changed))
    calls = Calls(tuple(reply.value for reply in replies), case.args, changed)
    return observed(case.view, calls), tuple(replies)


def _called(case: Case, target: Target, args: tuple[Any, ...]) -> Reply:
    """Call the function; an object that it makes stays where it is, and is looked at there."""
    if not VIEWS[case.view].of_network:
        return target.call(case.function, args, fresh(case.kwargs))
    given = (Named(case.function), case.view, args, fresh(case.kwargs))
    return target.call("grader.public_view", given)


def agrees(seen: Any, answer: Any, tolerance: float | None = None) -> bool:
    """Whether two observations of a case are the same: equal values, or the same exception."""
    if isinstance(seen, Raised) or isinstance(answer, Raised):
        both = isinstance(seen, Raised) and isinstance(answer, Raised)
        return both and seen.type == answer.type
    return close(seen, answer, tolerance=tolerance)


def fresh(value: Any) -> Any:
    """A copy of arguments that a student's function may modify; seeds become generators."""
    if isinstance(value, Seed):
        return np.random.default_rng(value.value)
    if isinstance(value, tuple):
        return tuple(fresh(each) for each in value)
    if isinstance(value, Mapping):
        return {name: fresh(each) for name, each in value.items()}
    return copy.deepcopy(value)


def freeze(
    cases: Sequence[Case],
    answers: Sequence[Any],
    mistakes: Mapping[Variant, Sequence[Any]],
    numpy_version: str = np.__version__,
) -> bytes:
    """The bytes of a `.cases.npz`: the same for the same contents, on every machine."""
    _check_answers(cases, answers)
    pool: list[Array] = []
    index = {
        "version": 1,
        "numpy": ".".join(numpy_version.split(".")[:2]),
        "cases": [
            {**_described(case, pool), "answer": pack(rounded(answer), pool)}
            for case, answer in zip(cases, answers, strict=True)
        ],
        "mistakes": [
            {
                "question": variant.question,
                "name": variant.name,
                "hint": variant.hint,
                "observations": [pack(rounded(each), pool) for each in seen],
            }
            for variant, seen in mistakes.items()
        ],
    }
    arrays = {f"a{number}": array for number, array in enumerate(pool)}
    file = io.BytesIO()
    np.savez(file, index=np.array(json.dumps(index, sort_keys=True)), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def load(path: Path) -> CaseFile:
    """Read a `.cases.npz`; `ValueError` with a sentence if it is none."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return _read(json.loads(str(file["index"])), file)
    except UNREADABLE as error:
        raise ValueError(
            f"{path.name} cannot be read as public check cases; download it again"
        ) from error


def _check_answers(cases: Sequence[Case], answers: Sequence[Any]) -> None:
    """The reference raises where a case says so, and nowhere else."""
    for case, answer in zip(cases, answers, strict=True):
        raised = answer.type if isinstance(answer, Raised) else None
        if raised != _exception_name(case):
            raise CourseError(
                f"The public case {case.title!r} of {case.question} has raises="
                f"{_exception_name(case)}, but the reference raised {raised}; mend cases.py."
            )


def _exception_name(case: Case) -> str | None:
    return case.raises.__name__ if isinstance(case.raises, type) else case.raises


def _read(index: Mapping[str, Any], file: Mapping[str, Any]) -> CaseFile:
    cases = tuple(_case(entry, file) for entry in index["cases"])
    mistakes: dict[str, list[Mistake]] = {}
    for entry in index["mistakes"]:
        seen = tuple(unpack(each, file) for each in entry["observations"])
        mistakes.setdefault(entry["question"], []).append(
            Mistake(entry["name"], entry["hint"], seen)
        )
    return CaseFile(
        index["numpy"],
        cases,
        tuple(unpack(entry["answer"], file) for entry in index["cases"]),
        {question: tuple(found) for question, found in mistakes.items()},
    )


def _described(case: Case, pool: list[Array]) -> dict[str, Any]:
    return {
        "question": case.question,
        "title": case.title,
        "function": case.function,
        "args": pack(tuple(case.args), pool),
        "kwargs": pack(dict(case.kwargs), pool),
        "view": case.view,
        "raises": _exception_name(case),
        "tolerance": case.tolerance,
    }


def _case(entry: Mapping[str, Any], file: Mapping[str, Any]) -> Case:
    plain = {name: entry[name] for name in ("question", "title", "function", "view", "raises")}
    args, kwargs = unpack(entry["args"], file), unpack(entry["kwargs"], file)
    return Case(**plain, args=args, kwargs=kwargs, tolerance=entry["tolerance"])


def _advance(args: tuple[Any, ...], states: Mapping[str, Mapping[str, Any]]) -> None:
    """Give generators the state that they have in the box after the call."""
    for place, state in states.items():
        if place.isdecimal() and int(place) < len(args):
            generator = args[int(place)]
            if isinstance(generator, np.random.Generator):
                generator.bit_generator.state = dict(state)
