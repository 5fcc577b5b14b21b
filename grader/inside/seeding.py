"""Random generators of the box, seeded so that the same test on the same answer sees the same."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_used: set[int] = set()


def seed_all(seed: int, *, first: bool = True) -> None:
    """Seed every global generator.

    TensorFlow and Keras are seeded in the first call of a test alone: Keras' own layers and
    initialisers draw their seeds from Python's generator.

    Args:
        seed: of this call.
        first: whether it is the first call of its test.
    """
    keras = sys.modules.get("keras")
    if keras is None or not first:
        random.seed(seed)
        np.random.seed(seed)
        return
    with _compiled_kept(unless=seed in _used):
        keras.utils.set_random_seed(seed)
    _used.add(seed)


@contextmanager
def _compiled_kept(*, unless: bool) -> Iterator[None]:
    """Keep TensorFlow from throwing away its compiled operations, which costs half of a small test.

    It does so when seeded, since a random operation holds its state. But an operation is found
    again by its seeds, and none can have been compiled for a seed that was never used.
    """
    from tensorflow.python.eager import context  # noqa: PLC0415  (only in a box that has it)

    owner = context.context()
    if unless or not hasattr(owner, "_context_handle"):
        yield
        return
    handle, owner._context_handle = owner._context_handle, None
    try:
        yield
    finally:
        owner._context_handle = handle
