"""Downloads of each system, as folder and as zip: whose each file is, when, and which attempt."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import MachineError, SubmissionError, UsageError
from grader.intake import Handin, Handins, find_handins, read_submission
from grader.intake.archives import CLASS
from tests.unit.intake.downloads import NOTEBOOK, make_tree, make_zip, tar_bytes, zip_bytes

Make = Callable[[Path, Mapping[str, str | bytes] | list[str]], Path]
both = pytest.mark.parametrize(
    ("make", "name"), [(make_zip, "download.zip"), (make_tree, "folder")]
)


def handins(path: Path, assignment: str | None = "layers") -> Handins:
    """What is found, while the files are there."""
    with find_handins([path], assignment) as found:
        for handin in found.found:
            assert handin.problem or handin.path.is_file()
        return found


def told(handin: Handin) -> tuple[str, dict[str, str], int, object]:
    return handin.claim.name, dict(handin.claim.ids), handin.attempt, handin.late


CANVAS = [
    "lovelaceada_101_2001_layers.ipynb",
    "lovelaceada_101_2007_layers-1.ipynb",
    "lovelaceada_101_2010_layers-2.ipynb",
    "turingalan_LATE_102_2003_layers.ipynb",
    "team3_103_2004_my_12_34_answers.ipynb",
    "李小龙_104_2005_layers.ipynb",
]


@both
def test_canvas_tells_user_lateness_and_order(tmp_path: Path, make: Make, name: str) -> None:
    """`NAME[_LATE]_USER_FILE_NAME`; the number of the file grows with time."""
    found = handins(make(tmp_path / name, CANVAS)).found

    assert [told(handin) for handin in found] == [
        ("lovelaceada", {"canvas": "101"}, 1, False),
        ("lovelaceada", {"canvas": "101"}, 2, False),
        ("lovelaceada", {"canvas": "101"}, 3, False),
        ("team3", {"canvas": "103"}, 1, False),
        ("turingalan", {"canvas": "102"}, 1, True),
        ("李小龙", {"canvas": "104"}, 1, False),
    ]
    assert found[0].origin.endswith("lovelaceada_101_2001_layers.ipynb")


@pytest.mark.parametrize(
    ("tree", "students"),
    [
        (["ada/lab_2024_10_layers.ipynb", "bob/lab_2024_10_layers.ipynb"], ["ada", "bob"]),
        (["hw_2024_10_ada.ipynb", "hw_2024_10_bob.ipynb"], ["hw_2024_10_ada", "hw_2024_10_bob"]),
        (["lab_2024_10_all/ada.ipynb", "lab_2024_10_all/bob.ipynb"], ["ada", "bob"]),
    ],
)
def test_dates_in_names_are_not_canvas(
    tmp_path: Path, tree: list[str], students: list[str]
) -> None:
    """Else a whole class would be one student."""
    found = handins(make_tree(tmp_path / "folder", tree), None).found

    assert [handin.claim.name for handin in found] == students


def test_canvas_anonymous_names_are_no_numbers(tmp_path: Path) -> None:
    """Nobody can be matched, each has a row of their own."""
    path = make_zip(
        tmp_path / "z.zip", ["anon_x7Kp2_2001_layers.ipynb", "LATE_anon_Ab3dE_2002_layers.ipynb"]
    )

    assert [told(handin) for handin in handins(path).found] == [
        ("anon_Ab3dE", {}, 1, True),
        ("anon_x7Kp2", {}, 1, False),
    ]


def test_canvas_files_of_another_kind_are_rows_with_a_reason(tmp_path: Path) -> None:
    """A PDF, a text entry and a packed notebook; beside a notebook they are only listed."""
    path = make_zip(
        tmp_path / "z.zip",
        {
            "lovelaceada_101_2001_layers.pdf": "%PDF",
            "turingalan_102_text.html": "<p>",
            "hoppergrace_103_2002_layers.zip": zip_bytes("work/layers.ipynb", "work/data.csv"),
            "noetheremmy_104_2003_layers.tar.gz": tar_bytes("layers.ipynb"),
            "curiemarie_105_2004_layers.zip": b"PK damaged",
            "gaussfriedrich_106_2005_layers.ipynb": NOTEBOOK,
            "gaussfriedrich_106_2006_notes.txt": "",
        },
    )

    found = handins(path)

    problems = {handin.claim.name: handin.problem for handin in found.found}
    assert problems["lovelaceada"] == "No notebook (.ipynb) was handed in, but layers.pdf."
    assert problems["turingalan"].startswith("No notebook (.ipynb) was handed in")
    assert "curiemarie_105_2004_layers.zip is no archive" in problems["curiemarie"]
    assert [name for name, problem in problems.items() if not problem] == [
        *("gaussfriedrich", "hoppergrace", "noetheremmy")
    ]
    assert [aside.origin for aside in found.aside] == [
        "z.zip: hoppergrace_103_2002_layers.zip: work/data.csv",
        "z.zip: gaussfriedrich_106_2006_notes.txt",
    ]


MOODLE_FOLDERS = {
    "Ada Lovelace_77_assignsubmission_file/layers.ipynb": NOTEBOOK,
    "Ada Lovelace_77_assignsubmission_file/old/vgg.ipynb": NOTEBOOK,
    "Alan Turing_78_assignsubmission_file_/hw1.ipynb": NOTEBOOK,
    "Alan Turing_78_assignsubmission_onlinetext_/onlinetext.html": "<p>",
    "Grace Hopper_79_assignsubmission_onlinetext/onlinetext.html": "<p>",
    "Emmy Noether_80_assignsubmission_file/layers.zip": zip_bytes("layers/layers.ipynb"),
}
MOODLE_PREFIXES = [
    "Ada Lovelace_77_assignsubmission_file_layers.ipynb",
    "Alan Turing_78_assignsubmission_file_my_file_name.ipynb",
    "Default group_assignsubmission_file_layers.ipynb",
]


@both
def test_moodle_s_folders_tell_name_and_number(tmp_path: Path, make: Make, name: str) -> None:
    """With and without `_` at the end; a notebook beside that of the assignment is set aside."""
    found = handins(make(tmp_path / name, MOODLE_FOLDERS))

    assert [told(handin) for handin in found.found] == [
        ("Ada Lovelace", {"moodle": "77"}, 1, None),
        ("Alan Turing", {"moodle": "78"}, 1, None),
        ("Emmy Noether", {"moodle": "80"}, 1, None),
        ("Grace Hopper", {"moodle": "79"}, 1, None),
    ]
    assert [bool(handin.problem) for handin in found.found] == [False, False, False, True]
    assert ["vgg.ipynb" in aside.origin for aside in found.aside] == [True, False]


@both
def test_moodle_s_prefixes_tell_name_and_number(tmp_path: Path, make: Make, name: str) -> None:
    """All files in one folder; a team without a group has no number."""
    found = handins(make(tmp_path / name, MOODLE_PREFIXES)).found

    assert [told(handin)[:2] for handin in found] == [
        ("Ada Lovelace", {"moodle": "77"}),
        ("Alan Turing", {"moodle": "78"}),
        ("Default group", {}),
    ]


def test_moodle_s_blind_marking_leaves_only_the_number(tmp_path: Path) -> None:
    """The word for participant is in the language of the course."""
    names = [f"Teilnehmer in_{n}_assignsubmission_file/layers.ipynb" for n in (77, 78)]

    assert [told(handin)[:2] for handin in handins(make_zip(tmp_path / "z.zip", names)).found] == [
        ("Teilnehmer in 77", {"moodle": "77"}),
        ("Teilnehmer in 78", {"moodle": "78"}),
    ]


METADATA = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0815'
    :email: ada@example.org
  - :name: Alan Turing
    :sid: 1912
    :email: alan@example.org
  :created_at: 2023-09-21 18:14:33.123456000 -07:00
  :score: 8.0
  :history:
  - :created_at: 2023-09-20 10:00:00.000000000 Z
    :score: 1.0
  - :created_at: 2023-09-20 11:00:00.000000000 Z
    :score: 2.0
submission_2: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
  :submitters:
  - :name: Grace Hopper
    :sid:
    :email: grace@example.org
  :created_at: !ruby/object:Object 2023-09-21 18:14:33 Z
submission_3:
  :submitters:
  - :name: Emmy Noether
"""


