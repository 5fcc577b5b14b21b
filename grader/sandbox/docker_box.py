"""A box in a hardened Docker container, without network, rights or a place to stay."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
from collections.abc import Mapping
from typing import IO, Any

from grader.errors import MachineError
from grader.sandbox.box import STOP_SECONDS, Size
from grader.sandbox.engine import run_docker
from grader.sandbox.local_box import START, THREADS, first_user
from grader.sandbox.recipe import LABEL, Runtime, docker_folder
from grader.sandbox.walls import Bounds, missing_walls

SHARED_MB = 16
SOCKETS_MB = 1
INODES = 20_000
MEBIBYTE = 1 << 20
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
        self._names: dict[int, str] = {}
        self._run = secrets.token_hex(8)

    def start(self, size: Size, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a container; its pipes are the stream to the zygote."""
        name = f"{LABEL}-{self._run}-{len(self._names)}-{secrets.token_hex(4)}"
        try:
            process = subprocess.Popen(
                ["docker", "run", "--name", name, *self._arguments(size), *self._command()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Ctrl-C at the terminal is for the grader, which then closes the box.
                start_new_session=True,
            )
        except FileNotFoundError:
            raise MachineError("The program `docker` is not on this machine.") from None
        self._names[process.pid] = name
        return process

    def missing_walls(self, size: Size, facts: Mapping[str, Any]) -> list[str]:
        """What this engine has dropped of `_arguments`."""
        return missing_walls(facts, self._bounds(size))

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        """Wait for the container, which ends with its input; end it otherwise."""
        name = self._names.pop(process.pid)
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
        command += ["--runtime", self._runtime, "--scratch", "/tmp", "--sockets", "/run"]  # noqa: S108
        command += ["--shared", "/dev/shm", "--shared", "/dev/mqueue"]  # noqa: S108
        return [
            *command,
            "--student-side",
            "/opt/student/grader",
            "--first-user",
            str(first_user()),
        ]
