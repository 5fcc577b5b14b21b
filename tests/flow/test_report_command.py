"""`grader report`: from a gradebook to pages, or a sentence that says why not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course import load_assignment
from grader.gradebook.store import open_gradebook
from tests.conftest import ROOT
from tests.synthetic.grades import made_up_class

SIZE = 12


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    """A class with its notebooks: two examples, handed in by many; one file was not kept."""
    path = tmp_path / "class.db"
    room = made_up_class(SIZE, assignment=load_assignment("layers", ROOT))
    notebooks = [ROOT / "examples" / "layers" / f"{n}.ipynb" for n in ("perfect", "vectorised")]
    with open_gradebook(path) as book:
        book.put_students(grade.student for grade in room.grades)
        for number, attempt in enumerate(a for own in room.attempts.values() for a in own):
            content = notebooks[number % 2].read_bytes() + b"\n" * number
            sha256 = hashlib.sha256(content).hexdigest()
            key = replace(attempt.key, notebook=sha256)
            made = replace(attempt, key=key, result=replace(attempt.result, sha256=sha256))
            book.record(made, content if number else b"")
    return path


def test_a_report_is_written_from_a_gradebook(gradebook, tmp_path, grader):
    """All pages are there, similarity too, and the command says where."""
    out = tmp_path / "out"

    done = grader("report", "layers", "--gradebook", gradebook, "--output", out, "--similarity")

    assert done.returncode == 0, done.stderr
    assert str(out / "index.html") in done.stdout
    assert len(list((out / "students").iterdir())) == SIZE
    assert "never a verdict" in (out / "similarity.html").read_text()
    assert "not kept the file" in (out / "similarity.html").read_text()


def test_without_similarity_there_is_no_such_page(gradebook, tmp_path, grader):
    """What was not asked for is not linked."""
    grader("report", "layers", "--gradebook", gradebook, "--output", tmp_path / "out")

    assert not (tmp_path / "out" / "similarity.html").exists()
    assert "similarity.html" not in (tmp_path / "out" / "index.html").read_text()


def test_no_gradebook_is_a_sentence(tmp_path, grader):
    """A gradebook that is not there is the user's to name: exit 2, no traceback, no folder made."""
    done = grader("report", "layers", "--gradebook", tmp_path / "no.db", "--output", tmp_path / "o")

    assert done.returncode == 2
    assert "There is no gradebook" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_the_place_of_the_folder_is_a_sentence(gradebook, tmp_path, grader):
    """The pages need a folder; a file there is left as it was."""
    taken = tmp_path / "taken"
    taken.write_text(json.dumps({"kept": True}))

    done = grader("report", "layers", "--gradebook", gradebook, "--output", taken)

    assert done.returncode == 2
    assert json.loads(taken.read_text()) == {"kept": True}
