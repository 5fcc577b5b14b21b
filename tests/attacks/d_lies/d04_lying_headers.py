"""D04: it sends an array whose shape, dtype or length is a lie."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from grader.inside import wire
from tests.attacks.case import Case, Host, Verdict
from tests.attacks.d_lies.frames import refused, tree


def array(dtype: object, shape: object, data: bytes = b"\0" * 8, index: object = 1) -> Host:
    """An array with this dtype and shape."""
    return refused(tree(array=[dtype, shape, index]), data)


def cut(data: bytes) -> Host:
    """Bytes that are no message at all."""

    def check(_: Path) -> None:
        reader = wire.Reader()
        reader.feed(data)
        with pytest.raises(wire.ProtocolError):
            reader.next()

    return Host(check, verdict=Verdict.PROTO)


CASE = Case(
    number="D04",
    tries="Sends an array whose shape, dtype or length is a lie.",
    stopped_by="Dtype, rank, each size and the product are checked against the buffer first; a "
    "buffer is used once.",
    variants={
        "terabytes": array("<f8", [2**40]),
        "a-zero-between": array("<f8", [2**40, 0, 2**40]),
        "an-overflow": array("<f8", [2**32, 2**32, 2**32]),
        "negative": array("<f8", [-1]),
        "minus-one-twice": array("<f8", [-1, -1]),
        "a-boolean": array("<f8", [True]),
        "a-float": array("<f8", [1.0]),
        "a-text": array("<f8", ["1"]),
        "no-list": array("<f8", 1),
        "a-rank-of-100": array("<f8", [1] * 100),
        "too-short": array("<f8", [2]),
        "too-long": array("<f8", [1], b"\0" * 16),
        "objects": array("|O", [1]),
        "a-pickle": array("|O8", [1], b"cos\nsystem\n(S'id'\ntR."),
        "structured": array([["a", "<f8"]], [1]),
        "dates": array("<M8[s]", [1]),
        "big-endian": array(">f8", [1]),
        "python-s-eval": array("__import__('os')", [1]),
        "another-frame": array("<f8", [1], index=2),
        "the-header-itself": array("<f8", [1], index=0),
        "a-frame-that-is-true": array("<f8", [1], index=True),
        "one-frame-for-a-terabyte": refused(
            tree(list=[{"array": ["|u1", [1 << 20], 1]}] * 20_000), bytes(1 << 20)
        ),
        "a-huge-message": cut(struct.pack("<IQ", 1, 1 << 62)),
        "a-million-frames": cut(struct.pack("<I", 1 << 30)),
        "no-frames": cut(struct.pack("<I", 0)),
    },
)
