"""What a gradebook promises, the same in a file and on a PostgreSQL server."""

from __future__ import annotations

import hashlib
import itertools
import math
import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook.decisions import Kind
from grader.gradebook.store import open_gradebook
from grader.records import Diagnosis, Status
from grader.roster import Student
from tests.unit.gradebook.builders import (
    ADA,
    ALAN,
    START,
    attempt,
    failed,
    question,
    result,
    unread,
)

ANY_TEXT = st.text(
    st.characters(codec=None, categories=None) | st.sampled_from("\0\ud800\udfff\ufdd0\uffff'"),
    max_size=12,
)
COUNT = itertools.count()
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture
def gradebook(place):
    with open_gradebook(place) as opened:
        yield opened


def test_an_attempt_comes_back_as_it_was(place):
    """What was recorded is read back equal, by another run of the program."""
    recorded = attempt(
        replace(result(), flags=("tampered",), notes=("One cell was lost.",), untouched=("why",)),
        submitted_at=START.astimezone(timezone(timedelta(hours=9))),
        late=timedelta(seconds=-90.25),
        origin="class.zip: ada.ipynb",
        digests={"double": "d0", "why": ""},
    )
    with open_gradebook(place) as gradebook:
        assert gradebook.record(recorded)

    with open_gradebook(place) as gradebook:
        assert [*gradebook.attempts("tiny")] == [recorded]
        assert gradebook.current("tiny") == (recorded,)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    texts=st.lists(ANY_TEXT, min_size=14, max_size=14),
    numbers=st.lists(NUMBER, min_size=5, max_size=5),
    passed=st.sampled_from([True, False, None]),
)
def test_any_text_and_any_number_survive(gradebook, texts, numbers, passed):
    """NUL, lone surrogates, every other character and every finite number come back equal."""
    test = failed(
        texts[0],
        "double",
        weight=numbers[0],
        seconds=numbers[1],
        observed=texts[1],
        score=numbers[2],
    )
    test = replace(test, passed=passed, diagnosis=Diagnosis(*texts[2:6]))
    graded = result(
        student=texts[6],
        file=texts[7],
        questions=(question("double", numbers[3], numbers[4], (test,), note=texts[8]),),
        flags=(texts[9], texts[10]),
        notes=(texts[11],),
        untouched=(texts[12],),
    )
    recorded = attempt(graded, student=texts[13])
    name = f"assignment {next(COUNT)}"
    recorded = replace(recorded, key=replace(recorded.key, assignment=name))
    gradebook.record(recorded)

    assert [*gradebook.attempts(name)] == [recorded]
    assert gradebook.known(name) == {recorded.key}


@pytest.mark.parametrize("graded", [unread(), result(questions=()), result(None, None)])
def test_a_result_without_scores_or_questions_comes_back(gradebook, graded):
    """A file that could not be read has no questions and no score, and keeps none."""
    recorded = attempt(graded)
    gradebook.record(recorded)

    assert gradebook.current("tiny") == (recorded,)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_is_not_finite_is_unknown(gradebook, number):
    """NaN is never kept: a score that is none is not known."""
    gradebook.record(attempt(result(score=number)))

    assert gradebook.current("tiny")[0].result.score is None


def test_recording_twice_changes_nothing(gradebook):
    """The second record of a key says False and adds no row."""
    first = gradebook.record(attempt())
    second = gradebook.record(attempt(hours=5))

    assert (first, second) == (True, False)
    assert len([*gradebook.attempts("tiny")]) == 1


@pytest.mark.parametrize("part", ["assignment", "student", "notebook", "course", "image", "grader"])
def test_each_part_of_the_key_makes_another_result(gradebook, part):
    """A change of any part of the key is another result."""
    one = attempt()
    other = replace(one, key=replace(one.key, **{part: "other"}))

    assert gradebook.record(one)
    assert gradebook.record(other)
    assert other.key in gradebook.known(other.key.assignment)


def test_a_fault_of_the_machine_is_tried_again(gradebook):
    """A grader error is kept, but its key is not done, and a later success is recorded."""
    fault = attempt(result(status=Status.GRADER_ERROR, score=None))
    gradebook.record(fault)
    again = gradebook.record(fault)

    assert not again
    assert gradebook.known("tiny") == frozenset()
    assert gradebook.record(attempt(hours=1))
    assert gradebook.known("tiny") == {fault.key}
    assert [one.result.status for one in gradebook.current("tiny")] == [Status.NEEDS_ATTENTION]
    assert not gradebook.record(replace(fault, graded_at=START + timedelta(hours=2)))


def test_the_history_keeps_what_a_regrade_replaced(gradebook):
    """A regrade is a new row; the latest grading of each attempt is current, the old readable."""
    gradebook.record(attempt(result(10), hours=0, course="old"))
    gradebook.record(attempt(result(20), number=2, hours=0, course="old"))
    gradebook.record(attempt(result(30), hours=1, course="new"))

    assert [one.result.questions[0].score for one in gradebook.attempts("tiny")] == [10, 20, 30]
    assert [one.result.questions[0].score for one in gradebook.current("tiny")] == [30, 20]


