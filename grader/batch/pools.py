"""Where the workers are: processes of this machine, or those of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from grader.batch.worker import close_desk, start_worker
from grader.course import Assignment
from grader.errors import MachineError, UsageError

if TYPE_CHECKING:
    from grader.batch.run import Pool

# What a worker's own process and its box take beside the memory of one submission.
OWN_MB = {"numpy": 700, "keras": 2300}
# A worker and its boxes start in about the time that this many submissions take.
WORTH_A_START = 4
SCHEMES = "expected dask://HOST:PORT, or dask://local?workers=2 for a cluster on this machine"


class Processes:
    """Processes of this machine, each with a box of its own."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def executor(self) -> Executor:
        """The pool, started at the first job."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=start_worker
            )
        return self._pool

    def renew(self) -> None:
        """Let go of a pool that broke; what is left of it has nothing more to do."""
        self.close()

    def close(self) -> None:
        """End the processes, each after closing its box."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def kill(self) -> None:
        """End them at once; their boxes end with them."""
        for process in multiprocessing.active_children():
            with suppress(ProcessLookupError, TypeError):
                os.kill(process.pid, signal.SIGTERM)  # type: ignore[arg-type]
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


class Dask:
    """The workers of a Dask cluster; this process is its client."""

    def __init__(self, client: Any) -> None:
        from distributed import KilledWorker  # noqa: PLC0415
        from distributed.client import FutureCancelledError  # noqa: PLC0415

        self.deaths: tuple[type[BaseException], ...] = (
            KilledWorker,
            FutureCancelledError,
            BrokenExecutor,
        )
        self._client = client
        # Not pure: the same job twice is two tries. The scheduler gives a job that lost its
        # worker to the next one.
        self._executor: Executor = client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """How many there are now: they come and go."""
        return max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def executor(self) -> Executor:
        """The cluster as an executor."""
        return self._executor

    def renew(self) -> None:
        """The cluster replaces its workers itself."""

    def close(self) -> None:
        """Have every worker close its box: the cluster may live on."""
        with suppress(Exception):  # a worker that is gone has no box
            self._client.run(close_desk)


@contextmanager
def open_pool(where: str | None, workers: int) -> Iterator[Pool]:
    """The workers that `--executor` names; by default processes of this machine."""
    if where is None:
        pool = Processes(workers)
        try:
            yield pool
        except KeyboardInterrupt:
            pool.kill()
            raise
        finally:
            pool.close()
    else:
        with _client(where) as client:
            cluster = Dask(client)
            try:
                yield cluster
            finally:
                cluster.close()


@contextmanager
def _client(where: str) -> Iterator[Any]:
    url = urlsplit(where)
    if url.scheme != "dask" or not url.netloc:
        raise UsageError(f"--executor {where} cannot be used: {SCHEMES}.")
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        raise MachineError(
            "Dask is not installed; install it with: pip install 'keras-grader[dask]'"
        ) from None
    if url.netloc == "local":
        count = int(parse_qs(url.query).get("workers", ["2"])[0])
        with (
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
            ) as cluster,
            Client(cluster) as client,  # type: ignore[no-untyped-call]
        ):
            yield client
        return
    try:
        client = Client(f"tcp://{url.netloc}", timeout="10s")  # type: ignore[no-untyped-call]
    except OSError as error:
        raise MachineError(
            f"No Dask scheduler answers at {url.netloc}. Start one (`dask scheduler`), with "
            "workers (`dask worker`), and run the same again."
        ) from error
    with client:
        yield client


def sensible_workers(assignment: Assignment, jobs: int) -> int:
    """As many as there are cores and memory for, and work that is worth their start."""
    need = assignment.limits.memory_mb + OWN_MB[assignment.runtime]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _available_mb() // need, -(-jobs // WORTH_A_START)))


def _available_mb() -> int:
    try:
        pages, size = os.sysconf("SC_AVPHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4096
    return _of_kernel() or pages * size // 1_000_000


def _of_kernel() -> int:
    """What Linux could give, with its caches emptied."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123  (a line at a time)
            found = [line.split()[1] for line in file if line.startswith("MemAvailable:")]
    except OSError:
        return 0
    return int(found[0]) // 1000 if found else 0
