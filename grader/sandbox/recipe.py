"""What goes into an image, and the name that follows from it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

Runtime = Literal["numpy", "keras"]

PACKAGE = Path(__file__).parent.parent
LABEL = "keras-grader"  # the prefix of all our labels
SCRIPTS = ("Dockerfile", "slim.sh", "finish.sh")
NAMED = ("numpy", "scipy", "matplotlib", "ipykernel", "nbclient", "keras", "tensorflow-cpu")


@dataclass(frozen=True)
class Base:
    """An operating system with Python 3.11 to build on, and the image that holds it."""

    kind: str
    image: str


# In order of preference: the second is made here, where no registry can be reached.
BASES = (
    Base("python", "python:3.11-slim-bookworm"),
    Base("debootstrap", "keras-grader-base:bookworm"),
)


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what an image holds."""

    runtime: Runtime
    base: Base

    @cached_property
    def digest(self) -> str:
        """The sha256 over the base's kind and every file that goes in."""
        digest = hashlib.sha256(f"{self.runtime} {self.base.kind}".encode())
        for name, content in sorted(_ingredients(self.runtime).items()):
            digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    @property
    def tag(self) -> str:
        """The image's name, which changes whenever its content would."""
        return f"keras-grader-{self.runtime}:{self.digest[:16]}"


def docker_folder() -> Path:
    """The folder with the Dockerfile: inside an installed package, beside it in a clone."""
    inside = PACKAGE / "docker"
    return inside if inside.is_dir() else PACKAGE.parent / "docker"


def inside_files() -> dict[str, Path]:
    """The files of `grader/inside` by their path there; bytecode is made anew in the image."""
    folder = PACKAGE / "inside"
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def parts(runtime: Runtime) -> tuple[Runtime, ...]:
    """The locks that a runtime installs, one on top of the other."""
    return ("numpy",) if runtime == "numpy" else ("numpy", "keras")


def pins(part: Runtime, machine: str) -> list[str]:
    """The locked requirements for one processor, a line each, hashes included."""
    text = (docker_folder() / f"requirements-{part}.lock").read_text().replace("\\\n", "")
    chosen = []
    for line in text.splitlines():
        marker = re.search(r' ; platform_machine == "(\w+)"', line)
        if line and not line.startswith("#") and (not marker or marker[1] == machine):
            chosen.append(line.replace(marker[0], "") if marker else line)
    return chosen


def versions(runtime: Runtime, machine: str) -> dict[str, str]:
    """The locked versions of the packages that decide how a notebook behaves."""
    found = {}
    for part in parts(runtime):
        for line in pins(part, machine):
            name, _, version = line.split()[0].partition("==")
            if name in NAMED:
                found[name] = version
    return found


def _ingredients(runtime: Runtime) -> dict[str, bytes]:
    folder = docker_folder()
    names = [*SCRIPTS, *(f"requirements-{part}.lock" for part in parts(runtime))]
    found = {name: (folder / name).read_bytes() for name in names}
    return found | {f"inside/{name}": path.read_bytes() for name, path in inside_files().items()}
