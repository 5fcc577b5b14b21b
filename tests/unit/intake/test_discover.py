"""Files, folders and folders of folders: who submitted what."""

import os
from pathlib import Path

import pytest

from grader.errors import SubmissionError, UsageError
from grader.intake import display_name, find_handins, read_submission


def tree(folder: Path, *files: str) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    return folder


def students(*paths: Path, assignment: str | None = None) -> list[str]:
    with find_handins(paths, assignment) as handins:
        return [handin.claim.name for handin in handins.found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["ada.ipynb", "bob.ipynb"], ["ada", "bob"]),
        (["s10.ipynb", "s9.ipynb", "s100.ipynb"], ["s9", "s10", "s100"]),
        (["ada/layers.ipynb", "bob/layers.ipynb"], ["ada", "bob"]),
        (["ada/layers.ipynb"], ["ada"]),
        (["ada/final.ipynb", "bob/hw (1).ipynb"], ["ada", "bob"]),
        (["ada/layers.ipynb", "bob/layers.ipynb", "bob/old.ipynb"], ["ada", "bob", "bob"]),
        (["mon/ada.ipynb", "mon/bob.ipynb", "tue/eve.ipynb"], ["ada", "bob", "eve"]),
        (["class/ada/hw/x.ipynb", "class/bob/hw/x.ipynb"], ["ada", "bob"]),
        (["ada.ipynb", ".ipynb_checkpoints/ada-checkpoint.ipynb", "notes.txt"], ["ada"]),
        (["ada.ipynb", "__MACOSX/ada.ipynb", ".hidden.ipynb"], ["ada"]),
        (["Ada.IPYNB"], ["Ada"]),
    ],
)
def test_students_are_named_by_file_or_folder(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    """By their folder where files share a name, else by their file, in natural order."""
    assert students(tree(tmp_path, *files)) == expected


def test_nbgrader_s_tree_names_students_and_picks_the_assignment(tmp_path: Path) -> None:
    """`submitted/STUDENT/ASSIGNMENT/NAME.ipynb`, from the root or file by file."""
    folder = tree(
        tmp_path / "submitted",
        "ada/layers/layers.ipynb",
        "bob/layers/layers.ipynb",
        "bob/vgg/vgg.ipynb",
    )

    assert students(folder, assignment="layers") == ["ada", "bob"]
    assert students(folder / "bob/vgg/vgg.ipynb") == ["bob"]


def test_a_file_given_twice_is_graded_once(tmp_path: Path) -> None:
    """A folder and a file in it name the same submission."""
    folder = tree(tmp_path, "ada.ipynb")

    assert students(folder, folder / "ada.ipynb") == ["ada"]


def test_what_is_no_file_gets_a_row_that_says_so(tmp_path: Path) -> None:
    """Links, pipes and folders named like notebooks are listed, and never opened or followed."""
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "linked").symlink_to("/etc")
    (tmp_path / "zero.ipynb").symlink_to("/dev/zero")

    with find_handins([tmp_path]) as handins:
        found = handins.found

    assert [handin.claim.name for handin in found] == ["folder", "link", "pipe", "zero"]
    kinds = ["a folder", "a symbolic link", "a named pipe", "a symbolic link"]
    for handin, kind in zip(found, kinds, strict=True):
        with pytest.raises(SubmissionError, match=kind):
            read_submission(handin.path)


def test_a_device_is_not_read() -> None:
    """Reading /dev/zero would never end."""
    with pytest.raises(SubmissionError, match="zero is a device, not a file"):
        read_submission(Path("/dev/zero"))


def test_a_missing_path_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """The sentence says what was expected."""
    with pytest.raises(UsageError, match=r"nowhere does not exist: expected a notebook or"):
        students(tmp_path / "nowhere")


def test_a_folder_without_notebooks_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """Zero submissions are not silently graded."""
    with pytest.raises(UsageError, match=r"holds no notebook: expected files named \*\.ipynb"):
        students(tree(tmp_path, "notes.txt"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ada", "ada"),
        ("a\u202ed\u200ba", "ada"),
        ("a\x1b[31mda\n\x00b", "a[31mda b"),
        ("\x00\u202e", "unnamed"),
        ("x" * 300, "x" * 100),
        ("a\udcffb", "ab"),
        ("Jose\u0301 \u6797", "Jos\xe9 \u6797"),
    ],
)
def test_names_can_be_shown_anywhere(name: str, shown: str) -> None:
    """No control characters, no change of writing direction, bounded, never empty."""
    assert display_name(name) == shown
