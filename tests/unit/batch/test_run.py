"""Jobs go out bounded, results come in any order, and dead workers cost nobody a result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import pytest

from grader.batch import Done, Job, Setup, run_batch
from grader.errors import CourseError
from grader.records import Status, SubmissionResult
from tests.builders import make_assignment


class FakePool(Executor):
    """Workers whose work is a function; it may die, and then breaks the others' futures too."""

    deaths = (BrokenExecutor,)

    def __init__(self, work: Callable[[Job], SubmissionResult], workers: int = 2) -> None:
        self.workers = workers
        self.renewed = 0
        self.tried: list[str] = []
        self._work = work
        self._open: list[tuple[Job, Future[Done]]] = []
        self._broken = False

    def executor(self) -> Executor:
        return self

    def renew(self) -> None:
        self.renewed += 1
        self._broken = False

    def submit(self, _function: Any, _setup: Any, job: Job) -> Future[Done]:  # type: ignore[override]
        if self._broken:
            raise BrokenExecutor
        future: Future[Done] = Future()
        self._open.append((job, future))
        self._finish()
        return future

    def _finish(self) -> None:
        for job, future in self._open:
            self.tried.append(job.student)
            try:
                future.set_result(Done(Job(job.number, job.student, job.path), self._work(job)))
            except BrokenExecutor as death:
                self._broken = True
                future.set_exception(death)
            except CourseError as error:
                future.set_exception(error)
        self._open = []


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(make_assignment(tmp_path))


def jobs(*names: str) -> list[Job]:
    return [Job(number, name, Path(f"{name}.ipynb"), b"{}") for number, name in enumerate(names)]


def graded(job: Job) -> SubmissionResult:
    return SubmissionResult(job.student, job.path.name, "0", Status.GRADED, 1.0, 1.0)


def dies_of(*names: str, times: int = 99) -> Callable[[Job], SubmissionResult]:
    left = dict.fromkeys(names, times)

    def work(job: Job) -> SubmissionResult:
        if left.get(job.student, 0) > 0:
            left[job.student] -= 1
            raise BrokenExecutor
        return graded(job)

    return work


def statuses(results: Any) -> dict[str, Status]:
    return {done.job.student: done.result.status for done in results}


def test_every_job_has_its_result(setup):
    """As many results as jobs, each with the bytes that were graded."""
    found = list(run_batch(jobs("ada", "alan", "emmy"), FakePool(graded), setup))

    assert sorted(done.job.student for done in found) == ["ada", "alan", "emmy"]
    assert all(done.job.content == b"{}" for done in found)


def test_a_job_that_kills_its_worker_twice_is_a_row_of_its_own(setup):
    """It is our error and never a zero; all others have their results."""
    found = list(run_batch(jobs("ada", "alan", "emmy"), FakePool(dies_of("alan")), setup))

    assert statuses(found) == {
        "ada": Status.GRADED,
        "alan": Status.GRADER_ERROR,
        "emmy": Status.GRADED,
    }
    (lost,) = [done.result for done in found if done.job.student == "alan"]
    assert lost.score is None
    assert "died again" in lost.notes[0]


def test_a_worker_that_died_once_costs_nobody_a_result(setup):
    """What it had is tried again, each alone."""
    pool = FakePool(dies_of("alan", times=1))

    found = list(run_batch(jobs("ada", "alan", "emmy"), pool, setup))

    assert set(statuses(found).values()) == {Status.GRADED}
    assert pool.tried.count("alan") == 2
    assert pool.renewed == 1


def test_a_killer_is_tried_twice_and_no_more(setup):
    """Once among others, once alone."""
    pool = FakePool(dies_of("alan"))

    list(run_batch(jobs("alan"), pool, setup))

    assert pool.tried == ["alan", "alan"]


def test_no_more_is_read_than_the_workers_can_hold(setup):
    """Jobs are made when there is room for them: a class does not have to fit into memory."""
    made: list[str] = []

    def reading() -> Any:
        for job in jobs(*map(str, range(50))):
            made.append(job.student)
            yield job

    results = run_batch(reading(), FakePool(graded), setup)
    next(results)

    assert len(made) <= 4


def test_when_stopped_nothing_more_is_begun(setup):
    """What is running gives its result, and the rest is not tried."""
    seen: list[Done] = []
    pool = FakePool(graded)

    seen.extend(run_batch(jobs(*"abcdefgh"), pool, setup, stopped=lambda: bool(pool.tried)))

    assert sorted(done.job.student for done in seen) == pool.tried
    assert len(seen) <= 3


def test_a_mistake_of_the_course_stops_the_run(setup):
    """No submission can escape it, so there is no use in going on."""

    def wrong(_: Job) -> SubmissionResult:
        raise CourseError("The hidden tests cannot be imported.")

    with pytest.raises(CourseError, match="cannot be imported"):
        list(run_batch(jobs("ada"), FakePool(wrong), setup))


def test_no_jobs_need_no_workers(setup):
    """An empty batch ends at once."""
    assert list(run_batch([], FakePool(graded), setup)) == []
