"""A box believes nothing: here a fake zygote lies in every way that the pipes allow."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from grader.errors import MachineError
from grader.inside import wire
from grader.inside.relay import CALLS, CONTROL, DRIVER, HEADER
from grader.records import Cell, Ending, Program, Reply
from grader.sandbox.box import Box
from grader.settings import Limits
from tests.hostile.script import HostileLauncher, Script, say

DONE = wire.pack({"event": "done"})
NONCE = "N" * 32  # the peer puts the call's own there
LIMITS = Limits(cell_seconds=2, call_seconds=0.2, restarts=1)


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch):
    """A peer that does not react to the interrupt is not waited for: it never does."""
    monkeypatch.setattr("grader.sandbox.calling.GRACE_SECONDS", 0.05)
    monkeypatch.setattr("grader.sandbox.cells.GRACE_SECONDS", 0.05)


def session_with(driver: list[bytes], kernel: bytes | None = None, cells: int = 1):
    """A box and its session, on a zygote that says these things."""
    said = Script(
        cells=[[say(DRIVER, part) for part in driver]],
        calls=[] if kernel is None else [[say(CALLS, kernel)]],
    )
    box = Box(HostileLauncher(said))
    return box, box.session(Program((Cell("x"),) * cells), LIMITS)


def event(**fields) -> bytes:
    return wire.pack(fields)


BEGIN = event(event="begin", index=0)
GOOD = {"event": "end", "index": 0, "outputs": "[]", "raised": None, "truncated": False}
DISPLAY = '[{{"output_type": "display_data", "data": {{"x": {}}}, "metadata": {{}}}}]'
ENDS = {
    "garbage": b"\xff" * 64,
    "huge": b"\x01\x00\x00\x00" + b"\xff" * 8,
    "a list": wire.pack([1]),
    "an event that is an array": event(event=np.zeros(3), index=0),
    "an unknown event": event(event="grade", score=100),
    "a cell that begins twice": event(event="begin", index=0),
    "a cell that there is none of": event(event="begin", index=9),
    "another cell's end": event(**{**GOOD, "index": 7}),
    "outputs that are no text": event(**{**GOOD, "outputs": 1}),
    "outputs that are no JSON": event(**{**GOOD, "outputs": "{"}),
    "deep outputs": event(**{**GOOD, "outputs": "[" * 100_000}),
    "outputs that are no list": event(**{**GOOD, "outputs": "{}"}),
    "an output of an unknown kind": event(**{**GOOD, "outputs": '[{"output_type": "script"}]'}),
    "outputs with NaN": event(**{**GOOD, "outputs": DISPLAY.format("NaN")}),
    "outputs with a number beyond all numbers": event(
        **{**GOOD, "outputs": DISPLAY.format("1e999")}
    ),
    "outputs deeper than can be sent to another process": event(
        **{**GOOD, "outputs": DISPLAY.format("[" * 900 + "]" * 900)}
    ),
    "outputs beyond their size": event(**{**GOOD, "outputs": "[" + " " * 3_000_000 + "]"}),
    "more outputs than are kept": event(
        **{
            **GOOD,
            "outputs": json.dumps([{"output_type": "stream", "name": "", "text": ""}] * 4001),
        }
    ),
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
    box, session = session_with([BEGIN + end + DONE])
    with box, session:
        assert session.execution.cells[0].ending is Ending.PROTOCOL
        assert "protocol" in session.flags


def reply(**fields) -> bytes:
    facts = {"ending": "finished", "value": 1, "changed": [], "generators": {}}
    return wire.pack({"nonce": NONCE, **facts, **fields})


REPLIES = {
    "garbage": b"\xff" * 64,
    "a list": wire.pack([1]),
    "an ending that is an array": reply(ending=np.zeros(3)),
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
        session.close()
        assert "container_replaced" in session.flags
        assert box._launcher.started == 2


def test_a_proper_reply_is_taken():
    """The fake zygote can tell the truth: what the tests above refuse is refused for its lie."""
    box, session = session_with([DONE], reply(value=3))
    with box, session:
        assert session.call("f", (1,)).value == 3
        session.close()
        assert session.flags == ()
        assert box._launcher.started == 1


@pytest.mark.parametrize("nonce", ["0" * 32, [NONCE], np.zeros(3)])
def test_a_reply_to_another_call_is_ignored(nonce):
    """Without the call's nonce nothing counts, and the call runs out of time."""
    box, session = session_with([DONE], reply(nonce=nonce))
    with box, session:
        assert session.call("f").ending is Ending.OUT_OF_TIME


def test_a_flood_of_replies_to_other_calls_is_a_protocol_ending():
    """A few strays are put up with; who never stops talking ends the call."""
    box, session = session_with([DONE], reply(nonce="0" * 32) * 150)
    with box, session:
        assert session.call("f").ending is Ending.PROTOCOL


def test_a_reply_beside_strays_is_taken_and_flagged():
    """The value is the submission's own; that it tried to forge another is told."""
    box, session = session_with([DONE], reply(nonce="0" * 32) + reply(value=3))
    with box, session:
        assert session.call("f").value == 3
        session.close()
        assert session.flags == ("forged_reply", "container_replaced")
        assert box._launcher.started == 2


def test_a_kernel_is_started_again_only_so_often():
    """What loses one kernel after another gets no more of them."""
    box, session = session_with([DONE], b"\xff" * 64)
    with box, session:
        endings = [session.call(name).ending for name in ("f", "g", "h")]
    assert endings == [Ending.PROTOCOL, Ending.PROTOCOL, Ending.SKIPPED]


