"""The image's wheels: downloaded by the host's pip, each checked against the lock's sha256.

The host's pip has the settings that reach a package index from here (mirror, certificates,
tokens). The image gets the wheels alone, so none of these can end up in it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from grader.errors import MachineError
from grader.sandbox.packages import Announce
from grader.sandbox.recipe import Runtime, pins
from grader.settings import cache_folder

MEGABYTES = {"numpy": 100, "keras": 650}
GLIBC_MINORS = (28, 27, 26, 24, 17, 12, 5)


def fetch_wheels(part: Runtime, machine: str, announce: Announce) -> Path:
    """Return the folder that holds exactly the locked wheels, downloading what is missing."""
    locked = pins(part, machine)
    digest = hashlib.sha256("\n".join(locked).encode()).hexdigest()
    folder = cache_folder() / "wheels" / f"{part}-{digest[:16]}"
    if not complete(folder, locked):
        announce(
            f"Downloading the packages of the {part} image from the Python package index "
            f"({MEGABYTES[part]} MB, about a minute) ..."
        )
        _download(folder, locked, machine)
    if not complete(folder, locked):
        raise MachineError(
            f"The wheels in {folder} are not those of the lock. Remove that folder and run again."
        )
    return folder


def complete(folder: Path, locked: list[str]) -> bool:
    """Whether there is one wheel for every pin, each with a hash of that pin. Removes others."""
    hashes = {sha: line for line in locked for sha in re.findall(r"sha256:(\w{64})", line)}
    found = set()
    for wheel in folder.glob("*.whl"):
        with wheel.open("rb") as handle:
            pin = hashes.get(hashlib.file_digest(handle, "sha256").hexdigest())
        if pin is None:
            wheel.unlink()  # cut short by a crash, or of another lock
        found.add(pin)
    return set(locked) <= found


def _download(folder: Path, locked: list[str], machine: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "requirements.lock"
    lock.write_text("\n".join(locked) + "\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", "--dest", str(folder), "-r", str(lock)]
    done = subprocess.run(
        [*command, *_target(machine)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MachineError(explain(done.stderr, folder))


def _target(machine: str) -> list[str]:
    """CPython 3.11 on a Linux with glibc, whatever runs on the host."""
    return [
        *("--python-version=3.11", "--implementation=cp"),
        *("--abi=cp311", "--abi=abi3", "--abi=none"),
        *(f"--platform=manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS),
        *(f"--platform=manylinux2014_{machine}", f"--platform=manylinux2010_{machine}"),
    ]


def explain(stderr: str, folder: Path) -> str:
    """Turn what pip printed into what happened and what to do."""
    if "no space left on device" in stderr.lower():
        return (
            f"The disk of {folder} is full. Free some space, or set GRADER_CACHE to a folder on "
            "another disk, then run the same again."
        )
    if "no module named pip" in stderr.lower():
        return f"{sys.executable} has no pip. Run `{sys.executable} -m ensurepip` and try again."
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    return (
        f"The image's packages cannot be downloaded: {(errors or [stderr.strip()])[-1]} "
        "Check that `pip download numpy` works here, then run the same again."
    )
