"""Resolve requirements-*.in into requirements-*.lock: exact versions, the sha256 of each wheel.

Run it by `make lock`. Both locks are resolved together, so that the two images share one numpy;
the keras lock holds only what that image has besides. pip evaluates markers for the machine it
runs on, so a requirement for one processor is chosen here, by the text of its marker.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
MACHINES = ("x86_64", "aarch64")
GLIBC_MINORS = (28, 27, 26, 24, 17, 12, 5)
HEADER = """\
# Made by `make lock` from {sources}; do not edit.
# Installed with --require-hashes: a wheel that differs from the one locked here is refused.
"""

Wheels = dict[str, tuple[str, str]]  # name -> (version, sha256)


def requirements(runtime: str, machine: str) -> list[str]:
    """The lines of requirements-RUNTIME.in that hold for this processor, without markers."""
    lines = (FOLDER / f"requirements-{runtime}.in").read_text().splitlines()
    chosen = []
    for line in lines:
        requirement, _, marker = line.partition(";")
        if requirement and not requirement.startswith("#") and (not marker or machine in marker):
            chosen.append(requirement.strip())
    return chosen


def resolve(wanted: list[str], machine: str) -> Wheels:
    """Ask pip which wheels it would install for CPython 3.11 on Linux."""
    platforms = [f"--platform=manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--report", str(report), "--target", folder]
        command += ["--only-binary=:all:", "--python-version=3.11", "--implementation=cp"]
        command += ["--abi=cp311", "--abi=abi3", "--abi=none", *platforms]
        command += [f"--platform=manylinux2014_{machine}", f"--platform=manylinux2010_{machine}"]
        subprocess.run([*command, *wanted], check=True)
        items = json.loads(report.read_text())["install"]
    return {
        item["metadata"]["name"].lower().replace("_", "-"): (
            item["metadata"]["version"],
            item["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for item in items
    }


def lines(wheels: dict[str, Wheels], names: set[str]) -> str:
    """Requirements in pip's format, with a marker where only one processor has the package."""
    text = ""
    for name in sorted(names):
        found = {machine: wheels[machine][name] for machine in MACHINES if name in wheels[machine]}
        versions = {version for version, _ in found.values()}
        if len(versions) != 1:
            raise SystemExit(f"{name} has another version on each processor: {found}. Pin it.")
        marker = "" if len(found) > 1 else f' ; platform_machine == "{next(iter(found))}"'
        hashes = sorted({sha256 for _, sha256 in found.values()})
        text += f"{name}=={versions.pop()}{marker}"
        text += "".join(f" \\\n    --hash=sha256:{sha256}" for sha256 in hashes) + "\n"
    return text


def main() -> None:
    """Resolve everything at once, then write what numpy needs and what keras needs besides."""
    both = {
        machine: resolve(requirements("numpy", machine) + requirements("keras", machine), machine)
        for machine in MACHINES
    }
    pins = {
        machine: [f"{name}=={version}" for name, (version, _) in wheels.items()]
        for machine, wheels in both.items()
    }
    numpy = {
        name
        for machine in MACHINES
        for name in resolve(_pinned(requirements("numpy", machine), pins[machine]), machine)
    }
    everything = {name for wheels in both.values() for name in wheels}
    for runtime, names in (("numpy", numpy), ("keras", everything - numpy)):
        header = HEADER.format(sources=f"requirements-{runtime}.in")
        (FOLDER / f"requirements-{runtime}.lock").write_text(header + lines(both, names))


def _pinned(wanted: list[str], pins: list[str]) -> list[str]:
    constraints = Path(tempfile.mkdtemp(), "constraints.txt")
    constraints.write_text("\n".join(pins))
    return [*wanted, f"--constraint={constraints}"]


if __name__ == "__main__":
    main()
