"""X12: a database that is locked, or whose server goes away."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from tests.faults import school as at
from tests.faults.case import Case, Fault
from tests.faults.school import School


def lock(school: School) -> None:
    """Another program has the database for some seconds."""
    run, _ = school.halted(at.TO_BE_KEPT, 2)
    with closing(sqlite3.connect(school.book, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run.go_on()
        time.sleep(5)
        assert run.process.poll() is None, run.said
        other.execute("ROLLBACK")
    code, said = run.end()
    assert code == 0, said


def stop_server(school: School) -> None:
    """The server goes down for good in the middle of a run, and is back for the next."""
    assert school.server is not None
    run, _ = school.halted(at.TO_BE_KEPT, 2)
    school.server.stop("immediate")
    try:
        run.go_on()
        code, said = run.end()
    finally:
        school.server.start()
    assert code == 4
    assert "does not answer" in said


def restart_server(school: School) -> None:
    """The server is restarted between two results: the run notices nothing."""
    assert school.server is not None
    run, _ = school.halted(at.TO_BE_KEPT, 3)
    school.server.stop("immediate")
    school.server.start()
    run.go_on()
    code, said = run.end()
    assert code == 0, said


CASES = (
    Case(
        number="X12",
        injected="The database is locked, its server goes down, or is restarted.",
        promised="It is waited for, within bounds; nothing is lost, nothing there twice.",
        kept_by="A time limit for locks, a fresh connection for each transaction, a sentence.",
        variants={
            "locked": Fault(lock),
            "server-down": Fault(stop_server, "postgresql"),
            "server-restarted": Fault(restart_server, "postgresql"),
        },
        held_by=(
            "tests/flow/gradebook/test_faults.py::"
            "test_a_locked_gradebook_is_waited_for_and_then_named",
            "tests/flow/gradebook/test_faults.py::"
            "test_a_server_that_stops_within_a_transaction_keeps_none_of_it",
        ),
    ),
)
