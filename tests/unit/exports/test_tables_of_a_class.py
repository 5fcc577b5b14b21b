"""nbgrader, plain CSV and Parquet: a row for everybody, and nothing that is not known."""

from __future__ import annotations

import csv
import io

import pyarrow.parquet as pq
import pytest

from grader.exports import Options, moodle_gradebook, nbgrader, parquet, plain
from grader.gradebook.grades import State
from tests.unit.exports import builders
from tests.unit.exports.builders import grade, odd_class, unknown, with_questions

RUNS = tuple("=+-@\t\r\n\uff1d")
MODULES = [nbgrader, plain, moodle_gradebook]
ids = {"ids": lambda module: module.__name__.rpartition(".")[2]}


def read(module, grades):
    made = module.export(builders.assignment(), grades, Options())
    return list(csv.DictReader(io.StringIO(made.content.decode(), newline=""))), made


@pytest.mark.parametrize("module", MODULES, **ids)
def test_every_odd_name_is_one_row_in_its_columns(module):
    """Quotes, commas, breaks and formulas in a name neither move nor run anything."""
    rows, made = read(module, odd_class())

    assert len(rows) == len(builders.ODD_NAMES)
    assert all(None not in row and None not in row.values() for row in rows)
    assert not any(cell.startswith(RUNS) for row in rows for cell in row.values())
    assert made.left_out == ()


@pytest.mark.parametrize("module", [nbgrader, plain], **ids)
@pytest.mark.parametrize("state", [state for state in State if state is not State.GRADED])
def test_a_score_that_is_not_known_is_blank(module, state):
    """No state but graded has a score, and everybody without one is named."""
    rows, made = read(module, [unknown(state)])

    scores = {rows[0].get(name) for name in ("score", "raw", "raw_score")} - {None}
    assert scores == {""}
    assert any("Alan Turing" in line for line in (*made.left_out, *made.notes))


def test_nbgraders_columns_are_its_own():
    """The header is the one that nbgrader's export writes."""
    made = nbgrader.export(builders.assignment(), [grade()], Options())

    assert made.content.decode().splitlines() == [
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
        "late_submission_penalty,score,max_score",
        "layers,,2026-03-01 12:30:00+00:00,ada,Lovelace,Ada,ada@example.org,62,0,62,62",
    ]


def test_the_plain_table_has_a_column_per_question():
    """Single questions are shown, also where the whole waits for a person."""
    rows, _ = read(plain, [with_questions(grade())])

    assert rows[0]["conv2d"] == "16"
    assert rows[0]["state"] == "graded"


def test_students_of_one_name_stay_two_rows():
    """Two students with one name are told apart by their key."""
    rows, _ = read(plain, [grade("a1", 1.0), grade("a2", 2.0)])

    assert [(row["student"], row["score"]) for row in rows] == [("a1", "1"), ("a2", "2")]


def test_parquet_has_two_tables_with_nulls():
    """Students and questions as columns with types; what is not known is null."""
    grades = [with_questions(grade()), unknown(State.MISSING)]

    made = parquet.export(builders.assignment(), grades, Options())

    students = pq.read_table(io.BytesIO(made.files["students.parquet"])).to_pylist()
    questions = pq.read_table(io.BytesIO(made.files["questions.parquet"])).to_pylist()
    assert [(row["score"], row["raw"]) for row in students] == [(62.0, 62.0), (None, None)]
    assert students[0]["submitted_at"] == builders.WHEN
    assert {row["question"] for row in questions} >= {"conv2d", "dropout"}


def test_parquet_keeps_every_name():
    """A data frame runs nothing: names stay as they are, and valid Unicode."""
    made = parquet.export(builders.assignment(), odd_class(), Options())

    names = pq.read_table(io.BytesIO(made.files["students.parquet"]))["name"].to_pylist()
    kept = [name for name in builders.ODD_NAMES.values() if name != "\ud800x"]
    assert [name for name in names if name in kept and name] == [name for name in kept if name]
