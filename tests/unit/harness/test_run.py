"""Hidden tests are run on two targets and become results with points and diagnoses."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.course import load_assignment
from grader.errors import CourseError, MachineError
from grader.harness.run import follow_through, run_tests
from grader.inside.bounds import Named, Opaque
from grader.records import Ending, Reply, TestResult
from tests.fakes import FakeSession
from tests.unit.harness.course import QUAD_TEST, SETTINGS, SOLUTION, make_assignment


def run(
    tmp_path: Path, student: str, tests: str | None = None, **options: object
) -> dict[str, TestResult]:
    assignment = make_assignment(tmp_path, *([tests] if tests else []))
    results = run_tests(assignment, FakeSession.of(student), FakeSession.of(SOLUTION), **options)
    return {result.name: result for result in results}


def one_test(body: str, marks: str = '@pytest.mark.question("double")') -> str:
    """A file with this test of `double`, beside one of `quad`."""
    head = f'{marks}\ndef test_it(student, reference, rng):\n    """It holds."""\n'
    return QUAD_TEST + "\n" + head + textwrap.indent(textwrap.dedent(body), "    ")


def test_a_right_answer_passes_every_test_and_gets_all_points(tmp_path: Path) -> None:
    """The reference in the student's place has full marks."""
    results = run(tmp_path, SOLUTION)

    assert all(result.passed for result in results.values())
    assert sum(result.score for result in results.values()) == 10


def test_results_come_in_the_order_of_the_notebook(tmp_path: Path) -> None:
    """The order is the questions' in assignment.toml, then the file's."""
    results = run(tmp_path, SOLUTION)

    assert list(results) == ["test_double[2]", "test_double[3]", "test_shape", "test_quad"]


def test_the_tests_of_a_question_share_its_points_by_weight(tmp_path: Path) -> None:
    """A test of weight 4 beside two of weight 1 has four of six points."""
    results = run(tmp_path, SOLUTION)

    assert [result.max_score for result in results.values()] == [1, 1, 4, 4]
    assert results["test_shape"].weight == 4


def test_the_docstring_is_the_title_that_the_student_reads(tmp_path: Path) -> None:
    """A result carries its test's docstring, not its code's names."""
    results = run(tmp_path, SOLUTION)

    assert results["test_shape"].title == "The shape stays."


def test_a_wrong_answer_fails_with_a_diagnosis(tmp_path: Path) -> None:
    """A wrong value is explained, and the test earns nothing."""
    results = run(tmp_path, "def double(x): return 3 * x")

    failed = results["test_double[2]"]
    assert failed.passed is False
    assert failed.score == 0
    assert failed.diagnosis is not None
    assert "1.5 times" in failed.diagnosis.happened


def test_what_a_test_saw_is_kept_in_order(tmp_path: Path) -> None:
    """Each answer of the student's becomes an observation under the function's name."""
    results = run(tmp_path, SOLUTION)

    (seen,) = results["test_shape"].observations
    assert seen.label == "double"
    assert seen.value.tolist() == [[2.0] * 5] * 2


def test_an_exception_in_the_answer_fails_the_test_and_is_observed(tmp_path: Path) -> None:
    """What the student's function raised is a value that the test saw."""
    results = run(tmp_path, "def double(x): raise KeyError('no')")

    failed = results["test_double[2]"]
    assert failed.passed is False
    assert failed.observations[0].value.type == "KeyError"


def test_a_function_that_hung_twice_is_not_called_again_in_its_question(tmp_path: Path) -> None:
    """A hang costs time twice, then the function's other tests fail without a call."""
    student = FakeSession.of("from tests.fakes import Hang\ndef double(x): raise Hang")

    results = run_tests(make_assignment(tmp_path), student, FakeSession.of(SOLUTION))

    assert student.calls.count("double") == 2
    last = {result.name: result for result in results}["test_shape"]
    assert last.passed is False
    assert last.diagnosis is not None
    assert "not called again" in last.diagnosis.happened


def test_a_call_that_was_not_tried_leaves_the_test_open(tmp_path: Path) -> None:
    """When the submission's time is used up, a test is neither passed nor failed."""
    results = run(tmp_path, "from tests.fakes import Skip\ndef double(x): raise Skip")

    assert results["test_double[2]"].passed is None
    assert results["test_double[2]"].score == 0