@both
def test_gradescope_tells_submitters_time_and_attempt(
    tmp_path: Path, make: Make, name: str
) -> None:
    """A group has several submitters; zeros of a SID stay; tags of Ruby make nothing."""
    root = "assignment_4711_export/"
    path = make(
        tmp_path / name,
        {
            f"{root}submission_metadata.yml": METADATA,
            f"{root}submission_1/layers.ipynb": NOTEBOOK,
            f"{root}submission_2/sub/work.ipynb": NOTEBOOK,
            f"{root}submission_2/data.csv": "",
            f"{root}submission_9/layers.ipynb": NOTEBOOK,
        },
    )

    ada, emmy, grace, unknown = handins(path).found

    assert told(ada) == (
        "Ada Lovelace",
        {"gradescope": "0815", "email": "ada@example.org"},
        3,
        None,
    )
    assert [claim.name for claim in ada.others] == ["Alan Turing"]
    assert ada.others[0].ids["gradescope"] == "1912"
    assert ada.submitted_at == datetime(2023, 9, 22, 1, 14, 33, 123456, UTC)
    assert grace.claim.ids == {"email": "grace@example.org"}
    assert grace.submitted_at == datetime(2023, 9, 21, 18, 14, 33, tzinfo=UTC)
    assert "holds no file of it" in emmy.problem
    assert unknown.claim.name == "submission_9"


