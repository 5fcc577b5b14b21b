"""X21 to X26: clocks, runs at the same time, pauses, servers that are slow, versions, SIGTERM."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.faults import school as at
from tests.faults.case import Case, Fault
from tests.faults.school import School, wait_for

PAUSE = 9.0  # longer than a call of a student's function may take
MIGRATED = "alembic.command:upgrade:after"


def step_clock(step: str) -> Callable[[School], None]:
    """The machine's clock is set while a run halts; what only counts seconds goes on as before."""

    def play(school: School) -> None:
        library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
        if library is None:
            pytest.skip("libfaketime is not installed (make faults installs it)")
        clock = school.folder / "clock"
        clock.write_text("+0")
        variables = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        run, _ = school.halted(at.CALLED, 4, environment=variables)
        clock.write_text(step)
        run.go_on()
        code, said = run.end()
        assert code == 0, said

    return play


def two_at_once(school: School) -> int:
    """Two commands grade the same class into the same gradebook."""
    runs = [school.begin(), school.begin()]
    for run in runs:
        code, said = run.end()
        assert code == 0, said
    return 2


def wake_up_late(school: School) -> None:
    """A command is stopped before it keeps a result; another one grades all; the first wakes up."""
    run, _ = school.halted(at.TO_BE_KEPT, 2)
    process = psutil.Process(run.process.pid)
    process.suspend()
    run.go_on()
    code, said = school.grade()
    assert code == 0, said
    process.resume()
    code, said = run.end()
    assert code == 0, said


def pause_worker(school: School) -> None:
    """A worker is stopped during a call, for longer than a call may take: nobody loses points."""
    run, worker = school.halted(at.CALLED, 4)
    run.go_on()
    worker.suspend()
    time.sleep(PAUSE)
    worker.resume()
    code, said = run.end()
    assert code == 0, said


def pause_all(school: School) -> None:
    """The machine sleeps during a call: the command, its worker and its boxes all stop."""
    run, _ = school.halted(at.CALLED, 4)
    family = run.family()
    run.go_on()
    for process in family:
        process.suspend()
    time.sleep(PAUSE)
    for process in reversed(family):
        process.resume()
    code, said = run.end()
    assert code == 0, said


def slow_server(school: School) -> None:
    """No answer of the database for some seconds, while a result is kept."""
    assert school.server is not None
    run, _ = school.halted(at.TO_BE_KEPT, 2)
    main = psutil.Process(
        int((school.server.folder / "data/postmaster.pid").read_text().split()[0])
    )
    family = [main, *main.children(recursive=True)]
    for process in family:
        process.suspend()
    run.go_on()
    time.sleep(PAUSE)
    for process in family:
        process.resume()
    code, said = run.end()
    assert code == 0, said


def kill_migration(school: School) -> None:
    """Kill the command when it has made the tables, before the COMMIT."""
    run, _ = school.halted(MIGRATED)
    run.kill()


def restore_backup(school: School) -> None:
    """The gradebook is put back from a copy that was made in the middle of a run."""
    run, _ = school.halted(at.KEPT, 2)
    files = [path for path in school.folder.glob("book.sqlite*") if "shm" not in path.name]
    copies = school.folder / "backup"
    copies.mkdir()
    for path in files:
        shutil.copy(path, copies)
    run.go_on()
    assert run.end()[0] == 0
    for path in school.folder.glob("book.sqlite*"):
        path.unlink()
    for path in copies.iterdir():
        shutil.copy(path, school.folder)


def ask_to_stop(number: signal.Signals) -> Callable[[School], None]:
    """The command is asked to end while a submission is at a worker."""

    def play(school: School) -> None:
        run, _ = school.halted(at.CLAIMED, 2)
        run.process.send_signal(number)
        wait_for(lambda: "Interrupted" in run.said or run.process.poll() is not None)
        run.go_on()
        code, said = run.end()
        assert code == 130, (code, said)
        assert "submissions were not graded" in said

    return play


CASES = (
    Case(
        number="X21",
        injected="The clock is set forward or back by an hour in the middle of a call.",
        promised="Limits and results are as without it.",
        kept_by="Limits are measured by the monotonic clock; no decision rests on the time of day.",
        variants={"forward": Fault(step_clock("+3600")), "back": Fault(step_clock("-3600"))},
    ),
    Case(
        number="X22",
        injected="Two runs at once; a run, a worker or all is stopped and wakes up after others.",
        promised="Nothing is kept twice, and nobody pays for a pause of the machine.",
        kept_by="The key of a result is looked up in the transaction that adds it; the clock of a "
        "call stands still while its process does.",
        variants={
            "two-sqlite": Fault(two_at_once),
            "two-postgresql": Fault(two_at_once, "postgresql"),
            "wakes-up-sqlite": Fault(wake_up_late),
            "wakes-up-postgresql": Fault(wake_up_late, "postgresql"),
            "paused-worker": Fault(pause_worker),
            "paused-all": Fault(pause_all),
        },
        held_by=(
            "tests/flow/gradebook/test_store.py::test_two_writers_at_once_record_each_key_once",
        ),
    ),
    Case(
        number="X23",
        injected="The database gives no answer for some seconds; duplicate delivery of a result.",
        promised="It is waited for; what comes twice is kept once.",
        kept_by="The key of a result. There is no queue that could deliver out of order.",
        variants={"no-answer": Fault(slow_server, "postgresql")},
    ),
    Case(
        number="X24",
        injected="A grader of another version, or a worker with another image, joins.",
        promised="Its results are others, or it refuses.",
        kept_by="Version, course and image are in the key; a worker compares the image.",
        held_by=("tests/unit/batch/test_digests.py::test_another_image_touches_all",),
    ),
    Case(
        number="X25",
        injected="kill -9 during a migration; a copy from the middle of a run is put back.",
        promised="The old version or the new one; what is missing in the copy is graded again.",
        kept_by="A migration is one transaction, in SQLite as well; keys of results.",
        variants={
            "migration-sqlite": Fault(kill_migration),
            "migration-postgresql": Fault(kill_migration, "postgresql"),
            "backup": Fault(restore_backup),
        },
        held_by=(
            "tests/flow/gradebook/test_migrations.py::"
            "test_a_migration_that_fails_leaves_the_old_version",
            "tests/flow/gradebook/test_migrations.py::"
            "test_a_newer_gradebook_is_refused_and_left_as_it_is",
        ),
    ),
    Case(
        number="X26",
        injected="SIGTERM or Ctrl-C.",
        promised="What is running is finished and kept; exit code 130, and how many are left.",
        kept_by="Both only ask to stop; the second time they do it at once.",
        variants={
            "sigterm": Fault(ask_to_stop(signal.SIGTERM)),
            "ctrl-c": Fault(ask_to_stop(signal.SIGINT)),
        },
        held_by=(
            "tests/flow/test_batch.py::test_ctrl_c_keeps_what_was_graded",
            "tests/flow/test_batch.py::test_a_second_ctrl_c_stops_at_once",
            "tests/flow/test_interrupt.py::test_what_was_graded_before_an_interrupt_is_kept",
        ),
    ),
)