def test_only_the_asked_questions_run_and_keep_their_points(tmp_path: Path) -> None:
    """Running one question leaves the shares of its points as they are."""
    results = run(tmp_path, SOLUTION, questions=("quad",))

    assert [(result.name, result.max_score) for result in results.values()] == [("test_quad", 4)]


def test_random_inputs_are_the_same_for_the_whole_class(tmp_path: Path) -> None:
    """Two runs of a test draw the same numbers; two tests draw different ones."""
    first, second = run(tmp_path, SOLUTION), run(tmp_path, SOLUTION)

    two, again = first["test_double[2]"].observations[0], second["test_double[2]"].observations[0]
    three = first["test_double[3]"].observations[0]
    assert two.value.tolist() == again.value.tolist()
    assert two.value[0] != three.value[0]


def test_a_plain_assertion_shows_the_tests_own_words_only(tmp_path: Path) -> None:
    """An assert's message reaches the student; the compared values do not."""
    body = "assert student.double(1) == 4321, 'double(1) is too small'"

    result = run(tmp_path, SOLUTION, one_test(body))["test_it"]

    assert result.diagnosis is not None
    assert result.diagnosis.happened == "double(1) is too small"
    assert result.diagnosis.expected == "It holds."


@pytest.mark.parametrize(
    "body",
    [
        "assert student.double(1) == 4321",
        "np.testing.assert_allclose(student.double(1), 4321)",
    ],
    ids=["assert", "numpy"],
)
def test_no_hidden_value_is_shown_by_an_assertion_without_words(tmp_path: Path, body: str) -> None:
    """What pytest or NumPy would print of the two sides stays out of the diagnosis."""
    result = run(tmp_path, SOLUTION, one_test(body))["test_it"]

    assert result.passed is False
    assert "4321" not in str(result.diagnosis)


def test_a_value_that_breaks_the_test_itself_is_the_students_failure(tmp_path: Path) -> None:
    """Where the test passes with the reference, its exception is due to what was returned."""
    body = "assert (student.double(np.ones(2)) - reference.double(np.ones(2)) == 0).all()"

    result = run(tmp_path, "def double(x): return 'two'", one_test(body))["test_it"]

    assert result.passed is False
    assert result.diagnosis is not None
    assert result.diagnosis.happened == "double returned a str; the test could not use it."


def test_a_students_value_that_breaks_the_reference_is_the_students_failure(
    tmp_path: Path,
) -> None:
    """The reference may refuse an argument that came from the student."""
    body = "reference.quad(student.double(np.ones(2)))"

    result = run(tmp_path, "def double(x): return None", one_test(body))["test_it"]

    assert result.passed is False


def test_a_test_that_fails_with_the_reference_too_is_the_courses_mistake(tmp_path: Path) -> None:
    """A broken hidden test is reported with its file and line, and costs no student a point."""
    body = "student.double(1)\nundefined_name"

    with pytest.raises(CourseError, match=r"test_it .*test_tiny.py, line \d+.*NameError"):
        run(tmp_path, SOLUTION, one_test(body))


def test_a_machine_error_stops_the_run(tmp_path: Path) -> None:
    """What the machine lacks is no student's failure: it passes out of the run."""

    class Broken(FakeSession):
        def call(self, *args: object, **kwargs: object) -> Reply:
            raise MachineError("The container is gone.")

    with pytest.raises(MachineError, match="container is gone"):
        run_tests(make_assignment(tmp_path), Broken({}), FakeSession.of(SOLUTION))


