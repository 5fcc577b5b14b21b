"""Which weights of one network are which of the other's, whatever their names and their order.

Theory of operation: both networks are graphs of owners, labelled by the roles, sizes and last axes
of their variables. Labels are refined in step (Weisfeiler and Leman): an owner's next label is its
own with those before and after it. As long as both graphs have the same labels equally often, they
may be the same. Where several owners end with one label, one of them is pinned to one of the other
graph's and refining goes on; a pin that leads nowhere is taken back. Labels that are all different
and refined are a matching in which every edge agrees.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.compare.networks.structure import Structure, Variable

MOST_PINS = 300


@dataclass(frozen=True)
class Matching:
    """Owners and variables of the expected network, by those of the other."""

    owners: Mapping[int, int]
    variables: Mapping[int, int]


def matchings(got: Structure, expected: Structure, *, loose: bool = False) -> Iterator[Matching]:
    """All ways in which the two are the same network, one after the other.

    There are several where owners are twins: the summands of an addition, for which it makes no
    difference, and the parts of a concatenation, for which only one way is right. A loose matching
    lets the axes of a variable be in another order.
    """
    if got.way or expected.way or len(got.live) != len(expected.live):
        return
    kind = _loose_kind if loose else _kind
    pair = _Pair(got, expected, kind)
    for owners in pair.search(pair.start()):
        variables: dict[int, int] = {}
        for owner, twin in owners.items():
            pairs = zip(_arranged(got, owner, kind), _arranged(expected, twin, kind), strict=True)
            variables.update(pairs)
        yield Matching(owners, variables)


Labels = dict[int, int]
Kind = Callable[[Variable], Any]


def _arranged(structure: Structure, owner: int, kind: Kind) -> list[int]:
    """The variables of an owner, in the order of their kinds."""
    places = structure.of_owner(owner)
    return sorted(places, key=lambda place: repr(kind(structure.variables[place])))


def _kind(variable: Variable) -> Any:
    return variable.kind


def _loose_kind(variable: Variable) -> Any:
    return variable.kind[0], sorted(size for size in variable.shape if size != 1)


class _Pair:
    """Two graphs in one: owner `n` of the expected one is `n`, of the other `-1 - n`."""

    def __init__(self, got: Structure, expected: Structure, kind: Kind) -> None:
        self.nodes: list[int] = []
        self._before: dict[int, list[int]] = {}
        self._after: dict[int, list[int]] = defaultdict(list)
        self._first: dict[int, Any] = {}
        self._pins = 0
        self._kind = kind
        self._add(expected, lambda owner: owner)
        self._add(got, lambda owner: -1 - owner)

    def _add(self, structure: Structure, number: Callable[[int], int]) -> None:
        depths = _depths(structure)
        for owner in sorted(structure.live):
            node = number(owner)
            self.nodes.append(node)
            before = structure.before[owner]
            self._before[node] = [number(each) for each in before if each >= 0]
            for each in self._before[node]:
                self._after[each].append(node)
            places = structure.of_owner(owner)
            kinds = sorted(map(repr, (self._kind(structure.variables[each]) for each in places)))
            inputs = sorted(each for each in before if each < 0)
            feeds = [place for place, from_ in enumerate(structure.outputs) if owner in from_]
            self._first[node] = (tuple(kinds), tuple(inputs), tuple(feeds), depths[owner])

    def start(self) -> Labels | None:
        """The first labels, refined."""
        return self._refined(_numbered(self._first))

    def search(self, labels: Labels | None) -> Iterator[dict[int, int]]:
        """All matchings that these labels allow."""
        if labels is None:
            return
        groups: dict[int, list[int]] = defaultdict(list)
        for node in self.nodes:
            groups[labels[node]].append(node)
        twins = min((group for group in groups.values() if len(group) > 2), key=len, default=None)  # noqa: PLR2004
        if twins is None:
            pairs = (sorted(group) for group in groups.values())
            yield {-1 - ours: theirs for ours, theirs in pairs}
            return
        pinned = next(node for node in twins if node >= 0)
        for other in sorted((node for node in twins if node < 0), reverse=True):
            self._pins += 1
            if self._pins > MOST_PINS:
                return
            fresh = len(self.nodes) + 1
            yield from self.search(self._refined({**labels, pinned: fresh, other: fresh}))

    def _refined(self, labels: Labels) -> Labels | None:
        """The labels refined until they are stable; None once the two graphs differ."""
        count = 0
        while True:
            if not self._balanced(labels):
                return None
            if len(set(labels.values())) == count:
                return labels
            count = len(set(labels.values()))
            labels = _numbered(
                {
                    node: (
                        labels[node],
                        tuple(sorted(labels[each] for each in self._before[node])),
                        tuple(sorted(labels[each] for each in self._after[node])),
                    )
                    for node in self.nodes
                }
            )

    def _balanced(self, labels: Labels) -> bool:
        ours = Counter(labels[node] for node in self.nodes if node < 0)
        theirs = Counter(labels[node] for node in self.nodes if node >= 0)
        return ours == theirs


def _numbered(keys: Mapping[int, Any]) -> Labels:
    numbers: dict[Any, int] = {}
    return {node: numbers.setdefault(key, len(numbers)) for node, key in keys.items()}


def _depths(structure: Structure) -> dict[int, int]:
    """How many owners lie on the longest way to each; with it, labels are soon different.

    What is on a cycle or after one (a layer that is used twice) has none.
    """
    before = {each: {n for n in structure.before[each] if n >= 0} for each in structure.live}
    after: dict[int, list[int]] = defaultdict(list)
    for owner, sources in before.items():
        for each in sources:
            after[each].append(owner)
    depths = dict.fromkeys(structure.live, -1)
    ready = [owner for owner, sources in before.items() if not sources]
    left = {owner: len(sources) for owner, sources in before.items()}
    while ready:
        owner = ready.pop()
        depths[owner] = 1 + max((depths[each] for each in before[owner]), default=-1)
        for each in after[owner]:
            left[each] -= 1
            if not left[each]:
                ready.append(each)
    return depths
