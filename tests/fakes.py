"""Fakes of the outside world: a box and a session that run functions in this process."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.inside.exceptions import NOTEBOOK, class_name
from grader.inside.objects import Objects
from grader.inside.operations import operation
from grader.inside.seeding import seed_all
from grader.inside.variants import replaced_by
from grader.records import CellRun, Ending, Execution, Program, Raised, Reply, Variant
from grader.sandbox.calling import callbacks
from grader.sandbox.dialogue import Dialogue
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
    probes: dict[str, Any] = field(default_factory=dict)
    _replacements: dict[str, dict[str, Any]] = field(default_factory=dict)
    _objects: Objects = field(default_factory=Objects)
    _spaces: int = 0

    @classmethod
    def of(cls, source: str) -> FakeSession:
        """A session in which this source has run; what it raised ends it early, as in a cell."""
        namespace = _fresh()
        run = _run_cell(source, namespace)
        return cls(namespace, execution=Execution((run,)))

    def call(
        self,
        function: str,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        variant: str | None = None,
        space: int = 0,
        seed: int | None = None,
    ) -> Reply:
        self.calls.append(function)
        first = self._objects.enter(space)
        with self._replaced(variant):
            if seed is not None:
                seed_all(seed, first=first)
            return _call(self, function, args, dict(kwargs or {}))

    def begin(self, seed: int, variant: str | None = None) -> Dialogue:
        """One side of one test, as a session has it."""
        self._spaces += 1
        return Dialogue(self, self._spaces, seed, variant)

    def find(self, name: str) -> Any:
        """What a name means in a call."""
        room, _, own = name.rpartition(".")
        if room == "grader":
            return operation(own)
        return (self.probes if room == "probes" else self.namespace).get(own)

    def resolve(self, given: Any) -> Any:
        """The arguments of a call, as its function takes them."""
        answers = dict(callbacks(given))
        return self._objects.resolve(given, self.find, lambda name: _caller(answers[name]))

    def data(self, value: Any) -> Any:
        """The value of a call, with a handle for each object."""
        return self._objects.data(value)

    def load_variants(self, source: str, filename: str) -> tuple[Variant, ...]:
        """Run a file of misconceptions or alternatives on a copy of the namespace."""
        namespace, found = dict(self.namespace), []

        def decorator(question: str, *, hint: str = "", replaces: str | None = None) -> Any:
            def keep(answer: Any) -> Any:
                functions = replaced_by(answer, replaces or question)
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
        session = FakeSession(_fresh(), program=program)
        runs = tuple(_run_cell(cell.source, session.namespace) for cell in program.cells)
        session.execution = Execution(runs)
        exec(program.probes, session.probes)
        self.sessions.append(session)
        return session

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeBox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _fresh() -> dict[str, Any]:
    """The namespace of a notebook before its first cell."""
    return {"__name__": NOTEBOOK, "np": np}


def _run_cell(source: str, namespace: dict[str, Any]) -> CellRun:
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except Exception as error:  # noqa: BLE001  (whatever a student's code raises)
        return CellRun(Ending.RAISED, raised=Raised(type(error).__name__, str(error)))
    return CellRun(Ending.FINISHED)


def _call(session: FakeSession, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Reply:
    function = session.find(name)
    if function is None:
        return Reply(Ending.RAISED, raised=Raised("NameError", f"name '{name}' is not defined"))
    args, kwargs = copy.deepcopy((args, kwargs))  # arguments travel by value
    named = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    before = copy.deepcopy(named)
    try:
        given = session.resolve((args, kwargs))
        value = session.data(function(*given[0], **given[1]))
    except (Exception, SystemExit) as error:  # noqa: BLE001
        ending = ENDINGS.get(type(error), Ending.RAISED)
        raised = Raised(class_name(type(error)), str(error)) if ending is Ending.RAISED else None
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
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, np.ndarray):
        return np.array_equal(left, right, equal_nan=True)
    return isinstance(left, np.random.Generator) or bool(left == right)


def _caller(answer: Callable[..., Reply]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        reply = answer(args, kwargs)
        if reply.ending is not Ending.FINISHED:
            kind = getattr(builtins, reply.raised.type if reply.raised else "", RuntimeError)
            raise kind(reply.raised.message if reply.raised else reply.ending)
        named = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
        for name, state in reply.generators.items():
            named[name].bit_generator.state = dict(state)
        return reply.value

    return call
