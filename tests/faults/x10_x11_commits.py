"""X10 and X11: what stops a gradebook in the middle of a COMMIT."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import event

from grader.errors import GraderError
from grader.gradebook.store import open_gradebook
from tests.faults.case import Case, Fault
from tests.faults.school import School, wait_for
from tests.unit.gradebook.builders import attempt, result

KILLS = 100
CRASHES = 8
POWER_CUTS = 60
MOST_SECONDS = 0.04
BEGUN, ACKNOWLEDGED = b"c", b"a"
NOTEBOOK = 4000


class Writer:
    """A process that records one attempt after another, and says what it is about to commit."""

    def __init__(self, place: str, first: int) -> None:
        self._told, ours = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _record_for_ever(place, first, ours)
        os.close(ours)
        self._heard = b""

    def wait_for(self, word: bytes) -> None:
        """Come back when it has said that."""
        while not self._heard.endswith(word):
            self._heard += os.read(self._told, 1)

    def end(self) -> tuple[int, bool]:
        """Kill it: how many were acknowledged, and whether that was inside of a COMMIT."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        with os.fdopen(self._told, "rb") as file:
            said = self._heard + file.read()
        return said.count(ACKNOWLEDGED), said.endswith(BEGUN)


def _record_for_ever(place: str, number: int, told: int) -> None:
    """What the process does; it never comes back."""
    try:
        with open_gradebook(place, patience=5) as gradebook:
            event.listen(gradebook._engine, "commit", lambda _: os.write(told, BEGUN))
            while True:
                gradebook.record(attempt(number=number), os.urandom(NOTEBOOK))
                os.write(told, ACKNOWLEDGED)
                number += 1
    except GraderError:
        os._exit(4)
    finally:
        os._exit(1)


def _wait_for_server(place: str) -> None:
    """A COMMIT that was on its way when its writer was killed is still carried out."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(place.replace("+psycopg", ""), autocommit=True) as connection:
        wait_for(lambda: connection.execute(others).fetchone() == (0,))


def _count(place: str) -> int:
    """How many attempts there are: without gaps, and each once."""
    with open_gradebook(place) as gradebook:
        numbers = [number for _, _, number in gradebook.numbers("tiny")]
    assert numbers == [*range(len(numbers))]
    return len(numbers)


def _all_whole(place: str) -> None:
    with open_gradebook(place) as gradebook:
        assert all(one.result == result() for one in gradebook.attempts("tiny"))


def kill_writers(school: School) -> int:
    """Kill, at random moments, a process that does nothing but COMMIT."""
    place = str(school.folder / "many.sqlite")
    if school.server is not None:
        place = school.server.database()
    chance = random.Random(10)
    inside = there = 0
    for kill in range(KILLS):
        writer = Writer(place, there)
        writer.wait_for(ACKNOWLEDGED)
        if kill % 2:  # anywhere; or, every other time, at once after a COMMIT has begun
            time.sleep(chance.uniform(0, MOST_SECONDS))
        else:
            writer.wait_for(BEGUN)
        acknowledged, committing = writer.end()
        if school.server is not None:
            _wait_for_server(place)
        before, there = there, _count(place)
        assert before + acknowledged <= there <= before + acknowledged + committing
        inside += committing
        if school.server is None:
            with closing(sqlite3.connect(place)) as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    _all_whole(place)
    assert inside > KILLS / 10
    return KILLS


def kill_server(school: School) -> int:
    """Kill every process of the server while another process does nothing but COMMIT."""
    server = school.server
    assert server is not None
    place = server.database()
    chance = random.Random(11)
    there = 0
    for _ in range(CRASHES):
        writer = Writer(place, there)
        writer.wait_for(ACKNOWLEDGED)
        time.sleep(chance.uniform(0, MOST_SECONDS))
        main = psutil.Process(int((server.folder / "data/postmaster.pid").read_text().split()[0]))
        family = [main, *main.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family)
        acknowledged, committing = writer.end()
        server.start()
        before, there = there, _count(place)
        assert before + acknowledged <= there <= before + acknowledged + committing
    _all_whole(place)
    return CRASHES


def cut_power(school: School) -> int:
    """Copy the files at random moments; where a COMMIT had begun, the end of its log is torn off.

    The writer waits for the disk before it acknowledges (`synchronous` is FULL), so that what the
    log held at the last acknowledgement is safe; of what came after, the end may be missing.
    """
    place, copies = school.folder / "many.sqlite", school.folder / "copies"
    with open_gradebook(place) as gradebook, gradebook._reading() as session:
        full = session.connection().exec_driver_sql("PRAGMA synchronous").scalar()
    assert full == 2
    chance = random.Random(12)
    log = Path(f"{place}-wal")
    for _ in range(POWER_CUTS):
        first = _count(str(place))
        writer = Writer(str(place), first)
        writer.wait_for(ACKNOWLEDGED)
        time.sleep(chance.uniform(0, MOST_SECONDS))
        os.kill(writer.pid, signal.SIGSTOP)
        wait_for(lambda writer=writer: psutil.Process(writer.pid).status() == "stopped")  # type: ignore[misc]
        shutil.copytree(school.folder, copies, ignore=lambda _, names: _others(names))
        size = log.stat().st_size
        acknowledged, committing = writer.end()
        copied = copies / place.name
        torn = Path(f"{copied}-wal")
        if committing:  # the last frames were not acknowledged: any part of them may be lost
            frames = torn.read_bytes()
            torn.write_bytes(frames[: size - chance.randrange(1, 24)])
        there = _count(str(copied))
        assert first + acknowledged <= there <= first + acknowledged + committing
        _all_whole(str(copied))
        shutil.rmtree(copies)
        _restart(place)
    return POWER_CUTS


def _others(names: list[str]) -> list[str]:
    return [name for name in names if not name.startswith("many.sqlite")]


def _restart(place: Path) -> None:
    """An empty gradebook, so that no checkpoint moves the log's content while it is looked at."""
    for path in place.parent.glob(f"{place.name}*"):
        path.unlink()


CASES = (
    Case(
        number="X10",
        injected="kill -9 at random moments of a process that does nothing but COMMIT.",
        promised="An attempt is there whole or not at all, and what was acknowledged is there.",
        kept_by="SQLite's log with synchronous=FULL; PostgreSQL's log; one transaction for each.",
        variants={
            "sqlite": Fault(kill_writers),
            "postgresql": Fault(kill_writers, "postgresql"),
            "server": Fault(kill_server, "postgresql"),
        },
        held_by=(
            "tests/flow/gradebook/test_faults.py::test_a_killed_writer_leaves_a_whole_gradebook",
        ),
    ),
    Case(
        number="X11",
        injected="A power cut: the files as they are at any moment, the end of the log torn off.",
        promised="What was acknowledged survives.",
        kept_by="synchronous=FULL: the disk has a result before the grader says that it is kept.",
        variants={"torn-log": Fault(cut_power)},
    ),
)