def test_two_exports_of_gradescope_are_read_and_what_lies_beside_them(tmp_path: Path) -> None:
    """No notebook is left out without a word."""
    files: dict[str, str | bytes] = {"bob.ipynb": NOTEBOOK}
    for number, name in enumerate(["Ada", "Alan"]):
        files[f"assignment_{number}_export/submission_metadata.yml"] = (
            f"submission_1: {{':submitters': [{{':name': {name}}}]}}"
        )
        files[f"assignment_{number}_export/submission_1/layers.ipynb"] = NOTEBOOK

    found = handins(make_tree(tmp_path / "folder", files)).found

    assert [handin.claim.name for handin in found] == ["Ada", "Alan", "bob"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfea",
        b"a: [",
        b"[" * 3_000_000,
        b"- " * 300_000,
        b"%YAML 9.9\n---\n{{}",
        b"\x00",
    ],
)
def test_gradescope_without_readable_metadata_is_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    """Only that file says whose the submissions are."""
    path = make_zip(
        tmp_path / "z.zip",
        {"e/submission_metadata.yml": content, "e/submission_1/x.ipynb": NOTEBOOK},
    )

    with pytest.raises(SubmissionError, match=r"submission_metadata.yml cannot be read"):
        handins(path)


HIJACKS = {
    "metadata": ("submission_metadata.yml", "submission_1: {':submitters': [{':name': Eve}]}"),
    "moodle": ("Eve_1_assignsubmission_file/x.ipynb", NOTEBOOK),
    "nbgrader": ("submitted/x/y/x.ipynb", NOTEBOOK),
    "canvas": ("eve_1_2_x.ipynb", NOTEBOOK),
    "archive": ("submitted.zip", zip_bytes("a_1_assignsubmission_file/x.ipynb")),
}


@pytest.mark.parametrize("file", HIJACKS.values(), ids=HIJACKS)
@pytest.mark.parametrize(
    "place",
    ["{name}/", "submitted/{name}/layers/", "{name}_7{n}_assignsubmission_file/", "gradescope"],
)
def test_no_student_decides_how_the_others_are_read(
    tmp_path: Path, file: tuple[str, str | bytes], place: str
) -> None:
    """A file that one of them named like another system's moves nobody else's."""
    names = ["ada", "alan", "emmy", "eve"]
    if place == "gradescope":
        place = "assignment_1_export/submission_{n}/"
    members: dict[str, str | bytes] = {
        f"{place.format(name=name, n=n)}layers.ipynb": NOTEBOOK for n, name in enumerate(names)
    }
    if place.startswith("assignment"):
        members["assignment_1_export/submission_metadata.yml"] = "\n".join(
            f"submission_{n}: {{':submitters': [{{':name': {name}}}]}}"
            for n, name in enumerate(names)
        )
    members[place.format(name="eve", n=3) + file[0]] = file[1]

    found = handins(make_zip(tmp_path / "z.zip", members)).found

    assert [handin.claim.name for handin in found][:3] == ["ada", "alan", "emmy"]
    assert {handin.claim.name for handin in found[3:]} == {"eve"}


