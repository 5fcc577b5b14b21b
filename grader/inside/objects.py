"""What does not travel: objects that stay in the box, functions by name, functions of the host.

A hidden test is on the host and its values are data. What is no data (a layer, a model, a
generator) stays here under a number, and the test holds a handle. The numbers belong to one side
of one test; the objects of a test that is over are let go.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from grader.inside import wire
from grader.inside.bounds import FUNCTION, MAX_NAME
from grader.inside.snapshot import Other, is_symbolic, plain, symbol

MAX_OBJECTS = 4096
MOST_SPACES = 4  # two sides of the running test, and what an interrupted one has left

Find = Callable[[str], Any]


class Objects:
    """The objects of the running tests, by the number of their space and their own."""

    def __init__(self) -> None:
        self._spaces: OrderedDict[int, list[Any]] = OrderedDict()
        self._kept: list[Any] = []

    def enter(self, space: int) -> bool:
        """From now on numbers are those of this space, and whether it is new.

        The oldest one goes where there are many.
        """
        new = space not in self._spaces
        self._kept = self._spaces.setdefault(space, [])
        while len(self._spaces) > MOST_SPACES:
            self._spaces.popitem(last=False)
        return new

    def keep(self, value: Any) -> wire.Handle:
        """The handle of an object, which is the same for the same object."""
        number = next((n for n, kept in enumerate(self._kept) if kept is value), len(self._kept))
        if number >= MAX_OBJECTS:
            raise wire.ProtocolError("a test keeps too many objects")
        if number == len(self._kept):
            self._kept.append(value)
        return wire.Handle(number, type(value).__name__[:MAX_NAME])

    def data(self, value: Any) -> Any:
        """The value as data, with a handle in the place of each object in it."""
        return plain(value, self.keep)

    def resolve(self, value: Any, find: Find, call: Callable[[str], Any]) -> Any:
        """The arguments of a call as the functions of the box take them.

        Args:
            value: what was sent.
            find: the function of a name.
            call: a function that calls the host's function of a name.
        """
        match value:
            case wire.Handle(number=number):
                if number >= len(self._kept):
                    raise LookupError("the object is gone with the process that held it")
                return self._kept[number]
            case wire.Named(name=name):
                return find(name)
            case wire.Callback(name=name):
                return call(name)
            case dict():
                return {key: self.resolve(item, find, call) for key, item in value.items()}
            case list() | tuple():
                return type(value)(self.resolve(item, find, call) for item in value)
        return value


def outgoing(value: Any, symbols: list[Any], namespace: Mapping[str, Any]) -> Any:
    """Arguments of a call that goes out to the host; symbolic tensors are collected in order.

    A function of the program goes by its name, as no more than a word: the host decides whether
    it knows another function of that name.
    """

    def other(item: Any) -> Any:
        if is_symbolic(item):
            symbols.append(item)
            return symbol(item)
        if callable(item):
            for name, known in namespace.items():
                if known is item:
                    return wire.Opaque(f"{FUNCTION}{name}"[:MAX_NAME])
        return wire.Opaque(type(item).__name__[:MAX_NAME])

    made: Other = other
    return plain(value, made)
