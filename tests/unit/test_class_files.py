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


def test_every_row_has_a_label_of_its_own(tmp_path):
    """A second file gets a number, and never the name of a student who is called like that."""
    for name in ("one/ada.ipynb", "one/ada (2).ipynb", "two/ada.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")

    with class_files(
        [tmp_path / "one", tmp_path / "two"], load_assignment("layers", ROOT), None
    ) as files:
        assert sorted(handed.shown for handed in files.handed) == ["ada", "ada (2)", "ada (3)"]
