"""The worker's side: one grading per process, opened at the first job and kept warm.

A box and the memory of the reference belong to the thread that opened them, and hidden tests run
one at a time in a process. So one thread of our own does all the grading, whatever threads the
executor has. It closes its box when it has had no work for a while, when the process ends, and
when the process that gave it work is gone: no container stays.
"""

from __future__ import annotations

import atexit
import os
import queue
import shutil
import signal
import threading
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from pathlib import Path

from grader.batch.digests import course_stamp
from grader.batch.jobs import Done, Job, Setup, slim
from grader.batch.orphans import end_with_parent
from grader.errors import CourseError, MachineError
from grader.pipeline import Grading, grade, open_grading
from grader.rows import lost
from grader.scratch import scratch_folder

IDLE_SECONDS = 120.0
CLOSING_SECONDS = 20.0
LONGEST_NAME = 200  # bytes; file systems take 255
CLEANED = (
    "The file was deleted while it was graded: something cleans the folder for temporary files "
    "(TMPDIR). Run the same again."
)
Order = tuple[Setup, Job, "Future[Done]"]


class Desk:
    """The thread that grades, and the grading that it has open."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stack = ExitStack()
        self._setup: Setup | None = None
        self._grading: Grading | None = None
        self._said: list[str] = []

    def grade(self, setup: Setup, job: Job) -> Done:
        """Have one job done."""
        future: Future[Done] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
                atexit.register(self.close)
            self._orders.put((setup, job, future))
        return future.result()

    def close(self) -> None:
        """Close what is open, and wait until it is."""
        with self._lock:
            thread = self._thread
            if thread is not None and thread.is_alive():
                self._orders.put(None)
                thread.join(CLOSING_SECONDS)

    def _work(self) -> None:
        while True:
            try:
                order = self._orders.get(timeout=IDLE_SECONDS if self._grading else None)
            except queue.Empty:
                self._put_away()
                continue
            if order is None:
                self._put_away()
                return
            self._serve(order)

    def _serve(self, order: Order) -> None:
        setup, job, future = order
        try:
            self._open(setup)
            assert self._grading is not None
            done = _graded(job, setup, self._grading)
            self._said, said = [], tuple(self._said)
            future.set_result(Done(done.job, done.result, done.page, said))
        except BaseException as error:  # noqa: BLE001  (it is raised where the job was given)
            self._put_away()
            future.set_exception(error)

    def _open(self, setup: Setup) -> None:
        if setup == self._setup:
            return
        self._put_away()
        opened = open_grading(setup.assignment, setup.sandbox, setup.isolation, self._said.append)
        self._grading = self._stack.enter_context(opened)
        if setup.image not in {"", self._grading.box.image_id}:
            raise MachineError(
                f"A worker has the image {self._grading.box.image_id}, expected {setup.image}. "
                "Copy the image to its machine: docker save ... | docker load."
            )
        self._setup = setup

    def _put_away(self) -> None:
        self._setup = self._grading = None
        with suppress(Exception):  # it was on its way out
            self._stack.close()


DESK = Desk()
OPEN_FOLDERS: list[Path] = []


def run_job(setup: Setup, job: Job) -> Done:
    """Grade one file in this process."""
    return DESK.grade(setup, job)


def close_desk() -> None:
    """Close this process's box, if it has one."""
    DESK.close()


def start_worker() -> None:
    """Begin a process of a pool: Ctrl-C is for its parent, and without one it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end())
    end_with_parent(_close_and_sweep)


def _close_and_sweep() -> None:
    close_desk()
    _sweep()


def _end() -> None:
    """End at once; the box ends with its pipe."""
    _sweep()
    os._exit(1)


def _sweep() -> None:
    """Leave no student's file behind."""
    for folder in OPEN_FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)


def _graded(job: Job, setup: Setup, grading: Grading) -> Done:
    with scratch_folder("job") as folder:
        OPEN_FOLDERS[:] = [folder]
        path = job.path
        if job.content is not None:
            path = folder / _file_name(job.path.name)
            path.write_bytes(job.content)
        _refuse_edited(setup)
        result = grade(path, job.student, grading, job.again)
        _refuse_edited(setup)
        if "unreadable" in result.flags and not path.exists():
            result = lost(job.path, job.student, CLEANED, setup.assignment)
    page = None
    if setup.pages:
        from grader.report.plain import page_or_plain  # noqa: PLC0415  (jinja2)

        page, complaint = page_or_plain(setup.assignment, result)
        if complaint:
            grading.announce(complaint)
    return Done(Job(job.number, job.student, job.path), slim(result), page)


def _refuse_edited(setup: Setup) -> None:
    """Hidden tests are read for each submission; one must not meet others than its key says."""
    if setup.course and course_stamp(setup.assignment) != setup.course:
        raise CourseError(
            f"The files of {setup.assignment.name} were changed while it was graded. What was kept "
            "before is of their earlier state; run the same again for the rest."
        )


def _file_name(name: str) -> str:
    """The name on this machine's disk: messages to the student mention it."""
    safe = name.replace("/", "_").replace("\0", "_")
    stem, suffix = os.path.splitext(safe)  # noqa: PTH122  (a name alone)
    room = LONGEST_NAME - len(os.fsencode(suffix))
    cut = os.fsencode(stem)[:room].decode("utf-8", "ignore") if room > 0 else "submission"
    return f"{cut or 'submission'}{suffix}" if room > 0 else cut
