"""Hostile answers of someone who had read the sandbox and none of the cases gain nothing.

Each file is the answer of `linear`, which is wrong, and says what it tries beside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.records import Status
from tests.attacks.case import Notebook, Verdict
from tests.attacks.invariants import check, watched
from tests.attacks.notebooks import hand_in
from tests.attacks.room import Room

ANSWERS = sorted((Path(__file__).parent / "written_blind").glob("*.py"))
# Each of these fills its calls or its processes until its time is over.
SECONDS = {"total_seconds": 60}


@pytest.mark.attacks
@pytest.mark.docker
@pytest.mark.long
@pytest.mark.xdist_group("attacks")
@pytest.mark.parametrize("answer", ANSWERS, ids=[path.stem for path in ANSWERS])
def test_a_wrong_answer_gains_nothing(answer, rooms, tmp_path, record_property):
    """The question gets no point, it is not the machine's fault, and the invariants hold."""
    facts: dict[str, Any] = {"case": "---", "variant": answer.stem, "verdict": "ZERO"}
    facts |= {"seconds": 0.0, "invariants": []}
    record_property("attack", facts)
    room: Room = rooms("numpy")
    container = room.container()
    hostile = Notebook(Verdict.ZERO, answer=answer.read_text(encoding="utf-8"), more=True)
    path = hand_in(room.fresh_folder(), hostile)
    number = room.count
    room.grading.recordings(("linear",))

    with watched(room, tmp_path) as watch:
        result = room.grade(path, **SECONDS)
    facts["seconds"] = watch.seconds

    assert result.status is not Status.GRADER_ERROR, result.notes
    (score,) = (question.score for question in result.questions if question.name == "linear")
    assert not score
    check(watch, result, container, SECONDS["total_seconds"], number)
    facts["invariants"] = sorted(watch.checked)
