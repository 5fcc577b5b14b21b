"""The wire format: what travels comes back the same, and what breaks a rule is refused."""

from __future__ import annotations

import contextlib
import json
import struct
from itertools import starmap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.inside import wire

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers()
keys = st.none() | st.booleans() | st.integers() | st.text()
arrays = npst.arrays(
    npst.floating_dtypes(sizes=(32, 64), endianness="<") | npst.integer_dtypes(endianness="<"),
    npst.array_shapes(min_dims=0, min_side=0, max_side=4),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


def same(left, right) -> bool:
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes()
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return type(left) is type(right) and all(starmap(same, zip(left, right, strict=True)))
    if isinstance(left, str):
        return left.encode("utf-8", "replace").decode() == right
    return type(left) is type(right) and (left == right or repr(left) == repr(right))


@given(values)
def test_what_travels_comes_back_the_same(value):
    """Encoding and decoding a value gives an equal value of the same types."""
    assert same(value, wire.decode(wire.encode(value)))


@given(values, st.integers(1, 50))
def test_a_message_may_arrive_in_pieces(value, size):
    """A reader gives each message once, when its last byte is there."""
    data = wire.pack([value])
    reader = wire.Reader()

    found = []
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
        found.append(reader.next())

    assert found[:-1] == [None] * (len(found) - 1)
    assert same([value], found[-1])


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_with_one_error_alone(data):
    """Whatever the bytes, the reader waits for more, gives a value, or raises ProtocolError."""
    reader = wire.Reader()
    reader.feed(data)

    with contextlib.suppress(wire.ProtocolError):
        reader.next()


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_random_headers_are_refused_with_one_error_alone(tree):
    """A header of any JSON either decodes or raises ProtocolError."""
    header = json.dumps(tree, default=str).encode()

    with contextlib.suppress(wire.ProtocolError):
        wire.decode([header, b"x" * 8])


def array(dtype="<f8", shape=(2,), frame=1) -> dict:
    return {"array": [dtype, list(shape), frame]}


BROKEN = {
    "no header": [],
    "not JSON": [b"{"],
    "not ASCII": ['{"str": "é"}'.encode()],
    "NaN": [b'{"float": NaN}'],
    "a key twice": [b'{"int": "1", "int": "2"}'],
    "deep": [b'{"list":[' * 500 + b"]}" * 500],
    "deeper than a value may be": [b'{"list":[' * 40 + b"]}" * 40],
    "very deep": [b"[" * 100_000],
    "bare number": [b"1"],
    "bare list": [b"[]"],
    "unknown kind": [b'{"pickle": "x"}'],
    "two kinds": [b'{"int": "1", "str": 1}'],
    "integer with a point": [b'{"int": "1.0"}'],
    "integer of a million digits": [b'{"int": "' + b"9" * 500_000 + b'"}'],
    "float that is none": [b'{"float": "x"}'],
    "frame that is not there": [json.dumps(array(frame=2)).encode(), b"x" * 16],
    "frame 0": [json.dumps(array(frame=0)).encode(), b"x" * 16],
    "frame true": [json.dumps(array(frame=True)).encode(), b"x" * 16],
    "a text in frame 0": [b'{"str": 0}', b"x"],
    "a text in frame -1": [b'{"str": -1}', b"x"],
    "integer of 401 digits": [b'{"int": "' + b"9" * 401 + b'"}'],
    "a frame named twice": [b'{"list": [{"str": 1}, {"str": 1}]}', b"x"],
    "an array's frame named twice": [json.dumps({"list": [array(), array()]}).encode(), b"x" * 16],
    "object dtype": [json.dumps(array("|O")).encode(), b"x" * 16],
    "big-endian": [json.dumps(array(">f8")).encode(), b"x" * 16],
    "void dtype": [json.dumps(array("|V8")).encode(), b"x" * 16],
    "negative size": [json.dumps(array(shape=(-2,))).encode(), b"x" * 16],
    "huge shape": [json.dumps(array(shape=(2**40, 0, 2**40))).encode(), b""],
    "nothing, and gigabytes when it is summed": [
        json.dumps(array(shape=(0, 2**26, 16))).encode(),
        b"",
    ],
    "size as bool": [json.dumps(array(shape=(True,))).encode(), b"x" * 8],
    "size as float": [json.dumps(array(shape=(2.0,))).encode(), b"x" * 16],
    "rank 40": [json.dumps(array(shape=(1,) * 40)).encode(), b"x" * 8],
    "short buffer": [json.dumps(array()).encode(), b"x" * 15],
    "long buffer": [json.dumps(array()).encode(), b"x" * 17],
    "array of a list": [json.dumps({"array": [["<f8"], [2], 1]}).encode(), b"x" * 16],
    "dict with a list as key": [b'{"dict": [[{"list": []}, null]]}'],
    "pair of three": [b'{"dict": [[null, null, null]]}'],
    "scalar of rank 1": [json.dumps({"scalar": array()}).encode(), b"x" * 16],
    "generator of text": [b'{"generator": "x"}'],
    "generator out of range": [b'{"generator": ["-1", "1", 0, 0]}'],
    "type name of a list": [b'{"object": []}'],
}


@pytest.mark.parametrize("frames", BROKEN.values(), ids=BROKEN)
def test_a_message_that_breaks_a_rule_is_refused(frames):
    """Malformed headers, shapes and buffers raise ProtocolError, before anything is allocated."""
    with pytest.raises(wire.ProtocolError):
        wire.decode(frames)


BEFORE_NUMPY = [
    ([json.dumps(array(shape=(-2,))).encode(), b"x" * 16], "impossible shape"),
    ([json.dumps(array(shape=(2**40, 0, 2**40))).encode(), b""], "impossible shape"),
    ([json.dumps(array(shape=(True,))).encode(), b"x" * 8], "impossible shape"),
    ([json.dumps(array()).encode(), b"x" * 17], "does not fit its shape"),
    ([b'{"generator": ["-1", "1", 0, 0]}'], "generator's state"),
    ([b'{"generator": ["%d", "1", 0, 0]}' % (1 << 128)], "generator's state"),
]


@pytest.mark.parametrize(("frames", "reason"), BEFORE_NUMPY)
def test_numpy_never_meets_a_lie(frames, reason):
    """What it might refuse as well, or not, is refused by a rule of ours."""
    with pytest.raises(wire.ProtocolError, match=reason):
        wire.decode(frames)


@pytest.mark.parametrize(
    "text",
    [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"1" * 21, b"[" * 129 + b"]" * 129, b'"\xc3\xa9"'],
)
def test_json_is_strict(text):
    """Also where no value of ours is read from it."""
    with pytest.raises(wire.ProtocolError):
        wire.strict_json(text)


@pytest.mark.parametrize(
    "lengths",
    [
        struct.pack("<I", 0),
        struct.pack("<I", 2**32 - 1),
        struct.pack("<IQ", 1, 2**63),
        struct.pack("<IQQ", 2, 4, 65 << 20),
        struct.pack("<IQ", 1, 2 << 20),
    ],
)
def test_a_message_that_is_too_large_is_refused_before_it_is_kept(lengths):
    """Lengths beyond the bounds are refused when they are read, not when memory is full."""
    reader = wire.Reader()
    reader.feed(lengths)

    with pytest.raises(wire.ProtocolError):
        reader.next()


def test_the_layout_of_an_array_travels():
    """Read-only arrays arrive read-only, non-contiguous ones non-contiguous."""
    frozen, strided = np.arange(4.0), np.arange(12.0).reshape(3, 4)[:, ::2]
    frozen.flags.writeable = False

    first, second = wire.decode(wire.encode([frozen, strided]))

    assert not first.flags.writeable
    assert not second.flags.c_contiguous
    assert np.array_equal(second, strided)


def test_a_generator_goes_on_where_it_was():
    """A PCG64 generator travels with its state; others only by their name."""
    sent = np.random.default_rng(7)
    sent.integers(5, dtype=np.uint32)

    arrived = wire.decode(wire.encode(sent))

    assert arrived.normal() == sent.normal()
    other = np.random.Generator(np.random.MT19937(1))
    assert wire.decode(wire.encode(other)) == wire.Opaque("Generator")


def test_what_is_no_data_travels_by_name():
    """Objects, functions, structured and object arrays arrive as their type's name."""
    records = np.zeros(2, dtype=[("a", "f8")])

    assert wire.decode(wire.encode([object(), len, records])) == [
        wire.Opaque("object"),
        wire.Opaque("builtin_function_or_method"),
        wire.Opaque("ndarray of void64"),
    ]


@pytest.mark.parametrize(
    "value",
    [wire.Named("secret"), wire.Callback("#1"), wire.Network("{}"), [({"a": wire.Named("f")},)]],
)
def test_only_the_host_names_functions(value):
    """A name that a box sent could be called in another one; so it is no message."""
    packed = wire.pack(value)
    box, host = wire.Reader(of_host=True), wire.Reader()
    box.feed(packed)
    host.feed(packed)

    assert box.next() == value
    with pytest.raises(wire.ProtocolError, match="function"):
        host.next()


def test_handles_and_symbols_travel():
    """Objects go by their number, symbolic tensors by shape and dtype."""
    value = (wire.Handle(3, "Dense"), wire.Symbol((None, 4), "float32"))
    host = wire.Reader()
    host.feed(wire.pack(value))

    assert host.next() == value


@pytest.mark.parametrize(
    "tree",
    [
        {"handle": [-1, "x"]},
        {"handle": [1 << 40, "x"]},
        {"handle": [True, "x"]},
        {"handle": ["1", "x"]},
        {"handle": [1, "x" * 200]},
        {"handle": [1]},
        {"symbol": [[-1], "float32"]},
        {"symbol": [[1.5], "float32"]},
        {"symbol": [[1] * 50, "float32"]},
        {"symbol": ["ab", "float32"]},
        {"symbol": [[1], 7]},
    ],
)
def test_malformed_handles_and_symbols_are_refused(tree):
    """A number out of range, a shape that none can have, a name that is none."""
    with pytest.raises(wire.ProtocolError):
        wire.decode([json.dumps(tree).encode()])
