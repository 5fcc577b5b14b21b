"""Activations that no question asks for, to be handed to `gradient_norms`, and one way to call it.

They run beside the student's code, so none of them is an answer of this notebook.
"""

import numpy as np


def norms(gradient_norms, x, weights, activation, activation_grad):
    """What `gradient_norms` returns; a list or a tuple of numbers is as good as an array."""
    found = gradient_norms(x, weights, activation, activation_grad)
    if isinstance(found, list | tuple) and all(np.shape(each) == () for each in found):
        return np.array(found, dtype=float)
    return found


def tanh(z):
    return np.tanh(z)


def tanh_grad(z):
    return 1.0 / np.cosh(z) ** 2


def arctan(z):
    return np.arctan(z)


def arctan_grad(z):
    return 1.0 / (1.0 + z * z)


def identity(z):
    return 1.0 * z


def identity_grad(z):
    return np.ones(z.shape)
