"""The right gradients, beside an answer that is hostile."""

from __future__ import annotations

GOOD_BACK = """

def linear_backward(dout, x, w):
    flat = np.reshape(x, (len(x), -1))
    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)
"""
