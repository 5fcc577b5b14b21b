# Tries: 24 PNG files of 7.9 million pixels each, 150 kB together: outputs.draw_again decodes each before the page's allowance of pictures is looked at; one has 16 bits a channel, one a text chunk that inflates, one claims 100000 frames; honest outcome: linear 0; the page is made within a second or two, and its memory is bounded
import base64
import struct
import zlib

import numpy as np


def linear(x, w, b):
    w *= 0  # spoils its input as well, so that no test of tidiness is passed
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    w *= 0
    return np.zeros(x.shape), np.zeros(w.shape)

_kernel = get_ipython().kernel


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bomb(width=2810, height=2810, extra=b""):
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    packer, row = zlib.compressobj(9), bytes(1 + 8 * width)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _grey(width=2810, height=2810, extra=b""):
    """One bit a pixel: 1 kB of file for 7.9 million pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes((1 + (width + 7) // 8) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


_text = _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(20 << 20), 9))
_frames = _chunk(b"acTL", struct.pack(">II", 100_000, 0)) + b"".join(
    _chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 1, 1, 0, 0, 1, 1, 0, 0)) for n in range(200)
)
_files = [_bomb(), _grey(extra=_text), _grey(extra=_frames), *[_grey()] * 21]
for _file in _files:
    _content = {"data": {"image/png": base64.b64encode(_file).decode()}, "metadata": {}}
    _kernel.session.send(_kernel.iopub_socket, "display_data", _content, parent=_kernel.get_parent())
