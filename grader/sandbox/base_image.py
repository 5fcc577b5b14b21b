"""The operating system with Python that the images are built on: found, pulled or made."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from grader.errors import MachineError
from grader.sandbox.engine import run_docker
from grader.sandbox.packages import Announce, can_install, install_packages, system_path
from grader.sandbox.recipe import BASES, Base, docker_folder
from grader.settings import cache_folder

PULL_SECONDS = 20


def find_base(announce: Announce, *, fresh: bool) -> Base:
    """A base that is here already, else one pulled, else one made from Debian's packages."""
    if not fresh:
        for base in BASES:
            if inspect_image(base.image):
                return base
    pulled, made = BASES
    announce(f"Fetching the base image {pulled.image} (about 10 s) ...")
    try:
        run_docker(["pull", "--quiet", pulled.image], seconds=PULL_SECONDS)
    except MachineError:
        _debootstrap(made, announce)
        return made
    return pulled


def _debootstrap(base: Base, announce: Announce) -> None:
    if shutil.which("debootstrap", path=system_path()) is None:
        if not can_install():
            raise MachineError(
                f"No image registry can be reached for {BASES[0].image}, and a base image can be "
                "made from Debian's packages only as root on Debian or Ubuntu. Run the same as "
                f"root, or bring the image here by `docker load` as {BASES[0].image}."
            )
        install_packages(["debootstrap"], announce, "to make the base image")
    announce("No image registry can be reached: making the base image from Debian (about 45 s) ...")
    _import(base, build_log("base"))


def _import(base: Base, log: Path) -> None:
    """Give the base its name only when debootstrap ended well: a torn tar can be imported, too."""
    half_made = f"{base.image}-new"
    with log.open("wb") as sink:
        tar = subprocess.Popen(["sh", docker_folder() / "base.sh"], stdout=-1, stderr=sink)
        with tar, contextlib.suppress(MachineError):
            run_docker(["import", "-", half_made], seconds=1800, stdin=tar.stdout)
    if tar.returncode == 0:
        run_docker(["tag", half_made, base.image])
    with contextlib.suppress(MachineError):
        run_docker(["rmi", half_made])
    if tar.returncode:
        raise MachineError(f"debootstrap could not make the base image. Its log is {log}.")


def inspect_image(image: str) -> dict[str, Any] | None:
    """What Docker knows of an image; None where there is none."""
    try:
        found = json.loads(run_docker(["image", "inspect", image]))
    except MachineError:  # no such image, or no engine: the caller sees to either
        return None
    return dict(found[0])


def build_log(name: str) -> Path:
    """Where the output of a build step goes, to be read when it fails."""
    folder = cache_folder() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"image-{name}.log"
