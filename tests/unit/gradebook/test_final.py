"""From attempts, decisions and rules to one grade per student."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.decisions import Kind
from grader.gradebook.final import final_grades, round_half_up
from grader.gradebook.grades import State
from grader.gradebook.rules import Rules
from grader.records import Status
from grader.roster import Student
from tests.unit.gradebook.builders import (
    ADA,
    ALAN,
    ASSIGNMENT,
    EMMY,
    START,
    attempt,
    decision,
    result,
    unread,
)

DAY = timedelta(days=1)


def grades(attempts=(), decisions=(), students=(ADA,), rules=None, **more):
    """The final grades of the tiny assignment."""
    return final_grades(ASSIGNMENT, rules or Rules(), students, attempts, decisions, **more)


def grade(*attempts, decisions=(), **settings):
    """The final grade of Ada."""
    (found,) = grades(attempts, decisions, rules=Rules(**settings))
    return found


def marked(score: float = 5, **more):
    """Ada's written answer, marked by a person."""
    return decision("why", score, Kind.MARK, **{"rubric": {"clear": score}, **more})


def test_everybody_has_exactly_one_row():
    """Each student of the roster, in its order, then each one found otherwise."""
    found = grades(
        [attempt(student="zoe"), attempt(student="ada"), attempt(student="ada", number=2)],
        [decision(None, 70, student="kurt")],
        [EMMY, ADA, ALAN],
    )

    assert [one.student.key for one in found] == ["emmy", "ada", "alan", "kurt", "zoe"]
    assert [one.state for one in found][:3] == [
        *(State.MISSING, State.NEEDS_ATTENTION, State.MISSING)
    ]
    assert found[1].student == ADA
    assert "Not on the roster." in found[3].reasons


def test_nothing_handed_in_is_missing_and_not_zero():
    """A student without an attempt has no score; all questions stand there without one."""
    found = grade()

    assert (found.state, found.score, found.raw, found.attempts) == (State.MISSING, None, None, 0)
    assert [question.score for question in found.questions] == [None] * 3
    assert found.max_score == 100
    assert found.reasons == ("Nothing was handed in.",)


def test_a_question_for_a_person_leaves_the_total_unknown():
    """While a written answer is not marked, the score is None and a sentence says why."""
    found = grade(attempt())

    assert (found.state, found.score, found.raw) == (State.NEEDS_ATTENTION, None, None)
    assert found.reasons == ("why: A written answer: a person grades it.",)


def test_a_mark_completes_the_total():
    """A person's mark fills the written question, and the total becomes known."""
    found = grade(attempt(), decisions=[marked(7.5)])

    assert (found.state, found.score, found.raw) == (State.GRADED, 97.5, 97.5)
    assert (found.questions[2].by, found.questions[2].status) == ("Grace Hopper", Status.GRADED)
    assert found.reasons == ("why: Grace Hopper gave 7.5 of 10 on 2026-09-01 (clear 7.5).",)


def test_a_grader_error_and_an_unread_file_stay_unknown():
    """A fault of ours and a file that cannot be read have a reason and never a zero."""
    fault = grade(
        attempt(result(questions=(), status=Status.GRADER_ERROR, notes=("Memory ran out.",)))
    )
    file = grade(attempt(replace(unread(), notes=("It is no notebook.",))))

    assert (fault.state, fault.score) == (State.GRADER_ERROR, None)
    assert fault.reasons[0] == "This machine failed: Memory ran out."
    assert (file.state, file.score) == (State.NEEDS_ATTENTION, None)
    assert file.reasons[0] == "Not graded: It is no notebook."


def test_a_suspicious_file_waits_for_a_person_even_when_all_is_marked():
    """Marks settle questions; a flag on the file is settled by a score for the whole."""
    suspicious = attempt(result(flags=("tampered",)))

    waiting = grade(suspicious, decisions=[marked()])
    settled = grade(suspicious, decisions=[marked(), decision(None, 95)])

    assert (waiting.state, waiting.score, waiting.raw) == (State.NEEDS_ATTENTION, None, 95)
    assert "tampered" in waiting.reasons[0]
    assert (settled.state, settled.score) == (State.GRADED, 95)


def test_an_override_survives_a_regrade_and_says_so():
    """A person's score stands in place of the tests', whatever they say later."""
    found = grade(
        attempt(result(40), course="old"),
        attempt(result(20), course="new", hours=30),
        decisions=[decision("double", 50), marked()],
    )

    assert (found.score, found.questions[0].score) == (85, 50)
    assert found.reasons[0] == (
        "double: Grace Hopper gave 50 of 60 on 2026-09-01; the tests say 20; "
        "it stands after the grading of 2026-09-02."
    )


