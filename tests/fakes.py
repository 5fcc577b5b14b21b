"""Fakes of the outside world: a box and a session that run functions in this process."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

from grader.records import CellRun, Ending, Execution, Program, Raised, Reply, Variant
from grader.settings import Limits


class Hang(Exception):
    """A fake function raises it where a real one would never return."""


class OutOfMemory(Exception):
    """A fake function raises it where a real one would be killed for its memory."""


class Skip(Exception):
    """A fake function raises it where the submission's time is used up."""


ENDINGS: dict[type[BaseException], Ending] = {
    Hang: Ending.OUT_OF_TIME,
    OutOfMemory: Ending.OUT_OF_MEMORY,
    Skip: Ending.SKIPPED,
    SystemExit: Ending.EXITED,
}


@dataclass
class FakeSession:
    """A session whose functions live in a dict of this process; `calls` counts what was asked."""

    namespace: dict[str, Any]
    program: Program | None = None
    execution: Execution = field(default_factory=lambda: Execution(()))
    flags: tuple[str, ...] = ()
    calls: list[str] = field(default_factory=list)
    closed: bool = False
    _replacements: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str) -> FakeSession:
        """A session in which this source has run; what it raised ends it early, as in a cell."""
        namespace: dict[str, Any] = {"np": np}
        run = _run_cell(source, namespace)
        return cls(namespace, execution=Execution((run,)))

    def call(
        self,
        function: str,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        variant: str | None = None,
    ) -> Reply:
        self.calls.append(function)
        with self._replaced(variant):
            return _call(self.namespace.get(function), function, args, dict(kwargs or {}))

    def load_variants(self, source: str, filename: str) -> tuple[Variant, ...]:
        """Run a file of misconceptions or alternatives on a copy of the namespace."""
        namespace, found = dict(self.namespace), []

        def decorator(question: str, *, hint: str = "", replaces: str | None = None) -> Any:
            def keep(answer: Any) -> Any:
                functions = _functions(answer, replaces or question)
                self._replacements[f"{question}.{answer.__name__}"] = functions
                found.append(Variant(answer.__name__, question, tuple(functions), hint))
                return answer

            return keep

        namespace |= {"misconception": decorator, "alternative": decorator}
        exec(compile(source, filename, "exec"), namespace)
        return tuple(found)

    def substitute(self, answers: Mapping[str, Callable[..., Reply]]) -> None:
        """Put functions that are answered elsewhere into the namespace."""
        for name, answer in answers.items():
            self.namespace[name] = _caller(answer)

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _replaced(self, variant: str | None) -> Iterator[None]:
        before = dict(self.namespace)
        self.namespace.update(self._replacements[variant] if variant else {})
        try:
            yield
        finally:
            self.namespace.clear()
            self.namespace.update(before)


@dataclass
class FakeBox:
    """A box whose sessions run a program's cells in this process, one after another."""

    image_id: str = "sha256:fake"
    closed: bool = False
    sessions: list[FakeSession] = field(default_factory=list)

    def session(self, program: Program, limits: Limits) -> FakeSession:
        session = FakeSession({"np": np}, program=program)
        runs = tuple(_run_cell(cell.source, session.namespace) for cell in program.cells)
        session.execution = Execution(runs)
        self.sessions.append(session)
        return session

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeBox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _run_cell(source: str, namespace: dict[str, Any]) -> CellRun:
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except Exception as error:  # noqa: BLE001  (whatever a student's code raises)
        return CellRun(Ending.RAISED, raised=Raised(type(error).__name__, str(error)))
    return CellRun(Ending.FINISHED)


def _call(function: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Reply:
    if function is None:
        return Reply(Ending.RAISED, raised=Raised("NameError", f"name '{name}' is not defined"))
    args, kwargs = copy.deepcopy((args, kwargs))  # arguments travel by value
    named = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    before = copy.deepcopy(named)
    try:
        value = copy.deepcopy(function(*args, **kwargs))
    except (Exception, SystemExit) as error:  # noqa: BLE001
        ending = ENDINGS.get(type(error), Ending.RAISED)
        raised = Raised(type(error).__name__, str(error)) if ending is Ending.RAISED else None
        return Reply(ending, raised=raised)
    return Reply(
        Ending.FINISHED,
        value,
        changed=tuple(name for name in named if not _same(named[name], before[name])),
        generators={
            name: value.bit_generator.state
            for name, value in named.items()
            if isinstance(value, np.random.Generator)
        },
    )


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return np.array_equal(left, right, equal_nan=True)
    return isinstance(left, np.random.Generator) or bool(left == right)


def _functions(answer: Any, name: str) -> dict[str, Any]:
    """A function stands for one name; a class for each plain function in its body."""
    if isinstance(answer, type):
        return {key: value for key, value in vars(answer).items() if type(value) is FunctionType}
    return {name: answer}


def _caller(answer: Callable[..., Reply]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        reply = answer(args, kwargs)
        if reply.ending is not Ending.FINISHED:
            raise RuntimeError("the function in this one's place failed")
        return reply.value

    return call
