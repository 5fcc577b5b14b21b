"""One submission on Gradescope, in JUnit and on GitHub: valid, honest, and never a wrong zero."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import junitparser
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exports import github, gradescope, junit
from grader.exports.single import OUR_FAULT, Single, nothing, of_grade, of_result
from grader.gradebook.grades import State
from grader.records import Diagnosis, QuestionResult, Status
from tests.unit.exports import builders, schemas
from tests.unit.report import builders as results

TASK = builders.assignment()
XSD = xmlschema.XMLSchema(str(Path(__file__).parent / "junit.xsd"))
EVERYONE = {
    "perfect": results.submission(),
    "mistaken": results.mistaken(),
    "hanging": results.hanging(),
    "crashing": results.crashing(),
    "untouched": results.untouched(),
    "waiting": results.waiting(),
    "unreadable": results.unreadable(),
    "machine_failed": results.machine_failed(),
    "tampered": replace(results.submission(), status=Status.NEEDS_ATTENTION, flags=("tampered",)),
}
KNOWN = ("perfect", "mistaken", "hanging", "crashing", "untouched")
anybody = pytest.mark.parametrize("result", EVERYONE.values(), ids=EVERYONE)
nobody_known = pytest.mark.parametrize(
    "result", [value for name, value in EVERYONE.items() if name not in KNOWN]
)
WRITTEN = TASK.model_copy(
    update={
        "questions": (
            *TASK.questions[:-1],
            TASK.questions[-1].model_copy(update={"written": True}),
        )
    }
)


def with_text(text):
    """A submission in which the student could place any text."""
    failed = results.hidden_test("t", "conv2d", False, diagnosis=Diagnosis(text, text, text, text))
    return results.with_questions(
        results.submission(text), results.question("conv2d", 16, score=0.0, tests=(failed,))
    )


def scope(result, task=TASK):
    document = json.loads(gradescope.export(of_result(task, result)))
    jsonschema.validate(document, schemas.GRADESCOPE)
    return document


def classroom(single):
    document = json.loads(base64.b64decode(github.export(single), validate=True))
    jsonschema.validate(document, schemas.CLASSROOM)
    return document


def xml(result):
    text = junit.export(TASK, of_result(TASK, result))
    XSD.validate(io.BytesIO(text))
    return junitparser.JUnitXml.fromstring(text)


@anybody
def test_gradescope_takes_it(result):
    """Every kind of submission makes a valid results.json with a sentence."""
    assert scope(result)["output"]


@nobody_known
def test_gradescope_finds_no_score_where_none_is_known(result):
    """What needs a person or what we failed has no score anywhere, so nothing can be summed."""
    document = scope(result)

    assert "score" not in document
    assert not any("score" in test for test in document["tests"])


def test_gradescope_shows_what_happened_per_question():
    """A failed question says what happened, what was expected and what to try."""
    document = scope(results.mistaken())

    (conv2d,) = (test for test in document["tests"] if test["name"] == "Convolution")
    assert conv2d["status"] == "failed"
    assert results.BIAS.happened in conv2d["output"]
    assert document["stdout_visibility"] == "hidden"


def test_gradescope_gets_the_rest_where_only_written_answers_are_open():
    """Written answers are graded there by a rubric, so the tests' points stand without a total."""
    open_question = results.question(
        "why_small", 4, score=None, status=Status.NEEDS_ATTENTION, tests=(), note="A person."
    )
    result = results.with_questions(results.submission(), open_question)

    document = scope(result, WRITTEN)

    scores = [test.get("score") for test in document["tests"]]
    assert "score" not in document
    assert scores.count(None) == 1
    assert "written" in document["output"]


@anybody
def test_junit_is_what_pytest_writes(result):
    """Every kind of submission makes a document that the schema and a library accept."""
    document = xml(result)

    assert document.tests == sum(1 for suite in document for _ in suite)


def test_junit_tells_a_failure_from_a_fault():
    """A wrong answer is a failure; what the grader could not do is an error."""
    wrong, fault = xml(results.mistaken()), xml(results.machine_failed())

    assert (wrong.errors, wrong.failures > 0) == (0, True)
    assert (fault.errors, fault.failures) == (1, 0)


def test_junit_holds_the_points():
    """Points, the points that could be had and the question stand in properties."""
    text = junit.export(TASK, of_result(TASK, results.submission())).decode()

    assert '<property name="points" value="2" />' in text
    assert '<property name="max_points" value="2" />' in text
    assert '<property name="score" value="62" />' in text


