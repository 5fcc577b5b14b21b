"""Which owners of variables the data comes through, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from grader.inside.networks.owners import Owner

# The owners that a tensor comes from, with none in between; -1, -2, ... are the inputs.
Sources = frozenset[int]


@dataclass
class Graph:
    """The owners in the order in which the data reaches them, and what precedes each."""

    owners: list[Owner] = field(default_factory=list)
    before: list[set[int]] = field(default_factory=list)
    outputs: list[Sources] = field(default_factory=list)
    _ancestors: list[set[int]] = field(default_factory=list)
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    def owner(self, layer: Any, part: str = "") -> int:
        """The number of this part of a layer, new where it is first met."""
        key = (id(layer), part)
        if key not in self._numbers:
            self._numbers[key] = self.new(layer)
        return self._numbers[key]

    def new(self, layer: Any) -> int:
        """The number of a new owner."""
        self.owners.append(Owner(layer))
        self.before.append(set())
        self._ancestors.append(set())
        return len(self.owners) - 1

    def connect(self, sources: Sources, number: int) -> Sources:
        """Lead data from these sources into an owner; what comes out has it as its source."""
        self.before[number] |= sources - {number}
        self._ancestors[number] |= sources
        for each in sources:
            if each >= 0:
                self._ancestors[number] |= self._ancestors[each]
        return frozenset([number])

    def merged(self, several: Iterable[Sources]) -> Sources:
        """All sources, without those that the data of another one has come through.

        So the way past a layer, as that of a mean past what it is subtracted from, or of a
        shortcut without weights, is not seen: the outputs show it.
        """
        sources = frozenset[int]().union(*several)
        if len(sources) < 2:  # noqa: PLR2004
            return sources
        return frozenset(
            each for each in sources if not any(self._precedes(each, other) for other in sources)
        )

    def _precedes(self, source: int, other: int) -> bool:
        if other < 0 or source not in self._ancestors[other]:
            return False
        return source < 0 or other not in self._ancestors[source]


PASSING = frozenset(
    ("ReadVariableOp", "Identity", "Cast", "Reshape", "ExpandDims", "BroadcastTo", "Transpose",
     "StridedSlice", "Squeeze", "GatherV2", "Slice", "Unpack", "Split", "Pack", "Tile")
)  # fmt: skip


def uses(tensor: Any) -> list[Any]:
    """The operations that do more with a tensor than to move it."""
    found: list[Any] = []
    waiting, seen = [tensor], set()
    while waiting:
        for operation in waiting.pop(0).consumers():
            if id(operation) in seen:
                continue
            seen.add(id(operation))
            if operation.type in PASSING:
                waiting.extend(operation.outputs)
            else:
                found.append(operation)
    return found
