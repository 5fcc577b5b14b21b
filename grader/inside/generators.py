"""Random generators by value: the state of NumPy's PCG64, checked, and a generator in a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.inside.bounds import ProtocolError

_DIGITS = 39  # of a number below 2^128


def pcg64_state(parts: Any) -> dict[str, Any]:
    """The state of a PCG64 bit generator, checked.

    Args:
        parts: state and increment in decimal, then the spare half of 64 bits: whether, and which.

    Raises:
        ProtocolError: it is none.
    """
    if not isinstance(parts, list) or len(parts) != 4:  # noqa: PLR2004
        raise ProtocolError("a generator's state is malformed")
    state, increment = map(_uint128, parts[:2])
    flag, last = parts[2:]
    if flag not in (0, 1) or type(last) is not int or not 0 <= last < 1 << 32:
        raise ProtocolError("a generator's state is malformed")
    return {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": int(flag),
        "uinteger": last,
    }


def generator_from(state: Mapping[str, Any]) -> np.random.Generator:
    """A generator in this state."""
    bits = np.random.PCG64(0)
    bits.state = dict(state)  # type: ignore[assignment]
    return np.random.Generator(bits)


def _uint128(digits: Any) -> int:
    if not isinstance(digits, str) or not 0 < len(digits) <= _DIGITS:
        raise ProtocolError("a generator's state is malformed")
    if not digits.isascii() or not digits.isdigit() or int(digits) >= 1 << 128:
        raise ProtocolError("a generator's state is malformed")
    return int(digits)
