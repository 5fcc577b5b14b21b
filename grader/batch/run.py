"""Jobs in, results out as they come: bounded, and nothing is lost when a worker dies.

Theory of operation
-------------------
No more jobs are handed out than the workers can hold, so memory does not grow with the class. When
a worker dies (killed for its memory, or by a submission that found a way), an executor cannot say
which job did it. All that were running are suspects: each is tried once more, alone in a fresh
pool. One that kills its worker again is the one, and becomes a row that says so; the others get
their results.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from typing import Protocol

from grader.batch.jobs import Done, Job, Setup
from grader.batch.worker import run_job
from grader.rows import lost

KILLER = (
    "The worker that graded this file died, and died again when it was tried alone (out of "
    "memory, or killed). A person must look; the score is not known."
)


class Pool(Protocol):
    """Workers of any kind, which can be had anew."""

    deaths: tuple[type[BaseException], ...]

    @property
    def workers(self) -> int:
        """How many there are."""

    def executor(self) -> Executor:
        """The workers that take jobs now."""

    def renew(self) -> None:
        """Have fresh workers in the place of broken ones."""


def run_batch(
    jobs: Iterable[Job],
    pool: Pool,
    setup: Setup,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Done]:
    """Grade the jobs and give each result as it comes, in any order.

    When `stopped` says so, what is running is finished and nothing more begun. A mistake of the
    course or of the machine that no job could escape is raised.
    """
    waiting, running = iter(jobs), dict[Future[Done], Job]()
    suspects: list[Job] = []
    while True:
        suspects += _hand_out(waiting, running, pool, setup, stopped)
        if suspects:
            suspects += running.values()
            running.clear()
            pool.renew()
            yield from _alone(suspects, pool, setup, stopped)
            suspects = []
        elif not running:
            return
        else:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                job = running.pop(future)
                try:
                    yield replace(future.result(), job=job)
                except pool.deaths:
                    suspects.append(job)


def _hand_out(
    waiting: Iterator[Job],
    running: dict[Future[Done], Job],
    pool: Pool,
    setup: Setup,
    stopped: Callable[[], bool],
) -> list[Job]:
    """Fill the workers' hands; what cannot be handed out for broken workers is returned."""
    if stopped():
        return []
    # One more than they work on, so that none waits for the next.
    for job in itertools.islice(waiting, pool.workers + 1 - len(running)):
        try:
            running[pool.executor().submit(run_job, setup, job)] = job
        except BrokenExecutor:
            return [job]
    return []


def _alone(
    suspects: Iterable[Job], pool: Pool, setup: Setup, stopped: Callable[[], bool]
) -> Iterator[Done]:
    for job in suspects:
        if stopped():
            return
        try:
            yield replace(pool.executor().submit(run_job, setup, job).result(), job=job)
        except pool.deaths:
            pool.renew()
            yield Done(job, lost(job.path, job.student, KILLER, setup.assignment))
