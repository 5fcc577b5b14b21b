"""The relay's buffers: bytes come out as they went in, and no fork sees them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.inside.relay import HEADER, Buffer


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=30), st.integers(1, 50))
def test_a_buffer_keeps_order_while_it_is_filled_and_emptied(pieces, step):
    """Bytes leave in the order they came, however the two sides alternate."""
    buffer, out = Buffer(64), b""

    for piece in pieces:
        while buffer.room < len(piece):
            out += bytes(buffer.peek(step))
            buffer.drop(min(step, len(buffer)))
        buffer.put(piece)
    out += bytes(buffer.peek(64))

    assert out == b"".join(pieces)


def test_a_full_buffer_refuses_more():
    """Nothing is written beyond a buffer's end."""
    buffer = Buffer(8)
    buffer.put(b"12345678")

    with pytest.raises(BufferError):
        buffer.put(b"9")


def test_what_can_be_read_becomes_one_frame():
    """Bytes of a process are framed with its channel as they are read."""
    read, write = os.pipe()
    os.write(write, b"hello")
    buffer = Buffer(1 << 17)

    buffer.fill_frame(1, read)
    os.close(read)
    os.close(write)

    assert bytes(buffer.peek(100)) == HEADER.pack(1, 5) + b"hello"


def test_a_fork_sees_zeros():
    """What is in a buffer when the zygote forks is not in the child's memory."""
    buffer = Buffer(4096)
    buffer.put(b"secret")
    read, write = os.pipe()

    pid = os.fork()
    if pid == 0:
        os.write(write, bytes(buffer.peek(6)))
        os._exit(0)
    os.waitpid(pid, 0)
    seen = os.read(read, 10)
    os.close(read)
    os.close(write)

    assert seen == bytes(6)
