"""J01: it sends replies to calls unasked, twice, ahead of time, in floods or without an end."""

from __future__ import annotations

from functools import partial

import numpy as np

from grader.records import Cell, Ending, Program, Reply
from tests.attacks.case import Case, Notebook, Script, Verdict
from tests.attacks.j_protocol.messages import ANY
from tests.attacks.room import LIMITS, Room

# What the host reads beside the cells: the channel of calls, while no call is on its way.
CHANNEL = "import gc\ncalls = next(o for o in gc.get_objects() if type(o).__name__ == 'Bridge')._calls\ncalls.setblocking(True)\n"


UNASKED = (
    CHANNEL
    + "import struct\nheader = b'{\"dict\":[]}'\nmessage = struct.pack('<IQ', 1, len(header)) + header\n"
)


FLOOD = UNASKED + "message *= 1000\nwhile True: calls.sendall(message)"


GARBAGE = CHANNEL + "while True: calls.sendall(b'\\xff' * 100_000)"


ENDLESS = (
    CHANNEL
    + "import struct\ncalls.sendall(struct.pack('<IQQ', 2, 10, 60_000_000))\nwhile True: calls.sendall(b' ' * 100_000)"
)


FLOOD_IN_CALL = (
    UNASKED
    + "message *= 1000\ndef linear(*a):\n    while True: calls.sendall(message)\n\n\nlinear_backward = linear\n"
)


THREADED = (
    UNASKED
    + """
import threading
message *= 1000
def flood():
    while True: calls.sendall(message)
threading.Thread(target=flood, daemon=True).start()
"""
)


# Its own function is answered by the host meanwhile, as where an earlier question was wrong.
ALL = ("conv_shapes", "pool2d", "linear", "layer_norm")


ASKS = """
import gc
bridge = next(o for o in gc.get_objects() if type(o).__name__ == "Bridge")
def first(): return 1
def good(): return 42
def bad():
    for _ in range(6):
        bridge._send({"ask": "first", "args": (), "kwargs": {}})
    while True: pass
"""


def asks_without_listening(room: Room) -> None:
    """Answers of 50 MB each wait for somebody who does not read them; then all goes on."""
    with room.grading.box.session(Program((Cell(ASKS),)), LIMITS["numpy"]) as session:
        session.substitute({"first": lambda *_: Reply(Ending.FINISHED, np.zeros(6_000_000))})
        assert session.call("bad").ending in {Ending.OUT_OF_TIME, Ending.PROTOCOL}
        assert session.call("good").value == 42


# Its arguments are as deep as a message may be, and a part of a network; what asks the reference
# for its part of that wraps them once more.
DEEP = """
import gc
bridge = next(o for o in gc.get_objects() if type(o).__name__ == "Bridge")
wire = type(bridge)._send.__globals__["wire"]
def first(): return 1
def good(): return 42
def bad():
    deep = wire.Symbol((None, 3), "float32")
    for _ in range(30): deep = [deep]
    bridge._send({"ask": "first", "args": (deep,), "kwargs": {}})
    return str(bridge._receive())
"""


def asks_too_deeply(room: Room) -> None:
    """The reference cannot be asked that: the call is lost, and the course's run goes on."""
    answer = partial(room.grading.reference.answer, "conv_num_params")
    with room.grading.box.session(Program((Cell(DEEP),)), LIMITS["numpy"]) as session:
        session.substitute({"first": answer})
        assert session.call("bad").ending in {Ending.FINISHED, Ending.PROTOCOL}
        assert session.call("good").value == 42


CASE = Case(
    number="J01",
    tries="Sends replies to calls unasked, twice, ahead of time, in floods or without an end.",
    stopped_by="Only the reply with the nonce of the call that runs counts; strays are counted.",
    variants={
        "unasked-in-a-cell": Notebook(
            Verdict.OK, UNASKED + "calls.sendall(message)", flags=("forged_reply",)
        ),
        "a-flood-in-a-cell": Notebook(
            Verdict.PROTO, FLOOD, ends=Ending.PROTOCOL, flags=("protocol",), may=ANY
        ),
        "garbage-in-a-cell": Notebook(
            Verdict.PROTO, GARBAGE, ends=Ending.PROTOCOL, flags=("protocol",), may=ANY
        ),
        "an-endless-message-in-a-cell": Notebook(Verdict.OK, ENDLESS, ends=None, may=ANY),
        "a-flood-in-a-call": Notebook(
            Verdict.PROTO, answer=FLOOD_IN_CALL, flags=("protocol",), may=ANY
        ),
        "asks-too-deeply": Script(asks_too_deeply, Verdict.PROTO),
        "asks-without-listening": Script(asks_without_listening, Verdict.TIME),
        "a-flood-by-a-thread": Notebook(
            Verdict.PROTO, THREADED, loses=(), more=True, ends=None, flags=("protocol",), may=ANY
        ),
    },
    quick=("unasked-in-a-cell", "a-flood-in-a-cell"),
    held_by=(
        "tests/unit/sandbox/test_box_hostile_peer.py::test_a_reply_to_another_call_is_ignored",
    ),
)
