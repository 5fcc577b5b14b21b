"""The course's other versions of answers, each put in the original's place for one call."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

import numpy as np

MISSING = object()


class Variants:
    """What `misconceptions.py` and `alternatives.py` define, by question and name."""

    def __init__(self) -> None:
        self._functions: dict[str, dict[str, Any]] = {}
        self._found: list[dict[str, Any]] = []

    def load(self, source: str, filename: str, namespace: Mapping[str, Any]) -> list[Any]:
        """Run a file on a copy of the namespace, where every name means the original."""
        self._found = []
        copy = {**namespace, "misconception": self._decorator, "alternative": self._decorator}
        exec(compile(source, filename, "exec"), copy)  # noqa: S102  (the course's own file)
        # A mistake that draws from the global generator must be recorded the same each time.
        np.random.seed(0)
        random.seed(0)
        return self._found

    def _decorator(
        self, question: str, *, hint: str = "", replaces: str | None = None
    ) -> Callable[[Any], Any]:
        def keep(answer: Any) -> Any:
            functions = replaced_by(answer, replaces or question)
            self._functions[f"{question}.{answer.__name__}"] = functions
            facts = {"name": answer.__name__, "question": question, "hint": hint}
            self._found.append({**facts, "replaces": list(functions)})
            return answer

        return keep

    @contextmanager
    def in_place(self, name: str | None, namespace: MutableMapping[str, Any]) -> Iterator[None]:
        """Let the variant's functions answer to the names they replace, for a while."""
        functions = self._functions[name] if name is not None else {}
        before = {key: namespace.get(key, MISSING) for key in functions}
        namespace.update(functions)
        try:
            yield
        finally:
            for key, value in before.items():
                if value is MISSING:
                    namespace.pop(key, None)
                else:
                    namespace[key] = value


def replaced_by(answer: Any, name: str) -> dict[str, Any]:
    """What stands for which name.

    A class without a base holds several answers, each under its own name. Any other class (a Keras
    layer) is one answer, as a function is.
    """
    if isinstance(answer, type) and answer.__bases__ == (object,):
        own = {key: value for key, value in vars(answer).items() if not key.startswith("__")}
        return {key: value for key, value in own.items() if callable(value)}
    return {name: answer}
