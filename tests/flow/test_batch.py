"""A class is graded by several workers; whatever is killed on the way, nothing is lost or twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from tests.classes import ANSWERS, make_class, make_course
from tests.conftest import ROOT

COPIES = 2
PATIENCE = 300.0


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A folder with the course `tiny` in it and a class of eight."""
    make_class(tmp_path / "in", make_course(tmp_path), COPIES)
    return tmp_path


def command(folder: Path, *words: str) -> list[str]:
    """`grader grade` for that class, into a gradebook, with two workers."""
    options = ("--sandbox", "local", "--gradebook", "book.sqlite", "--workers", "2")
    return [sys.executable, "-m", "grader.cli", "grade", "in", "-a", "tiny", *options, *words]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "GRADER_CACHE": str(folder / "cache")}


def grade(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(
        command(folder, *words),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture
def begin(school: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start it and come back when so many results are kept; whatever is left ends at last."""
    started: list[subprocess.Popen[str]] = []

    def run(results: int, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command(school, *words),
            cwd=school,
            env=environment(school),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        wait_for(lambda: len(kept(school)) >= results or process.poll() is not None)
        return process

    yield run
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kept(folder: Path) -> list[tuple[str, float]]:
    """Every attempt in the gradebook, as student and score."""
    if not (folder / "book.sqlite").exists():
        return []
    with closing(sqlite3.connect(folder / "book.sqlite", timeout=30)) as database:
        try:
            return sorted(database.execute("SELECT student, score FROM attempts"))
        except sqlite3.OperationalError:  # not made yet
            return []


def truth() -> list[tuple[str, float]]:
    """What a whole run keeps."""
    return sorted(
        (f"{student}{number or ''}", score)
        for student, (_, score) in ANSWERS.items()
        for number in range(COPIES)
    )


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def test_two_workers_give_every_student_the_true_score(school):
    """Each row is right, in the order of the files; a second call finds it all done."""
    done = grade(school, "--json", "out.json", "--feedback", "pages")
    again = grade(school, "--json", "again.json")

    rows = json.loads((school / "out.json").read_text())["submissions"]
    assert done.returncode == again.returncode == 0, done.stderr + again.stderr
    assert [row["student"] for row in rows[:4]] == ["ada", "ada1", "alan", "alan1"]
    assert sorted((row["student"], row["score"]) for row in rows) == kept(school) == truth()
    assert "8 of 8 were graded before." in again.stderr
    assert json.loads((school / "again.json").read_text())["submissions"] == rows
    assert len(list((school / "pages").glob("*.html"))) == 9


def test_a_killed_run_goes_on_where_it_was(school, begin):
    """After kill -9 nothing is lost but what was running, nothing is twice, nobody is left."""
    process = begin(2)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    before = kept(school)

    done = grade(school)

    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive
    assert 2 <= len(before) < 8
    assert f"{len(before)} of 8 were graded before." in done.stderr
    assert kept(school) == truth()


def test_a_killed_worker_costs_nobody_a_result(school, begin):
    """What a dead worker had is tried again, and the run goes on with fresh ones."""
    process = begin(1)
    workers_of(process)[0].kill()

    _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert kept(school) == truth()


def test_ctrl_c_keeps_what_was_graded(school, begin):
    """The first Ctrl-C finishes what is running and says what is left; the next call goes on."""
    process = begin(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    before = kept(school)

    grade(school)

    assert process.returncode == 130
    assert f"Interrupted: {8 - len(before)} of 8 submissions were not graded." in said
    assert "Traceback" not in said
    assert kept(school) == truth()


def test_a_second_ctrl_c_stops_at_once(school, begin):
    """Nobody waits for a submission that hangs; what was kept is kept."""
    process = begin(1)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    _, alive = psutil.wait_procs(family, timeout=60)
    assert process.returncode == 130
    assert not alive
    assert "Traceback" not in said
    assert set(kept(school)) < set(truth())


def test_a_dask_cluster_grades_as_this_machine_does(school):
    """Two worker processes of a real cluster keep the same rows."""
    done = grade(school, "--executor", "dask://local?workers=2")

    assert done.returncode == 0, done.stderr
    assert kept(school) == truth()


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ("ftp://here", 2, "dask://HOST:PORT"),
        ("dask://", 2, "dask://HOST:PORT"),
        ("dask://127.0.0.1:1", 4, "No Dask scheduler answers"),
    ],
)
def test_an_executor_that_cannot_be_used_is_a_sentence(school, where, code, words):
    """A wrong address or a cluster that does not answer is said in one sentence."""
    done = grade(school, "--executor", where)

    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
