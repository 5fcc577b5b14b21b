# Tries: answer a call twice under its own nonce, and replay every earlier reply before each later call, up to what is put up with; honest outcome: linear 0; the first whole reply counts, the rest are strays; forged_reply is flagged
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

_OLD = []


def _twice(value):
    bridge = _bridge()
    wire = _wire(bridge)
    reply = {"ending": "finished", "value": value, "changed": [], "generators": {}}
    packed = wire.pack({"nonce": bridge._nonce, **reply})
    for old in _OLD[-40:]:
        bridge._calls.sendall(old)
    bridge._calls.sendall(packed + packed)
    _OLD.append(packed)
    return value


def linear(x, w, b):
    return _twice(np.zeros((len(x) + 1, w.shape[1])))


def linear_backward(dout, x, w):
    return _twice((np.zeros(x.shape), np.zeros(w.shape)))
