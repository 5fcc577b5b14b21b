"""What the pages of a class say, without HTML."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import timedelta

import pytest

from grader.gradebook.grades import FinalGrade, State
from grader.report.classroom.clusters import clusters
from grader.report.classroom.material import Classroom
from grader.report.classroom.overview import overview
from grader.report.classroom.question import question_page
from grader.report.classroom.students import lateness, student_page, student_rows
from grader.report.classroom.waiting import settling, waiting
from grader.roster import Student
from tests.synthetic.grades import NEW, made_up_class

SIZE = 200


@pytest.fixture(scope="module")
def room() -> Classroom:
    return made_up_class(SIZE)


@pytest.fixture(scope="module")
def seen(room):
    return overview(
        room, {q.name: clusters(q.name, room.grades) for q in room.assignment.questions}
    )


def test_every_student_is_counted_once(room, seen):
    """The states add up to the class."""
    assert sum(count.students for count in seen.states) == seen.students == SIZE
    assert len(student_rows(room)) == SIZE


def test_unknown_scores_are_in_no_mean(room, seen):
    """Only known scores are in the distribution."""
    known = [grade.score for grade in room.grades if grade.score is not None]

    assert list(seen.scores) == sorted(known)


def test_a_question_counts_everyone_who_handed_it_in(room, seen):
    """Full, partial, wrong, empty, open and failed are everybody with that question."""
    for row in seen.questions:
        asked = sum(any(q.name == row.name for q in g.questions) for g in room.grades if g.attempt)
        assert sum(row.counts) == asked


def test_the_new_mistake_of_the_year_stands_among_the_frequent(seen):
    """An unnamed mistake that many made is listed with the number of students."""
    new = next(row for row in seen.mistakes if row.label == NEW.happened)

    assert not new.is_named
    assert new.students > 1
    assert [row.students for row in seen.mistakes] == sorted(
        (row.students for row in seen.mistakes), reverse=True
    )


def test_a_question_page_names_all_who_are_wrong(room, seen):
    """Every student of every cluster is linked, those beyond the first behind a fold."""
    asked = room.assignment.questions[1]
    found = clusters(asked.name, room.grades)
    page = question_page(room, asked, seen.questions[1], found)

    listed = [who for view in (*page.clusters, *page.alone) for who in (*view.students, *view.more)]
    assert len(listed) == sum(len(one.students) for one in found)
    assert page.tests[0].failed >= page.tests[-1].failed


def test_whoever_has_no_score_waits_with_a_reason_and_a_command(room):
    """Needs a person, our error: each has a sentence and what to type."""
    open_ones = [g for g in room.grades if g.state in {State.NEEDS_ATTENTION, State.GRADER_ERROR}]

    found = waiting(room)

    assert len(found) == len(open_ones) > 0
    assert all(one.reasons and one.commands for one in found)


@pytest.mark.parametrize("key", ["ada; rm -rf /", "$(id)", "-x", "a'b", "two words"])
def test_a_key_cannot_break_out_of_a_command(key, room):
    """Whatever a student is called, the command holds it as one word."""
    grade = FinalGrade(Student(key), State.NEEDS_ATTENTION, None, 62.0)

    for command in settling(room.assignment, grade):
        assert key in shlex.split(command) or "grade NEW_FILE" in command


def test_a_student_page_tells_the_whole_history(room):
    """Attempts, the one that counts, and decisions with who and when."""
    key = next(iter(room.decisions))
    grade = next(grade for grade in room.grades if grade.student.key == key)

    page = student_page(room, grade)

    assert len(page.attempts) == len(room.attempts[key])
    assert sum(row.counts for row in page.attempts) == 1
    assert [(row.who, row.what) for row in page.decisions] == [("C. Babbage", "override")]
    assert page.decisions[0].at == "2026-03-08 22:00 UTC"
    assert page.answers[0].by == "C. Babbage"
    assert any("C. Babbage" in reason for reason in page.reasons)


def test_an_unknown_score_is_a_dash_and_sorts_first(room):
    """Neither zero nor blank in the table."""
    row = next(row for row in student_rows(room) if row.state == "needs a person")

    assert (row.score, row.value) == ("–", -1.0)


def test_an_empty_class_has_pages(room):
    """Nobody handed in: everything is said, nothing fails."""
    empty = replace(room, grades=(), attempts={}, decisions={})

    assert overview(empty, {}).mean == "–"
    assert waiting(empty) == ()


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (None, ""),
        (timedelta(0), ""),
        (timedelta(hours=-3), ""),
        (timedelta(minutes=5), "5 min"),
        (timedelta(days=1, hours=2, minutes=3), "1 d 2 h 3 min"),
    ],
)
def test_lateness_in_words(late, words):
    """In time and unknown say nothing."""
    assert lateness(late) == words
