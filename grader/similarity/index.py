"""From each fingerprint to the works that have it, and from there to how much two works share.

A shared fingerprint weighs as many bits as its rarity says: log2(class / works that have it). The
sums of all pairs are one matrix product, in blocks, so that a class of 1500 takes seconds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_BLOCK = 2048  # fingerprints at a time: 12 MB for a class of 1500


class Index:
    """The fingerprints of a class which at most `most` works have and nobody was given."""

    def __init__(self, prints: Sequence[Set[int]], known: Set[int], most: int) -> None:
        self.prints = prints
        holders: dict[int, list[int]] = {}
        for number, own in enumerate(prints):
            for fingerprint in own:
                holders.setdefault(fingerprint, []).append(number)
        self.holders = {
            fingerprint: numbers
            for fingerprint, numbers in holders.items()
            if len(numbers) <= most and fingerprint not in known
        }

    def weight(self, fingerprint: int) -> float:
        """Its rarity in bits."""
        return math.log2(len(self.prints) / len(self.holders[fingerprint]))

    def common(self, left: int, right: int) -> frozenset[int]:
        """What two works share of these fingerprints."""
        both = self.prints[left] & self.prints[right]
        return frozenset(fingerprint for fingerprint in both if fingerprint in self.holders)

    @cached_property
    def own(self) -> NDArray[np.float64]:
        """The weight of all that each work has."""
        sums = np.zeros(len(self.prints))
        for fingerprint, numbers in self.holders.items():
            sums[numbers] += self.weight(fingerprint)
        return sums

    @cached_property
    def shared(self) -> NDArray[np.float32]:
        """The weight of what each two works share."""
        size = len(self.prints)
        held = [numbers for numbers in self.holders.values() if len(numbers) > 1]
        sums = np.zeros((size, size), dtype=np.float32)
        for start in range(0, len(held), _BLOCK):
            block = np.zeros((size, min(_BLOCK, len(held) - start)), dtype=np.float32)
            for column, numbers in enumerate(held[start : start + _BLOCK]):
                block[numbers, column] = math.sqrt(math.log2(size / len(numbers)))
            sums += block @ block.T
        return sums

    def pairs(self, least: float, containment: float) -> list[tuple[int, int]]:
        """The pairs that share at least so many bits, and so much of the smaller work."""
        smaller = np.minimum.outer(self.own, self.own)
        enough = (self.shared >= least) & (self.shared >= containment * smaller - 1e-3)
        left, right = np.nonzero(np.triu(enough, 1))
        return list(zip(left.tolist(), right.tolist(), strict=True))
