"""G05: it takes processor and memory bandwidth from a neighbour."""

from __future__ import annotations

import threading
import time

from grader.records import Cell, Ending, Program
from grader.sandbox import open_box
from tests.attacks.case import Case, Script
from tests.attacks.room import LIMITS, marks

STARVE = """
import os, threading, time
import numpy as np
for _ in range(4):
    if os.fork() == 0:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            np.ones(5_000_000).sum()
time.sleep(60)
"""


def starved(room) -> None:
    """A neighbour burns its share meanwhile; the canary's score is the same, though it waits."""
    limits = LIMITS["numpy"].model_copy(update={"cell_seconds": 8})
    ended = []

    def neighbour() -> None:
        with (
            open_box("docker", "numpy") as box,
            box.session(Program((Cell(STARVE),)), limits) as session,
        ):
            ended.append(session.execution.cells[0].ending)

    thread = threading.Thread(target=neighbour)
    thread.start()
    time.sleep(3)
    while thread.is_alive():
        assert marks(room.canary()) == room.marks
    thread.join()
    assert ended == [Ending.OUT_OF_TIME]


CASE = Case(
    number="G05",
    tries="Takes processor and memory bandwidth from a neighbour.",
    stopped_by="Limits of time are generous; a neighbour's score does not change.",
    variants={"starves": Script(starved)},
)