@pytest.mark.parametrize("content", ["[]", "a", "1: {':submitters': {}}", "submission_1: [1]", ""])
def test_gradescope_metadata_of_another_form_names_nobody(tmp_path: Path, content: str) -> None:
    """The submission is there under the name of its folder."""
    path = make_zip(
        tmp_path / "z.zip",
        {"e/submission_metadata.yml": content, "e/submission_1/x.ipynb": NOTEBOOK},
    )

    assert "submission_1" in [handin.claim.name for handin in handins(path).found]


NBGRADER = {
    "source/layers/layers.ipynb": NOTEBOOK,
    "submitted/ada/layers/layers.ipynb": NOTEBOOK,
    "submitted/ada/layers/timestamp.txt": "2015-02-02 14:58:23.948203 America/Los_Angeles\n",
    "submitted/alan/layers/layers.ipynb": NOTEBOOK,
    "submitted/alan/layers/timestamp.txt": "2015-02-02 15:58:23 UTC",
    "submitted/alan/vgg/vgg.ipynb": NOTEBOOK,
    "submitted/grace/layers/layers.ipynb": NOTEBOOK,
    "submitted/grace/layers/timestamp.txt": "yesterday",
    "autograded/ada/layers/layers.ipynb": NOTEBOOK,
    "late/eve.ipynb": NOTEBOOK,
    "feedback/ada/layers/layers.html": "",
}


@both
def test_nbgrader_s_tree_tells_student_and_time(tmp_path: Path, make: Make, name: str) -> None:
    """Only what was submitted counts, and only of the assignment that is graded."""
    found = handins(make(tmp_path / name, NBGRADER))

    assert [handin.claim.name for handin in found.found] == ["ada", "alan", "grace"]
    assert [handin.submitted_at for handin in found.found] == [
        datetime(2015, 2, 2, 22, 58, 23, 948203, UTC),
        datetime(2015, 2, 2, 15, 58, 23, tzinfo=UTC),
        None,
    ]
    assert found.notes == ("The tree of nbgrader also holds vgg: not graded as layers.",)
    assert [aside.origin[-14:] for aside in found.aside] == ["late/eve.ipynb"]


def test_nbgrader_s_tree_without_the_assignment_is_a_sentence(tmp_path: Path) -> None:
    """Rather than grading the notebooks of others."""
    path = make_tree(tmp_path / "submitted", ["ada/ps1/x.ipynb", "ada/ps2/x.ipynb"])

    with pytest.raises(UsageError, match="holds the assignments ps1, ps2, but none of the name"):
        handins(path)


@both
def test_students_of_folders_are_named_by_them(tmp_path: Path, make: Make, name: str) -> None:
    """Several notebooks are attempts in the order of their names; other files are listed."""
    path = make(
        tmp_path / name,
        {
            "ada/layers.ipynb": NOTEBOOK,
            "ada/layers (1).ipynb": NOTEBOOK,
            "ada/scratch.ipynb": NOTEBOOK,
            "alan/layers.ipynb": NOTEBOOK,
            "alan/data.csv": "",
            "grace/layers.pdf": "",
            "eve/layers.zip": zip_bytes("layers.ipynb"),
        },
    )

    found = handins(path)

    assert [(handin.claim.name, handin.attempt) for handin in found.found] == [
        *(("ada", 1), ("ada", 2), ("alan", 1), ("eve", 1))
    ]
    assert sorted(aside.origin.rpartition("/")[2].removeprefix("z: ") for aside in found.aside) == [
        *("data.csv", "layers.pdf", "scratch.ipynb")
    ]


def test_the_folders_of_other_assignments_are_set_aside(tmp_path: Path) -> None:
    """`STUDENT/ASSIGNMENT/NAME` without nbgrader's root; what is left out is listed."""
    tree = ["ada/layers/a.ipynb", "ada/vgg/a.ipynb", "alan/layers/a.ipynb", "eve/vgg/a.ipynb"]

    found = handins(make_tree(tmp_path, tree))

    assert [handin.claim.name for handin in found.found] == ["ada", "alan"]
    assert [aside.reason for aside in found.aside] == [
        "It is in the folder vgg, while others are in layers."
    ] * 2


def test_a_folder_of_one_student_hides_nobody_s_work(tmp_path: Path) -> None:
    """Only where all have a folder per assignment is it one."""
    tree = ["ada/layers/layers.ipynb", "alan/work.ipynb", "eve/hw/layers.ipynb"]

    found = handins(make_tree(tmp_path, tree))

    assert [handin.claim.name for handin in found.found] == ["ada", "alan", "eve"]


