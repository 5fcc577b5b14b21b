"""X27 to X33: restarts, the renderer, edited tests, cleaned folders, limits, and two at once."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import psutil

from tests.conftest import ROOT
from tests.faults import school as at
from tests.faults.case import Case, Fault
from tests.faults.school import School, known_scores

SEEDS = 12
ROUNDS = 2
POINTS = (
    *((at.CLAIMED, 4), (at.FORKED, 4), (at.IN_A_CELL, 12), (at.CALLED, 20), (at.COMPARED, 8)),
    *((at.TO_BE_KEPT, 4), (at.IN_THE_TRANSACTION, 4), (at.KEPT, 4), (at.HALF_WRITTEN, 4)),
)


def restart_for_ever(school: School) -> int:
    """Each run is killed when it has kept one result: each of them is one further."""
    kills = len(known_scores())
    for _ in range(kills):
        run, _ = school.halted(at.KEPT, 1)
        run.kill()
    return kills


def break_renderer(school: School) -> None:
    """The template of the feedback page fails: grades stand, pages are plain, the run goes on."""
    package = school.folder / "broken"
    shutil.copytree(
        ROOT / "grader", package / "grader", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "docker", package / "grader/docker")
    template = package / "grader/report/templates/feedback.html.j2"
    template.write_text("{{ 1 / 0 }}" + template.read_text())
    code, said = school.begin(environment={"PYTHONPATH": str(package)}).end()
    assert code == 0, said
    assert "plain" in said


def edit_tests(school: School) -> None:
    """An instructor widens a tolerance while the class is graded, and takes it back afterwards."""
    tests = school.folder / "solutions/tiny/test_tiny.py"
    before = tests.read_text()
    run, _ = school.halted(at.CLAIMED, 2)
    tests.write_text(before.replace("WIDTH = 1e-9", "WIDTH = 1.0"))
    run.go_on()
    code, said = run.end()
    assert code == 3, (code, said)
    tests.write_text(before)


def remove_folders(pattern: str, point: str, turn: int) -> Callable[[School], None]:
    """Something cleans the folder for temporary files in the middle of a run."""

    def play(school: School) -> None:
        run, _ = school.halted(point, turn)
        found = [*school.temporary.glob(pattern)]
        assert found
        for folder in found:
            shutil.rmtree(folder, ignore_errors=True)
        run.go_on()
        code, said = run.end()
        assert code in {0, 4}, (code, said)

    return play


def few_files(number: int, *, expected: int) -> Callable[[School], None]:
    """The command may open so many files only."""

    def play(school: School) -> None:
        limit = ("bash", "-c", f'ulimit -n {number}; exec "$@"', "limit")
        code, said = school.begin(before=limit).end()
        assert code == expected, (code, said)

    return play


def few_processes(school: School) -> None:
    """The command and all below it may be so many processes and threads only."""
    group = Path("/sys/fs/cgroup/pids") / school.folder.name
    group.mkdir()
    school.stack.callback(group.rmdir)
    (group / "pids.max").write_text("16")
    join = ("bash", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "join")
    run = school.begin(before=join)
    code, said = run.end()
    assert code in {0, 4}, (code, said)
    at.wait_for(lambda: not (group / "cgroup.procs").read_text().strip())


def _kill(run: at.Run, halted: psutil.Process, school: School) -> None:
    run.process.kill()


def _kill_halted(run: at.Run, halted: psutil.Process, school: School) -> None:
    halted.kill()


def _kill_boxes(run: at.Run, halted: psutil.Process, school: School) -> None:
    for zygote in run.zygotes():
        with suppress(psutil.NoSuchProcess):
            zygote.kill()


def _pause(run: at.Run, halted: psutil.Process, school: School) -> None:
    halted.suspend()
    time.sleep(3)
    halted.resume()


def _lock(run: at.Run, halted: psutil.Process, school: School) -> None:
    with closing(sqlite3.connect(school.book, isolation_level=None)) as other:
        with suppress(sqlite3.OperationalError):  # the halted run has it
            other.execute("PRAGMA busy_timeout = 0")
            other.execute("BEGIN IMMEDIATE")
        run.go_on()
        time.sleep(2)


def _clean(run: at.Run, halted: psutil.Process, school: School) -> None:
    for folder in school.temporary.iterdir():
        shutil.rmtree(folder, ignore_errors=True)


def _terminate(run: at.Run, halted: psutil.Process, school: School) -> None:
    with suppress(ProcessLookupError):
        run.process.terminate()


def _second_run(run: at.Run, halted: psutil.Process, school: School) -> None:
    school.begin()


HARM = (_kill, _kill_halted, _kill_boxes, _pause, _lock, _clean, _terminate, _second_run)


def random_pair(school: School, *, seed: int) -> int:
    """Two faults at once, at a random point of a run, and again in the next."""
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        point, most = chance.choice(POINTS)
        run = school.begin(point, chance.randint(1, most))
        with suppress(AssertionError, psutil.NoSuchProcess):  # a run may end before that point
            halted = run.halted()
            school.family += run.family()
            for harm in chance.sample(HARM, 2):
                with suppress(psutil.NoSuchProcess):
                    harm(run, halted, school)
        run.go_on()
        for each in school.runs:
            each.end()
    return 2 * ROUNDS


CASES = (
    Case(
        number="X27",
        injected="A run is killed whenever it has kept one result, and started again.",
        promised="Each run is further than the one before.",
        kept_by="What is kept is not graded again. Nobody waits in a queue that could starve.",
        variants={"restart-loop": Fault(restart_for_ever)},
    ),
    Case(
        number="X28",
        injected="The renderer of feedback pages fails.",
        promised="Grades stand; the page is a plain one with the points; the run goes on.",
        kept_by="A page is made apart from the result, with a plain one in reserve.",
        variants={"template": Fault(break_renderer)},
    ),
    Case(
        number="X29",
        injected="An upload to a learning platform fails halfway.",
        promised="It goes on where it was, and posts nothing twice.",
        kept_by="Exports are files, written whole or not at all.",
        not_applicable="the grader uploads nothing: an export is a file that a person uploads.",
    ),
    Case(
        number="X30",
        injected="An instructor edits the hidden tests in the middle of a run.",
        promised="No result of the new tests is kept under the key of the old ones.",
        kept_by="The course is hashed before and after each submission; exit code 3.",
        variants={"tests": Fault(edit_tests)},
        quick=("tests",),
        held_by=("tests/flow/test_regrade.py::test_a_wider_tolerance_runs_one_question_again",),
    ),
    Case(
        number="X31",
        injected="Temporary files are deleted in the middle of a run.",
        promised="Our fault, graded again; never a word against the student.",
        kept_by="A file that was there and is gone is our fault; a box that breaks is replaced.",
        variants={
            "job": Fault(remove_folders("*-job-*", "grader.pipeline:grade:before", 2)),
            "box": Fault(remove_folders("*-box-*", at.CLAIMED, 2)),
            "box-in-a-call": Fault(remove_folders("*-box-*", at.CALLED, 4)),
            "all": Fault(remove_folders("*", "grader.pipeline:grade:before", 2)),
        },
        quick=("job",),
    ),
    Case(
        number="X32",
        injected="Few open files, few processes.",
        promised="A sentence, or all is well; nothing is lost.",
        kept_by="Errors of the system are the machine's, whatever they stop.",
        variants={
            "24-files": Fault(few_files(24, expected=4)),
            "64-files": Fault(few_files(64, expected=4)),
            "256-files": Fault(few_files(256, expected=0)),
            "16-processes": Fault(few_processes),
        },
    ),
    Case(
        number="X33",
        injected="Two faults at once, at a random point, twice in a row.",
        promised="The next run makes the gradebook what it is without a fault.",
        kept_by="All of the above.",
        variants={f"seed-{seed}": Fault(partial(random_pair, seed=seed)) for seed in range(SEEDS)},
    ),
)
