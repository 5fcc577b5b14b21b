"""The pytest plugin that every test run loads: inert until it meets a hidden test file.

`pytest solutions/layers` then grades the solution notebook itself. This module is imported by any
pytest on a machine where the grader is installed, so it imports nothing of ours at its head.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grader.harness.alone import Alone

NAME = "grader-alone"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where `pytest solutions/NAME` runs the solution notebook."""
    parser.getgroup("grader").addoption(
        "--grader-sandbox",
        choices=("docker", "local"),
        default="docker",
        help="where hidden tests that are run alone execute the solution notebook",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks of hidden tests known."""
    from grader.harness.marks import MARKS  # noqa: PLC0415

    for mark in MARKS:
        config.addinivalue_line("markers", mark)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    """Offer the fixtures to a file `solutions/NAME/test_NAME.py`."""
    folder = file_path.parent
    if file_path.name == f"test_{folder.name}.py" and (folder / "assignment.toml").is_file():
        _alone(parent.config).add(file_path)


def _alone(config: pytest.Config) -> Alone:
    from grader.harness.alone import Alone  # noqa: PLC0415

    plugin = config.pluginmanager.get_plugin(NAME)
    if not isinstance(plugin, Alone):
        plugin = Alone(config.getoption("--grader-sandbox"))
        config.pluginmanager.register(plugin, NAME)
    return plugin
