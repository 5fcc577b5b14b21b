"""The files of a class on the way from the command line to the batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.class_files import class_files
from grader.course import load_assignment

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("rule", "owners"), [("", ["ada"]), ("[grading]\ngroups = true\n", ["ada", "alan"])]
)
def test_a_file_is_the_whole_groups_where_the_course_says_so(tmp_path, rule, owners):
    """The groups of a roster alone make no group work; the course's rules do."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "course.toml").write_text(f'title = "A course"\n{rule}')
    roster = tmp_path / "roster.csv"
    roster.write_text("key,name,group\nada,Ada Lovelace,one\nalan,Alan Turing,one\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text("{}")

    own = {"folder": tmp_path / "solutions" / "layers"}
    task = load_assignment("layers", ROOT).model_copy(update=own)
    with class_files([tmp_path / "in"], task, roster) as files:
        assert sorted(handed.student for handed in files.handed) == owners
