"""What must hold after every fault and the next ordinary run, whatever the fault was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.faults.books import Rows, rows, twice
from tests.faults.school import School, known_scores, wait_for

# As documented by `grader --help`; what a signal ends has the signal's number.
CODES = {0, 1, 2, 3, 4, 130}


@dataclass
class Facts:
    """What came of a fault."""

    injected: int = 0
    lost: int = 0
    twice: int = 0
    different: int = 0


def count(school: School, truth: Rows, facts: Facts, *, edited: bool) -> None:
    """Compare the gradebook with that of a run without a fault."""
    found = rows(school.book, "tiny")
    facts.lost = len(truth.keys() - found.keys())
    facts.twice = twice(found)
    chosen: Any = _scores if edited else (lambda mine: mine)
    facts.different = len(found.keys() - truth.keys()) + sum(
        chosen(found[student]) != chosen(truth[student]) for student in truth.keys() & found.keys()
    )


def _scores(mine: list[Any]) -> list[Any]:
    return [(number, result.status, result.score) for _, number, result in mine]


def check_leftovers(school: School) -> None:
    """No process, no container, no temporary file and no half file is left."""
    wait_for(lambda: not school.still_there())
    left = [path.name for path in school.temporary.iterdir()]
    assert left == [], "temporary files are left"
    if school.engine:
        assert school.engine.containers() == [], "containers are left"
    pages = sorted(path.name for path in school.pages.iterdir())
    assert len(pages) == len(known_scores()) + 1, pages
    for page in pages:
        assert (school.pages / page).read_text("utf-8").rstrip().endswith("</html>"), page


def check_words(school: School) -> None:
    """A user has seen sentences, and every exit code is one of the documented."""
    for run in school.runs:
        code, said = run.end()
        sentences = re.findall(r"^grader: .*$", said, re.MULTILINE)
        assert "Traceback" not in said, said
        assert "The grader itself failed" not in said, said
        assert len(sentences) <= 1, said
        assert code in CODES or code == -9, (code, said)
        assert code not in {2, 3, 4} or sentences or "our error" in said, said
