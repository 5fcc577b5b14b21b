"""Which owners of variables the data comes through, one after the other."""

from __future__ import annotations

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
    used: int = 0  # how many owners the outputs depend on; those after them are idle
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
        return len(self.owners) - 1

    def connect(self, sources: Sources, number: int) -> Sources:
        """Lead data from these sources into an owner; what comes out has it as its source."""
        self.before[number] |= sources - {number}
        return frozenset([number])
