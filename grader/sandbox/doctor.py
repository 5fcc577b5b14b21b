"""What this machine has for grading and what it lacks, each with a sentence and a remedy."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import MachineError
from grader.sandbox.engine import engine_problem, run_docker
from grader.sandbox.image import image_facts
from grader.sandbox.recipe import LABEL, Runtime, docker_folder
from grader.settings import cache_folder

RUN_LABEL = f"{LABEL}.run"  # on every container that the grader starts
NEEDED_PYTHON = (3, 11)
NEEDED_MEMORY_MB = 2048
NEEDED_DISK_MB = 6000
MINIMUM_ENGINE = 20
# Everything else is refused with EPERM. clone3: so that the C library takes clone, whose flags
# a filter can see. The last two are system calls by another table: the process is killed (SIGSYS).
EXPECTED = {"clone3": "ENOSYS", "int_0x80": "signal 31", "x32": "signal 31"}


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and the remedy where it is not well."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def diagnose() -> tuple[Check, ...]:
    """Look at everything that grading in Docker needs; never raises, never changes anything."""
    checks = [_python(), _disk()]
    engine = _engine()
    checks.append(engine)
    if engine.ok:
        info = json.loads(run_docker(["info", "--format", "{{json .}}"]))
        checks += [_storage(info), _cgroups(info), _memory(info)]
        checks += [_image("numpy"), _image("keras"), _seccomp(), _leftovers()]
    return tuple(checks)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= NEEDED_PYTHON
    return Check("python", ok, f"Python {found}.", "" if ok else "Install Python 3.11 or newer.")


def _disk() -> Check:
    folder = cache_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free / 1e6
    ok = free >= NEEDED_DISK_MB and os.access(there, os.W_OK)
    remedy = f"Have {NEEDED_DISK_MB} MB free, or set GRADER_CACHE to a folder on another disk."
    return Check("disk", ok, f"{free:.0f} MB free in {folder}.", "" if ok else remedy)


def _engine() -> Check:
    if problem := engine_problem():
        return Check(
            "engine",
            ok=False,
            found=problem,
            remedy="Run `grader image build`: it starts or installs an engine where that is "
            "possible, and says what to do where it is not.",
        )
    version = run_docker(["version", "--format", "{{.Server.Version}}"]).strip()
    major = re.match(r"\d+", version)
    ok = major is not None and int(major[0]) >= MINIMUM_ENGINE
    remedy = f"Install Docker {MINIMUM_ENGINE}.10 or newer."
    return Check("engine", ok, f"Docker engine {version} answers.", "" if ok else remedy)


def _storage(info: dict[str, Any]) -> Check:
    driver = str(info.get("Driver"))
    ok = driver not in {"vfs", "devicemapper"}
    remedy = "Images take many times their size so: put Docker's folder on ext4 or xfs."
    return Check("storage", ok, f"Storage driver {driver}.", "" if ok else remedy)


def _cgroups(info: dict[str, Any]) -> Check:
    missing = [
        name
        for name, key in (("memory", "MemoryLimit"), ("processes", "PidsLimit"))
        if not info.get(key)
    ]
    found = f"cgroup v{info.get('CgroupVersion', '1')}"
    if not missing:
        return Check("limits", ok=True, found=f"{found}, with limits of memory and processes.")
    remedy = "Enable these cgroup controllers in the kernel; without them no bomb is contained."
    return Check(
        "limits", ok=False, found=f"{found} without {' and '.join(missing)}.", remedy=remedy
    )


def _memory(info: dict[str, Any]) -> Check:
    megabytes = int(info.get("MemTotal", 0)) / 1e6
    ok = megabytes >= NEEDED_MEMORY_MB
    remedy = f"Give the engine {NEEDED_MEMORY_MB} MB: a container with Keras needs them."
    return Check("memory", ok, f"The engine has {megabytes:.0f} MB.", "" if ok else remedy)


def _image(runtime: Runtime) -> Check:
    """A missing image is well: it is built when it is first needed."""
    try:
        facts = image_facts(runtime)
    except MachineError:
        return Check(f"image {runtime}", ok=True, found="Not built yet; grading builds it.")
    return Check(f"image {runtime}", ok=True, found=f"{facts['name']}, {facts['size']}.")


def _seccomp() -> Check:
    try:
        outcomes = probe_seccomp(image_facts("numpy")["digest"])
    except MachineError as error:
        return Check(
            "seccomp",
            ok=False,
            found=f"Not tried: {error}",
            remedy="Run `grader image build`, then this again.",
        )
    open_calls = unexpected(outcomes)
    if not open_calls:
        found = f"{len(outcomes)} forbidden system calls tried in the box, all refused."
        return Check("seccomp", ok=True, found=found)
    return Check(
        "seccomp",
        ok=False,
        found=f"The box does not refuse {', '.join(open_calls)}.",
        remedy="Do not grade with this engine: it was built or started without seccomp.",
    )


def probe_seccomp(image: str, profile: Path | str | None = None) -> dict[str, str]:
    """Try every forbidden system call in a container: the name of each errno."""
    chosen = profile or docker_folder() / "seccomp.json"
    command = ["run", "-i", "--rm", "--network", "none", "--log-driver", "none", "--read-only"]
    command += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    command += ["--security-opt", f"seccomp={chosen}", "--label", f"{RUN_LABEL}=doctor", image]
    with (docker_folder() / "seccomp_probe.py").open("rb") as probe:
        printed = run_docker([*command, "/opt/venv/bin/python", "-I", "-"], stdin=probe)
    return dict(json.loads(printed))


def unexpected(outcomes: dict[str, str]) -> list[str]:
    """The calls that ended otherwise than the profile says."""
    return [name for name, outcome in outcomes.items() if outcome != EXPECTED.get(name, "EPERM")]


def _leftovers() -> Check:
    # A container that runs belongs to a grading that runs: it ends when its grader does.
    over = ["--filter", "status=exited", "--filter", "status=dead"]
    found = run_docker(["ps", "--all", "--quiet", "--filter", f"label={RUN_LABEL}", *over]).split()
    if not found:
        return Check("containers", ok=True, found="No container is left over.")
    return Check(
        "containers",
        ok=False,
        found=f"{len(found)} containers of the grader have ended and were not removed.",
        remedy=f"docker rm --force $(docker ps -aq --filter label={RUN_LABEL} {' '.join(over)})",
    )
