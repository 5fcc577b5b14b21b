# Tries: write over CPython's own memory: the comparison slot of float, the digits of a cached integer, the flags of a tuple, struct.pack, json.dumps, socket.sendall and NumPy's functions replaced; honest outcome: linear 0; a process that broke itself is replaced; other answers are graded in a new one
import ctypes
import json
import socket
import struct

import numpy as np

def _break():
    json.dumps = lambda *_, **__: '{"str":1}'
    struct.pack = lambda *_: b"\x01\x00\x00\x00" + b"\xff" * 8
    np.asarray = np.array = lambda *_, **__: np.ones(1)
    np.testing.assert_allclose = lambda *_, **__: None
    socket.socket.sendall = lambda *_: None
    # PyTypeObject.tp_richcompare of float on x86-64, CPython 3.11, becomes that of object
    ours, theirs = id(float) + 200, id(object) + 200
    ctypes.c_void_p.from_address(ours).value = ctypes.c_void_p.from_address(theirs).value
    ctypes.c_uint32.from_address(id(7) + 24).value = 8  # 7 is 8 from now on


def linear(x, w, b):
    _break()
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    _break()
    return None