@both
def test_packed_students_are_named_by_their_archive(tmp_path: Path, make: Make, name: str) -> None:
    """One level is opened; an archive in the archive of a student is not."""
    path = make(
        tmp_path / name,
        {
            "ada.zip": zip_bytes("layers.ipynb"),
            "alan.tar.gz": tar_bytes("a/layers.ipynb"),
            "bob.ipynb": NOTEBOOK,
            "eve.zip": b"PK\x03\x04",
            "zoe.zip": zip_bytes(),
        },
    )

    found = handins(path).found

    assert [handin.claim.name for handin in found] == ["ada", "alan", "bob", "eve", "zoe"]
    assert ["no archive" in handin.problem for handin in found] == [
        False,
        False,
        False,
        True,
        False,
    ]
    assert found[4].problem.endswith("zoe.zip is empty.")


def test_an_archive_of_one_notebook_is_its_student_s(tmp_path: Path) -> None:
    """`grader grade zips/*.zip`: the notebook's own name is that of the assignment."""
    ada = make_zip(tmp_path / "ada.zip", ["layers.ipynb"])
    alan = make_zip(tmp_path / "class.zip", ["alan.ipynb"])

    with find_handins([ada, alan], "layers") as found:
        assert [handin.claim.name for handin in found.found] == ["ada", "alan"]


def test_what_was_unpacked_is_gone_afterwards(tmp_path: Path) -> None:
    """Hand-ins are personal data."""
    with find_handins([make_zip(tmp_path / "z.zip", CANVAS)], "layers") as found:
        paths = [handin.path for handin in found.found]
        assert all(path.is_file() for path in paths)

    assert not any(path.exists() for path in paths)


def test_packed_hand_ins_cannot_fill_the_disk_together(tmp_path: Path) -> None:
    """Each is small, but there may be many: what no longer fits is a row with the reason."""
    buffer = tmp_path / "packed.zip"
    make_zip(buffer, {"layers.ipynb": os.urandom(1_500_000)})
    tree = {f"{name}.zip": buffer.read_bytes() for name in ("ada", "bob", "eve")}

    folder = make_tree(tmp_path / "folder", tree)

    with find_handins([folder], limits=replace(CLASS, total_mb=4)) as found:
        problems = [handin.problem for handin in found.found]

    assert ["was not opened" in problem for problem in problems] == [False, False, True]


def test_without_a_place_for_temporary_files_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the machine's fault, not the download's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    with pytest.raises(MachineError, match="Set TMPDIR to a folder with free space"):
        handins(make_zip(tmp_path / "z.zip", CANVAS))


def test_a_damaged_download_is_one_sentence(tmp_path: Path) -> None:
    """With what to do."""
    path = make_zip(tmp_path / "z.zip", CANVAS)
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(
        SubmissionError, match=r"^z.zip is no archive .* download or submit it again"
    ):
        handins(path)


@pytest.mark.parametrize(
    "pattern",
    [
        "name{n}_{n}_{m}_{file}",
        "Name {n}_{n}_assignsubmission_file/{file}",
        "Name {n}_{n}_assignsubmission_file_{file}",
        "submitted/name{n}/layers/{file}",
        "name{n}/{file}",
    ],
)
def test_what_is_read_is_what_was_handed_in(tmp_path: Path, pattern: str) -> None:
    """Through every layout each notebook arrives as it is, under its own name."""
    examples = sorted((Path(__file__).parents[3] / "examples/layers").glob("*.ipynb"))
    members: dict[str, str | bytes] = {
        pattern.format(n=n, m=100 + n, file="layers.ipynb"): path.read_bytes()
        for n, path in enumerate(examples)
    }
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in examples]

    with find_handins([make_zip(tmp_path / "z.zip", members)], "layers") as found:
        read = [read_submission(handin.path) for handin in found.found]

    assert examples
    assert [submission.sha256 for submission in read] == hashes
    assert all(submission.path.name.endswith("layers.ipynb") for submission in read)


def test_several_downloads_are_one_class(tmp_path: Path) -> None:
    """A file given twice is there once."""
    one = make_zip(tmp_path / "one.zip", CANVAS[:1])
    other = make_tree(tmp_path / "other", CANVAS[3:4])

    with find_handins([one, other, other], "layers") as found:
        assert [handin.claim.name for handin in found.found] == ["lovelaceada", "turingalan"]
