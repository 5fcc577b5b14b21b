# Tries: arrays whose bytes change while they are looked at: a subclass that lies about shape, dtype and equality, a buffer that a child writes to, a mapped file cut to nothing so that the copy is a SIGBUS, dims overwritten by ctypes; honest outcome: linear 0: only what arrives is compared; a crash costs the call that crashed
import ctypes
import mmap
import os
import tempfile

import numpy as np

class Liar(np.ndarray):
    @property
    def shape(self):
        return (1,)

    @property
    def dtype(self):
        return np.dtype("int8")

    def __array__(self, *args, **kwargs):
        raise KeyboardInterrupt

    def __eq__(self, other):
        return True

    def tobytes(self, *_):
        return b""

    __hash__ = None


_TURN = [0]


def _restless(shape):
    shared = mmap.mmap(-1, 1 << 20)
    array = np.frombuffer(shared, dtype=np.float64)[: int(np.prod(shape))].reshape(shape)
    if os.fork() == 0:
        while True:
            array += 1.0
    return array


def _cut():
    file = tempfile.TemporaryFile()
    file.truncate(1 << 20)
    mapped = np.memmap(file, dtype=np.float64, mode="r+")
    file.truncate(0)
    return mapped


def _stretched():
    array = np.zeros((4, 4))
    # PyArrayObject: head 16, data 8, nd 4 (+4), dims *
    dims = ctypes.cast(ctypes.c_void_p.from_address(id(array) + 32).value, ctypes.POINTER(ctypes.c_ssize_t))
    dims[0] = 1 << 20
    return array


def linear(x, w, b):
    _TURN[0] += 1
    shape = (len(x), w.shape[1])
    if _TURN[0] % 4 == 1:
        return np.zeros((4000, 4000)).view(Liar)
    if _TURN[0] % 4 == 2:
        return _restless(shape)
    if _TURN[0] % 4 == 3:
        return _stretched()
    return _cut()


def linear_backward(dout, x, w):
    return _cut()
