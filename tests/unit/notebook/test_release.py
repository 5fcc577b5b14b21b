"""The student's notebook: no solution, no output, stable bytes, valid for everyone who reads it."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.errors import CourseError
from grader.notebook import check_release, release, write_release
from tests.builders import (
    DOUBLE,
    DOUBLE_STUB,
    SHIFT,
    SHIFT_STUB,
    WHY,
    code_cell,
    make_assignment,
    markdown_cell,
    tiny_solution,
)


def released(folder: Path, *args: Any, **kwargs: Any) -> dict[str, Any]:
    return json.loads(release(make_assignment(folder, *args, **kwargs)))


def sources(notebook: dict[str, Any]) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


def test_solutions_become_stubs(tmp_path: Path) -> None:
    """Answers are cut, written answers too, and everything else stays as it was."""
    cells = sources(released(tmp_path))

    assert cells["double-answer"] == DOUBLE_STUB
    assert cells["shift-answer"] == SHIFT_STUB
    assert cells["why-answer"] == "**Why?**\n\n*Your answer here.*"
    assert cells["imports"] == "import numpy as np"


def test_no_word_of_the_solution_is_released(tmp_path: Path) -> None:
    """Neither what stands between markers nor a cell that is the course's alone."""
    text = release(make_assignment(tmp_path)).decode()

    assert not [word for word in ("secret", "Because two", "SOLUTION") if word in text]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    """A release in version control changes when its source does, and not before."""
    assignment = make_assignment(tmp_path)

    first = release(assignment)

    assert first == release(assignment)
    assert b"\r" not in first
    assert first.endswith(b"}\n")


def test_the_bytes_are_those_that_nbformat_writes(tmp_path: Path) -> None:
    """To open and save the notebook in Jupyter does not reorder it."""
    content = release(make_assignment(tmp_path)).decode()

    notebook = nbformat.reads(content, as_version=4)

    nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == content


def test_outputs_are_cleared_and_attachments_kept(tmp_path: Path) -> None:
    """What the author's run displayed is not the student's."""
    ran = {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "x", "text": "7"}]}
    picture = {"a.png": {"image/png": "aGk="}}
    cells = [*tiny_solution(), {**code_cell("1 + 1", id="sum"), **ran}]
    cells.append({**markdown_cell("![a](attachment:a.png)", id="pic"), "attachments": picture})

    found = {cell["id"]: cell for cell in released(tmp_path, cells)["cells"]}

    assert (found["sum"]["outputs"], found["sum"]["execution_count"]) == ([], None)
    assert found["pic"]["attachments"] == picture


def test_the_notebook_says_what_it_is(tmp_path: Path) -> None:
    """Name and version travel with it, so that a stray notebook is known for what it is."""
    metadata = released(tmp_path)["metadata"]

    assert metadata["grader"]["assignment"] == "tiny"
    assert len(metadata["grader"]["version"]) == 16
    assert metadata["kernelspec"]["name"] == "python3"


def test_a_change_for_students_is_a_new_version(tmp_path: Path) -> None:
    """A change of the solution alone is none: it would tell students that there was one."""
    version = released(tmp_path)["metadata"]["grader"]["version"]
    solved = [code_cell(DOUBLE.replace("secret", "hidden"), "answer", "double")]
    changed = [code_cell(DOUBLE.replace("Twice", "Two times"), "answer", "double")]
    rest = tiny_solution()

    same = released(tmp_path, [*rest[:2], *solved, *rest[3:]])["metadata"]["grader"]["version"]
    new = released(tmp_path, [*rest[:2], *changed, *rest[3:]])["metadata"]["grader"]["version"]

    assert (same == version, new == version) == (True, False)


def test_cells_of_the_course_are_locked_and_answers_are_not(tmp_path: Path) -> None:
    """Nothing released can be deleted by accident; only answers can be edited."""
    cells = released(tmp_path)["cells"]

    editable = {cell["id"] for cell in cells if cell["metadata"].get("editable", True)}

    assert editable == {"double-answer", "shift-answer", "why-answer"}
    assert not any(cell["metadata"]["deletable"] for cell in cells)


def test_ids_come_from_questions_and_stand_once(tmp_path: Path) -> None:
    """A second answer cell of a question is numbered; the author's own ids stay."""
    second = SHIFT.split("\n\n\n")[1]
    cells = [*tiny_solution(), code_cell(second, "answer", "shift"), code_cell("1", id="imports")]

    ids = [cell["id"] for cell in released(tmp_path, cells)["cells"]]

    assert len(set(ids)) == len(ids)
    assert {"shift-answer", "shift-answer-2", "picture", "double-check"} <= set(ids)


