"""Of the files that a platform hands over, one is the notebook, or a sentence says why not."""

from __future__ import annotations

import pytest

from grader.errors import SubmissionError
from grader.intake import one
from grader.intake.one import one_notebook


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["layers.ipynb"], "layers.ipynb"),
        (["my work (1).IPYNB", "notes.txt"], "my work (1).IPYNB"),
        (["a/b/layers.ipynb", "old.ipynb", "vgg.ipynb"], "a/b/layers.ipynb"),
        (["x.ipynb", ".ipynb_checkpoints/x-checkpoint.ipynb", "__MACOSX/x.ipynb"], "x.ipynb"),
        (["x.ipynb", ".hidden.ipynb"], "x.ipynb"),
    ],
)
def test_the_notebook_is_found(tmp_path, names, chosen):
    """The only notebook, or the only one with the assignment's name, is taken."""
    write(tmp_path, *names)

    assert one_notebook(tmp_path, "layers") == tmp_path / chosen


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "No notebook was handed in"),
        (["notes.txt"], r"expected one named layers\.ipynb"),
        (["a.ipynb", "b.ipynb"], "2 notebooks were handed in"),
        (["x/layers.ipynb", "y/layers.ipynb"], "2 notebooks were handed in"),
    ],
)
def test_what_is_not_clear_is_a_sentence(tmp_path, names, sentence):
    """No notebook, or several and none of the expected name, is said and not guessed."""
    write(tmp_path, *names)

    with pytest.raises(SubmissionError, match=sentence):
        one_notebook(tmp_path, "layers")


def test_a_file_is_itself(tmp_path):
    """A notebook that is named is taken whatever lies beside it."""
    write(tmp_path, "a.ipynb", "b.ipynb")

    assert one_notebook(tmp_path / "b.ipynb", "layers").name == "b.ipynb"


def test_links_are_not_followed(tmp_path):
    """A link to a file or a folder outside is no submission."""
    write(tmp_path / "outside", "layers.ipynb")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "layers.ipynb").symlink_to(tmp_path / "outside/layers.ipynb")
    (inside / "folder").symlink_to(tmp_path / "outside")

    with pytest.raises(SubmissionError, match="No notebook"):
        one_notebook(inside, "layers")


def test_the_course_beside_the_submission_is_left_out(tmp_path):
    """The solution notebook, checked out beside the student's, is never taken for theirs."""
    write(tmp_path, "course/solutions/layers/layers.ipynb", "mine.ipynb")

    found = one_notebook(tmp_path, "layers", leave_out=(tmp_path / "course",))

    assert found.name == "mine.ipynb"


def test_a_flood_of_files_is_a_sentence(tmp_path, monkeypatch):
    """A submission of very many files ends with a sentence."""
    monkeypatch.setattr(one, "MOST_FILES", 5)
    write(tmp_path, *(f"{number}.txt" for number in range(6)))

    with pytest.raises(SubmissionError, match="More than 5 files"):
        one_notebook(tmp_path, "layers")


def test_hostile_names_are_shown_harmless(tmp_path):
    """A file's name in the sentence holds no escape code and no reversed text."""
    write(tmp_path, "\x1b[31ma.ipynb", "\u202eb.ipynb")

    with pytest.raises(SubmissionError) as caught:
        one_notebook(tmp_path, "layers")

    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