def test_a_box_may_ask_only_so_much(monkeypatch):
    """A function of the host is called from the box a bounded number of times in one call."""
    monkeypatch.setattr("grader.sandbox.calling.MAX_QUESTIONS_BACK", 3)
    asks = say(CALLS, wire.pack({"nonce": NONCE, "ask": "f", "args": (), "kwargs": {}}))
    said = Script(cells=[[say(DRIVER, DONE)]], calls=[[asks]], answers=[asks])
    with Box(HostileLauncher(said)) as box, box.session(Program((Cell("x"),)), LIMITS) as session:
        session.substitute({"f": lambda *_: Reply(Ending.FINISHED, 1)})
        assert session.call("g").ending is Ending.PROTOCOL


def test_a_call_that_hangs_leaves_time_for_the_next():
    """A call has its own deadline, and does not use up what the submission has in all."""
    said = Script(cells=[[say(DRIVER, DONE)]] * 2, calls=[[], [say(CALLS, reply(value=3))]])
    limits = Limits(cell_seconds=2, call_seconds=0.2, total_seconds=6, restarts=3)
    with Box(HostileLauncher(said)) as box, box.session(Program((Cell("x"),)), limits) as session:
        assert session.call("f").ending is Ending.OUT_OF_TIME
        assert session.call("g").value == 3


def test_a_cell_that_hangs_leaves_time_for_the_next():
    """A cell has its own deadline as well."""
    after = [event(event="begin", index=1), event(**{**GOOD, "index": 1}), DONE]
    said = Script(cells=[[say(DRIVER, BEGIN)], [say(DRIVER, part) for part in after]])
    limits = Limits(cell_seconds=0.3, total_seconds=8, restarts=3)
    with (
        Box(HostileLauncher(said)) as box,
        box.session(Program((Cell("x"),) * 2), limits) as session,
    ):
        endings = [run.ending for run in session.execution.cells]
    assert endings == [Ending.OUT_OF_TIME, Ending.FINISHED]


def test_no_container_serves_for_ever(monkeypatch):
    """All forks of a zygote share its memory layout: after so many another one takes over."""
    monkeypatch.setattr("grader.sandbox.box.RECYCLE", 2)
    with Box(HostileLauncher(Script(cells=[[say(DRIVER, DONE)]]))) as box:
        for _ in range(4):
            box.session(Program((Cell("x"),)), LIMITS).close()
        assert box._launcher.started == 3


def test_a_submission_may_have_a_container_of_its_own():
    """With isolation `container` none is used twice."""
    launcher = HostileLauncher(Script(cells=[[say(DRIVER, DONE)]]))
    with Box(launcher, "container") as box:
        for _ in range(2):
            box.session(Program((Cell("x"),)), LIMITS).close()
    assert launcher.started == 3


@pytest.mark.parametrize(
    "control",
    [
        HEADER.pack(9, 1) + b"x",
        HEADER.pack(CONTROL, 2**31),
        HEADER.pack(CONTROL, 3) + b"{{{",
        HEADER.pack(CONTROL, 2) + b"[]",
        HEADER.pack(CONTROL, 1) + b"3",
        HEADER.pack(CONTROL, 3) + b"[1]",
        HEADER.pack(CONTROL, 5000) + b"[" * 5000,
        HEADER.pack(DRIVER, 3) + b"abc",
        HEADER.pack(CALLS, 0),
        b"",
    ],
)
def test_a_zygote_that_makes_no_sense_is_the_machines_fault(control):
    """Broken frames of the zygote itself, or its end, are a MachineError and no verdict."""
    box = Box(HostileLauncher(Script(fork=[["raw", control.hex()], ["end"]])))

    with box, pytest.raises(MachineError):
        box.session(Program((Cell("x"),)), LIMITS)


def test_a_generator_where_no_drawing_leads_is_a_protocol_ending():
    """A test goes on with the state that comes back, so nobody may choose it."""
    box, session = session_with([DONE], reply(generators={"0": np.random.default_rng(2)}))
    with box, session:
        assert session.call("f", (np.random.default_rng(1),)).ending is Ending.PROTOCOL


def test_questions_that_wait_in_the_channel_do_not_stop_the_clock():
    """However many were asked before the submission's time was over, none is answered after it."""
    asks = wire.pack({"nonce": NONCE, "ask": "f", "args": (), "kwargs": {}}) * 50
    said = Script(cells=[[say(DRIVER, DONE)]], calls=[[say(CALLS, asks)]])
    limits = Limits(cell_seconds=1, call_seconds=1, total_seconds=1, restarts=1)
    asked = []

    def slow(args, _):
        asked.append(args)
        time.sleep(0.05)
        return Reply(Ending.FINISHED, 1)

    with Box(HostileLauncher(said)) as box, box.session(Program((Cell("x"),)), limits) as session:
        session.substitute({"f": slow})
        assert session.call("g").ending is Ending.OUT_OF_TIME
    assert 0 < len(asked) < 50


def test_the_next_processes_of_a_submission_find_nothing_of_the_last():
    """Where a kernel leaves something that cannot be wiped, the next one starts in another box."""
    littered = {"event": "closed", "reasons": ["files in /tmp"], "processes": 2, "memory": False}
    said = Script(
        cells=[[say(DRIVER, DONE)]],
        calls=[[say(CALLS, b"\xff" * 64)]],
        close=[say(CONTROL, json.dumps(littered).encode())],
    )
    with Box(HostileLauncher(said)) as box, box.session(Program((Cell("x"),)), LIMITS) as session:
        assert session.call("f").ending is Ending.PROTOCOL
        assert box._launcher.started == 1
        session.call("g")
        assert box._launcher.started == 2
