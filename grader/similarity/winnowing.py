"""Winnowing: few fingerprints of a text, of which two texts with a common passage share one.

Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD
2003. Every run of `GRAM` tokens has a hash; of every `WINDOW` hashes in a row the smallest is
kept, the last one where several are. So a common passage of `GUARANTEE` tokens is always found,
and one shorter than `GRAM` never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

GRAM = 14
WINDOW = 8
GUARANTEE = GRAM + WINDOW - 1

Hashes = NDArray[np.uint64]
# A polynomial modulo 2^64 with an odd base; what it hashes are hashes already.
_POWERS = np.array([pow(0x9E3779B97F4A7C15, n, 2**64) for n in range(GRAM)], dtype=np.uint64)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)


def gram_hashes(tokens: Sequence[str]) -> Hashes:
    """The hash of every run of `GRAM` tokens; the same in every process."""
    codes = np.array([_code(token) for token in tokens], dtype=np.uint64)
    if len(codes) < GRAM:
        return codes[:0]
    sums = (sliding_window_view(codes, GRAM) * _POWERS).sum(axis=1, dtype=np.uint64)
    mixed: Hashes = (sums ^ (sums >> np.uint64(31))) * _SPREAD
    return mixed


def winnow(hashes: Hashes) -> Hashes:
    """The fingerprints among these hashes, each once."""
    if not len(hashes):
        return hashes
    backwards = hashes[::-1]
    windows = sliding_window_view(backwards, min(WINDOW, len(backwards)))
    kept = windows.argmin(axis=1) + np.arange(len(windows))  # the last smallest, seen from the end
    return np.unique(backwards[kept])


@lru_cache(maxsize=65_536)
def _code(token: str) -> int:
    digest = hashlib.blake2b(token.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
