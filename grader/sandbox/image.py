"""The image that submissions run in: found by the hash of what goes in, built where it is missing.

A build takes a base (pulled, else made by debootstrap), the locked wheels and `grader/inside`,
and runs without a network. The image gets its name only after it has been tried, so an image
that has the name is whole; one with the name but another recipe in its label is built again.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.errors import MachineError
from grader.sandbox.base_image import build_log, find_base, inspect_image
from grader.sandbox.engine import ensure_engine, only_one, run_docker
from grader.sandbox.packages import Announce
from grader.sandbox.recipe import (
    BASES,
    LABEL,
    SCRIPTS,
    Recipe,
    Runtime,
    docker_folder,
    inside_files,
    parts,
    pins,
    versions,
)
from grader.sandbox.wheels import fetch_wheels
from grader.settings import cache_folder

BUILD_SECONDS = {"numpy": 3600, "keras": 7200}
ABOUT = {"numpy": "about a minute", "keras": "about five minutes, 2 GB"}
TRIAL = {
    "numpy": "import numpy, scipy.signal, matplotlib, ipykernel, nbclient, zmq, tqdm, PIL",
    "keras": "import keras; assert keras.backend.backend() == 'tensorflow'",
}
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
STUDENT_SIDE = "student_side/"


def ensure_image(runtime: Runtime, announce: Announce, *, fresh: bool = False) -> str:
    """Return the image's id; build it where it is missing, or anew from nothing when `fresh`."""
    if not fresh and (found := _find(runtime)):
        return str(found["Id"])
    ensure_engine(announce)
    try:
        with only_one(cache_folder() / "image.lock", announce, "is building an image"):
            # Another process may have built it while this one waited for the lock.
            if not fresh and (found := _find(runtime)):
                return str(found["Id"])
            return _build(runtime, announce, fresh=fresh)
    except OSError as error:
        raise MachineError(f"The image cannot be built: {error}.") from error


def image_facts(runtime: Runtime) -> dict[str, str]:
    """The image's digest, name, size and the versions in it."""
    found = _find(runtime)
    if found is None:
        raise MachineError(
            f"There is no {runtime} image yet. Build it: grader image build --runtime {runtime}"
        )
    labels = found["Config"]["Labels"]
    prefix = f"{LABEL}."
    named = {k.removeprefix(prefix): v for k, v in labels.items() if k.startswith(prefix)}
    recipe = named.pop("recipe")
    return {
        "runtime": runtime,
        "digest": found["Id"],
        "name": f"{LABEL}-{runtime}:{recipe[:16]}",
        "size": f"{found['Size'] / 1e6:.0f} MB",
        "built": found["Created"][:19],
        **named,
    }


def _find(runtime: Runtime) -> dict[str, Any] | None:
    """What Docker knows of the image for today's recipe; None where there is none."""
    for base in BASES:
        recipe = Recipe(runtime, base)
        found = inspect_image(recipe.tag)
        if found and (found["Config"]["Labels"] or {}).get(f"{LABEL}.recipe") == recipe.digest:
            return found
    return None


def _build(runtime: Runtime, announce: Announce, *, fresh: bool) -> str:
    machine = _engine_machine()
    base = find_base(announce, fresh=fresh)
    recipe = Recipe(runtime, base)
    wheels = {part: fetch_wheels(part, machine, announce) for part in parts(runtime)}
    announce(f"Building the {runtime} image that submissions run in ({ABOUT[runtime]}) ...")
    with _context(machine, wheels) as context:
        image = _docker_build(recipe, context, _labels(recipe, machine), fresh=fresh)
    _try(image, runtime)
    run_docker(["tag", image, recipe.tag])
    return image


def _engine_machine() -> str:
    name = run_docker(["version", "--format", "{{.Server.Arch}}"]).strip()
    if name not in MACHINES:
        raise MachineError(
            f"The Docker engine runs on {name}; images are made for amd64 and arm64 alone."
        )
    return MACHINES[name]