def test_a_decision_on_an_earlier_attempt_asks_for_another_look():
    """A mark given before the attempt was handed in stands, and a sentence says that it is old."""
    found = grade(
        attempt(),
        attempt(number=2, hours=30, submitted_at=START + timedelta(hours=20)),
        decisions=[marked()],
    )

    assert found.score == 95
    assert any("for an earlier attempt: look whether it still holds" in r for r in found.reasons)


def test_the_latest_decision_counts_and_a_withdrawal_clears():
    """Of several scores the last counts; after a withdrawal the tests' score is back."""
    first, second = decision("double", 10), decision("double", 20)
    gone = decision("double", None, Kind.SCORE_WITHDRAWN)

    def double(*decisions):
        return grade(attempt(), decisions=decisions).questions[0].score

    assert double(first, second) == 20
    assert double(first, second, gone) == 60
    assert double(first, gone, second) == 20


def test_comments_stand_beside_scores():
    """The words of an override and a comment both reach the student; a withdrawn one does not."""
    found = grade(
        attempt(),
        decisions=[
            decision("double", 50, comment="Right idea."),
            decision("double", None, Kind.COMMENT, comment="Nice plot."),
            decision(None, None, Kind.COMMENT, comment="See me."),
            decision("shift", None, Kind.COMMENT, comment="Oops."),
            decision("shift", None, Kind.COMMENT_WITHDRAWN),
        ],
    )

    assert found.comment == "See me."
    assert [one.comment for one in found.questions] == ["Right idea.\nNice plot.", "", ""]


def test_an_override_of_the_whole_is_the_last_word():
    """No penalty and no open question moves a person's score for the whole; it uses no free day."""
    found = grade(
        attempt(submitted_at=START + 2 * DAY),
        decisions=[decision(None, 88, comment="Ill.")],
        due=START,
        late_penalty=10,
        free_late_days=1,
    )

    assert (found.state, found.score, found.free_days) == (State.GRADED, 88, 0)
    assert found.comment == "Ill."
    assert found.reasons[-1] == (
        "Grace Hopper set the whole to 88 of 100 on 2026-09-01; without that it would be "
        "needs attention."
    )


def test_a_score_for_no_question_is_said_and_not_used():
    """A decision on a question that there is not is not lost without a word."""
    found = grade(attempt(), decisions=[marked(), decision("dobule", 3)])

    assert found.score == 95
    assert found.reasons[-1] == "Grace Hopper's score for dobule is not used: no such question."


def test_marks_without_a_file_count_once_they_are_complete():
    """Who handed in nothing but was examined by a person is graded when every question is."""
    some = grade(decisions=[marked()])
    each = grade(decisions=[marked(), decision("double", 30), decision("shift", 0)])

    assert (some.state, some.score) == (State.MISSING, None)
    assert (each.state, each.score) == (State.GRADED, 35)


def test_the_penalty_is_taken_off_at_report_time():
    """The score after the penalty stands beside the raw one; the stored result is as it was."""
    late = attempt(result(why=10), submitted_at=START + 2 * DAY)
    before = copy.deepcopy(late)
    found = grade(late, due=START, late_penalty=10)

    assert (found.raw, found.score, found.late) == (100, 80, 2 * DAY)
    assert found.reasons == ("Handed in 2 days late: 20 % of the score less (10 % a day).",)
    assert late == before == found.attempt


def test_free_days_that_are_used_up_cost():
    """Free late days are a student's for the course: what went elsewhere is gone."""
    late = [attempt(result(why=10), submitted_at=START + 2 * DAY)]
    rules = Rules(due=START, late_penalty=10, free_late_days=3)

    (fresh,) = grades(late, rules=rules)
    (spent,) = grades(late, rules=rules, free_days_used={"ada": 2})

    assert (fresh.score, fresh.free_days) == (100, 2)
    assert (spent.score, spent.free_days) == (90, 1)


def test_extra_credit_adds_to_the_score_and_not_to_its_maximum():
    """Points of extra credit are on top; without them nothing is missing."""
    found = grade(attempt(result(why=10)), extra_credit=("shift",))

    assert (found.score, found.max_score) == (100, 70)
    assert found.reasons == ("shift is extra credit: 30 on top.",)


def test_a_dropped_question_counts_nowhere():
    """A dropped question is in neither the score nor the maximum, and nobody waits for it."""
    found = grade(attempt(), dropped=("why",))

    assert (found.state, found.score, found.max_score) == (State.GRADED, 90, 90)
    assert [question.counts for question in found.questions] == [True, True, False]
    assert "why does not count: the course has dropped it." in found.reasons


def test_an_excused_student_has_no_score():
    """Excused is excused, whatever was handed in; the reason tells what it would have been."""
    with_file = grade(attempt(result(why=10)), excused=("ada",))
    without = grade(excused=("ada",))

    assert (with_file.state, with_file.score) == (State.EXCUSED, None)
    assert with_file.reasons == ("Excused: nothing counts; otherwise it would be 100.",)
    assert (without.state, without.score) == (State.EXCUSED, None)


