"""The Docker engine: used as it is where one answers, else installed and started.

Docker is driven by its own program. An engine that answers, local or remote, is never touched.
Only as root on Debian or Ubuntu does the grader install one, and starts it without a network:
containers of the grader have none.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.errors import MachineError
from grader.sandbox.packages import (
    ELSEWHERE,
    Announce,
    can_install,
    install_packages,
    last_line,
    system_path,
)

RUN_FOLDER = Path("/run/keras-grader")
ENGINE_ARGUMENTS = ("--bridge=none", "--iptables=false", "--ip6tables=false")
START_SECONDS = 90
PID_FILES = (
    ("dockerd", Path("/run/docker.pid")),
    ("containerd", Path("/run/docker/containerd/containerd.pid")),
)


def ensure_engine(announce: Announce) -> None:
    """Return when a Docker engine answers; install and start one where that is possible."""
    problem = engine_problem()
    if problem is None:
        return
    _refuse_what_we_cannot_mend(problem)
    with only_one(RUN_FOLDER / "engine.lock", announce, "sets up the Docker engine"):
        if not _installed():
            install_packages(["docker.io"], announce, "so that student code runs in a box")
        if engine_problem() is not None:
            _start(announce)


def engine_problem() -> str | None:
    """What keeps the engine from answering, in Docker's words; None when it answers."""
    try:
        run_docker(["version", "--format", "{{.Server.Version}}"], seconds=20)
    except MachineError as error:
        return str(error)
    return None


def run_docker(
    arguments: Sequence[str],
    *,
    seconds: float = 60,
    log: IO[bytes] | None = None,
    stdin: IO[bytes] | None = None,
    environment: dict[str, str] | None = None,
) -> str:
    """Run `docker ...` and return what it printed, or raise its complaint as a MachineError."""
    try:
        done = subprocess.run(
            ["docker", *arguments],
            stdin=stdin or subprocess.DEVNULL,
            stdout=log or subprocess.PIPE,
            stderr=log or subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise MachineError("The program `docker` is not on this machine.") from None
    except subprocess.TimeoutExpired:
        verb = " ".join(arguments[:2])
        raise MachineError(f"`docker {verb}` gave no answer within {seconds:.0f} s.") from None
    if done.returncode:
        raise MachineError(_complaint(arguments[0], done.stderr, log))
    return "" if log else done.stdout.decode(errors="replace")


def _complaint(verb: str, stderr: bytes | None, log: IO[bytes] | None) -> str:
    text = (stderr or b"").decode(errors="replace") if log is None else _tail(Path(log.name))
    if "no space left on device" in text.lower():
        return (
            "The disk of the Docker engine is full. Free some space "
            "(`docker system prune` removes what no container uses), then run the same again."
        )
    return f"`docker {verb}` failed: {last_line(text)}"


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-20_000:] if log.exists() else ""


def _installed() -> bool:
    return bool(shutil.which("docker") and shutil.which("dockerd", path=system_path()))


def _refuse_what_we_cannot_mend(problem: str) -> None:
    """Say in one sentence what is missing and the remedy, where it is not ours to install."""
    if host := os.environ.get("DOCKER_HOST"):
        raise MachineError(
            f"The Docker engine of DOCKER_HOST={host} does not answer ({problem}). "
            "Start it, or unset DOCKER_HOST to use one on this machine."
        )
    if "permission denied" in problem.lower():
        raise MachineError(
            "Docker refuses this user. Run the same as root, or add yourself to its group "
            "(`sudo usermod -aG docker $USER`) and log in again."
        )
    if can_install():
        return
    if shutil.which("docker"):
        raise MachineError(
            f"The Docker engine does not answer ({problem}). Start it (`sudo systemctl start "
            f"docker`, or Docker Desktop) and run the same again. {ELSEWHERE}"
        )
    raise MachineError(
        "A Docker engine is missing, and the grader can install one only as root on Debian or "
        "Ubuntu. Install it from https://docs.docker.com/engine/install/ or run the same as "
        f"root. {ELSEWHERE}"
    )


def _start(announce: Announce) -> None:
    log = RUN_FOLDER / "dockerd.log"
    if _running("dockerd"):
        announce("The Docker engine is starting; waiting for it ...")
        if _comes_up():
            return
    announce(f"Starting the Docker engine (a few seconds); its log is {log} ...")
    if Path("/run/systemd/system").is_dir():
        subprocess.run(["systemctl", "start", "docker"], capture_output=True, check=False)
    else:
        remove_stale_pid_files()
        _launch(log)
    if not _comes_up():
        raise MachineError(
            f"The Docker engine does not start: {last_line(_tail(log))} "
            f"The whole log is {log}. {ELSEWHERE}"
        )


def _launch(log: Path) -> None:
    """Start dockerd as an orphan in a session of its own: it outlives us and our Ctrl-C."""
    with log.open("wb") as sink:
        subprocess.run(
            ["setsid", "--fork", "dockerd", *ENGINE_ARGUMENTS],
            env={**os.environ, "PATH": system_path()},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            check=True,
        )


def _comes_up() -> bool:
    """Wait for the engine's answer for as long as it runs."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if engine_problem() is None:
            return True
        if not _running("dockerd"):
            break
        time.sleep(0.2)
    return engine_problem() is None


def _running(program: str) -> bool:
    return any(_program(folder) == program for folder in Path("/proc").glob("[0-9]*"))


def _program(folder: Path) -> str:
    """The name of a process that is alive; one that only waits to be reaped is not."""
    try:
        name, state = (folder / "stat").read_text().rpartition(")")[::2]
    except OSError:  # it ended while we looked
        return ""
    return "" if state.split()[0] == "Z" else name.partition("(")[2]


def remove_stale_pid_files() -> None:
    """After a kill these name processes that are gone, or worse: others that took the number."""
    for program, file in PID_FILES:
        if file.exists() and _program(Path("/proc", file.read_text().strip() or "0")) != program:
            file.unlink(missing_ok=True)


@contextmanager
def only_one(lock: Path, announce: Announce, work: str) -> Iterator[None]:
    """Hold a lock between processes; say so when another one has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            announce(f"Another process {work}; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
