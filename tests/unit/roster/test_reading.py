"""Class lists of every origin: what becomes a student, and the sentence where nothing can."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.roster import Student, namesakes, read_roster


def students(folder: Path, text: str, encoding: str = "utf-8") -> tuple[Student, ...]:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Layers (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,100,(read only)
"Lovelace, Ada",101,S1,ada,Monday,,
"Turing, Alan Mathison",102,S2,alan,Monday and Tuesday,90,
"Student, Test",999,,,Monday,,
"""
CANVAS_NAMES = """\
LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Layers (4711)
Lovelace,Ada,101,S1,ada,Monday,
"""
CANVAS_GROUPS = """\
name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id
Ada Lovelace,101,S1,ada,Monday,Team 3,5,
"""
MOODLE_WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Last modified (grade)
Participant 77,Ada Lovelace,1815,ada@example.org,Submitted,,-
Participant 78,Alan Turing,1912,alan@example.org,No submission,,-
"""
MOODLE_GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Bewertung
Teilnehmer/in 77;Ada Lovelace;ada@example.org;
"""
MOODLE_PARTICIPANTS = """\
First name,Last name,ID number,Email address,Groups
Ada,Lovelace,1815,ada@example.org,Team 3
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ada,Lovelace,1815,ada@example.org,Student,A
Grace,Hopper,1906,grace@example.org,Instructor,A
"""
GRADESCOPE_GRADES = """\
First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status
Ada,Lovelace,,ada@example.org,A,,100.0,Missing
"""
GITHUB_CLASSROOM = """\
"identifier","github_username","github_id","name"
"ada@example.org","ada-l","42","Ada Lovelace"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "student,name,email,section\nada,Ada Lovelace,ada@example.org,A\n",
            Student("ada", "Ada Lovelace", email="ada@example.org", section="A"),
        ),
        (
            "Username;Last Name;First Name;GitHub\nada;Lovelace;Ada;ada-l\n",
            Student(
                "ada", "Ada Lovelace", "Ada", "Lovelace", ids={"login": "ada", "github": "ada-l"}
            ),
        ),
        ("student\tid\nAda Lovelace\t7\n", Student("7", "Ada Lovelace")),
        ('Name\n"Lovelace, Ada"\n', Student("Ada Lovelace", "Ada Lovelace", "Ada", "Lovelace")),
        ("sep=;\nid;name\n7;Ada\n", Student("7", "Ada")),
        (
            CANVAS,
            Student(
                *("ada", "Ada Lovelace", "Ada", "Lovelace"),
                section="Monday",
                ids={"canvas": "101", "sis": "S1", "login": "ada"},
            ),
        ),
        (
            CANVAS_NAMES,
            Student(
                *("ada", "Ada Lovelace", "Ada", "Lovelace"),
                section="Monday",
                ids={"canvas": "101", "sis": "S1", "login": "ada"},
            ),
        ),
        (
            CANVAS_GROUPS,
            Student(
                *("ada", "Ada Lovelace"),
                section="Monday",
                group="Team 3",
                ids={"canvas": "101", "sis": "S1", "login": "ada"},
            ),
        ),
        (
            MOODLE_WORKSHEET,
            Student(
                *("1815", "Ada Lovelace"),
                email="ada@example.org",
                ids={"moodle": "77", "idnumber": "1815"},
            ),
        ),
        (
            MOODLE_GERMAN,
            Student(
                *("ada@example.org", "Ada Lovelace"),
                email="ada@example.org",
                ids={"moodle": "77"},
            ),
        ),
        (
            MOODLE_PARTICIPANTS,
            Student(
                *("1815", "Ada Lovelace", "Ada", "Lovelace"),
                email="ada@example.org",
                group="Team 3",
                ids={"idnumber": "1815"},
            ),
        ),
        (
            GRADESCOPE,
            Student(
                *("1815", "Ada Lovelace", "Ada", "Lovelace"),
                email="ada@example.org",
                section="A",
                ids={"gradescope": "1815"},
            ),
        ),
        (
            GRADESCOPE_GRADES,
            Student(
                *("ada@example.org", "Ada Lovelace", "Ada", "Lovelace"),
                email="ada@example.org",
                section="A",
            ),
        ),
        (
            GITHUB_CLASSROOM,
            Student("ada@example.org", "Ada Lovelace", ids={"github": "ada-l"}),
        ),
    ],
    ids=[
        *("plain", "semicolons", "tabs", "only_names", "excel_note", "canvas", "canvas_names"),
        *("canvas_groups", "moodle_worksheet", "moodle_german", "moodle_participants"),
        *("gradescope_roster", "gradescope_grades", "github_classroom"),
    ],
)
def test_each_system_s_export_is_a_roster(tmp_path: Path, text: str, expected: Student) -> None:
    """The columns are known by the headers that the systems write."""
    first, *_ = students(tmp_path, text)

    assert first == expected


def test_rows_that_are_no_students_are_left_out(tmp_path: Path) -> None:
    """Points possible, posting policies and the test student of Canvas; Gradescope's staff."""
    assert [student.key for student in students(tmp_path, CANVAS)] == ["ada", "alan"]
    assert [student.key for student in students(tmp_path, GRADESCOPE)] == ["1815"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_of_every_script_arrive_whole(tmp_path: Path, encoding: str) -> None:
    """Accents, Chinese, right to left, a formula and quotes stay what somebody typed."""
    names = ["Zoë Ångström", "李小龙", "محمد الخوارزمي", "=cmd()", 'O\'Brien, "Ann", PhD']
    quoted = [name.replace('"', '""') for name in names]
    text = "id,name\n" + "".join(f'{n},"{name}"\n' for n, name in enumerate(quoted))

    assert [student.name for student in students(tmp_path, text, encoding)] == names


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"roster.csv is empty: expected a line of headers"),
        (b"\xef\xbb\xbf\r\n", r"is empty"),
        (b"id,name\n", r"lists no student"),
        (b"colour,size\nred,1\n", r"no column that says who .* first line reads: colour, size"),
        (b"id,name\na,Ada\nb,Alan\nA,Anna\n", r"has A as id twice, in lines 2 and 4"),
        (b"id,name\na,Ada\n,Alan\n", r"has no id in line 3 \(Alan\)"),
        (b"id,name\na,Lovelace, Ada\n", r"3 cells in line 2 but 2 headers: .* double quotes"),
        (b'id,name\na,"Ada\n', r"no valid CSV in line 2"),
        (b"id,name\na,Jos\xe9\n", r"not UTF-8 text \(byte 14\)"),
        (b"i\0d\0", r"binary data, or UTF-16 without its mark"),
        (b"PK\x03\x04rest", r"Excel workbook"),
        (b"id,name\na," + b"x" * 200_000, r"no valid CSV"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    """What is wrong, where, and what to do."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=sentence):
        read_roster(path)


def test_a_list_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """As with every path of the command line."""
    with pytest.raises(UsageError, match=r"roster.csv cannot be read: No such file"):
        read_roster(tmp_path / "roster.csv")


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(st.sampled_from('id,name;\t"\r\n\0\ufeffA1é林'), max_size=60).map(str.encode),
    ),
    st.sampled_from([b"", b"id,name\n", b"Student,ID,Section,SIS Login ID\n"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_file_holds_there_are_students_or_a_sentence(
    tmp_path_factory, content: bytes, headers: bytes
) -> None:
    """Keys are unique and no cell holds what cannot be seen."""
    path = tmp_path_factory.mktemp("any") / "roster.csv"
    path.write_bytes(headers + content)

    with suppress(UsageError):
        found = read_roster(path)
        assert len({student.key.casefold() for student in found}) == len(found) > 0
        assert all(student.key and "\n" not in student.key + student.name for student in found)


def test_two_students_of_one_name_are_allowed_and_known(tmp_path: Path) -> None:
    """They have keys of their own; only what names nothing else cannot be matched."""
    roster = students(tmp_path, "id,name\n1,Ada Lovelace\n2,ada lovelace\n3,Alan Turing\n")

    assert [[student.key for student in same] for same in namesakes(roster)] == [["1", "2"]]
