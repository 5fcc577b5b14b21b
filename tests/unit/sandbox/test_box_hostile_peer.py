"""A box believes nothing: here a fake zygote lies in every way that the pipes allow."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
import pytest

from grader.errors import MachineError
from grader.inside import wire
from grader.inside.relay import CALLS, CONTROL, DRIVER, HEADER
from grader.records import Cell, Ending, Program
from grader.sandbox.box import Box, Size
from grader.settings import Limits

# Answers `fork` and `close` as a zygote does, and on the channels of kernel and driver whatever
# its script says: `driver` once as the cells are sent, `kernel` for each call. "NONCE" in a
# reply is replaced by the call's own.
PEER = """
import json, re, struct, sys
script = json.load(open(sys.argv[1]))
head = struct.Struct("<BI")
def say(channel, data):
    for start in range(0, len(data), 60_000):
        piece = data[start:start + 60_000]
        sys.stdout.buffer.write(head.pack(channel, len(piece)) + piece)
    sys.stdout.buffer.flush()
def tell(**event): say(0, json.dumps(event).encode())
tell(event="ready")
while True:
    header = sys.stdin.buffer.read(head.size)
    if len(header) < head.size: break
    channel, size = head.unpack(header)
    data = sys.stdin.buffer.read(size)
    if channel == 0:
        do = json.loads(data)["do"]
        if script.get("control"):
            sys.stdout.buffer.write(bytes.fromhex(script["control"]))
            break
        if do == "fork": tell(event="forked")
        if do == "close": tell(event="closed", reasons=[], processes=2, memory=False)
    elif channel == 2:
        for part in script["driver"]: say(2, bytes.fromhex(part))
    elif script["kernel"] is not None:
        nonce = re.search(rb"nonce([0-9a-f]{32})", data)
        say(1, bytes.fromhex(script["kernel"]).replace(b"N" * 32, nonce[1] if nonce else b""))
"""
DONE = wire.pack({"event": "done"})
NONCE = "N" * 32
LIMITS = Limits(cell_seconds=2, call_seconds=0.2, restarts=1)


class FakeLauncher:
    """Starts the fake zygote with a script of lies."""

    image_id = "fake"
    missing_protection = ()

    def __init__(self, driver: list[bytes], kernel: bytes | None = None, control: bytes = b""):
        script = {"driver": [part.hex() for part in driver], "control": control.hex()}
        script |= {"kernel": None if kernel is None else kernel.hex()}
        self._script = tempfile.NamedTemporaryFile("w")  # noqa: SIM115  (until `close`)
        json.dump(script, self._script)
        self._script.flush()

    def start(self, _size: Size, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", PEER, self._script.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )

    def missing_walls(self, size: Size, facts: Mapping[str, Any]) -> list[str]:
        return []

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        process.kill()
        process.wait()

    def close(self) -> None:
        self._script.close()


def session_with(driver: list[bytes], kernel: bytes | None = None, cells: int = 1):
    """A box and its session, on a zygote that says these things."""
    box = Box(FakeLauncher(driver, kernel))
    return box, box.session(Program((Cell("x"),) * cells), LIMITS)


def event(**fields) -> bytes:
    return wire.pack(fields)


BEGIN = event(event="begin", index=0)
GOOD = {"event": "end", "index": 0, "outputs": "[]", "raised": None, "truncated": False}
ENDS = {
    "garbage": b"\xff" * 64,
    "huge": b"\x01\x00\x00\x00" + b"\xff" * 8,
    "a list": wire.pack([1]),
    "an unknown event": event(event="grade", score=100),
    "a cell that begins twice": event(event="begin", index=0),
    "a cell that there is none of": event(event="begin", index=9),
    "another cell's end": event(**{**GOOD, "index": 7}),
    "outputs that are no text": event(**{**GOOD, "outputs": 1}),
    "outputs that are no JSON": event(**{**GOOD, "outputs": "{"}),
    "deep outputs": event(**{**GOOD, "outputs": "[" * 100_000}),
    "outputs that are no list": event(**{**GOOD, "outputs": "{}"}),
    "an output of an unknown kind": event(**{**GOOD, "outputs": '[{"output_type": "script"}]'}),
    "an output without text": event(**{**GOOD, "outputs": '[{"output_type": "stream"}]'}),
    "a line that is no number": event(
        **{**GOOD, "raised": {"type": "E", "message": "", "cell": 0, "line": "x"}}
    ),
    "a huge message": event(
        **{**GOOD, "raised": {"type": "E", "message": "x" * 10**6, "cell": 0, "line": 1}}
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_lying_driver_costs_the_cell(end):
    """What is no proper event of the driver is a protocol ending, and flagged."""
    box, session = session_with([BEGIN + end])
    with box, session:
        assert session.execution.cells[0].ending is Ending.PROTOCOL
        assert "protocol" in session.flags


def reply(**fields) -> bytes:
    facts = {"ending": "finished", "value": 1, "changed": [], "generators": {}}
    return wire.pack({"nonce": NONCE, **facts, **fields})


REPLIES = {
    "garbage": b"\xff" * 64,
    "a list": wire.pack([1]),
    "an unknown ending": reply(ending="perfect"),
    "a changed argument that was not sent": reply(changed=["5"]),
    "changed that is no list": reply(changed="0"),
    "a generator that was not sent": reply(generators={"0": np.random.default_rng(1)}),
    "generators that are none": reply(generators={"0": 1}),
    "an exception without a type": reply(ending="raised"),
    "a question about a function that was not substituted": reply(ask="f", args=(), kwargs={}),
}


@pytest.mark.parametrize("answer", REPLIES.values(), ids=REPLIES)
def test_a_lying_kernel_costs_the_call(answer):
    """What is no proper reply is a protocol ending, and flagged."""
    box, session = session_with([DONE], answer)
    with box, session:
        assert session.call("f", (1,)).ending is Ending.PROTOCOL
        assert "protocol" in session.flags
    assert "container_replaced" in session.flags


def test_a_proper_reply_is_taken():
    """The fake zygote can tell the truth: what the tests above refuse is refused for its lie."""
    box, session = session_with([DONE], reply(value=3))
    with box, session:
        assert session.call("f", (1,)).value == 3
    assert session.flags == ()


def test_a_reply_to_another_call_is_ignored():
    """Without the call's nonce nothing counts, and the call runs out of time."""
    box, session = session_with([DONE], reply(nonce="0" * 32))
    with box, session:
        assert session.call("f").ending is Ending.OUT_OF_TIME


@pytest.mark.parametrize(
    "control",
    [
        HEADER.pack(9, 1) + b"x",
        HEADER.pack(CONTROL, 2**31),
        HEADER.pack(CONTROL, 3) + b"{{{",
        HEADER.pack(CONTROL, 2) + b"[]",
        HEADER.pack(DRIVER, 3) + b"abc",
        HEADER.pack(CALLS, 0),
        b"",
    ],
)
def test_a_zygote_that_makes_no_sense_is_the_machines_fault(control):
    """Broken frames of the zygote itself, or its end, are a MachineError and no verdict."""
    box = Box(FakeLauncher([], control=control or b"\0"))

    with box, pytest.raises(MachineError):
        box.session(Program((Cell("x"),)), LIMITS)
