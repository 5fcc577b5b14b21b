# Tries: spoil every argument in place and say that nothing was changed: the bridge's own `same`, `plain` and `_copy` are exchanged through the frames' globals, and the encoder marks arrays read-only and strided; honest outcome: linear 0 for its values; that arguments are untouched is the box's word and may be believed
import sys

import numpy as np


def _bridge():
    """grader.inside.bridge.Bridge, which has called us or waits below us."""
    frame = sys._getframe()
    while frame is not None:
        for name in ("self", "bridge"):
            found = frame.f_locals.get(name)
            if type(found).__name__ == "Bridge":
                return found
        frame = frame.f_back
    return None


def _wire(bridge):
    return type(bridge).serve.__globals__["wire"]

def _tamper():
    bridge = _bridge()
    world = type(bridge).serve.__globals__
    world["same"] = lambda left, right: True
    encoding = world["wire"].encode.__globals__
    array = encoding["_array"]

    def marked(value, buffers, depth):
        tree = array(value, buffers, depth)
        return {**tree, "read_only": True, "strided": True} if "array" in tree else tree

    encoding["_array"] = marked


def linear(x, w, b):
    _tamper()
    for each in (x, w, b):
        each[...] = 0
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    _tamper()
    for each in (dout, x, w):
        each[...] = 0
    return np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1] + 1)