def test_ctrl_c_in_a_test_is_passed_on(tmp_path: Path) -> None:
    """An interrupt is not swallowed by pytest."""

    class Interrupted(FakeSession):
        def call(self, *args: object, **kwargs: object) -> Reply:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_tests(make_assignment(tmp_path), Interrupted({}), FakeSession.of(SOLUTION))


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ("def test_it(:\n    pass\n", r"cannot be imported \(test_tiny.py, line 6\): SyntaxError"),
        ("import no_such_module\n", r"test_tiny.py, line 6\): ModuleNotFoundError"),
        ("1 / 0\n", r"test_tiny.py, line 6\): ZeroDivisionError"),
        (one_test("pass", marks=""), "0 question marks"),
        (one_test("pass", marks='@pytest.mark.question("half")'), "no question 'half'"),
        (one_test("pass").replace('"""It holds."""', "pass"), "no docstring"),
        (
            one_test("pass", marks='@pytest.mark.question("double")\n@pytest.mark.weight(0)'),
            "weight 0",
        ),
        (QUAD_TEST, "no test of the question 'double'"),
        (one_test("pass").replace("student, r", "stranger, r"), "no fixture 'stranger'"),
        (one_test("pytest.exit('bye')"), "stopped before"),
    ],
    ids=[
        "syntax",
        "import",
        "error",
        "no question",
        "unknown question",
        "no docstring",
        "weight",
        "question without test",
        "fixture",
        "exit",
    ],
)
def test_a_mistake_in_the_hidden_tests_is_one_sentence(
    tmp_path: Path, tests: str, message: str
) -> None:
    """What the instructor must mend is said with file and line."""
    with pytest.raises(CourseError, match=message) as caught:
        run(tmp_path, SOLUTION, "\n" + tests)

    assert "\n" not in str(caught.value)


def test_missing_hidden_tests_are_the_courses_mistake(tmp_path: Path) -> None:
    """Without its file of hidden tests, an assignment cannot be graded."""
    assignment = make_assignment(tmp_path)
    assignment.tests.unlink()

    with pytest.raises(CourseError, match="is missing"):
        run_tests(assignment, FakeSession.of(SOLUTION), FakeSession.of(SOLUTION))


def test_a_revealed_test_shows_its_call(tmp_path: Path) -> None:
    """Hidden inputs are shown only where the mark says so."""
    marks = '@pytest.mark.question("double")\n@pytest.mark.reveal'
    body = "assert_matches(student.double, reference.double, x=21)"

    shown = run(tmp_path, "def double(x): return x", one_test(body, marks))["test_it"]
    hidden = run(tmp_path, "def double(x): return x", one_test(body))["test_it"]

    assert "double(x=21)" in str(shown.diagnosis)
    assert "x=" not in str(hidden.diagnosis)


def test_a_run_leaves_no_module_behind(tmp_path: Path) -> None:
    """The next submission meets freshly imported hidden tests, and memory stays flat."""
    run(tmp_path, SOLUTION)
    before = set(sys.modules)

    run(tmp_path, SOLUTION)

    assert set(sys.modules) == before
    assert not [name for name in sys.modules if name.endswith("test_tiny")]


def test_a_run_shows_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither pytest's report nor a warning of the tests' own arithmetic reaches the terminal."""
    body = "np.log(np.zeros(1))\nassert student.double(1) == 3"

    run(tmp_path, SOLUTION, one_test(body))

    assert capfd.readouterr() == ("", "")


def test_settings_of_an_outer_pytest_have_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PYTEST_ADDOPTS of the instructor's shell does not change what is graded."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option -k nothing")

    assert len(run(tmp_path, SOLUTION)) == 4


def test_an_edited_test_file_is_read_again(tmp_path: Path) -> None:
    """A process that grades for days never uses stale hidden tests."""
    run(tmp_path, SOLUTION)

    results = run(tmp_path, SOLUTION, one_test("student.double(1)"))

    assert "test_it" in results


def test_a_course_may_be_named_by_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current folder as the course: nothing stale stays, and lines are found."""
    make_assignment(tmp_path)
    monkeypatch.chdir(tmp_path)
    assignment = load_assignment("tiny", Path())
    before = set(sys.modules)

    results = run_tests(assignment, FakeSession.of(SOLUTION), FakeSession.of(SOLUTION))

    assert all(result.passed for result in results)
    assert set(sys.modules) == before


FOLLOWS = "def double(x): return 3 * x\ndef quad(x): return double(double(x))"
OWN_MISTAKE = "def double(x): return 3 * x\ndef quad(x): return 2 * double(double(x))"


def followed_through(tmp_path: Path, student: str) -> dict[str, TestResult]:
    assignment, session = make_assignment(tmp_path), FakeSession.of(student)
    reference = FakeSession.of(SOLUTION)
    results = run_tests(assignment, session, reference)
    results = follow_through(assignment, results, session, reference)
    return {result.name: result for result in results}


