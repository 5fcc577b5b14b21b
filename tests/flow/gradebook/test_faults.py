"""A database that fails: one sentence, the exit code, and nothing lost or half written."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.errors import MachineError, UsageError
from grader.gradebook import rows
from grader.gradebook.store import Gradebook, open_gradebook
from tests.postgres import Server
from tests.unit.gradebook.builders import attempt, result

ROOT = Path(__file__).parent.parent.parent.parent
RECORD = """\
import sys
from grader.errors import GraderError
from grader.gradebook.store import open_gradebook
from tests.unit.gradebook.builders import attempt

recorded = 0
try:
    with open_gradebook(sys.argv[1], patience=1) as gradebook:
        for number in range(int(sys.argv[2])):
            gradebook.record(attempt(number=number), str(number).encode() * 20_000)
            recorded += 1
except GraderError as error:
    print(error)
    code = error.exit_code
else:
    code = 0
print(recorded)
sys.exit(code)
"""


def record(
    place: str, number: int, before: list[str] | None = None, **how: object
) -> subprocess.CompletedProcess[str]:
    """Record attempts in a process of its own, which says what stopped it and how many it did."""
    return subprocess.run(
        [*(before or []), sys.executable, "-c", RECORD, place, str(number)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **how,
    )


def _record_one(path: Path) -> None:
    with open_gradebook(path) as gradebook:
        gradebook.record(attempt())


def _record_many(gradebook: Gradebook) -> None:
    for number in range(1, 1000):
        gradebook.record(attempt(number=number), os.urandom(3000))


def _record_across_a_restart(gradebook: Gradebook, server: Server) -> None:
    """One attempt in one transaction, with a crash of the server in the middle."""
    with gradebook._writing() as session:
        session.add(rows.attempt_row(attempt(number=1)))
        session.flush()
        server.stop("immediate")
        server.start()
        session.add(rows.attempt_row(attempt(number=2)))
        session.flush()


def test_a_locked_gradebook_is_waited_for_and_then_named(tmp_path):
    """While another program writes we wait; after that a sentence, and later all goes well."""
    path = tmp_path / "gradebook.db"
    with open_gradebook(path, patience=0.2) as gradebook:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MachineError, match=r"gradebook\.db is locked") as refused:
            gradebook.record(attempt())
        readable = gradebook.current("tiny")
        other.execute("ROLLBACK")
        other.close()

        assert refused.value.exit_code == 4
        assert readable == ()
        assert gradebook.record(attempt())


def test_a_full_disk_loses_nothing_that_was_recorded(tmp_path):
    """When the disk is full the last attempt is missing whole; what came before is readable."""
    path = tmp_path / "gradebook.db"
    with open_gradebook(path) as gradebook:
        gradebook.record(attempt(number=0))
        with gradebook._reading() as session:
            small = "PRAGMA max_page_count = 60"
            session.connection().exec_driver_sql(small)
        with pytest.raises(MachineError, match="the disk is full"):
            _record_many(gradebook)

        kept = [one.number for one in gradebook.attempts("tiny")]
        whole = all(one.result == result() for one in gradebook.attempts("tiny"))
    assert kept == [*range(len(kept))]
    assert whole
    with open_gradebook(path) as gradebook:
        assert gradebook.record(attempt(number=len(kept)))


def test_a_limit_on_files_is_a_sentence(tmp_path):
    """`ulimit -f` ends the writing with a sentence; what was recorded is there."""
    path = tmp_path / "gradebook.db"
    with open_gradebook(path) as gradebook:
        gradebook.record(attempt(number=9999))
    limit = ["bash", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "limit"]
    done = record(str(path), 900, before=limit)

    *sentence, number = done.stdout.splitlines()
    assert done.returncode == 4, done.stderr
    assert "gradebook.db" in sentence[0]
    with open_gradebook(path) as gradebook:
        assert len(gradebook.current("tiny")) == 1 + int(number)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_full_file_system_is_a_sentence(tmp_path):
    """A disk of one megabyte fills up: a sentence, exit code 4, and every earlier attempt."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        done = record(str(disk / "gradebook.db"), 900)

        sentence, number = done.stdout.splitlines()
        assert done.returncode == 4
        assert "gradebook.db could not be" in sentence
        kept = shutil.copytree(disk, tmp_path / "kept")
    finally:
        subprocess.run(["umount", disk], check=True)
    with open_gradebook(kept / "gradebook.db") as gradebook:
        assert len(gradebook.current("tiny")) == int(number) > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_file_that_may_not_be_written_is_a_sentence():
    """A gradebook that may only be read is named, and stays as it is."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        path = Path(folder) / "gradebook.db"
        with open_gradebook(path) as gradebook:
            gradebook.record(attempt(number=9999))
        Path(folder).chmod(0o755)
        before = path.read_bytes()
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
        try:
            with pytest.raises(MachineError, match=r"gradebook\.db cannot be"):
                _record_one(path)
        finally:
            os.seteuid(0)

        assert path.read_bytes() == before


@pytest.mark.parametrize("place", ["missing/gradebook.db", "."])
def test_a_place_that_is_none_is_a_sentence(tmp_path, monkeypatch, place):
    """A folder that is not there, or a folder in place of a file."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(MachineError, match="cannot be opened"), open_gradebook(place):
        pass