@pytest.mark.parametrize(("rule", "score", "number"), [("best", 90, 1), ("last", 70, 2)])
def test_the_best_or_the_last_attempt_counts(rule, score, number):
    """The course says which attempt counts, and the reason names the others."""
    found = grade(
        attempt(result(50, why=10)),
        attempt(result(30, why=10), number=2),
        attempts=rule,
    )

    assert (found.score, found.attempt.number, found.attempts) == (score, number, 2)
    assert found.reasons[0].startswith(f"Attempt {number} counts, the {rule} one (attempt ")


def test_the_best_is_chosen_after_the_penalty():
    """A better attempt that came too late does not win."""
    found = grade(
        attempt(result(50, why=10), submitted_at=START),
        attempt(result(60, why=10), number=2, submitted_at=START + 3 * DAY),
        attempts="best",
        due=START,
        late_penalty=10,
    )

    assert (found.score, found.attempt.number) == (90, 1)


def test_a_later_attempt_that_may_be_better_needs_a_person():
    """The best known attempt is not final while a later one has no score yet."""
    later = replace(unread(), notes=("It is no notebook.",))
    found = grade(attempt(result(50, why=10)), attempt(later, number=2), attempts="best")
    perfect = grade(attempt(result(why=10)), attempt(later, number=2), attempts="best")
    mended = grade(attempt(later), attempt(result(50, why=10), number=2), attempts="best")

    assert (found.state, found.score, found.raw) == (State.NEEDS_ATTENTION, None, 90)
    assert found.reasons[-1].startswith("Attempt 2 has no known score yet")
    assert (perfect.state, perfect.score) == (State.GRADED, 100)
    assert (mended.state, mended.score) == (State.GRADED, 90)


@pytest.mark.parametrize(
    ("score", "digits", "rounded"),
    [(2.5, 0, 3.0), (0.125, 2, 0.13), (2.675, 2, 2.68), (1 / 3 * 3, 2, 1.0), (-0.0, 2, 0.0)],
)
def test_scores_are_rounded_as_people_do(score, digits, rounded):
    """Half is rounded up, whatever the nearest binary number is."""
    assert str(round_half_up(score, digits)) == str(rounded)


SCORE = st.none() | st.integers(0, 60).map(float)
ATTEMPTS = st.lists(
    st.builds(
        lambda score, why, number, hours, student, late: attempt(
            result(score, 30, why),
            student,
            number,
            hours=hours,
            submitted_at=START + late * DAY / 2,
        ),
        SCORE,
        st.none() | st.just(10.0),
        st.integers(1, 3),
        st.integers(0, 5),
        st.sampled_from(["ada", "alan", "zoe"]),
        st.integers(-2, 9),
    ),
    max_size=6,
)
DECISIONS = st.lists(
    st.builds(
        lambda question, kind, score, student: decision(
            question, score if kind in {Kind.OVERRIDE, Kind.MARK} else None, kind, student=student
        ),
        st.sampled_from([None, "double", "shift", "why"]),
        st.sampled_from([*Kind]),
        st.integers(0, 10).map(float),
        st.sampled_from(["ada", "alan", "kurt"]),
    ),
    max_size=5,
)
RULES = st.builds(
    Rules,
    attempts=st.sampled_from(["best", "last"]),
    due=st.none() | st.just(START),
    free_late_days=st.integers(0, 3),
    late_penalty=st.sampled_from([0.0, 10.0, 100.0]),
    most_late_days=st.none() | st.integers(0, 3),
    extra_credit=st.sampled_from([(), ("shift",)]),
    dropped=st.sampled_from([(), ("double",), ("double", "why")]),
    excused=st.sampled_from([(), ("alan",)]),
)


@given(attempts=ATTEMPTS, decisions=DECISIONS, rules=RULES)
def test_whatever_there_is_the_rows_are_whole(attempts, decisions, rules):
    """One row per student; a score just where it is graded; never negative; inputs unchanged."""
    before = copy.deepcopy((attempts, decisions))
    found = grades(attempts, decisions, [ADA, ALAN], rules)
    again = grades(attempts, decisions, [ADA, ALAN], rules)

    keys = [one.student.key for one in found]
    others = {a.key.student for a in attempts} | {d.student for d in decisions}
    assert keys == ["ada", "alan", *sorted(others - {"ada", "alan"})]
    assert all((one.score is not None) == (one.state is State.GRADED) for one in found)
    assert all(one.score is None or one.score >= 0 for one in found)
    assert all(one.reasons for one in found if one.state is not State.GRADED)
    assert found == again
    assert (attempts, decisions) == before


def test_a_name_of_the_roster_is_no_reason_to_lose_a_file():
    """Without a roster, whoever handed in has a row and no reproach."""
    (found,) = grades([attempt()], students=())

    assert (found.student, found.attempts) == (Student("ada"), 1)
    assert "Not on the roster." not in found.reasons
