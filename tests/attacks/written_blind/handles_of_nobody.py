# Tries: answer with handles that were never given, symbols with hostile dtypes and opaque values that claim to be functions or NumPy types, nested in tuples and dicts, under names full of markup; honest outcome: linear 0; none of them is data, none is repeated on a page
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

_MARKUP = "</pre><script>alert(1)</script>[bold red]{{7*7}}"


def _send(value):
    bridge = _bridge()
    reply = {"ending": "finished", "value": value, "changed": [], "generators": {}}
    bridge._send(reply)


def linear(x, w, b):
    wire = _wire(_bridge())
    _send(wire.Handle(65_535, _MARKUP))


def linear_backward(dout, x, w):
    wire = _wire(_bridge())
    _send(
        (
            wire.Symbol((None, 1 << 26, 0), _MARKUP),
            wire.Opaque("function linear_backward"),
            {"shape": wire.Handle(0, "ndarray"), _MARKUP: wire.Opaque("ndarray of " + _MARKUP)},
        )
    )
