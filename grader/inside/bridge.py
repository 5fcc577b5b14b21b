"""Calls of the student's functions: one request in, one reply out, on a socket of their own.

It runs in the kernel's main thread, between cells, and so inside the student's process: nothing
here is trusted. A reply carries the request's nonce and plain data; the host believes neither
before it has checked them. What is printed during a call is thrown away.
"""

from __future__ import annotations

import builtins
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.inside import wire
from grader.inside.defaults import restore_defaults
from grader.inside.exceptions import class_name
from grader.inside.objects import Objects, outgoing
from grader.inside.operations import operation, with_network
from grader.inside.places import innermost
from grader.inside.seeding import seed_all
from grader.inside.snapshot import plain, same
from grader.inside.variants import Variants

MAX_MESSAGE = 4000
MAX_NAME = 200


class SubstituteError(RuntimeError):
    """A function that is answered elsewhere gave no value there."""


class Bridge:
    """Serves the calls of one submission on its socket."""

    def __init__(self, calls: socket.socket, namespace: MutableMapping[str, Any]) -> None:
        self._calls = calls
        self._namespace = namespace
        self._probes: dict[str, Any] = {}
        self._objects = Objects()
        self._reader = wire.Reader(of_host=True)
        self._variants = Variants()
        self._nonce = ""
        self._process = os.getpid()
        self._null = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  (kept open)

    def serve(self, *_: Any) -> None:
        """Answer one request."""
        request = self._receive()
        self._nonce = request.pop("nonce")
        handlers: dict[str, Callable[..., dict[str, Any]]] = {
            "call": self._call,
            "load": self._load,
            "probes": self._load_probes,
            "substitute": self._substitute,
        }
        self._send(handlers[request.pop("do")](**request))

    def _receive(self) -> Any:
        while (message := self._reader.next()) is None:
            data = self._calls.recv(1 << 18)
            if not data:
                os._exit(0)
            self._reader.feed(data)
        return message

    def _send(self, reply: dict[str, Any]) -> None:
        if os.getpid() != self._process:
            # A child of the function's own making, which would go on here: it neither answers in
            # its parent's place nor takes the half of a later request.
            os._exit(0)
        try:
            data = wire.pack({"nonce": self._nonce, **reply})
        except wire.ProtocolError as error:
            data = wire.pack({"nonce": self._nonce, "ending": "protocol", "reason": str(error)})
        self._calls.sendall(data)

    def _call(
        self,
        *,
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        variant: str | None,
        space: int = 0,
        seed: int | None = None,
    ) -> dict[str, Any]:
        first = self._objects.enter(space)
        try:
            with self._quiet(), self._variants.in_place(variant, self._namespace), _interruptible():
                restore_defaults()
                if seed is not None:
                    seed_all(seed, first=first)
                args, kwargs = self._objects.resolve((args, kwargs), self._find, self._caller)
                named = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
                before = plain(named)
                value = self._objects.data(self._find(function)(*args, **kwargs))
                after = plain(named)
        except BaseException as error:  # noqa: BLE001  (SystemExit and Ctrl-C are answers as well)
            return _raised(error)
        changed = [name for name in named if not same(before[name], after[name])]
        generators = {n: v for n, v in named.items() if isinstance(v, np.random.Generator)}
        return {"ending": "finished", "value": value, "changed": changed, "generators": generators}

    def _find(self, function: str) -> Any:
        """A function of the notebook, or `probes.x` of the course, or `grader.x` of our own."""
        room, _, name = function.rpartition(".")
        if room == "grader":
            return operation(name)
        if room == "probes":
            return self._probe(name)
        if function not in self._namespace:
            raise NameError(f"name {function!r} is not defined")
        return self._namespace[function]

    def _load(self, source: str, filename: str) -> dict[str, Any]:
        try:
            return {"variants": self._variants.load(source, filename, self._namespace)}
        except BaseException as error:  # noqa: BLE001  (the course's own mistake, told to its author)
            return _raised(error)

    def _load_probes(self, source: str) -> dict[str, Any]:
        self._probes = {"__name__": "probes"}
        try:
            exec(compile(source, "probes.py", "exec"), self._probes)  # noqa: S102  (the course's own)
        except BaseException as error:  # noqa: BLE001  (told when one of them is called)
            self._probes = {"": f"probes.py does not load: {type(error).__name__}: {error}"}
        return {"ending": "finished", "value": None, "changed": [], "generators": {}}

    def _probe(self, name: str) -> Any:
        if "" in self._probes:
            raise ImportError(self._probes[""])
        if name not in self._probes:
            raise NameError(f"name 'probes.{name}' is not defined")
        return self._probes[name]

    def _substitute(self, names: list[str]) -> dict[str, Any]:
        for name in names:
            self._namespace[name] = self._caller(name)
        return {"ending": "finished", "value": None, "changed": [], "generators": {}}

    def _caller(self, name: str) -> Callable[..., Any]:
        """A function that is answered by the host."""

        def substitute(*args: Any, **kwargs: Any) -> Any:
            symbols: list[Any] = []
            given = outgoing((args, kwargs), symbols, self._namespace)
            self._send({"ask": name, "args": given[0], "kwargs": given[1]})
            answer = self._receive()
            if not answer["finished"]:
                raise _exception(name, answer)
            _advance((*args, *kwargs.values()), answer["generators"])
            return with_network(answer["value"], symbols)

        substitute.__name__ = substitute.__qualname__ = name.strip("#") or name
        return substitute

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Throw away what is printed: it could carry hidden inputs into the feedback."""
        kept = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self._null
        try:
            yield
        finally:
            sys.stdout, sys.stderr = kept


def _exception(name: str, answer: dict[str, Any]) -> Exception:
    """What the host's function raised: an exception of Python's own, or a failed substitute."""
    kind = getattr(builtins, answer["type"], None)
    if name.startswith("#") and isinstance(kind, type) and issubclass(kind, Exception):
        return kind(answer["value"])
    return SubstituteError(f"{name}: {answer['type']}: {answer['value']}")


def _advance(arguments: tuple[Any, ...], states: list[Any]) -> None:
    """Bring generators that were used elsewhere to where they are now, in order."""
    generators = [value for value in arguments if isinstance(value, np.random.Generator)]
    for generator, state in zip(generators, states, strict=False):
        generator.bit_generator.state = state.bit_generator.state


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let the host's interrupt end the student's code, and nothing of ours around it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _raised(error: BaseException) -> dict[str, Any]:
    """An exception as plain data: the name of its class, its message, the student's line."""
    if isinstance(error, wire.ProtocolError):
        return {"ending": "protocol", "reason": str(error)}
    ending = "exited" if isinstance(error, SystemExit) else "raised"
    try:
        message = str.__str__(str(error))[:MAX_MESSAGE]
    except BaseException:  # noqa: BLE001  (a `__str__` of the student's)
        message = ""
    try:
        name, (cell, line) = str.__str__(class_name(type(error)))[:MAX_NAME], innermost(error)
    except BaseException:  # noqa: BLE001  (a class of the student's, or a traceback)
        name, cell, line = "Exception", None, None
    return {"ending": ending, "type": name, "message": message, "cell": cell, "line": line}
