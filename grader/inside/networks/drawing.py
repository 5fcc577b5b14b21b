"""Values for the variables of a network by their role and size: numpy alone, on either side.

A kernel is drawn like He's, so that activations keep their size through many layers; what scales
is around 1, what shifts around 0 and not 0, a variance between 0.5 and 1.5. With all of these
generic, two networks that differ give different outputs.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Generator = np.random.Generator
SHIFT = 0.3
# Roles that cannot be told apart in a student's own code, where they do the same.
SAME = {
    "bias": "shift",
    "beta": "shift",
    "depthwise_kernel": "kernel",
    "pointwise_kernel": "kernel",
    "embeddings": "kernel",
}


def role_class(role: str) -> str:
    """The role, as far as it can be told from what a variable does."""
    return SAME.get(role, role)


def _kernel(shape: Sequence[int], rng: Generator) -> Any:
    fan_in = max(math.prod(shape) // max(shape[-1], 1), 1) if len(shape) else 1
    return rng.standard_normal(shape) * math.sqrt(2 / fan_in)


DRAWS: dict[str, Callable[[Sequence[int], Generator], Any]] = {
    "shift": lambda shape, rng: SHIFT * rng.standard_normal(shape),
    "moving_mean": lambda shape, rng: SHIFT * rng.standard_normal(shape),
    "gamma": lambda shape, rng: rng.uniform(0.6, 1.4, shape),
    "moving_variance": lambda shape, rng: rng.uniform(0.5, 1.5, shape),
}


def drawn(role: str, shape: Sequence[int], rng: Generator) -> Any:
    """Values for a variable of this role and shape, in float32."""
    draw = DRAWS.get(role_class(role), _kernel)
    return draw(shape, rng).astype(np.float32)


def filled(role: str, shape: Sequence[int], seed: int) -> Any:
    """Values that depend on the role, the size and the last axis alone, in C order."""
    size, last = math.prod(shape), shape[-1] if len(shape) else 1
    key = f"{seed} {role_class(role)} {size} {last}"
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little")
    rows = (size // last, last) if last else (size,)
    return drawn(role, rows, np.random.default_rng(number)).reshape(shape)


def head_of(variables: Sequence[Any]) -> int | None:
    """The place of the last kernel of a dense layer, given variables with "role" and "shape"."""
    places = [
        place
        for place, each in enumerate(variables)
        if role_class(each["role"]) == "kernel" and len(each["shape"]) == 2  # noqa: PLR2004
    ]
    return places[-1] if places else None


def fill(variables: Sequence[Any], seed: int, head_scale: float = 1.0) -> list[Any]:
    """Values for all variables of a description, nothing being matched."""
    return scaled(
        [filled(each["role"], each["shape"], seed) for each in variables], variables, head_scale
    )


def scaled(values: list[Any], variables: Sequence[Any], head_scale: float) -> list[Any]:
    """The values with the kernel of the last dense layer scaled."""
    head = head_of(variables)
    if head is not None and head_scale != 1.0:
        values[head] = values[head] * np.float32(head_scale)
    return values
