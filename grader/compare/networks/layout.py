"""The values of one variable in the layout of its twin: reshaped, or with its axes exchanged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.compare.closeness import Array


def laid_out(array: Array, shape: Sequence[int]) -> Array:
    """The values in another shape: the same axes in another order, else in C order."""
    if array.shape == tuple(shape) or sorted(array.shape) != sorted(shape):
        return array.reshape(shape)
    return array.transpose(_order(array.shape, shape))


def laid_back(array: Array, shape: Sequence[int]) -> Array:
    """What `laid_out` did to an array of this shape, undone."""
    if array.shape == tuple(shape) or sorted(array.shape) != sorted(shape):
        return array.reshape(shape)
    return array.transpose(np.argsort(_order(shape, array.shape)))


def _order(shape: Sequence[int], target: Sequence[int]) -> list[int]:
    """Which axis stands where in the other layout; where sizes are equal, the likeliest way."""
    rank = len(shape)
    likely = [
        [rank - 1, rank - 2, *range(rank - 2)],  # PyTorch's layout of a Keras kernel
        [*range(2, rank), 1, 0],  # and back
        [*range(rank)][::-1],
    ]
    for order in likely if rank > 1 else []:
        if [shape[axis] for axis in order] == list(target):
            return order
    left = list(range(rank))
    return [left.pop(next(n for n, a in enumerate(left) if shape[a] == size)) for size in target]