@anybody
def test_no_export_of_one_names_a_hidden_test(result):
    """A hidden test's name may hold its input: no student reads it."""
    single = of_result(TASK, result)

    for text in (
        gradescope.export(single),
        junit.export(TASK, single),
        base64.b64decode(github.export(single)),
    ):
        assert b"test_conv2d_values" not in text


@anybody
def test_classroom_takes_it(result):
    """Every kind of submission makes a valid result with at least one test."""
    document = classroom(of_result(TASK, result))

    assert sum(test["score"] for test in document["tests"]) <= document["max_score"]


@nobody_known
def test_classroom_is_sent_nothing_where_no_score_is_known(result):
    """With max_score 0 the reporter sends no points, and the sentence says why."""
    document = classroom(of_result(TASK, result))

    assert (document["status"], document["max_score"]) == ("error", 0)
    assert "no score" in document["message"]


questions = st.lists(
    st.tuples(
        st.floats(0.1, 50, allow_nan=False).map(lambda value: round(value, 2)), st.floats(0, 1)
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(questions)
def test_whole_points_add_up_and_reach_no_end_by_rounding(earned):
    """Classroom's points are whole, sum to the nearest total, and 0 or all only when it is so."""
    made = tuple(
        QuestionResult(f"q{n}", "Q", Status.GRADED, round(most * share, 4), most)
        for n, (most, share) in enumerate(earned)
    )
    score, most = sum(q.score for q in made), sum(q.max_score for q in made)

    document = classroom(Single("ada", most, score, questions=made))

    total, full = sum(test["score"] for test in document["tests"]), document["max_score"]
    assert abs(total - score / most * full) <= 1
    if full > 1:
        assert (total == 0) == (score == 0)
        assert (total == full) == (score >= most)


@settings(deadline=None)
@given(st.text())
def test_no_text_of_a_students_breaks_a_format(text):
    """Whatever a student wrote, the documents are valid."""
    result = with_text(text)

    scope(result)
    xml(result)
    classroom(of_result(TASK, result))


def test_a_flood_of_text_stays_within_what_an_environment_variable_holds():
    """The result stays under the size of one environment variable, with all points."""
    flood = "é" * 200_000
    asked = tuple(
        results.question("conv2d", 1, score=0.0, note=flood, title=flood) for _ in range(60)
    )
    single = Single("ada", 60, 30.0, questions=asked)

    text = github.export(single)

    assert len(text) < 128 * 1024
    assert classroom(single)["max_score"] == 60


def test_the_graders_fault_is_never_told_as_the_students():
    """The student reads that it is not their fault; what failed is for the instructor."""
    single = of_result(TASK, results.machine_failed())

    assert (single.sentence, single.fault) == (OUR_FAULT, True)


def test_a_flag_is_no_reason_for_the_student_to_read():
    """How tampering is seen is not told to who may have tried it."""
    single = of_result(TASK, EVERYONE["tampered"])

    assert "tampered" not in single.sentence
    assert single.score is None


def test_a_final_grade_has_the_last_word():
    """From the gradebook the score is the one after penalties, with its reason."""
    late = builders.grade(score=50.0, raw=62.0, reasons=("12 points off: a day late.",))

    single = of_grade(TASK, builders.with_questions(late))

    assert single.score == 50.0
    assert "a day late" in single.sentence
    assert sum(test["score"] for test in classroom(single)["tests"]) == 50


def test_a_persons_score_replaces_the_failed_tests():
    """Beside a score that a person gave, no failed test contradicts it."""
    made = builders.grade(attempt=builders.attempt("ada", results.mistaken()))
    made = builders.with_questions(made)
    decided = tuple(
        replace(q, score=q.max_score, by="Grace Hopper", comment="Seen.") for q in made.questions
    )

    single = of_grade(TASK, replace(made, questions=decided))

    assert {q.tests for q in single.questions} == {()}
    assert {q.note for q in single.questions} == {"Seen."}


@pytest.mark.parametrize("state", [state for state in State if state is not State.GRADED])
def test_no_state_but_graded_has_a_score(state):
    """Of a final grade that is not graded no score is shown, whatever the tests say."""
    made = builders.grade(state=state, score=None, reasons=("Why.",))

    assert of_grade(TASK, made).score is None


def test_nothing_handed_in_is_a_sentence():
    """A submission without a result is valid in all formats and has no score."""
    single = nothing(TASK, "There is no score: no notebook.", fault=False)

    jsonschema.validate(json.loads(gradescope.export(single)), schemas.GRADESCOPE)
    XSD.validate(io.BytesIO(junit.export(TASK, single)))
    assert classroom(single)["message"] == single.sentence
