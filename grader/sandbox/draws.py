"""Whether a generator that comes back from a box is the one that went in, some draws later.

A test goes on with it: who could set its state at will would choose the next inputs, or one from
which NumPy never finds its way out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# PCG64 is a linear congruential generator modulo 2^128 (O'Neill, "PCG: A Family of Simple Fast
# Space-Efficient Statistically Good Algorithms for Random Number Generation", 2014, section 4):
# state <- MULTIPLIER * state + inc for each 64 random bits.
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MODULUS = 1 << 128
# More than any call can draw in its time, and too few to be searched for pleasant numbers.
MOST_DRAWS = 1 << 36


def drawn(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether drawing leads from one state of `PCG64` to another, as NumPy gives them."""
    start, end = before["state"], after["state"]
    return start["inc"] == end["inc"] and _steps(**start, end=end["state"]) <= MOST_DRAWS


def _steps(state: int, inc: int, end: int) -> int:
    """How many steps lead from one state to another.

    The low bits of a state have the shortest periods, so the number is found bit by bit from the
    lowest (O'Neill, section 4.3.1, as in the PCG library's `distance`).
    """
    steps, bit, multiplier, plus = 0, 1, MULTIPLIER, inc
    while state != end and bit < MODULUS:
        if (state ^ end) & bit:
            state = (state * multiplier + plus) % MODULUS
            steps |= bit
        bit <<= 1
        plus = (multiplier + 1) * plus % MODULUS
        multiplier = multiplier * multiplier % MODULUS
    return steps if state == end else MODULUS
