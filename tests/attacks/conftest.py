"""The boxes that attacks are graded in, which attacks run, and the table of what came of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from grader.errors import MachineError
from tests.attacks.catalogue import GROUPS, cases
from tests.attacks.room import SENTINEL, Room, open_room


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long part to `make attacks`, which asks for all of it by its mark."""
    if "attacks" in (config.option.markexpr or ""):
        return
    long = [
        item for item in items if item.get_closest_marker("attacks") and "long" in item.keywords
    ]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A room for a runtime, opened when it is first needed and shared by all cases."""
    opened: dict[str, tuple[Any, Room]] = {}
    kept = {name: os.environ.get(name) for name in ("GRADER_SENTINEL", "GRADER_DATABASE")}
    os.environ["GRADER_SENTINEL"] = SENTINEL
    os.environ["GRADER_DATABASE"] = f"postgresql://grader:{SENTINEL}@localhost/grades"

    def room(runtime: str) -> Room:
        if runtime not in opened:
            manager = open_room(runtime, tmp_path_factory.mktemp(f"room-{runtime}"))
            try:
                opened[runtime] = (manager, manager.__enter__())
            except MachineError as error:
                if os.environ.get("CI"):
                    raise
                pytest.skip(str(error))
        return opened[runtime][1]

    yield room
    for manager, _ in opened.values():
        manager.__exit__(None, None, None)
    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What each attack came to, and the totals of each group."""
    reports = [
        (dict(report.user_properties)["attack"], outcome)
        for outcome in ("passed", "failed", "xfailed", "xpassed")
        for report in terminalreporter.stats.get(outcome, [])
        if "attack" in dict(report.user_properties)
    ]
    if not reports or "attacks" not in (config.option.markexpr or ""):
        return
    write = terminalreporter.write_line
    terminalreporter.section("attacks")
    for facts, outcome in sorted(reports, key=lambda pair: (pair[0]["case"], pair[0]["variant"])):
        write(
            f"{facts['case']} {facts['variant']:<34.34} {facts['verdict']:<6} {outcome:<7}"
            f"{facts['seconds']:7.1f} s  {' '.join(facts['invariants'])}"
        )
    write("")
    blind = Counter(outcome for facts, outcome in reports if facts["case"] == "---")
    if blind:
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(blind.items()))
        write(f"- written blind: {told}")
    for letter, (name, _) in GROUPS.items():
        write(_group(letter, name, reports))


def _group(letter: str, name: str, reports: list[tuple[dict[str, Any], str]]) -> str:
    mine = [(facts, outcome) for facts, outcome in reports if facts["case"][0] == letter]
    group = [case for case in cases() if case.number[0] == letter]
    outcomes = Counter(outcome for _, outcome in mine)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    held = sum(not case.variants and bool(case.held_by) for case in group)
    open_ = sum(bool(case.not_applicable) for case in group)
    seconds = sum(facts["seconds"] for facts, _ in mine)
    return (
        f"{letter} {name:<32} {len(group):2} cases, {len(mine):3} variants: {told or 'none run'}; "
        f"{held} cases held elsewhere, {open_} not applicable; {seconds:.0f} s"
    )
