"""Every command in the README and in docs/ runs as written, in a scratch copy of the course."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_of_course

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# These set up a machine or need an index; the first two are what CI itself runs, the third is
# tried from a wheel in test_student_side.
ELSEWHERE = {
    *("make demo", "make demo-course", "make test", "make check"),
    "pip install keras-grader",
}


def commands(page: Path) -> list[str]:
    """The lines after `$ ` in a page's console blocks."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line[2:].strip() for block in blocks for line in block.splitlines() if line[:2] == "$ "]


def split(command: str) -> tuple[str, int]:
    """A command and the exit code that its comment announces, else 0."""
    text, _, comment = command.partition("#")
    return text.strip(), int(comment.replace("exit", "") or 0) if comment else 0


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A scratch copy of the course in which someone reads page after page, and tries each."""
    return copy_of_course(tmp_path_factory.mktemp("reader") / "course")


@pytest.fixture(scope="module")
def tried():
    """What the reader has run already: `grader new pooling` can be run once."""
    return set(ELSEWHERE)


@pytest.mark.docker
@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_as_written(page, reader, tried):
    """The commands of a page, in order, end as the page says."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands(page):
        text, code = split(command)
        if text in tried:
            continue
        done = subprocess.run(
            shlex.split(text),
            cwd=reader,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == code, f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        tried.add(text)


def test_every_make_target_in_the_pages_exists():
    """The make targets that the pages name are in the Makefile."""
    named = {
        text for page in PAGES for text, _ in map(split, commands(page)) if text.startswith("make ")
    }
    makefile = (ROOT / "Makefile").read_text()

    assert named
    assert all(re.search(rf"^{target.split()[1]}:", makefile, re.MULTILINE) for target in named)


def test_every_command_is_documented():
    """Each command of the program stands in a page for its users."""
    text = "".join(page.read_text() for page in PAGES)
    modules = "".join(path.read_text() for path in (ROOT / "grader" / "cli").glob("*.py"))
    names = re.findall(
        r"^@(?:app|image_app)\.command\((?:\"(\w+)\")?.*?\ndef (\w+)\(",
        modules,
        re.MULTILINE | re.DOTALL,
    )
    for explicit, function in names:
        assert f"grader {explicit or function}" in text or f"grader image {explicit}" in text


def test_every_test_that_answers_a_complaint_exists():
    """The table of complaints names tests of this repository."""
    named = re.findall(
        r"`((?:unit|flow|box|courses)/[\w/.]+)`", (ROOT / "docs/complaints.md").read_text()
    )

    assert len(named) >= 30
    assert [path for path in named if not (ROOT / "tests" / path).exists()] == []


def test_what_the_pages_say_of_other_graders_was_measured():
    """The table is that of the results, and the short one in the README counts its rows."""
    from benchmarks.peers_attacked import RESULTS, table

    results = json.loads(RESULTS.read_text())
    readme = (ROOT / "README.md").read_text()

    assert table(results) in (ROOT / "docs" / "security.md").read_text()
    hostile = [
        [case for name, case in tool["cases"].items() if name not in {"right", "wrong"}]
        for tool in results["tools"].values()
    ]
    assert {len(cases) for cases in hostile} == {15}
    full = [sum(case["points"] == 10 for case in cases) for cases in hostile]
    none = [sum(case["points"] is None for case in cases) for cases in hostile]
    assert f"| full marks | {' | '.join(map(str, full))} |" in readme
    assert f"| no score, a person has to look | {' | '.join(map(str, none))} |" in readme


def test_every_link_leads_somewhere():
    """Relative links of the pages lead to files of the repository."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_limit_is_documented():
    """Each limit that assignment.toml may set is named for authors."""
    from grader.settings import Limits

    text = (ROOT / "docs" / "authoring.md").read_text()

    assert all(name in text for name in Limits.model_fields)
