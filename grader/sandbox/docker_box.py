"""A box in a hardened Docker container, without network, rights or a place to stay."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import time
from collections.abc import Mapping
from typing import IO, Any

from grader.errors import MachineError
from grader.sandbox.box import STOP_SECONDS, Size, Started
from grader.sandbox.door import NAME, Door
from grader.sandbox.engine import run_docker
from grader.sandbox.local_box import START, THREADS, first_user
from grader.sandbox.recipe import LABEL, Runtime, docker_folder
from grader.sandbox.walls import Bounds, missing_walls

MEETING = "/host"
SHARED_MB = 16
SOCKETS_MB = 1
INODES = 20_000
MEBIBYTE = 1 << 20
EVENT_SECONDS, OLDEST_EVENT = 2, 86_400
# The zygote itself, the driver (limited to 256 MB above the zygote) and the relay's buffers.
OWN_MB = {"numpy": 700, "keras": 1800}
# TensorFlow makes several threads per processor before it does anything.
OWN_PROCESSES = {"numpy": 64, "keras": 256}


class DockerLauncher:
    """Starts containers of one image."""

    missing_protection: tuple[str, ...] = ()

    def __init__(self, runtime: Runtime, image_id: str) -> None:
        self.image_id = image_id
        self._runtime = runtime
        self._started: dict[int, tuple[str, Door | None]] = {}
        self._run = secrets.token_hex(8)

    @property
    def containers(self) -> list[str]:
        """The names of those that have been started and not yet stopped."""
        return [name for name, _ in self._started.values()]

    def start(self, size: Size, errors: IO[bytes]) -> Started:
        """Start a container."""
        name = f"{LABEL}-{self._run}-{len(self._started)}-{secrets.token_hex(4)}"
        door = _door()
        try:
            process = subprocess.Popen(
                [
                    *("docker", "run", "--name", name, *self._arguments(size)),
                    *(("--volume", f"{door.folder}:{MEETING}:ro") if door is not None else ()),
                    *self._command(),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Ctrl-C at the terminal is for the grader, which then closes the box.
                start_new_session=True,
            )
        except FileNotFoundError:
            if door is not None:
                door.close()
            raise MachineError("The program `docker` is not on this machine.") from None
        self._started[process.pid] = name, door
        return Started(process, door)

    def missing_walls(self, size: Size, facts: Mapping[str, Any]) -> list[str]:
        """What this engine has dropped of `_arguments`."""
        return missing_walls(facts, self._bounds(size))

    def ran_out_of_memory(self, process: subprocess.Popen[bytes]) -> bool:
        """By the engine's own words, which are there a moment after the container's end."""
        name, _ = self._started[process.pid]
        until = str(int(time.time()) + EVENT_SECONDS)
        query = ["events", "--since", f"{OLDEST_EVENT}s", "--until", until]
        query += ["--filter", f"container={name}", "--filter", "event=oom"]
        with contextlib.suppress(MachineError):
            return bool(run_docker([*query, "--format", "{{.Action}}"]).strip())
        return False

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        """Wait for the container, which ends with its input; end it otherwise."""
        name, door = self._started.pop(process.pid)
        if door is not None:
            door.shut()
        if not ready:  # it would first warm up
            with contextlib.suppress(MachineError):
                run_docker(["rm", "--force", name])
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(MachineError):
                run_docker(["rm", "--force", name])
            process.kill()
            process.wait()
        if door is not None:  # not earlier: Docker makes a folder anew which it does not find
            door.close()

    def close(self) -> None:
        """Nothing is shared."""

    def _bounds(self, size: Size) -> Bounds:
        """The most that all of a container's processes may use together."""
        memory = size.memory_mb + size.disk_mb + SHARED_MB + SOCKETS_MB + OWN_MB[self._runtime]
        processes = 2 * size.processes + OWN_PROCESSES[self._runtime]
        scratch = max(size.disk_mb, SHARED_MB)
        return Bounds(memory * MEBIBYTE, processes, scratch * MEBIBYTE, INODES)

    def _arguments(self, size: Size) -> list[str]:
        """Everything that holds the container back (docs/security.md says against what)."""
        bounds = self._bounds(size)
        memory, processes = bounds.memory // MEBIBYTE, bounds.processes
        closed = "rw,nosuid,nodev,noexec"
        options = ["--interactive", "--rm", "--log-driver", "none", "--network", "none"]
        options += [
            "--read-only",
            "--cap-drop",
            "ALL",
            "--cap-add",
            "SETUID",
            "--cap-add",
            "SETGID",
        ]
        options += ["--security-opt", "no-new-privileges"]
        options += ["--security-opt", f"seccomp={docker_folder() / 'seccomp.json'}"]
        options += ["--memory", f"{memory}m", "--memory-swap", f"{memory}m"]
        options += [
            "--pids-limit",
            str(processes),
            "--ipc",
            "private",
        ]
        options += ["--tmpfs", f"/tmp:{closed},size={size.disk_mb}m,nr_inodes={INODES},mode=1777"]  # noqa: S108
        # In place of Docker's own, whose number of files nothing but the machine's memory limits.
        options += ["--tmpfs", f"/dev/shm:{closed},size={SHARED_MB}m,nr_inodes={INODES},mode=1777"]  # noqa: S108
        options += ["--tmpfs", f"/run:{closed},size={SOCKETS_MB}m,mode=755"]
        options += ["--ulimit", "core=0", "--hostname", "box", "--user", "0:0", "--workdir", "/"]
        options += ["--label", f"{LABEL}.run={self._run}"]
        for variable, value in THREADS.items():
            options += ["--env", f"{variable}={value}"]
        return options

    def _command(self) -> list[str]:
        command = [
            self.image_id,
            "/opt/venv/bin/python",
            "-I",
            "-c",
            START.format(root="/opt/grader"),
        ]
        command += ["--host", f"{MEETING}/{NAME}"]
        command += ["--runtime", self._runtime, "--scratch", "/tmp", "--sockets", "/run"]  # noqa: S108
        command += ["--shared", "/dev/shm", "--shared", "/dev/mqueue"]  # noqa: S108
        return [
            *command,
            "--student-side",
            "/opt/student/grader",
            "--first-user",
            str(first_user()),
        ]


def _door() -> Door | None:
    try:
        return Door()
    except OSError:  # the folder for temporary files has too long a name for a socket
        return None
