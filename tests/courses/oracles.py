"""Oracles for the layers: a convolution by SciPy and gradients by central differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import signal


def correlated(x, w, b, stride=1, padding=0):
    """A convolution by `scipy.signal`, one example and one filter at a time."""
    padded = [[np.pad(channel, padding) for channel in example] for example in x]
    full = [
        [signal.correlate(example, kernel, mode="valid", method="direct")[0] for kernel in w]
        for example in np.array(padded)
    ]
    return np.array(full)[:, :, ::stride, ::stride] + np.reshape(b, (1, -1, 1, 1))


def slopes(loss: Callable, inputs: tuple, which: int) -> np.ndarray:
    """The gradient of a number for one of its arrays, by central differences."""
    gradient = np.zeros(inputs[which].shape)
    for place in np.ndindex(gradient.shape):
        ends = []
        for step in (1e-5, -1e-5):
            nudged = [array.copy() for array in inputs]
            nudged[which][place] += step
            ends.append(loss(*nudged))
        gradient[place] = (ends[0] - ends[1]) / 2e-5
    return gradient


def assert_gradients(got: tuple, loss: Callable, inputs: tuple) -> None:
    for which, gradient in enumerate(got):
        expected = slopes(loss, inputs, which)
        assert gradient.shape == inputs[which].shape
        assert np.abs(gradient - expected).max() <= 1e-6 * max(1.0, np.abs(expected).max())
