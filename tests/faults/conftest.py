"""The schools that faults are done to, which faults run, and a table of what came of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from grader.errors import MachineError
from grader.sandbox.image import ensure_image, image_facts
from tests.faults.books import Rows, rows
from tests.faults.case import Fault
from tests.faults.catalogue import cases
from tests.faults.engine import Engine
from tests.faults.school import School, known_scores, make_school


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long part to `make faults`, which asks for all of it by its mark."""
    if "faults" in (config.option.markexpr or ""):
        return
    long = [item for item in items if item.get_closest_marker("faults") and "long" in item.keywords]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A Docker engine that may be killed, with the image in it."""
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("only root can start a second Docker engine")
    try:
        ensure_image("numpy", print)
    except MachineError as error:
        pytest.skip(str(error))
    own = Engine()
    try:
        own.load(image_facts("numpy")["name"])
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A folder with a school in it and room for what all of them share."""
    folder = Path(tempfile.mkdtemp(prefix="fx", dir="/tmp"))
    folder.chmod(0o755)
    make_school(folder / "school")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def school_for(
    template: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[Fault], School]]:
    """A fresh school of the kind that a fault asks for, gone after the test."""
    with ExitStack() as stack:

        def make(fault: Fault) -> School:
            folder = Path(tempfile.mkdtemp(prefix="s", dir=template))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            shutil.copytree(template / "school", folder, dirs_exist_ok=True)
            folder.chmod(0o755)
            school = School(folder, template / "cache", str(folder / "book.sqlite"))
            if fault.book == "postgresql":
                school.server = request.getfixturevalue("postgres")
                school.book = school.server.database()
            if fault.sandbox == "docker":
                school.engine = request.getfixturevalue("engine")
            stack.callback(school.end_all)
            return school

        yield make


@pytest.fixture(scope="session")
def truths() -> dict[str, Rows]:
    """What a gradebook holds after a run without a fault, for each sandbox."""
    return {}


@pytest.fixture
def truth(
    truths: dict[str, Rows], school_for: Callable[[Fault], School]
) -> Callable[[Fault], Rows]:
    """The rows of a run without a fault, each with the score that its student deserves."""

    def undisturbed(fault: Fault) -> Rows:
        if fault.sandbox not in truths:
            school = school_for(Fault(fault.play, sandbox=fault.sandbox))
            code, said = school.grade()
            assert code == 0, said
            found = rows(school.book, "tiny")
            assert {who: mine[0][2].score for who, mine in found.items()} == known_scores()
            truths[fault.sandbox] = found
        return truths[fault.sandbox]

    return undisturbed


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What each fault came to."""
    reports = [
        (dict(report.user_properties)["fault"], outcome)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if "fault" in dict(report.user_properties)
    ]
    if not reports or "faults" not in (config.option.markexpr or ""):
        return
    write = terminalreporter.write_line
    terminalreporter.section("faults")
    write(f"{'':<32}{'times':>6}{'lost':>6}{'twice':>6}{'other':>6}{'s':>6}  verdict")
    for case in cases():
        mine = [pair for pair in reports if pair[0]["case"] == case.number]
        write(f"{case.number} {case.injected}")
        for facts, outcome in mine:
            numbers = "".join(f"{facts[name]:>6}" for name in ("injected", "lost", "twice"))
            rest = f"{facts['different']:>6}{facts['seconds']:>6.0f}"
            write(f"    {facts['variant']:<28}{numbers}{rest}  {outcome}")
        if case.not_applicable:
            write(f"    not applicable: {case.not_applicable}")
        elif not mine:
            write("    held by " + ", ".join(case.held_by or ("nothing that was run",)))
    sums = [sum(facts[name] for facts, _ in reports) for name in ("injected", "lost", "twice")]
    failed = sum(outcome == "failed" for _, outcome in reports)
    away = sum(bool(case.not_applicable) for case in cases())
    write(
        f"{len(reports)} variants, {failed} failed; {sums[0]} faults injected, {sums[1]} results "
        f"lost, {sums[2]} there twice; {away} of {len(cases())} numbers not applicable."
    )
