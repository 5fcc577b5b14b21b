"""X16 to X20: what becomes of images, of the Docker engine, and of the processes of a box."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from grader.sandbox.image import image_facts
from tests.faults import school as at
from tests.faults.case import Case, Fault
from tests.faults.engine import Engine
from tests.faults.school import School

HANG = 45.0  # longer than the box's own patience


def _engine(school: School) -> Engine:
    assert school.engine is not None
    return school.engine


def _is_our_fault(run: at.Run) -> None:
    """The run says that the machine has failed something, and nobody got a zero for it."""
    code, said = run.end()
    assert code == 4, (code, said)


def delete_image(school: School) -> None:
    """The box's container is killed, and its image deleted, in the middle of a run."""
    engine = _engine(school)
    run, _ = school.halted(at.CLAIMED, 2)
    for container in engine.containers():
        engine.docker("kill", container)
    at.wait_for(lambda: not engine.containers())
    engine.docker("rmi", "--force", image_facts("numpy")["digest"])
    run.go_on()
    try:
        _is_our_fault(run)
    finally:
        engine.load(image_facts("numpy")["name"])


def corrupt_image(school: School) -> None:
    """Files of the image are cut short in the engine's own store."""
    engine = _engine(school)
    layers = (engine.folder / "data/overlay2").glob("*/diff/opt/grader/grader/inside")
    files = (path for layer in layers for path in layer.rglob("zygote*"))
    contents = {path: path.read_bytes() for path in files}
    assert contents
    for path, content in contents.items():
        path.write_bytes(content[: len(content) // 2])
    try:
        _is_our_fault(school.begin())
    finally:
        for path, content in contents.items():
            path.write_bytes(content)


def restart_engine(how: signal.Signals, point: str, turn: int) -> Callable[[School], None]:
    """The engine ends and is started again while a run halts at that point."""

    def play(school: School) -> None:
        engine = _engine(school)
        run, _ = school.halted(point, turn)
        engine.signal(how)
        engine.wait()
        engine.start()
        run.go_on()
        code, said = run.end()
        assert code in {0, 4}, (code, said)

    return play


def kill_engine_alone(school: School) -> None:
    """The engine is killed where its containers outlive it, and started again."""
    engine = _engine(school)
    engine.let_containers_live(wanted=True)
    school.stack.callback(lambda: engine.let_containers_live(wanted=False))
    restart_engine(signal.SIGKILL, at.CALLED, 4)(school)


def end_engine(school: School) -> None:
    """The engine ends, and is back for the next run only."""
    engine = _engine(school)
    run, _ = school.halted(at.CALLED, 4)
    engine.signal(signal.SIGTERM)
    engine.wait()
    try:
        run.go_on()
        _is_our_fault(run)
    finally:
        engine.start()


def hang_engine(school: School) -> None:
    """The engine hangs in the middle of a call, for longer than the box's patience."""
    engine = _engine(school)
    run, _ = school.halted(at.CALLED, 4)
    engine.signal(signal.SIGSTOP)
    run.go_on()
    time.sleep(HANG)
    engine.signal(signal.SIGCONT)
    code, said = run.end()
    assert code in {0, 4}, (code, said)


def kill_container(school: School) -> None:
    """The container ends in the middle of a call."""
    engine = _engine(school)
    run, _ = school.halted(at.CALLED, 4)
    for container in engine.containers():
        engine.docker("kill", container)
    run.go_on()
    code, said = run.end()
    assert code in {0, 4}, (code, said)


def kill_zygote(school: School) -> None:
    """Kill the zygote in the middle of a call."""
    run, _ = school.halted(at.CALLED, 4)
    for zygote in run.zygotes():
        zygote.kill()
    run.go_on()
    code, said = run.end()
    assert code in {0, 4}, (code, said)


def _of_submission(run: at.Run) -> tuple[psutil.Process, psutil.Process]:
    """Kernel and driver of the submission that runs: the driver speaks to the kernel's sockets."""
    forks = [fork for zygote in run.zygotes() for fork in zygote.children()]
    kernel = max(forks, key=lambda fork: fork.num_threads())
    (driver,) = (fork for fork in forks if fork != kernel)
    return kernel, driver


def kill_driver(school: School) -> None:
    """Kill the process that hands the cells to the kernel, while one runs."""
    run, _ = school.halted(at.IN_A_CELL, 4)
    _of_submission(run)[1].kill()
    run.go_on()
    code, said = run.end()
    assert code in {0, 4}, (code, said)


def kill_idle_zygote(school: School) -> None:
    """Kill the zygote between two submissions: nobody notices."""
    run, _ = school.halted(at.CLAIMED, 2)
    for zygote in run.zygotes():
        zygote.kill()
    run.go_on()
    code, said = run.end()
    assert code == 0, (code, said)


def hang_idle_zygote(school: School) -> None:
    """The zygote hangs between two submissions: it is replaced."""
    run, _ = school.halted(at.CLAIMED, 2)
    zygotes = run.zygotes()
    for zygote in zygotes:
        zygote.suspend()
    run.go_on()
    code, said = run.end()
    assert code == 0, (code, said)


def stop_starting(school: School) -> None:
    """The engine's own limit on processes is so small that no fork succeeds in the box."""
    limit = Path("/sys/fs/cgroup/pids")
    engine = _engine(school)
    run, _ = school.halted(at.CLAIMED, 2)
    for container in engine.containers():
        long = engine.docker("inspect", "--format", "{{.Id}}", container).stdout.strip()
        (limit / "docker" / long / "pids.max").write_text("1")
    run.go_on()
    code, said = run.end()
    assert code == 0, (code, said)


DOCKER = "docker"
CASES = (
    Case(
        number="X16",
        injected="The image is deleted while it is used, or a file of it is cut short.",
        promised="Nobody gets a grade of it: no score, exit code 4, and the next run grades.",
        kept_by="An image is known by its id and recipe; a box that does not speak is none.",
        variants={
            "deleted": Fault(delete_image, sandbox=DOCKER),
            "corrupted": Fault(corrupt_image, sandbox=DOCKER),
        },
        held_by=(
            "tests/unit/sandbox/test_image.py::test_the_name_changes_with_whatever_goes_in",
            "tests/box/test_life.py::test_an_image_that_is_not_there_is_one_sentence",
        ),
    ),
    Case(
        number="X17",
        injected="The Docker engine ends, is killed, restarted or hangs in the middle of a run.",
        promised="What was running is graded by the next run at the latest, never a zero.",
        kept_by="A box that ends is our fault (`grader_error`), which counts as no result.",
        variants={
            "restarted": Fault(restart_engine(signal.SIGTERM, at.CALLED, 4), sandbox=DOCKER),
            "restarted-idle": Fault(restart_engine(signal.SIGTERM, at.CLAIMED, 2), sandbox=DOCKER),
            "killed": Fault(restart_engine(signal.SIGKILL, at.CALLED, 4), sandbox=DOCKER),
            "killed-live-restore": Fault(kill_engine_alone, sandbox=DOCKER),
            "ended": Fault(end_engine, sandbox=DOCKER),
            "hung": Fault(hang_engine, sandbox=DOCKER),
        },
    ),
    Case(
        number="X18",
        injected="The zygote or its container is killed in the middle of a call.",
        promised="Our fault, never the student's; a student over the limit is told apart.",
        kept_by="The zygote tells how a kernel ended; its own end says nothing of a student.",
        variants={
            "zygote": Fault(kill_zygote),
            "container": Fault(kill_container, sandbox=DOCKER),
        },
        held_by=("tests/box/test_endings.py::test_memory_taken_bit_by_bit_ends_as_well",),
    ),
    Case(
        number="X19",
        injected="The system kills the driver's process for its memory, or a worker.",
        promised="The student is not blamed.",
        kept_by="A driver that ends by a signal is started anew with a fresh kernel.",
        variants={"driver": Fault(kill_driver)},
        held_by=(
            "tests/unit/batch/test_run.py::test_a_worker_that_died_once_costs_nobody_a_result",
        ),
    ),
    Case(
        number="X20",
        injected="The zygote is killed, hangs or cannot fork while no submission runs.",
        promised="The box is replaced, and the submission that comes next notices nothing.",
        kept_by="A fork that fails is tried once more in a fresh box.",
        variants={
            "killed-idle": Fault(kill_idle_zygote),
            "hung-idle": Fault(hang_idle_zygote),
            "no-fork": Fault(stop_starting, sandbox=DOCKER),
        },
    ),
)
