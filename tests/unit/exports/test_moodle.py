"""Moodle: the offline worksheet as it was downloaded, and a CSV for the gradebook."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.exports import Options, moodle, moodle_gradebook
from grader.gradebook.grades import State
from tests.unit.exports import builders
from tests.unit.exports.builders import grade, student, unknown

ENGLISH = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments"
)
GERMAN = (
    "ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),"
    "Feedback als Kommentar"
)
ADA = (
    "Participant 41,Ada Lovelace,815,ada@example.org,Submitted,,62.00,Yes,"
    '"Sunday, 1 March 2026, 12:30",-,'
)
ADA_GERMAN = (
    "Teilnehmer/in41,Ada Lovelace,815,ada@example.org,Abgegeben,,"
    '"62,00",Ja,"Sonntag, 1. März 2026, 12:30",-,'
)


def filled(*lines, grades, **options):
    """The cells of the filled-in worksheet, and the export."""
    content = "\n".join([*lines, ""]).encode()
    made = moodle.export(builders.assignment(), grades, Options(content, "sheet.csv", **options))
    return list(csv.reader(io.StringIO(made.content.decode(), newline=""))), made


def test_a_localised_worksheet_is_filled_in_as_it_is():
    """A German worksheet keeps its header and its decimal comma."""
    (header, ada), made = filled(GERMAN, ADA_GERMAN, grades=[grade(score=13.5)])

    assert ",".join(header) == GERMAN
    assert ada[0] == "Teilnehmer/in41"
    assert ada[5] == "13,50"
    assert made.left_out == ()


def test_grade_and_feedback_are_the_only_cells_that_change():
    """Dates, identifiers and status stay, for Moodle compares them."""
    made = grade(score=60.0, comment="Good.", reasons=("2 points off: a day late.",))

    (_, ada), _ = filled(ENGLISH, ADA, grades=[made])

    before = next(csv.reader([ADA]))
    changed = {at for at, (old, new) in enumerate(zip(before, ada, strict=True)) if old != new}
    assert changed == {5, 10}
    assert ada[10] == "Good.<br>2 points off: a day late."


def test_feedback_is_html_for_moodle():
    """What a person wrote is shown as written, not taken for markup."""
    (_, ada), _ = filled(ENGLISH, ADA, grades=[grade(comment="<b>x < y</b>")])

    assert ada[10] == "&lt;b&gt;x &lt; y&lt;/b&gt;"


@pytest.mark.parametrize(
    "who",
    [
        student("x", "Nobody", email="", ids={"moodle": "41"}),
        student("x", "Nobody", email="", ids={"idnumber": "815"}),
        student("815", "Nobody", email=""),
        student("x", "Nobody", email="ADA@example.org"),
        student("x", "Ada Lovelace", email=""),
    ],
    ids=["participant", "id_number", "key", "address", "name"],
)
def test_a_student_is_found_by_number_address_or_name(who):
    """The participant number counts first, then ID number and address, at last the name."""
    (_, ada), made = filled(ENGLISH, ADA, grades=[grade(who, 60.0)])

    assert ada[5] == "60.00"
    assert made.left_out == ()


@pytest.mark.parametrize("state", [state for state in State if state is not State.GRADED])
def test_what_is_not_known_is_blank_and_its_feedback_untouched(state):
    """Moodle skips a row without a grade, and its feedback stays what it was."""
    row = ADA.replace("ada@", "alan@").replace("Ada Lovelace", "Alan Turing") + "Kept."

    (_, alan), made = filled(ENGLISH, row, grades=[unknown(state)])

    assert (alan[5], alan[10]) == ("", "Kept.")
    assert any("Alan Turing" in line for line in (*made.left_out, *made.notes))


def test_more_than_the_highest_grade_is_listed_not_written():
    """Moodle refuses a grade out of range, so it is left blank and named."""
    (_, ada), made = filled(ENGLISH, ADA, grades=[grade(score=70.0)])

    assert ada[5] == ""
    assert "70 of at most 62" in made.left_out[0]


def test_other_points_are_scaled_on_request():
    """Where Moodle counts other points, scores are scaled when asked for."""
    row = ADA.replace("62.00", "100.00")

    (_, plain), noted = filled(ENGLISH, row, grades=[grade(score=31.0)])
    (_, scaled), _ = filled(ENGLISH, row, grades=[grade(score=31.0)], scale=True)

    assert (plain[5], scaled[5]) == ("31.00", "50.00")
    assert "--scale" in noted.notes[0]


def test_a_language_that_we_do_not_know_needs_the_name_of_the_column():
    """An unknown word for the grade is asked for, and taken when it is named."""
    header = ENGLISH.replace("Grade,", "Ballina,", 1)

    with pytest.raises(UsageError, match=r"Ballina.*--column"):
        filled(header, ADA, grades=[grade()])
    (_, ada), _ = filled(header, ADA, grades=[grade()], column="Ballina")

    assert ada[5] == "62.00"


def test_a_worksheet_without_feedback_keeps_its_last_column():
    """Where the assignment takes no comments, the date of the grade is not overwritten."""
    header, row = ENGLISH.removesuffix(",Feedback comments"), ADA.removesuffix(",")

    (_, ada), made = filled(header, row, grades=[grade(comment="Good.")])

    assert ada[-1] == "-"
    assert "feedback" in made.notes[0]


def test_the_gradebook_csv_holds_only_rows_that_moodle_can_import():
    """One row that Moodle cannot take stops its whole import, so such rows are listed instead."""
    nameless = grade(student("", "Nobody", email=""))
    grades = [grade(), unknown(), nameless, replace(unknown(State.EXCUSED, "c"), reasons=())]

    made = moodle_gradebook.export(builders.assignment(), grades, Options())

    header, *rows = csv.reader(io.StringIO(made.content.decode(), newline=""))
    assert header[:5] == list(moodle_gradebook.HEADER)
    assert [row[2] for row in rows] == ["ada@example.org"]
    assert rows[0][5] == "62.00"
    assert len(made.left_out) == 2
