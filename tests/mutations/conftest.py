"""Which mutations run, and the table of who noticed them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mutations.catalogue import MUTATIONS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long part to `make mutations`, which asks for all of it by its mark."""
    if "mutations" in (config.option.markexpr or ""):
        return
    long = [item for item in items if item.get_closest_marker("mutations")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Each mitigation, where it is, and the case that has noticed."""
    if "mutations" not in (config.option.markexpr or ""):
        return
    known = {mutation.name: mutation for mutation in MUTATIONS}
    counts = {"passed": 0, "failed": 0}
    terminalreporter.section("mutations")
    for outcome in counts:
        for report in terminalreporter.stats.get(outcome, []):
            facts = dict(report.user_properties)
            if "mutation" not in facts:
                continue
            counts[outcome] += 1
            mutation = known[facts["mutation"]]
            case, reason = facts.get("noticed", ("nobody", ""))
            terminalreporter.write_line(
                f"{mutation.mitigation:<58.58} {mutation.where:<36} "
                f"{'noticed by ' + case if outcome == 'passed' else 'NOT NOTICED'}"
            )
            terminalreporter.write_line(f"    {' '.join(reason.split())[:150]}")
            if mutation.behind:
                terminalreporter.write_line(f"    together with: {mutation.behind}")
    terminalreporter.write_line(
        f"{counts['passed']} mitigations noticed when off, {counts['failed']} not"
    )
