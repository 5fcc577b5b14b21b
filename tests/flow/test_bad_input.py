"""Bad input gets one sentence that says what to do, a documented exit code and no traceback."""

from __future__ import annotations

import json
import os
import re

import pytest

LAYERS = ("--assignment", "layers")


def sentence(done):
    """The one line on stderr, without its prefix."""
    assert "Traceback" not in done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("grader: ")]
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("grader: ")


def test_a_missing_path_is_named(grader):
    """A path that is not there is named, exit code 2."""
    done = grader("grade", "nowhere.ipynb", *LAYERS)

    assert done.returncode == 2
    assert "nowhere.ipynb" in sentence(done)


def test_a_folder_without_notebooks_is_named(grader, tmp_path):
    """A folder without notebooks is named, exit code 2."""
    done = grader("grade", tmp_path, *LAYERS)

    assert done.returncode == 2
    assert tmp_path.name in sentence(done)


def test_an_unknown_assignment_is_answered_with_the_known_ones(grader):
    """An unknown assignment is answered with those that exist, exit code 2."""
    done = grader("grade", "examples/layers", "--assignment", "layerz")

    assert done.returncode == 2
    assert re.search(r"layerz.*layers", sentence(done))


def test_outside_a_course_the_option_is_named(grader, tmp_path):
    """Outside of a course the sentence says how to name one, exit code 2."""
    done = grader("grade", tmp_path, *LAYERS, cwd=tmp_path)

    assert done.returncode == 2
    assert "--course" in sentence(done)


BAD_FILES = {
    "empty": (b"", "empty"),
    "not_json": (b"this is no notebook", "JSON"),
    "html_page": (b"<!DOCTYPE html><html></html>", "HTML"),
    "a_list": (b"[1, 2]", "notebook"),
    "no_notebook": (b'{"name": "ada"}', "notebook"),
    "another_assignment": (
        json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {"grader": {"assignment": "vgg"}},
                "cells": [
                    {
                        "cell_type": "code",
                        "id": "a",
                        "metadata": {},
                        "source": "x = 1",
                        "outputs": [],
                        "execution_count": None,
                    }
                ],
            }
        ).encode(),
        "vgg",
    ),
    "nbformat_5": (b'{"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}', "5"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_a_row_with_its_reason(grader, tmp_path, name):
    """A file that is no notebook of the assignment is a row for a person, never a zero."""
    content, reason = BAD_FILES[name]
    (tmp_path / f"{name}.ipynb").write_bytes(content)

    done = grader("grade", tmp_path, *LAYERS, "--sandbox", "local", "--json", tmp_path / "out.json")

    (row,) = json.loads((tmp_path / "out.json").read_text())["submissions"]
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (row["status"], row["score"]) == ("needs_attention", None)
    assert reason in row["notes"][0]


def test_a_file_of_200_mb_is_refused_before_it_is_parsed(grader, tmp_path):
    """A huge file is refused by its size, exit code 2."""
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        file.truncate(200_000_000)

    done = grader("grade", huge, *LAYERS, "--sandbox", "local")

    assert done.returncode == 2
    assert "MB" in done.stdout


def test_an_old_notebook_is_upgraded_and_graded(grader, tmp_path):
    """A notebook of nbformat 3 is upgraded, and its row says so."""
    cell = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": []}
    source = "def conv_num_params(in_channels, num_filters, kernel_size):\n    return 0"
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [{**cell, "input": source}], "metadata": {}}],
    }
    (tmp_path / "old.ipynb").write_text(json.dumps(old))

    grader("grade", tmp_path, *LAYERS, "--sandbox", "local", "--json", tmp_path / "out.json")

    (row,) = json.loads((tmp_path / "out.json").read_text())["submissions"]
    assert any("3" in note for note in row["notes"])
    assert row["questions"]


def test_a_broken_assignment_toml_is_the_courses_mistake(grader, course):
    """Invalid TOML is named with its file, exit code 3."""
    (course / "solutions/layers/assignment.toml").write_text("title = ")

    done = grader("grade", "examples/layers", *LAYERS, cwd=course)

    assert done.returncode == 3
    assert "assignment.toml" in sentence(done)


def test_an_unknown_setting_is_named(grader, course):
    """A misspelt setting in assignment.toml is named, exit code 3."""
    path = course / "solutions/layers/assignment.toml"
    path.write_text('colour = "red"\n' + path.read_text())

    done = grader("grade", "examples/layers", *LAYERS, cwd=course)

    assert done.returncode == 3
    assert "colour" in sentence(done)


def test_a_syntax_error_in_a_hidden_test_is_the_courses_mistake(grader, course):
    """A hidden test file that does not compile is named with its line, exit code 3."""
    path = course / "solutions/layers/test_layers.py"
    path.write_text(path.read_text() + "\ndef broken(:\n")

    done = grader(
        "grade", "examples/layers/perfect.ipynb", *LAYERS, "--sandbox", "local", cwd=course
    )

    assert done.returncode == 3
    assert "test_layers.py" in sentence(done)


def test_without_docker_the_remedy_is_named(grader, tmp_path):
    """Where no engine answers and none can be installed, one sentence says so, exit code 4."""
    done = grader(
        "grade",
        "examples/layers/perfect.ipynb",
        *LAYERS,
        DOCKER_HOST=f"unix://{tmp_path}/nobody.sock",
        PATH=os.environ["PATH"],
    )

    assert done.returncode == 4
    assert "Docker" in sentence(done)


def test_a_full_disk_leaves_no_half_file(grader, tmp_path):
    """Results that cannot be written are one sentence, exit code 4, and no half file."""
    done = grader(
        "grade", "examples/layers/perfect.ipynb", *LAYERS, "--sandbox", "local",
        "--json", "/dev/full/results.json",
    )  # fmt: skip

    assert done.returncode in {2, 4}
    assert "/dev/full" in sentence(done)


def test_a_command_line_mistake_is_a_sentence(grader):
    """A missing option is named, exit code 2."""
    done = grader("grade", "examples/layers")

    assert done.returncode == 2
    assert "--assignment" in sentence(done)
