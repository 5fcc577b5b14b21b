"""The place where faults are done: a small class, its gradebook, and the command that grades it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.classes import ANSWERS, make_class, make_course
from tests.conftest import ROOT
from tests.faults.engine import Engine
from tests.postgres import Server

PATIENCE = 240.0
BREAKPOINTS = Path(__file__).parent / "breakpoints"
# Points of the grader's code, in the order in which a submission passes them.
CLAIMED = "grader.batch.worker:_graded:before"
BOX_STARTED = "grader.sandbox.box:Box._start:after"
FORKED = "grader.sandbox.fork:Fork.__init__:after"
KERNEL_READY = "grader.sandbox.cells:CellRuns._begin:before"
IN_A_CELL = "grader.sandbox.cells:CellRuns._begin:after"
CALLED = "grader.sandbox.fork:Fork.ask:after"
COMPARED = "grader.compare.closeness:close:after"
RENDERED = "grader.report.feedback:feedback_page:after"
TO_BE_KEPT = "grader.batch.ledger:Ledger.record:before"
IN_THE_TRANSACTION = "grader.gradebook.store:_record:after"
KEPT = "grader.batch.ledger:Ledger.record:after"
HALF_WRITTEN = "pathlib:Path.replace:before"


def wait_for(true: Callable[[], bool]) -> None:
    """Come back when it is so; it must become so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@dataclass
class Run:
    """The command `grader grade`, running."""

    process: subprocess.Popen[str]
    log: Path
    halts: Path

    def halted(self) -> psutil.Process:
        """The process that has come to the named point, the command or one of its workers."""
        reached = self.halts / "reached"
        wait_for(lambda: reached.exists() or self.process.poll() is not None)
        assert reached.exists(), f"never came to that point:\n{self.said}"
        return psutil.Process(int(reached.read_text()))

    def go_on(self) -> None:
        """Let it go on from there."""
        (self.halts / "go").touch()

    def family(self) -> list[psutil.Process]:
        """The command and all below it."""
        command = psutil.Process(self.process.pid)
        return [command, *command.children(recursive=True)]

    def zygotes(self) -> list[psutil.Process]:
        """What runs the boxes of `--sandbox local`, the student's first."""
        found = [each for each in self.family() if "zygote.main" in " ".join(each.cmdline())]
        return [each for each in found if each.parent() not in found]

    def kill(self) -> None:
        """`kill -9` of the command; whoever is halted is let go, to find out by itself."""
        self.process.kill()
        self.process.wait()
        self.go_on()

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said, when it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        assert self.process.returncode is not None, f"it hangs:\n{self.said}"
        return self.process.returncode, self.said

    @property
    def said(self) -> str:
        """All that a user has seen of it."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class School:
    """A class of three at the course `tiny`, and everything that a run of it may touch."""

    folder: Path
    cache: Path
    book: str
    server: Server | None = None
    engine: Engine | None = None
    runs: list[Run] = field(default_factory=list)
    family: list[psutil.Process] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def temporary(self) -> Path:
        """TMPDIR of all runs."""
        return self.folder / "tmp"

    @property
    def pages(self) -> Path:
        """Where the feedback goes."""
        return self.folder / "pages"

    def begin(
        self,
        halt: str = "",
        turn: int = 1,
        *,
        before: tuple[str, ...] = (),
        words: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
    ) -> Run:
        """Start grading; it halts where it comes to that point for the so-manieth time."""
        number = len(self.runs)
        halts = self.folder / f"halts-{number}"
        halts.mkdir()
        variables = {
            **os.environ,
            "PYTHONPATH": f"{BREAKPOINTS}{os.pathsep}{ROOT}",
            "GRADER_CACHE": str(self.cache),
            "TMPDIR": str(self.temporary),
            "FAULT_FOLDER": str(halts),
            **({"DOCKER_HOST": self.engine.address} if self.engine else {}),
            **({"FAULT_AT": f"{halt}:{turn}"} if halt else {}),
            **(environment or {}),
        }
        command = [sys.executable, "-m", "grader.cli", "grade", "in", "--assignment", "tiny"]
        command += ["--gradebook", self.book, "--feedback", "pages", "--workers", "1"]
        command += ["--sandbox", "docker" if self.engine else "local", *words]
        log = self.folder / f"log-{number}"
        with log.open("w") as sink:
            process = subprocess.Popen(
                [*before, *command],
                cwd=self.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                text=True,
                start_new_session=True,
            )
        run = Run(process, log, halts)
        self.runs.append(run)
        return run

    def halted(self, halt: str, turn: int = 1, **how: object) -> tuple[Run, psutil.Process]:
        """A run that has come to that point, and the process that halts there."""
        run = self.begin(halt, turn, **how)  # type: ignore[arg-type]
        found = run.halted()
        self.family += run.family()
        return run, found

    def grade(self, *words: str) -> tuple[int, str]:
        """An ordinary run, to its end."""
        return self.begin(words=words).end()

    def still_there(self) -> list[psutil.Process]:
        """The processes of runs that were seen, and are left."""
        return [each for each in self.family if each.is_running() and each.status() != "zombie"]

    def end_all(self) -> None:
        """Whatever a test has left running ends with it."""
        for run in self.runs:
            run.go_on()
            with suppress(ProcessLookupError):
                os.killpg(run.process.pid, signal.SIGKILL)
            run.process.wait()
        for process in self.still_there():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.stack.close()

    def small_disk(self, folder: Path, options: str) -> Path:
        """A file system of its own on a folder, of a size or a number of files, until the end."""
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        self.stack.callback(subprocess.run, ["umount", "--lazy", folder], check=True)
        return folder


def make_school(folder: Path) -> None:
    """The course, the class and an empty place for temporary files."""
    make_class(folder / "in", make_course(folder), 1)
    for student in ANSWERS.keys() - known_scores().keys():
        (folder / "in" / f"{student}.ipynb").unlink()
    (folder / "tmp").mkdir()
    folder.chmod(0o755)  # students of `--sandbox local` have users of their own
    (folder / "tmp").chmod(0o1777)


def known_scores() -> dict[str, float]:
    """What each student of the class deserves."""
    return {student: score for student, (_, score) in ANSWERS.items() if score}


def fill(folder: Path) -> Path:
    """Take all the space that is left on a file system, with one file."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler
