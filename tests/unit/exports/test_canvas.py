"""Canvas: the downloaded gradebook with one column filled in, and nothing invented."""

from __future__ import annotations

import csv
import io

import pytest

from grader.errors import UsageError
from grader.exports import Options, canvas
from grader.gradebook.grades import State
from tests.unit.exports import builders
from tests.unit.exports.builders import grade, student, unknown

TITLE = "The layers of a convolutional network (4711)"
HEADER = f"Student,ID,SIS User ID,SIS Login ID,Section,Notes,{TITLE},Quiz (4712),Final Score"
POINTS = "    Points Possible,,,,,,62,10,(read only)"
POSTING = ",,,,,,Manual Posting,,"
ADA = '"Lovelace, Ada",101,S1,ada@example.org,A,-,,9.50,80.1'
ALAN = '"Turing, Alan",102,S2,alan@example.org,A,,,,70'


def filled(*rows, grades, download=None, **options):
    """The filled-in rows by the name in their first cell, and the export."""
    content = download or "\r\n".join([HEADER, POSTING, POINTS, *rows, ""]).encode()
    made = canvas.export(builders.assignment(), grades, Options(content, "grades.csv", **options))
    cells = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))
    return {row[0].strip("'"): row for row in cells if row}, made


def canvas_student(number, key, name, **ids):
    return student(key, name, ids={"canvas": str(number), **ids})


ADA_GRADE = grade(canvas_student(101, "ada", "Ada Lovelace"), 56.125)


def test_only_the_column_of_the_assignment_is_changed():
    """Every other cell, the points possible and the read-only totals stay as they were."""
    before = "\r\n".join([HEADER, POSTING, POINTS, ADA, ALAN, ""])
    grades = [ADA_GRADE, grade(canvas_student(102, "alan", "Alan Turing"), 7.0)]

    _, made = filled(ADA, ALAN, grades=grades)

    after = made.content.decode()
    assert after == before.replace("A,-,,9.50", "A,-,56.13,9.50").replace("A,,,,70", "A,,7.00,,70")
    assert made.left_out == ()


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (canvas_student(101, "x", "Nobody"), "ID"),
        (student("x", "Nobody", ids={"sis": "S1"}), "SIS User ID"),
        (student("S1", "Nobody"), "the key as SIS User ID"),
        (student("x", "Nobody", ids={"login": "ada@example.org"}), "SIS Login ID"),
        (student("ada", "Nobody"), "address"),
        (student("x", "Ada Lovelace"), "name"),
        (student("x", "Lovelace, Ada"), "sortable name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_student_is_found_as_canvas_finds_them(who, why):
    """By ID, SIS User ID, SIS Login ID and at last by name."""
    rows, made = filled(ADA, grades=[grade(who, 60.0)])

    assert rows["Lovelace, Ada"][6] == "60.00"
    assert made.left_out == ()


def test_the_id_counts_more_than_the_name():
    """A row belongs to the student of its ID, whatever name it shows."""
    swapped = grade(canvas_student(102, "alan", "Ada Lovelace"), 2.0)

    rows, _ = filled(ADA, ALAN, grades=[ADA_GRADE, swapped])

    assert rows["Lovelace, Ada"][6] == "56.13"
    assert rows["Turing, Alan"][6] == "2.00"


def test_a_name_that_two_students_have_is_given_to_neither():
    """Of two students with one name, no row is guessed; all are listed."""
    twins = [grade(student(key, "Ada Lovelace", email=""), 60.0) for key in ("a1", "a2")]

    rows, made = filled(ADA, grades=twins)

    assert rows["Lovelace, Ada"][6] == ""
    assert len(made.left_out) == 3


def test_a_name_does_not_count_against_an_id():
    """A student of that name whose ID is another one is another person."""
    rows, made = filled(ADA, grades=[grade(canvas_student(999, "x", "Ada Lovelace"), 60.0)])

    assert rows["Lovelace, Ada"][6] == ""
    assert len(made.left_out) == 2


def test_whoever_has_no_partner_is_listed_on_both_sides():
    """A row without a student and a student without a row are both named."""
    _, made = filled(ALAN, grades=[ADA_GRADE])

    row, missing = made.left_out
    assert "Turing, Alan" in row
    assert "Ada Lovelace" in missing


@pytest.mark.parametrize(
    ("state", "cell"),
    [
        (State.NEEDS_ATTENTION, ""),
        (State.GRADER_ERROR, ""),
        (State.MISSING, ""),
        (State.EXCUSED, "EX"),
    ],
)
def test_what_is_not_known_is_blank_and_excused_is_ex(state, cell):
    """A score that is not known is a blank cell, never 0; who is excused has EX."""
    rows, made = filled(ALAN, grades=[unknown(state)])

    assert rows["Turing, Alan"][6] == cell
    assert any("Alan Turing" in line for line in (*made.left_out, *made.notes)) == (cell == "")


def test_a_score_that_is_taken_away_is_named():
    """Where a score stood and none is known now, the list says which was removed."""
    row = ALAN.replace(",A,,,,70", ",A,,33,,70")

    rows, made = filled(row, grades=[unknown()])

    assert rows["Turing, Alan"][6] == ""
    assert "33" in made.left_out[0]


def test_a_file_with_semicolons_and_decimal_commas_stays_one():
    """Delimiter, decimal comma and byte order mark are those of the download."""
    download = "\r\n".join([HEADER, POINTS, ADA]).replace("9.50", "9,50").replace(", Ada", " Ada")
    download = "\ufeff" + download.replace(",", ";").replace("9;50", "9,50").replace('"', "")

    _, made = filled(grades=[ADA_GRADE], download=download.encode())

    text = made.content.decode()
    assert text.startswith("\ufeffStudent;ID;")
    assert ";56,13;9,50;" in text


@pytest.mark.parametrize(
    ("title", "column"), [("Quiz (4712)", 7), ("quiz", 7), ("4712", 7), ("4711", 6)]
)
def test_a_column_is_named_by_title_or_id(title, column):
    """Another column than the assignment's own is named by its title or its number."""
    rows, _ = filled(ADA, grades=[ADA_GRADE], column=title)

    assert rows["Lovelace, Ada"][column] == "56.13"


@pytest.mark.parametrize("column", ["Final Score", "Notes", "Student", "Homework 9", "ID"])
def test_no_column_but_an_assignment_of_canvas_is_filled_in(column):
    """Totals, notes and columns that Canvas would make anew are refused, with those there are."""
    with pytest.raises(UsageError, match=r"Quiz \(4712\)"):
        filled(ADA, grades=[ADA_GRADE], column=column)


@pytest.mark.parametrize(
    "download",
    [b"", b"hello", b"Student,ID\nAda,1\n", b"\xff\xfe\x00", b'"Student,ID,Section\n', b"a" * 99],
    ids=["empty", "prose", "no_section", "not_utf8", "open_quote", "one_cell"],
)
def test_what_is_no_gradebook_is_said(download):
    """Anything but a downloaded gradebook ends with a sentence."""
    with pytest.raises(UsageError, match=r"grades\.csv"):
        canvas.export(builders.assignment(), [], Options(download, "grades.csv"))


def test_other_points_are_said_and_scaled_only_on_request():
    """Where Canvas counts other points, scores stay unless they are to be scaled."""
    download = "\r\n".join([HEADER, POINTS.replace(",62,", ",31,"), ADA]).encode()

    plain, noted = filled(grades=[ADA_GRADE], download=download)
    scaled, _ = filled(grades=[ADA_GRADE], download=download, scale=True)

    assert plain["Lovelace, Ada"][6] == "56.13"
    assert "--scale" in noted.notes[0]
    assert scaled["Lovelace, Ada"][6] == "28.06"


def test_a_formula_for_a_name_is_disarmed_where_an_id_stands_beside_it():
    """Canvas reads the ID; the name of such a row no longer runs in a spreadsheet."""
    row = ADA.replace('"Lovelace, Ada"', "=cmd()")

    _, made = filled(row, grades=[ADA_GRADE])

    assert "\r\n'=cmd(),101," in made.content.decode()


def test_two_columns_of_names_are_one_name():
    """Canvas may split the name into LastName and FirstName."""
    download = f"LastName,FirstName,ID,Section,{TITLE}\nLovelace,Ada,,A,\n".encode()

    _, made = filled(grades=[grade(student("x", "Ada Lovelace"), 1.0)], download=download)

    assert made.content.decode().endswith("Lovelace,Ada,,A,1.00\n")
