"""X01 to X09: kill -9 at each step of a submission, of the command or of its worker."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults import school as at
from tests.faults.case import Case, Fault, Kind
from tests.faults.school import School

PROMISED = "At most one result of the submission that was running is missing; the next run adds it."
RESUMED = "One transaction for each result, and keys by which the next run knows what is there."


def kill_command(point: str, turn: int) -> Callable[[School], None]:
    """Kill the command while it or its worker halts at that point."""

    def play(school: School) -> None:
        run, _ = school.halted(point, turn)
        run.kill()

    return play


def kill_worker(point: str, turn: int) -> Callable[[School], None]:
    """Kill the worker that halts there: the same run goes on with another one."""

    def play(school: School) -> None:
        run, worker = school.halted(point, turn)
        assert worker.pid != run.process.pid
        worker.kill()
        code, said = run.end()
        assert code == 0, said

    return play


def _case(number: str, step: str, point: str, turn: int, *, quick: tuple[str, ...] = ()) -> Case:
    """A step that a worker takes: the command is killed, or the worker."""
    return Case(
        number=number,
        injected=f"kill -9 {step}.",
        promised=PROMISED,
        kept_by=f"{RESUMED} A worker ends with its command, and its job is tried again without it.",
        variants={
            "command": Fault(kill_command(point, turn)),
            "worker": Fault(kill_worker(point, turn)),
        },
        quick=quick,
        held_by=("tests/flow/test_batch.py::test_a_killed_run_goes_on_where_it_was",),
    )


def _own(number: str, step: str, point: str, turn: int, quick: tuple[str, ...] = ()) -> Case:
    """A step that the command takes itself, with each kind of gradebook."""
    books: tuple[Kind, ...] = ("sqlite", "postgresql")
    return Case(
        number=number,
        injected=f"kill -9 {step}.",
        promised=PROMISED,
        kept_by=RESUMED,
        variants={book: Fault(kill_command(point, turn), book) for book in books},
        quick=quick,
    )


CASES = (
    _case("X01", "after a submission was handed to a worker", at.CLAIMED, 2),
    _case("X02", "after the box was started", at.BOX_STARTED, 1),
    _case("X03", "after the zygote has forked", at.FORKED, 2),
    _case("X04", "when the kernel is ready and has run nothing", at.KERNEL_READY, 3),
    _case("X05", "while a cell runs", at.IN_A_CELL, 4),
    _case("X06", "during a call of a student's function", at.CALLED, 3, quick=("worker",)),
    _case("X07", "after an answer was compared", at.COMPARED, 2),
    _own("X08", "within the transaction, before its COMMIT", at.IN_THE_TRANSACTION, 2),
    _own("X09", "after the COMMIT, before anything else is told of it", at.KEPT, 2, ("sqlite",)),
)