def test_a_mistake_is_paid_for_once(tmp_path: Path) -> None:
    """A question that builds on a wrong one passes with the reference in its place."""
    results = followed_through(tmp_path, FOLLOWS)

    assert results["test_quad"].passed is True
    assert results["test_quad"].with_reference
    assert results["test_quad"].score == 4
    assert results["test_double[2]"].passed is False


def test_an_own_mistake_is_explained_without_the_earlier_one(tmp_path: Path) -> None:
    """Where a question fails both ways, its own mistake is the one explained."""
    results = followed_through(tmp_path, OWN_MISTAKE)

    failed = results["test_quad"]
    assert failed.passed is False
    assert not failed.with_reference
    assert "2 times" in str(failed.diagnosis)


def test_without_a_wrong_earlier_answer_nothing_is_tried_again(tmp_path: Path) -> None:
    """Only a question whose predecessor lost points gets a second try."""
    results = followed_through(tmp_path, "def double(x): return 2 * x\ndef quad(x): return x")

    assert results["test_quad"].passed is False
    assert not results["test_quad"].with_reference


class Asking(FakeSession):
    """A session in whose program `double` is called with functions, as a box sends them."""

    def substitute(self, answers: Mapping[str, Callable[..., Reply]]) -> None:
        names = "function double", "function quad", "function helper", "function"
        handed_on = tuple(map(Opaque, names))
        answers["double"](handed_on, {"block": handed_on[0]})


class Answering(FakeSession):
    """The reference, which notes what it is asked in the place of the student's functions."""

    def answer(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        self.namespace["asked"] = args, kwargs
        return Reply(Ending.FINISHED, 0)


def test_an_answer_that_is_handed_on_becomes_the_references_own(tmp_path: Path) -> None:
    """`stage(x, ..., basic_block)` with the reference's stage takes the reference's block, too.

    Not so the function that is being tested: the reference's answer to it would be given away.
    """
    assignment, reference = make_assignment(tmp_path), Answering.of(SOLUTION)
    results = run_tests(assignment, FakeSession.of(FOLLOWS), reference)

    follow_through(assignment, results, Asking.of(FOLLOWS), reference)

    args, kwargs = reference.namespace["asked"]
    own, *others = args
    assert own == Named("double") == kwargs["block"]
    assert others == [Opaque("function quad"), Opaque("function helper"), Opaque("function")]


class Refusing(FakeSession):
    """A session whose substitutes get no value from the reference."""

    def substitute(self, answers: Mapping[str, Callable[..., Reply]]) -> None:
        class SubstituteError(RuntimeError):
            pass

        def refuse(*_: Any) -> None:
            raise SubstituteError

        self.namespace.update(dict.fromkeys(answers, refuse))


def test_where_the_reference_cannot_stand_in_the_first_try_is_explained(tmp_path: Path) -> None:
    """The student's code has not raised what the substitute did."""
    assignment, session = make_assignment(tmp_path), Refusing.of(FOLLOWS)
    first = run_tests(assignment, session, FakeSession.of(SOLUTION))

    again = follow_through(assignment, first, session, FakeSession.of(SOLUTION))

    assert again == first


def test_a_question_builds_on_another_through_a_third(tmp_path: Path) -> None:
    """`follows` reaches through: the eighth of a chain may be tried with the first replaced."""
    settings = (
        SETTINGS + '\n[[questions]]\nname = "eight"\ntitle = "8"\npoints = 1\nfollows = ["quad"]'
    )
    tests = QUAD_TEST + QUAD_TEST.replace("quad", "eight") + QUAD_TEST.replace("quad", "double")
    solution = SOLUTION + "\ndef eight(x): return 2 * quad(x)"
    assignment = make_assignment(tmp_path, tests, settings)
    student = FakeSession.of(solution.replace("return 2 * x", "return 5 * x"))
    reference = FakeSession.of(solution)

    first = run_tests(assignment, student, reference)
    results = follow_through(assignment, first, student, reference)

    assert [result.with_reference for result in results] == [False, True, True]
