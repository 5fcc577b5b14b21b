# Tries: ask the host for the reference's own answer in the middle of a call: names of other questions, of callbacks (#1), of operations, with a forged Opaque('function linear') among the arguments; honest outcome: linear 0; a question back that nobody offered is a protocol fault
import itertools
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

_NAMES = itertools.cycle(["linear", "#1", "grader.call", "conv2d", "reference.linear", "probes.x"])


def _asked(*args):
    bridge = _bridge()
    wire = _wire(bridge)
    name = next(_NAMES)
    given = (wire.Opaque("function linear"), *args)
    bridge._send({"ask": name, "args": given, "kwargs": {"function": "linear"}})
    return bridge._receive()["value"]


def linear(x, w, b):
    return _asked(x, w, b)


def linear_backward(dout, x, w):
    return _asked(dout, x, w)
