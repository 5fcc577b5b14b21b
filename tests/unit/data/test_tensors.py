"""The reader of PyTorch's file format: it reads tensors, and opens no door to anything else."""

from __future__ import annotations

import pickle
import struct

import numpy as np
import pytest

from grader.data.tensors import MAGIC, VERSION, read_tensors

MACHINE = {"protocol_version": VERSION, "little_endian": True, "type_sizes": {}}


def name(path):
    """The opcode that fetches a name, as the file format has it."""
    return (
        b"c" + path.rpartition(".")[0].encode() + b"\n" + path.rpartition(".")[2].encode() + b"\n"
    )


def text(value):
    return b"X" + struct.pack("<i", len(value)) + value.encode()


def number(value):
    return b"J" + struct.pack("<i", value)


def row(*items):
    """A tuple of what is already pickled."""
    return b"(" + b"".join(items) + b"t"


REBUILD = "torch._utils._rebuild_tensor_v2"


def tensor(key, kind, window, called=REBUILD, size=6):
    """A tensor as PyTorch pickles it: a function to call with a storage and a window of it."""
    offset, shape, strides = window
    place = row(text("storage"), name(f"torch.{kind}"), text(key), text("cpu"), number(size), b"N")
    window = (number(offset), row(*map(number, shape)), row(*map(number, strides)))
    return name(called) + row(place + b"Q", *window) + b"R"


def state_dict(tensors, storages, magic=MAGIC, machine=MACHINE):
    """A file: the tensors by name and the numbers of each storage by key."""
    items = b"".join(text(key) + value for key, value in tensors.items())
    named = b"\x80\x02" + name("collections.OrderedDict") + b")R(" + items + b"u."
    parts = [pickle.dumps(each, protocol=2) for each in (magic, VERSION, machine)]
    keys = pickle.dumps(list(storages), protocol=2)
    raw = [struct.pack("<q", each.size) + each.tobytes() for each in storages.values()]
    return b"".join([*parts, named, keys, *raw])


SIX = np.arange(6, dtype="<f4")
WHOLE = (0, (6,), (1,))


def test_tensors_are_windows_of_storages():
    """Shape, strides and offset are those of the file; integers stay integers."""
    content = state_dict(
        {
            "plain": tensor("a", "FloatStorage", (0, (2, 3), (3, 1))),
            "turned": tensor("a", "FloatStorage", (0, (3, 2), (1, 3))),
            "later": tensor("a", "FloatStorage", (4, (2,), (1,))),
            "count": tensor("b", "LongStorage", (0, (), ()), size=1),
        },
        {"a": SIX, "b": np.array([7], dtype="<i8")},
    )

    found = read_tensors(content)

    assert found["plain"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found["turned"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert found["later"].tolist() == [4, 5]
    assert found["count"] == 7
    assert found["plain"].dtype == np.float32


@pytest.mark.parametrize(
    "called", ["os.system", "builtins.eval", "torch.load", "collections.OrderedDict.update"]
)
def test_other_names_are_refused(called):
    """A file that names any other function is refused; nothing of it is called."""
    content = state_dict({"a": tensor("a", "FloatStorage", WHOLE, called)}, {"a": SIX})

    with pytest.raises(ValueError, match="a state dict has no"):
        read_tensors(content)


@pytest.mark.parametrize(
    "window", [(4, (3,), (1,)), (0, (6,), (2,)), (-1, (2,), (1,)), (0, (10**5, 10**5), (0, 0))]
)
def test_a_window_cannot_leave_its_storage(window):
    """Strides that reach outside of the numbers are refused instead of followed."""
    content = state_dict({"a": tensor("a", "FloatStorage", window)}, {"a": SIX})

    with pytest.raises(ValueError, match="no file of weights"):
        read_tensors(content)


@pytest.mark.parametrize("kept", [0, 1, 40, 150, -1])
def test_a_file_that_is_cut_short_is_refused(kept):
    """Whatever is missing, the answer is one sentence."""
    whole = state_dict({"a": tensor("a", "FloatStorage", WHOLE)}, {"a": SIX})

    with pytest.raises(ValueError, match="no file of weights"):
        read_tensors(whole[:kept])


def test_another_kind_of_file_is_refused():
    """A magic number or a byte order that is not known is refused."""
    for content in (
        state_dict({}, {}, magic=1),
        state_dict({}, {}, machine=MACHINE | {"little_endian": False}),
        pickle.dumps({"a": 1}),
    ):
        with pytest.raises(ValueError, match="no file of weights"):
            read_tensors(content)
