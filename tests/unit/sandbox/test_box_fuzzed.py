"""However a peer, a message or a file was made hostile, the host ends as it has promised.

`make fuzz` does the same for an hour. Hypothesis plays the part of chance here, so that what breaks
something is shown at its smallest.
"""

from __future__ import annotations

import contextlib
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import MachineError
from grader.inside import relay
from grader.records import Cell, Program
from grader.sandbox.box import Box
from tests.hostile.bytes_read import (
    hostile_file,
    hostile_message,
    read_file,
    read_message,
)
from tests.hostile.mutating import hostile_script, split
from tests.hostile.recording import recorded
from tests.hostile.script import HostileLauncher, Script, say
from tests.hostile.trial import LIMITS, bounded, hurried, play

CHANCE = st.randoms(use_true_random=False)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def test_an_honest_peer_is_believed():
    """What was recorded is what the trials count as honest: no lie, no flag."""
    seeds = recorded()
    honest = Script(
        cells=[[say(relay.DRIVER, seeds["cells"])]],
        calls=[[say(relay.CALLS, call)] for call in seeds["calls"]],
    )

    with hurried():
        assert play(honest) == (
            "['finished', 'raised', 'finished'] ['finished', 'finished', 'finished'] ()"
        )


def test_a_flood_while_the_host_writes_fills_no_memory():
    """What is sent to a call is large, and for each part of it come megabytes back."""
    flood = Script(
        cells=[[say(relay.DRIVER, split(recorded()["cells"])[-1])]],
        answers=[["flood", relay.CALLS, bytes(50_000).hex(), 40]],
    )
    with hurried(), bounded(), Box(HostileLauncher(flood)) as box:
        session = box.session(Program((Cell("x"),)), LIMITS)
        with contextlib.suppress(MachineError):  # this peer reads nothing until it is heard
            session.call("f", (np.zeros(4_000_000),))
        session.close()


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(CHANCE)
def test_a_hostile_peer_costs_its_submission_and_nothing_else(random: Random):
    """An ending for each cell and call, or a sentence; in time, in memory, and never a lie."""
    with hurried():
        play(hostile_script(random))


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(CHANCE)
def test_a_hostile_message_is_data_or_refused(random: Random):
    """Nothing but plain data comes out of a message, and no exception but the one."""
    read_message(hostile_message(random))


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(CHANCE)
def test_a_hostile_file_is_read_or_refused_in_a_sentence(random: Random):
    """And what is read can be stored."""
    read_file(hostile_file(random))