@contextmanager
def _context(machine: str, wheels: dict[Runtime, Path]) -> Iterator[Path]:
    """A folder with all that the Dockerfile copies, and nothing else of this machine."""
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix="context-") as name:
        context = Path(name)
        for file in SCRIPTS:
            _place(docker_folder() / file, context / file)
        for part, folder in wheels.items():
            for wheel in folder.glob("*.whl"):
                _place(wheel, context / part / wheel.name)
            lock = context / part / "requirements.lock"
            lock.write_text("\n".join(pins(part, machine)) + "\n")
            lock.chmod(0o644)
        _place_inside(context)
        for folder in (path for path in context.rglob("*") if path.is_dir()):
            folder.chmod(0o755)
        yield context


def _place_inside(context: Path) -> None:
    """`grader.inside` for the zygote; the student's `grader` apart, so that neither sees both."""
    (context / "student").mkdir()
    _place(Path(os.devnull), context / "grader/grader/__init__.py")
    for name, path in inside_files().items():
        if name.startswith(STUDENT_SIDE):
            _place(path, context / "student/grader" / name.removeprefix(STUDENT_SIDE))
        else:
            _place(path, context / "grader/grader/inside" / name)


def _place(source: Path, target: Path) -> None:
    """Copy bytes and give every file one mode and time, so that Docker's cache sees no change."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    target.chmod(0o644)


def _labels(recipe: Recipe, machine: str) -> dict[str, str]:
    command = ["run", "--rm", "--network", "none", "--log-driver", "none", recipe.base.image]
    python = run_docker([*command, "python3.11", "-V"]).split()[-1]
    named = {"recipe": recipe.digest, "base": recipe.base.kind, "python": python}
    return named | versions(recipe.runtime, machine)


def _docker_build(recipe: Recipe, context: Path, labels: dict[str, str], *, fresh: bool) -> str:
    id_file = context.with_suffix(".id")
    command = ["build", "--network", "none", "--force-rm", "--target", recipe.runtime]
    command += ["--build-arg", f"BASE={recipe.base.image}", "--iidfile", str(id_file)]
    command += [f"--label={LABEL}.{name}={value}" for name, value in labels.items()]
    command += ["--no-cache"] if fresh else []
    log = build_log(recipe.runtime)
    try:
        with log.open("wb") as sink:
            run_docker(
                [*command, str(context)],
                seconds=BUILD_SECONDS[recipe.runtime],
                log=sink,
                environment={"DOCKER_BUILDKIT": _buildkit()},
            )
        return id_file.read_text().strip()
    except MachineError as error:
        raise MachineError(f"The image was not built: {error} The whole log is {log}.") from error
    finally:
        id_file.unlink(missing_ok=True)


def _buildkit() -> str:
    """BuildKit where both sides have it; Debian 12's engine has only the classic builder."""
    engine = run_docker(["version", "--format", "{{.Server.Version}}"])
    try:
        run_docker(["buildx", "version"])
    except MachineError:
        return "0"
    return "1" if int(engine.split(".")[0]) >= 23 else "0"  # noqa: PLR2004


def _try(image: str, runtime: Runtime) -> None:
    """Import everything once, as nobody and without a network, before the image gets its name."""
    command = ["run", "--rm", "--network", "none", "--log-driver", "none", "--read-only"]
    command += ["--tmpfs", "/tmp", "--env", "HOME=/tmp", "--user", "65534:65534", image]  # noqa: S108
    command += ["/opt/venv/bin/python", "-I", "-c", "; ".join(TRIAL[p] for p in parts(runtime))]
    try:
        run_docker(command, seconds=300)
    except MachineError as error:
        raise MachineError(
            f"The {runtime} image was built but does not work: {error} "
            f"Build it from nothing: grader image build --runtime {runtime} --fresh"
        ) from error
