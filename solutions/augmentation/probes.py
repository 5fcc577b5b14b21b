"""Course code that runs in the box beside the answers: a thousand draws are one call of a test."""

import numpy as np


def repeat(function, count, *args):
    """The outputs of so many calls: one array where they have one shape, else a list.

    Each call gets arrays of its own, and all of them draw from the one generator.
    """
    outputs = [np.array(function(*map(_own, args))) for _ in range(count)]
    return np.array(outputs) if len({out.shape for out in outputs}) == 1 else outputs


def _own(value):
    writeable = isinstance(value, np.ndarray) and value.flags.writeable
    return value.copy() if writeable else value
