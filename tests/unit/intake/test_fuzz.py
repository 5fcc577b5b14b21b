"""Whatever a file holds, intake answers with a submission or with one sentence."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course import Assignment
from grader.errors import SubmissionError
from grader.intake import assemble, read_submission
from grader.notebook.release import student_notebook
from grader.records import Program, Submission
from tests.builders import make_assignment

ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
SOURCES = st.text(max_size=30) | st.sampled_from(
    ["def double(x):\n    return 2 * x", "import numpy as np", "%%time\nx = 1", "def shift(x): ..."]
)
FIELDS = {
    "cell_type": st.sampled_from(["code", "markdown", "raw", "sql", 3]),
    "id": st.sampled_from(["imports", "double-answer", "", "x", 7]) | ATOMS,
    "source": SOURCES | st.lists(SOURCES, max_size=3) | ATOMS,
    "metadata": ATOMS
    | st.fixed_dictionaries(
        {},
        optional={
            "grader": ATOMS
            | st.fixed_dictionaries(
                {},
                optional={
                    "role": st.sampled_from(["given", "answer", "check", "written", [], "x"]),
                    "question": st.sampled_from(["double", "shift", "why", "none", {}, None]),
                },
            ),
            "tags": st.lists(ATOMS, max_size=2) | ATOMS,
        },
    ),
    "outputs": ATOMS,
}
CELLS = st.fixed_dictionaries({}, optional=FIELDS) | st.fixed_dictionaries(FIELDS) | ATOMS
JSON = st.recursive(
    ATOMS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=9
)
NOTEBOOKS = st.fixed_dictionaries(
    {"nbformat": st.just(4) | st.sampled_from([2, 3, 5, "4"]), "cells": st.lists(CELLS) | JSON},
    optional={"nbformat_minor": st.integers(0, 6) | ATOMS, "metadata": JSON, "worksheets": JSON},
)

with TemporaryDirectory() as folder:
    TINY: Assignment = make_assignment(Path(folder))
    RELEASE: dict[str, Any] = student_notebook(TINY)
WHOLE = json.dumps(RELEASE).encode()


def check_bytes(content: bytes) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "ada.ipynb"
        path.write_bytes(content)
        try:
            submission = read_submission(path)
            program = assemble(RELEASE, submission, TINY)
        except SubmissionError as error:
            sentence = str(error)
        else:
            check_outcome(submission, program)
            return
    assert sentence.endswith(".")
    assert "\n" not in sentence


def check_outcome(submission: Submission, program: Program) -> None:
    nbformat.validate(json.loads(json.dumps(submission.notebook)))
    assert [cell.source for cell in program.cells if cell.role == "given"] == ["import numpy as np"]


@settings(max_examples=150, deadline=None)
@given(JSON | NOTEBOOKS)
def test_any_json_is_a_submission_or_a_sentence(data: Any) -> None:
    """And what was read is valid, and the course's cells are the course's."""
    check_bytes(json.dumps(data).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.integers(0, len(WHOLE)), st.integers(0, 60))
def test_any_damage_is_a_submission_or_a_sentence(patch: bytes, at: int, removed: int) -> None:
    """Bytes overwritten, inserted or cut out of a good notebook."""
    check_bytes(WHOLE[:at] + patch + WHOLE[at + removed :])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, len(WHOLE)))
def test_any_cut_is_a_submission_or_a_sentence(length: int) -> None:
    """An upload that broke off anywhere."""
    check_bytes(WHOLE[:length])
