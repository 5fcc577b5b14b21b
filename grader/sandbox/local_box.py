"""A box without a container: the same zygote as a process of this machine.

For machines that are a container already. As root each submission still has its own uids; without
root there is little that holds a student's code back, and the box says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal

from grader import __version__
from grader.errors import MachineError
from grader.sandbox.box import STOP_SECONDS, Size, Started
from grader.scratch import Scratch

Runtime = Literal["numpy", "keras"]
PACKAGE = Path(__file__).parent.parent
NEEDED_FILES = 256  # a kernel has some fifty open before a student's code runs
FIRST_USER, LAST_USER, BLOCK = 1_000_000_000, 2_000_000_000, 1 << 14
START = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from grader.inside import zygote; zygote.main(sys.argv[1:])"
)
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ALWAYS_MISSING = (
    "No container: a submission can read this machine's files and reach its network.",
    "The memory of all of a submission's processes together is not limited.",
)
WITHOUT_ROOT = (
    "No user of its own: a submission can read, change and end what belongs to you.",
    "A submission's processes are not limited in number.",
)
PRIVATE_PYTHON = (
    "Python lies in a folder that only root can read: a submission can read all that root can.",
)


def first_user() -> int:
    """The start of a block of uids that no other box on this machine is likely to use."""
    return FIRST_USER + BLOCK * secrets.randbelow((LAST_USER - FIRST_USER) // BLOCK)


class LocalLauncher:
    """Starts zygotes as plain subprocesses, each with a folder of its own."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._root = os.geteuid() == 0
        self._folders: dict[int, Scratch] = {}
        self.image_id = f"local:{_digest()}"
        self._private = self._root and _private_python()
        self.missing_protection = (
            *ALWAYS_MISSING,
            *(() if self._root else WITHOUT_ROOT),
            *(PRIVATE_PYTHON if self._private else ()),
        )

    def start(self, _size: Size, errors: IO[bytes]) -> Started:
        """Start a zygote; the size is kept by the processes' own limits alone."""
        _have_room_for_files()
        scratch = Scratch("box")
        folder = scratch.path
        folder.chmod(0o711)
        for name, mode in (("tmp", 0o1777), ("run", 0o711)):
            (folder / name).mkdir()
            (folder / name).chmod(mode)
        process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-c",
                START.format(root=str(PACKAGE.parent)),
                *self._options(folder),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", **THREADS},
            start_new_session=True,
            cwd="/",
        )
        self._folders[process.pid] = scratch
        return Started(process)

    def _options(self, folder: Path) -> list[str]:
        options = ["--runtime", self._runtime, "--scratch", f"{folder}/tmp"]  # noqa: S108
        options += ["--sockets", f"{folder}/run"]
        options += ["--student-side", str(PACKAGE / "inside" / "student_side")]
        options += ["--private-python"] if self._private else []
        return [*options, "--first-user", str(first_user())] if self._root else options

    def missing_walls(self, _size: Size, _facts: Mapping[str, Any]) -> list[str]:
        """None were promised: `missing_protection` says so beforehand."""
        return []

    def ran_out_of_memory(self, _process: subprocess.Popen[bytes]) -> bool:
        """Nothing bounds them together here."""
        return False

    def stop(self, process: subprocess.Popen[bytes], *, ready: bool) -> None:
        """Wait for the zygote, which ends with its input; end it otherwise."""
        try:
            process.wait(STOP_SECONDS if ready else 0)  # it would first warm up
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._folders.pop(process.pid).remove()

    def close(self) -> None:
        """Nothing is shared."""


def _have_room_for_files() -> None:
    """A kernel that cannot open its sockets would die of it, and look like its student's doing."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < NEEDED_FILES:
        raise MachineError(
            f"A process may open {most} files here, and a box needs {NEEDED_FILES}: raise the "
            "limit (ulimit -n) and run the same again."
        )


def _digest() -> str:
    """What runs in the box, as far as it is ours to know: Python and this grader."""
    return hashlib.sha256(f"{sys.version} {__version__}".encode()).hexdigest()[:16]


def _private_python() -> bool:
    """Whether another user could not import what this Python imports."""
    return not all(
        part.stat().st_mode & 0o001
        for path in (sys.prefix, sys.base_prefix, os.__file__)
        for part in Path(path).resolve().parents
    )
