"""The functions of the running notebook, called as a box would call them."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np

from grader.inside.bounds import Named
from grader.inside.exceptions import class_name
from grader.records import Ending, Raised, Reply


@dataclass
class Notebook:
    """A target of calls; keeps for each exception the line of the notebook that it came from."""

    namespace: Mapping[str, Any]
    _places: list[tuple[Raised, str]] = field(default_factory=list)

    def call(
        self, function: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Reply:
        """Call a function of the notebook; what it raises becomes a value."""
        given = {**{str(place): value for place, value in enumerate(args)}, **(kwargs or {})}
        before = {name: _copy(value) for name, value in given.items()}
        try:
            value = self._find(function)(*map(self._named, args), **(kwargs or {}))
        except (Exception, SystemExit) as error:  # noqa: BLE001  (the student's, to be shown)
            return Reply(Ending.RAISED, raised=self._raised(error))
        changed = tuple(name for name in given if _differs(before[name], given[name]))
        return Reply(Ending.FINISHED, _plain(value), changed=changed)

    def _find(self, function: str) -> Any:
        """A function of the notebook, or `grader.x`: what a box does with objects, done here."""
        if not function.startswith("grader."):
            return self.namespace[function]
        from grader.inside import networks  # noqa: PLC0415  (most checks need NumPy alone)

        return getattr(networks, function.removeprefix("grader."))

    def _named(self, value: Any) -> Any:
        return self.namespace[value.name] if isinstance(value, Named) else value

    def defines(self, function: str) -> bool:
        """Whether the notebook has such a function by now."""
        return callable(self.namespace.get(function))

    def place_of(self, raised: Raised) -> str:
        """The line of the notebook in which an exception arose: `, in line 3: x = 1 / 0`."""
        return next((place for each, place in self._places if each is raised), "")

    def _raised(self, error: BaseException) -> Raised:
        raised = Raised(class_name(type(error)), str(error))
        self._places.append((raised, _place(error.__traceback__, self.namespace)))
        return raised


def _place(trace: TracebackType | None, namespace: Mapping[str, Any]) -> str:
    """The innermost line of the notebook on the way of the exception."""
    own = [
        (number, frame.f_code.co_filename)
        for frame, number in traceback.walk_tb(trace)
        if frame.f_globals is namespace
    ]
    if not own:
        return ""
    number, file = own[-1]
    text = linecache.getline(file, number).strip()
    return f", in line {number}" + (f": {text}" if text else "")


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else None


def _differs(before: Any, after: Any) -> bool:
    return before is not None and not np.array_equal(before, after, equal_nan=True)


def _plain(value: Any) -> Any:
    """A tensor as an array; everything else as it is."""
    if isinstance(value, np.ndarray | np.generic) or not hasattr(value, "__array__"):
        return value
    try:
        return np.asarray(value)
    except Exception:  # noqa: BLE001  (any object may call itself an array)
        return value