def test_the_history_is_read_a_page_at_a_time(gradebook):
    """More attempts than fit on a page come whole and in order, while others are recorded."""
    for number in range(250):
        gradebook.record(attempt(result(questions=()), number=number))

    found = gradebook.attempts("tiny")
    first = next(found)
    gradebook.record(attempt(number=250))

    assert [first.number, *(one.number for one in found)] == [*range(251)]


def test_a_notebook_is_kept_once(gradebook):
    """The file is found by its hash, and two gradings of it keep one copy."""
    content = b'{"cells": []}' * 1000
    sha256 = hashlib.sha256(content).hexdigest()
    gradebook.record(attempt(notebook=sha256, course="old"), content)
    gradebook.record(attempt(notebook=sha256, course="new"), content)

    assert gradebook.notebook(sha256) == content
    assert gradebook.notebook("0" * 64) is None


def test_the_roster_is_brought_up_to_date_and_never_shrinks(gradebook):
    """A new roster adds and corrects; whom it leaves out stays."""
    gradebook.put_students([ADA, ALAN])
    moved = replace(ALAN, section="B", ids={"canvas": "9"})
    gradebook.put_students([Student("emmy"), moved, moved])

    assert gradebook.students() == (ADA, moved, Student("emmy"))


def test_decisions_are_rows_in_the_order_they_were_taken(gradebook):
    """Override, mark, comment and withdrawal each add a row with who and when."""
    taken = (
        gradebook.override("tiny", "ada", "double", 50, "Grace Hopper", comment="Right idea."),
        gradebook.mark("tiny", "ada", "why", {"clear": 4, "true": 3.5}, "Emmy Noether"),
        gradebook.comment("tiny", "ada", None, "Well\0done.", "Emmy Noether"),
        gradebook.withdraw("tiny", "ada", "double", "Grace Hopper"),
    )
    gradebook.override("other", "ada", None, 1, "Grace Hopper")

    assert gradebook.decisions("tiny") == taken
    assert [one.kind for one in taken] == [
        *(Kind.OVERRIDE, Kind.MARK, Kind.COMMENT, Kind.SCORE_WITHDRAWN)
    ]
    assert taken[1].score == 7.5
    assert all(one.at.tzinfo is not None for one in taken)


def test_people_are_found_by_attempts_and_decisions(gradebook):
    """Whoever handed in, even where our machine failed, or was decided on can be named."""
    fault = result(status=Status.GRADER_ERROR, score=None)
    gradebook.record(attempt(fault, student="ada"))
    gradebook.comment("tiny", "alan", None, "Ill.", "Grace Hopper")
    gradebook.comment("other", "emmy", None, "Ill.", "Grace Hopper")

    assert gradebook.people("tiny") == {"ada", "alan"}


def test_two_writers_at_once_record_each_key_once(place):
    """Several writers with the same work record every attempt exactly once."""
    attempts = [attempt(number=number) for number in range(30)]
    said: list[bool] = []

    def write() -> None:
        with open_gradebook(place) as own:
            said.extend(own.record(one, b"the same file") for one in attempts)

    with open_gradebook(place) as gradebook:
        threads = [threading.Thread(target=write) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (said.count(True), len(said)) == (30, 90)
        assert len([*gradebook.attempts("tiny")]) == len(gradebook.current("tiny")) == 30


def test_two_programs_may_make_the_same_gradebook_at_once(place):
    """Opening a new gradebook from several sides at once makes it once."""
    said: list[object] = []

    def make() -> None:
        with open_gradebook(place) as own:
            said.append(own.students())

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == [()] * 4


def test_a_file_of_sqlite_keeps_its_promises(tmp_path):
    """The file is in write-ahead mode, and a row of a question needs its attempt."""
    with open_gradebook(tmp_path / "gradebook.db") as gradebook:
        gradebook.record(attempt())

        with gradebook._reading() as session:
            asked = [
                session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
            ]

    assert asked == ["wal", 1, 60_000, 2]
    with sqlite3.connect(tmp_path / "gradebook.db") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://root@localhost/grades", "cannot be kept in 'mysql'"),
        ("postgresql+psycopg2://localhost/grades", "cannot be kept in 'postgresql.psycopg2'"),
        ("sqlite://", "cannot be kept in 'sqlite'"),
        ("http://[::1/", "no address|cannot be kept"),
    ],
)
def test_an_address_that_is_none_is_refused(address, says):
    """Only files and PostgreSQL are taken; a sentence says so."""
    with pytest.raises(UsageError, match=says), open_gradebook(address):
        pass


def test_a_gradebook_to_read_is_not_made(tmp_path):
    """A mistyped name is an error for a reader, not a new and empty gradebook."""
    path = tmp_path / "typo.db"

    with (
        pytest.raises(UsageError, match="There is no gradebook"),
        open_gradebook(path, create=False),
    ):
        pass

    assert not path.exists()
