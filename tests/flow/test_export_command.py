"""`grader export` from a gradebook and from a file of results: what it writes, says, refuses."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from grader.gradebook.grades import Attempt, ResultKey
from grader.gradebook.store import open_gradebook
from grader.report.document import document, write_json
from grader.roster import Student
from tests.unit.report import builders as results

WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
TITLE = "The layers of a convolutional network (7)"
CANVAS = f"Student,ID,SIS User ID,SIS Login ID,Section,{TITLE}\n"
ROSTER = (
    Student("ada", "Ada Lovelace", "Ada", "Lovelace", "ada@example.org", ids={"canvas": "1"}),
    Student("alan", "Alan Turing", "Alan", "Turing", "alan@example.org", ids={"canvas": "2"}),
    Student("grace", "=cmd()", "", "=cmd()", "grace@example.org", ids={"canvas": "3"}),
)
FORMATS = ("csv", "nbgrader", "moodle-gradebook")


def attempt(key, result):
    facts = ResultKey("layers", key, "ab" * 32, "cd" * 32, "sha256:ef", "0.1.0")
    return Attempt(facts, 1, replace(result, student=key), WHEN, submitted_at=WHEN)


@pytest.fixture
def gradebook(tmp_path):
    """Ada has all points, Alan's file needs a person, Grace handed in nothing."""
    path = tmp_path / "grades.sqlite"
    with open_gradebook(path) as book:
        book.put_students(ROSTER)
        book.record(attempt("ada", results.submission()))
        book.record(attempt("alan", results.waiting()))
    return path


@pytest.fixture
def run_file(tmp_path):
    """What a run of one submission wrote."""
    path = tmp_path / "results.json"
    write_json(path, document("layers", None, [results.mistaken()]))
    return path


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_is_printed_and_who_needs_a_person_is_named(grader, gradebook, name):
    """The table goes to stdout, the names of those without a score to stderr, exit code 1."""
    done = grader("export", name, "layers", "--gradebook", gradebook)

    assert done.returncode == 1
    assert "Alan Turing" in done.stderr
    assert not any(cell[:1] == "=" for row in rows(done.stdout) for cell in row.values())
    assert "Alan Turing" not in [row.get("name") for row in rows(done.stdout) if row.get("score")]


def test_a_canvas_download_is_filled_in(grader, gradebook, tmp_path):
    """Known scores are filled in, others blank, and the file is a new one."""
    download = tmp_path / "canvas.csv"
    download.write_text(CANVAS + "A,1,,,S,\nB,2,,,S,\n=cmd(),3,,,S,\n")

    done = grader(
        *("export", "canvas", "layers", "--gradebook", gradebook),
        *("--into", download, "--output", tmp_path / "out.csv"),
    )

    filled = rows((tmp_path / "out.csv").read_text())
    assert [row[TITLE] for row in filled][1:] == ["", ""]
    assert float(filled[0][TITLE]) > 0
    assert done.returncode == 1


def test_parquet_goes_into_a_folder(grader, gradebook, tmp_path):
    """Both tables are written into the named folder."""
    grader("export", "parquet", "layers", "--gradebook", gradebook, "--output", tmp_path / "out")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"students.parquet", "questions.parquet"}


@pytest.mark.parametrize("name", ["gradescope", "junit", "github"])
def test_one_submission_is_exported_from_its_results(grader, run_file, name):
    """CI needs no gradebook: the file of the run is enough."""
    done = grader("export", name, "layers", "--results", run_file)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_one_student_of_the_gradebook_is_exported(grader, gradebook):
    """With --student the gradebook's grade of that student is exported."""
    done = grader("export", "gradescope", "layers", "--gradebook", gradebook, "--student", "ada")

    assert json.loads(done.stdout)["score"] > 0


def test_a_submission_without_a_score_ends_with_1(grader, tmp_path):
    """What needs a person is written without a score, said, and exit code 1."""
    path = tmp_path / "results.json"
    write_json(path, document("layers", None, [results.unreadable()]))

    done = grader("export", "gradescope", "layers", "--results", path)

    assert done.returncode == 1
    assert "score" not in json.loads(done.stdout)
    assert "no score" in done.stderr


REFUSED = {
    "canvas_without_file": (("canvas", "layers"), "--into"),
    "into_for_csv": (("csv", "layers", "--into", "x.csv"), "--into"),
    "no_such_download": (("canvas", "layers", "--into", "nowhere.csv"), "nowhere.csv"),
    "no_gradebook": (("csv", "layers", "--gradebook", "nowhere.sqlite"), "nowhere.sqlite"),
    "no_student": (("junit", "layers"), "--student"),
    "no_results": (("junit", "layers", "--results", "nowhere.json"), "nowhere.json"),
    "parquet_to_the_terminal": (("parquet", "layers"), "--output"),
    "unknown_format": (("excel", "layers"), "excel"),
    "unknown_assignment": (("csv", "layerz"), "layerz"),
}


@pytest.mark.parametrize(("command", "named"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_a_sentence(grader, command, named):
    """A wrong use is one sentence that names it, exit code 2, and nothing is made."""
    done = grader("export", *command)

    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"version": 9}', '{"version": 1}'], ids=lambda text: text or "empty"
)
def test_a_file_that_is_no_result_is_said(grader, tmp_path, content):
    """A file that `grade --json` did not write is refused with its name."""
    path = tmp_path / "results.json"
    path.write_text(content)

    done = grader("export", "junit", "layers", "--results", path)

    assert done.returncode == 2
    assert "results.json" in done.stderr


def test_a_run_of_a_class_needs_the_name_of_one(grader, tmp_path):
    """Of several submissions in a file one is chosen by --student, never the first."""
    path = tmp_path / "results.json"
    write_json(path, document("layers", None, results.everyone()))

    refused = grader("export", "junit", "layers", "--results", path)
    chosen = grader("export", "junit", "layers", "--results", path, "--student", "Emil")

    assert refused.returncode == 2
    assert "--student" in refused.stderr
    assert chosen.returncode == 0