def test_a_server_that_is_down_is_a_sentence(tmp_path):
    """No server at the address: a sentence with the address, the password left out."""
    place = f"postgresql://grader:secret-word@/grades?host={tmp_path}"

    with (
        pytest.raises(MachineError, match="does not answer") as refused,
        open_gradebook(place, patience=1),
    ):
        pass

    assert "secret-word" not in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_server_without_the_database_is_a_sentence(postgres):
    """A database that nobody made is named."""
    place = postgres.database().replace("/gradebook", "/nobody_made")

    with (
        pytest.raises(MachineError, match=r'"nobody_made.*" does not exist'),
        open_gradebook(place),
    ):
        pass


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_goes_down_loses_nothing_that_was_recorded(postgres, mode):
    """When the server stops, a sentence; when it is back, all goes on where it stopped."""
    place = postgres.database()
    with open_gradebook(place, patience=2) as gradebook:
        gradebook.record(attempt(number=0))
        postgres.stop(mode)
        try:
            with pytest.raises(MachineError, match="does not answer"):
                gradebook.record(attempt(number=1))
        finally:
            postgres.start()

        assert gradebook.record(attempt(number=1))
        assert [one.number for one in gradebook.attempts("tiny")] == [0, 1]


def test_a_server_that_stops_within_a_transaction_keeps_none_of_it(postgres):
    """An attempt is recorded whole or not at all, even if the server dies half-way."""
    place = postgres.database()
    with open_gradebook(place, patience=2) as gradebook:
        gradebook.record(attempt(number=0))
        with pytest.raises(MachineError, match="does not answer"):
            _record_across_a_restart(gradebook, postgres)

        assert [one.number for one in gradebook.attempts("tiny")] == [0]
        assert gradebook.record(attempt(number=1))


def test_a_driver_that_is_not_installed_is_a_sentence(monkeypatch):
    """Without psycopg a sentence says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with (
        pytest.raises(UsageError, match=r"pip install 'keras-grader\[postgresql\]'"),
        open_gradebook("postgresql://localhost/grades"),
    ):
        pass


def test_a_killed_writer_leaves_a_whole_gradebook(place):
    """After kill -9 in the middle of recording, every attempt that is there is whole."""
    writer = subprocess.Popen(
        [sys.executable, "-c", RECORD, place, "100000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    with open_gradebook(place) as gradebook:
        while len(gradebook.known("tiny")) < 5:
            assert writer.poll() is None
        writer.kill()
        writer.wait()

        found = [*gradebook.attempts("tiny")]
        assert [one.number for one in found] == [*range(len(found))]
        assert all(one.result == result() for one in found)
        assert gradebook.record(attempt(number=len(found)))