def without(kind: str, question: str) -> list[dict[str, Any]]:
    return [
        cell
        for cell in tiny_solution()
        if cell["metadata"].get("grader") != {"role": kind, "question": question}
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (without("answer", "double"), "no answer cell for the question 'double'"),
        (
            [*tiny_solution(), code_cell("x = 1  # SOLUTION", "answer", "triple")],
            r"cell 10 \(triple\): the question 'triple' does not stand in assignment.toml",
        ),
        (
            [*without("answer", "double"), code_cell("def double(x): ...", "answer", "double")],
            "an answer without # BEGIN SOLUTION",
        ),
        (
            [*without("answer", "double"), code_cell("x = 1  # SOLUTION", "answer", "double")],
            "the answer does not define double",
        ),
        (
            [*tiny_solution(), code_cell("x = 1  # SOLUTION")],
            "cell 10: solution markers in a cell that is no answer",
        ),
        ([*tiny_solution(), code_cell("x", "hint")], "the role 'hint' is unknown"),
        (
            [*without("written", "why"), markdown_cell(WHY, "answer", "why")],
            "a cell of role 'answer', but assignment.toml says written = True",
        ),
        (
            [*without("answer", "double"), markdown_cell(DOUBLE, "answer", "double")],
            "an answer of role 'answer' cannot be a markdown cell",
        ),
        (
            [
                *without("answer", "double"),
                code_cell(DOUBLE, "answer", "double", tags=["skip-execution"]),
            ],
            "it would never be graded",
        ),
    ],
    ids=[
        "no answer",
        "unknown question",
        "no markers",
        "no function",
        "markers in given",
        "role",
        "written role",
        "markdown code",
        "skipped answer",
    ],
)
def test_a_notebook_that_contradicts_its_settings_is_not_released(
    tmp_path: Path, cells: list[dict[str, Any]], reason: str
) -> None:
    """The author reads one sentence that says where."""
    assignment = make_assignment(tmp_path, cells)

    with pytest.raises(CourseError, match=reason):
        release(assignment)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"nbformat": 3, "cells": []}', '{"nbformat": 4}']
)
def test_a_source_that_is_no_notebook_is_the_course_s_fault(tmp_path: Path, content: str) -> None:
    """Whatever stands in the file, the error says which file it is."""
    assignment = make_assignment(tmp_path)
    assignment.source.write_text(content)

    with pytest.raises(CourseError, match=r"tiny\.ipynb"):
        release(assignment)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    """The author learns which file is expected."""
    assignment = make_assignment(tmp_path)
    assignment.source.unlink()

    with pytest.raises(CourseError, match=r"tiny\.ipynb is missing"):
        release(assignment)


def test_a_release_just_written_has_no_differences(tmp_path: Path) -> None:
    """Writing makes the folder, leaves no other file, and checks clean."""
    assignment = make_assignment(tmp_path)

    path = write_release(assignment)

    assert path == assignment.released
    assert [file.name for file in path.parent.iterdir()] == ["tiny.ipynb"]
    assert check_release(assignment) == ()


def test_a_check_names_what_differs(tmp_path: Path) -> None:
    """For CI: missing, edited and alien cells, each with the remedy."""
    assignment = make_assignment(tmp_path)
    missing = check_release(assignment)
    notebook = json.loads(write_release(assignment).read_text())
    notebook["cells"][1]["source"] = ["import os"]
    notebook["cells"][2]["id"] = "alien"
    assignment.released.write_text(json.dumps(notebook))

    found = check_release(assignment)

    assert missing == ("tiny.ipynb has not been released; write it with: grader release tiny",)
    assert [sentence.split(";")[0] for sentence in found] == [
        "tiny.ipynb: the cell alien is no longer in the source",
        "tiny.ipynb: the cell double-answer is missing",
        "tiny.ipynb: the cell imports differs from its source",
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"cells": [1]}'])
def test_a_check_survives_any_damage(tmp_path: Path, content: str) -> None:
    """A released file that is no notebook is a difference like any other."""
    assignment = make_assignment(tmp_path)
    write_release(assignment).write_text(content)

    assert check_release(assignment) == (
        "tiny.ipynb: it is no notebook; write it with: grader release tiny",
    )
