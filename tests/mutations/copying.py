"""A copy of the repository in which a mitigation is switched off; the product has no switch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.attacks.catalogue import ROOT
from tests.mutations.mutation import Edit

TAKEN = ("grader", "docker", "tests", "solutions", "assignments", "examples", "pyproject.toml")
TAGS = (
    "from grader.sandbox.recipe import BASES, Recipe\n"
    "print(*[Recipe('numpy', base).tag for base in BASES])"
)
MOST_SECONDS = 900


def copy_of_the_repository(place: Path, edits: Iterable[Edit] = ()) -> None:
    """Everything that tests need, files being links to ours, and those with an edit anew."""
    for name in TAKEN:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, copy_function=_link)
        else:
            _link(source, place / name)
    for edit in edits:
        path = place / edit.file
        text = edit.applied(path.read_text(encoding="utf-8"))
        path.unlink()  # it is a link: the original stays as it is
        path.write_text(text, encoding="utf-8")


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


@dataclass(frozen=True)
class Tried:
    """What came of tests: those which failed, each with its reason, and how many passed."""

    failed: Mapping[str, str]
    broken: Mapping[str, str]
    passed: int


def run_tests(place: Path, tests: Sequence[str], *options: str) -> Tried:
    """Run tests in a copy, with the copy's grader."""
    report = place / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command += [
        "-m",
        "attacks or not attacks",
        f"--junitxml={report}",
        "-o",
        "junit_family=xunit1",
        *options,
        *tests,
    ]
    environment = {**os.environ, "PYTHONPATH": str(place), "HYPOTHESIS_STORAGE_DIRECTORY": "out"}
    done = subprocess.run(
        command,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
    assert done.returncode in {0, 1}, done.stdout[-3000:] + done.stderr[-3000:]
    return _read(report)


def _read(report: Path) -> Tried:
    found: dict[str, dict[str, str]] = {"failure": {}, "error": {}, "skipped": {}}
    cases = list(ET.parse(report).iter("testcase"))
    for case in cases:
        for kind, reasons in found.items():
            if (element := case.find(kind)) is not None:
                reasons[case.get("name", "")] = element.get("message", "")
    broken = {**found["error"], **found["skipped"]}
    return Tried(found["failure"], broken, len(cases) - len(found["failure"]) - len(broken))


def image_tags(place: Path) -> set[str]:
    """The names that the image of this copy may have."""
    environment = {**os.environ, "PYTHONPATH": str(place)}
    command = [sys.executable, "-c", TAGS]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=True)
    return set(done.stdout.decode().split())


def forget_image(place: Path) -> None:
    """Remove the image that was built for a copy, and no other."""
    for tag in image_tags(place) - image_tags(ROOT):
        subprocess.run(["docker", "image", "rm", tag], capture_output=True, check=False)
