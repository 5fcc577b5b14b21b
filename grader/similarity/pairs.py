"""The pairs of a class that share more than the class does: a hint for a person, no verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from grader.similarity.index import Index
from grader.similarity.prints import Answer, Work, every_gram, places, prints

SHOWN = 200  # pairs; one ring of 30 copies alone makes 435


@dataclass(frozen=True)
class Sensitivity:
    """What counts, and how much of it two works must share to be shown.

    A fingerprint counts while at most `share` of the class has it (never fewer than `holders`).
    The last two were chosen on made-up classes: benchmarks/similarity.py.
    """

    share: float = 0.1
    holders: int = 5
    bits: float = 50.0
    containment: float = 0.45


@dataclass(frozen=True)
class Passage:
    """One question of a pair: both cells, and the lines of each that stand in the other too."""

    question: str
    left: str
    right: str
    left_lines: frozenset[int]
    right_lines: frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two works alike: `containment` is the shared part of what is the smaller one's own."""

    left: Work
    right: Work
    bits: float
    containment: float
    jaccard: float
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """What was found: the pairs, most alike first, and what could not be compared.

    `found` counts all pairs, of which the first are in `pairs`; those of a permitted group are
    counted apart. `unread` names the questions of a work that are no Python.
    """

    pairs: tuple[Pair, ...]
    found: int
    compared: int
    unread: Mapping[str, tuple[str, ...]]
    same_group: int = 0


def find_pairs(
    works: Sequence[Work], released: Iterable[str], sensitivity: Sensitivity | None = None
) -> Likeness:
    """Compare all with all; `released` is the course's own code, which proves nothing."""
    limits = sensitivity or Sensitivity()
    known = every_gram(Answer("", source) for source in released)
    read = [prints(work.answers) for work in works]
    most = max(limits.holders, math.ceil(limits.share * len(works)))
    index = Index([own.of for own in read], known, most)
    alike = index.pairs(limits.bits, limits.containment)
    apart = [pair for pair in alike if not _together(*(works[number] for number in pair))]
    ranked = sorted(apart, key=lambda pair: (-_containment(index, *pair), pair))
    return Likeness(
        pairs=tuple(_pair(works, index, *numbers) for numbers in ranked[:SHOWN]),
        found=len(apart),
        compared=len(works),
        unread={w.key: p.unread for w, p in zip(works, read, strict=True) if p.unread},
        same_group=len(alike) - len(apart),
    )


def _together(left: Work, right: Work) -> bool:
    return bool(left.group) and left.group == right.group


def _containment(index: Index, left: int, right: int) -> float:
    whole = min(index.own[left], index.own[right])
    return min(1.0, float(index.shared[left, right] / whole))


def _pair(works: Sequence[Work], index: Index, left: int, right: int) -> Pair:
    bits = float(index.shared[left, right])
    either = float(index.own[left] + index.own[right]) - bits
    return Pair(
        left=works[left],
        right=works[right],
        bits=bits,
        containment=_containment(index, left, right),
        jaccard=min(1.0, bits / either),
        passages=tuple(_passages(works[left], works[right], index.common(left, right))),
    )


def _passages(left: Work, right: Work, common: Set[int]) -> Iterator[Passage]:
    """Cell by cell of the left work, the cell of the right one in which most of it stands."""
    found = places(right, common)
    for number, here in places(left, common).items():
        there = {other: _lines(lines, here) for other, lines in found.items()}
        best = max(there, key=lambda other: len(there[other]), default=None)
        if best is None or not there[best]:
            continue
        yield Passage(
            question=left.answers[number].question or right.answers[best].question,
            left=left.answers[number].source,
            right=right.answers[best].source,
            left_lines=_lines(here, found[best]),
            right_lines=there[best],
        )


def _lines(places: Mapping[int, frozenset[int]], wanted: Iterable[int]) -> frozenset[int]:
    return frozenset(line for value in wanted for line in places.get(value, ()))
