"""Every attack of the corpus ends as its case says, and leaves the grader as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.intake import read_submission
from grader.records import CellRun, Ending, Status, SubmissionResult
from tests.attacks.case import Case, File, Host, Notebook, Script, Verdict
from tests.attacks.catalogue import cases
from tests.attacks.invariants import check, check_canary, watched
from tests.attacks.notebooks import ASSIGNMENTS, hand_in, hostile_cells, with_cell
from tests.attacks.room import Room

WORDS = {Verdict.TIME: "time limit", Verdict.MEM: "memory"}
ENDINGS = {
    Verdict.TIME: Ending.OUT_OF_TIME,
    Verdict.MEM: Ending.OUT_OF_MEMORY,
    Verdict.PROTO: Ending.PROTOCOL,
}
# Of these the box tells by itself; a case need not name them.
USUAL = frozenset({"container_replaced"})


def variants() -> Iterator[Any]:
    """All variants of all cases, with their marks."""
    for case in cases():
        for name, variant in case.variants.items():
            marks: list[Any] = [pytest.mark.attacks]
            if isinstance(variant, Notebook | Script):
                # With all other tests one worker opens the room; `make attacks` shares the work.
                marks += [pytest.mark.docker, pytest.mark.xdist_group("attacks")]
                if name not in case.quick:
                    marks.append(pytest.mark.long)
            if name in case.broken:
                marks.append(pytest.mark.xfail(reason=case.broken[name], strict=True))
            yield pytest.param(case, name, variant, id=f"{case.number}-{name}", marks=marks)


@pytest.mark.parametrize(("case", "name", "variant"), list(variants()))
def test_an_attack_ends_as_it_must(case, name, variant, rooms, tmp_path, record_property):  # noqa: PLR0917
    """The verdict is the case's, the invariants hold, and the canary keeps its score."""
    facts: dict[str, Any] = {"case": case.number, "variant": name, "verdict": str(variant.verdict)}
    facts |= {"seconds": 0.0, "invariants": []}
    record_property("attack", facts)
    run = {Notebook: _notebook, Script: _script, File: _file, Host: _host}[type(variant)]
    run(case, variant, rooms, tmp_path, facts)


def _notebook(
    case: Case, attack: Notebook, rooms: Any, places: Path, facts: dict[str, Any]
) -> None:
    room: Room = rooms(attack.runtime)
    container = room.container()
    path = hand_in(room.fresh_folder(), attack)
    number = room.count
    lost = (ASSIGNMENTS[attack.runtime][1],) if attack.loses is None else attack.loses
    room.grading.recordings(lost)  # made once, which would look like something left behind
    with watched(room, places) as watch:
        result = room.grade(path, **attack.limits)
    facts["seconds"] = watch.seconds
    if attack.verdict is Verdict.REJECT:
        assert (result.status, result.score) == (Status.NEEDS_ATTENTION, None)
    else:
        _judge(attack, result)
    if attack.heir:
        heir = path.with_name("heir.ipynb")
        heir.write_text(json.dumps(with_cell(room.assignment.name, attack.heir)))
        room.fresh_folder()
        found = room.grade(heir)
        assert found.score == found.max_score
        assert _found(found) == ["[]"], "the next submission finds what this one left"
    budget = attack.limits.get("total_seconds", room.assignment.limits.total_seconds)
    check(watch, result, container, budget, number)
    facts["invariants"] = sorted(watch.checked)


def _judge(attack: Notebook, result: SubmissionResult) -> None:
    """Points, flags and endings are those of the case."""
    assert result.execution is not None, result.notes
    hostile = _hostile(attack, result)
    wanted = attack.ends if isinstance(attack.ends, tuple) else (attack.ends,) * len(hostile)
    assert attack.ends is None or [run.ending for run in hostile] == list(wanted), hostile
    _, question = ASSIGNMENTS[attack.runtime]
    zero = {q.name for q in result.questions if q.score != q.max_score}
    lost = (question,) if attack.answer or attack.verdict is Verdict.ZERO else ()
    lost = lost if attack.loses is None else attack.loses
    assert set(lost) <= zero if attack.more else set(lost) == zero, _told(result)
    if attack.verdict is Verdict.ZERO:
        assert not next(q.score for q in result.questions if q.name == question)
    if attack.verdict in ENDINGS:
        assert _ended(attack.verdict, hostile, result), (hostile, _told(result))
    flags = set(result.flags)
    assert set(attack.flags) <= flags, flags
    assert flags <= {*attack.flags, *attack.may, *USUAL}, flags
    if any("FOUND" in cell for cell in hostile_cells(attack)):
        assert _found(result) == ["[]"] * sum("FOUND" in c for c in hostile_cells(attack))


def _hostile(attack: Notebook, result: SubmissionResult) -> list[CellRun]:
    """How the cells went that the student has added."""
    assert result.program is not None
    assert result.execution is not None
    sources = [cell.source for cell in result.program.cells]
    found = [source for source in hostile_cells(attack) if source in sources]
    return [result.execution.cells[sources.index(source)] for source in found]


def _ended(verdict: Verdict, hostile: list[CellRun], result: SubmissionResult) -> bool:
    if any(run.ending is ENDINGS[verdict] for run in hostile):
        return True
    if verdict is Verdict.PROTO:
        return "protocol" in result.flags or "could not be read" in _told(result)
    return WORDS[verdict] in _told(result)


def _told(result: SubmissionResult) -> str:
    """What a student is told of the tests that failed."""
    failed = [test for q in result.questions for test in q.tests if test.passed is not True]
    return "\n".join(f"{test.name} {test.diagnosis}" for test in failed)


def _found(result: SubmissionResult) -> list[str]:
    """What spies have printed."""
    assert result.execution is not None
    text = "".join(
        output["text"]
        for run in result.execution.cells
        for output in run.outputs
        if output["output_type"] == "stream"
    )
    return re.findall(r"^FOUND (.*)$", text, re.MULTILINE)


def _script(case: Case, attack: Script, rooms: Any, places: Path, facts: dict[str, Any]) -> None:
    room: Room = rooms("numpy")
    with watched(room, places) as watch:
        attack.play(room)
    check_canary(room)
    facts.update(seconds=watch.seconds, invariants=sorted([*watch.checked, "U1", "U2"]))


def _file(case: Case, attack: File, rooms: Any, places: Path, facts: dict[str, Any]) -> None:
    folder = places / "in"
    folder.mkdir()
    path = folder / "attack.ipynb"
    attack.make(path)
    names = sorted(folder.iterdir())
    with watched(None, places) as watch, pytest.raises(SubmissionError, match=attack.says) as told:
        read_submission(path)
    assert len(str(told.value)) < 1000
    assert sorted(folder.iterdir()) == names, "the file is not kept"
    assert watch.seconds < attack.seconds, "U6"
    facts.update(seconds=watch.seconds, invariants=sorted([*watch.checked, "U1", "U6"]))


def _host(case: Case, attack: Host, rooms: Any, places: Path, facts: dict[str, Any]) -> None:
    folder = places / "in"
    folder.mkdir()
    with watched(None, places) as watch:
        attack.check(folder)
    assert watch.seconds < attack.seconds, "U6"
    facts.update(seconds=watch.seconds, invariants=sorted([*watch.checked, "U1", "U6"]))
