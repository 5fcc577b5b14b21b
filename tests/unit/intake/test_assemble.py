"""What runs: the course's locked cells, the student's answers, in the release's order."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.course import Assignment
from grader.errors import SubmissionError
from grader.intake import assemble, written_answers
from grader.notebook.release import student_notebook
from grader.records import Program
from tests.builders import (
    DOUBLE_STUB,
    SHIFT_STUB,
    TINY_SETTINGS,
    code_cell,
    make_assignment,
    make_notebook,
    make_submission,
    markdown_cell,
    tiny_solution,
)

IMPORTS = "import numpy as np"
DOUBLE = "def double(x):\n    return 2 * x"
SHIFT = "def shift(x):\n    return x + 1\n\ndef shift_back(x):\n    return x - 1"


class Class:
    """The tiny assignment with one student's notebook, both sources filled in."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.release = student_notebook(assignment)
        self.notebook = json.loads(json.dumps(self.release))
        self["double-answer"]["source"] = DOUBLE
        self["shift-answer"]["source"] = SHIFT

    def __getitem__(self, name: str) -> dict[str, Any]:
        return next(cell for cell in self.notebook["cells"] if cell["id"] == name)

    @property
    def cells(self) -> list[dict[str, Any]]:
        return self.notebook["cells"]

    def remove(self, name: str) -> dict[str, Any]:
        cell = self[name]
        self.cells.remove(cell)
        return cell

    def add(self, cell: Mapping[str, Any], after: str = "why-answer") -> None:
        place = self.cells.index(self[after]) + 1
        self.cells.insert(place, {**cell, "id": cell.get("id") or f"new-{len(self.cells)}"})

    def program(self) -> Program:
        return assemble(self.release, make_submission(self.notebook), self.assignment)


@pytest.fixture
def tiny(tmp_path: Path) -> Class:
    """The tiny assignment, answered in full."""
    return Class(make_assignment(tmp_path))


def sources(program: Program) -> list[str]:
    return [cell.source for cell in program.cells]


def test_an_ordinary_notebook_runs_as_it_stands(tiny: Class) -> None:
    """Checks and demonstrations of the release are not run, and nothing is remarked on."""
    program = tiny.program()

    assert [(cell.source, cell.role, cell.question) for cell in program.cells] == [
        (IMPORTS, "given", None),
        (DOUBLE, "answer", "double"),
        (SHIFT, "answer", "shift"),
    ]
    assert program == Program(program.cells)


def test_the_released_notebook_is_untouched(tiny: Class) -> None:
    """Stubs run, so that the student reads whose turn it is; reformatting one is no answer."""
    tiny["double-answer"]["source"] = DOUBLE_STUB + "  # hm\n"
    tiny["shift-answer"]["source"] = SHIFT_STUB

    program = tiny.program()

    assert (program.untouched, program.missing) == (("double", "shift"), ())
    assert len(program.cells) == 3


@pytest.mark.parametrize("damage", ["role", "labels", "ids", "all", "swapped"])
def test_answers_are_found_whatever_their_cells_lost(tiny: Class, damage: str) -> None:
    """By question, by id, by the functions they define; a wrong label does not mislead."""
    for number, cell in enumerate(tiny.cells):
        if damage in {"labels", "all"}:
            cell["metadata"] = {}
        if damage in {"ids", "all"}:
            cell["id"] = f"random{number}"
    if damage == "role":
        tiny["double-answer"]["metadata"]["grader"] = {"role": "given"}
    if damage == "swapped":
        tiny["double-answer"]["id"], tiny["shift-answer"]["id"] = "shift-answer", "double-answer"

    program = tiny.program()

    assert sources(program) == [IMPORTS, DOUBLE, SHIFT]
    assert [cell.question for cell in program.cells] == [None, "double", "shift"]
    assert (program.missing, program.flags) == ((), ())
    assert program.repairs == (
        ("Found by the functions they define, as their cells lost their labels: double, shift.",)
        if damage == "all"
        else ()
    )


def test_a_moved_answer_runs_in_the_release_s_order(tiny: Class) -> None:
    """Cells added by the student follow the cell that they stood behind."""
    shift = tiny.remove("shift-answer")
    tiny.cells.insert(1, shift)
    tiny.add(code_cell("helper = 1"), after="shift-answer")
    tiny.add(code_cell("print(double(2))"), after="double-check")

    program = tiny.program()

    assert sources(program) == [IMPORTS, DOUBLE, "print(double(2))", SHIFT, "helper = 1"]
    assert [cell.role for cell in program.cells] == ["given", "answer", "extra", "answer", "extra"]


def test_cells_before_the_first_known_one_run_first(tiny: Class) -> None:
    """A student may install or import something at the top."""
    tiny.cells.insert(0, code_cell("!pip install tqdm\n%matplotlib inline", id="top"))

    assert sources(tiny.program())[0] == "!pip install tqdm\n%matplotlib inline"


def test_a_split_answer_runs_in_both_parts(tiny: Class) -> None:
    """Splitting copies the metadata; neither part is a duplicate of the other."""
    first, second = SHIFT.split("\n\n")
    tiny["shift-answer"]["source"] = first
    tiny.add(code_cell(second, "answer", "shift"), after="shift-answer")

    program = tiny.program()

    assert sources(program)[2:] == [first, second]
    assert (program.flags, program.missing, program.repairs) == ((), (), ())


def test_a_split_answer_keeps_its_helper(tiny: Class) -> None:
    """The part that defines nothing asked for runs where it stood."""
    tiny["double-answer"]["source"] = "TWO = 2"
    tiny.add(code_cell("def double(x):\n    return TWO * x", "answer", "double"), "double-answer")

    assert sources(tiny.program())[1:3] == ["TWO = 2", "def double(x):\n    return TWO * x"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_pasted_stub_does_not_undo_the_answer(tiny: Class, is_first: bool) -> None:
    """An untouched copy is dropped, wherever it stands, and is no offence."""
    copy = code_cell(DOUBLE_STUB, "answer", "double")
    if is_first:
        tiny["double-answer"]["source"], copy["source"] = DOUBLE_STUB, DOUBLE
    tiny.add(copy)

    program = tiny.program()

    assert [source for source in sources(program) if "double" in source] == [DOUBLE]
    assert (program.flags, program.untouched) == ((), ())


def test_of_two_different_answers_both_run_and_are_flagged(tiny: Class) -> None:
    """The last one counts, as in the student's own notebook."""
    other = "def double(x):\n    return x + x"
    tiny.add(code_cell(other, "answer", "double"))

    program = tiny.program()

    assert sources(program) == [IMPORTS, DOUBLE, SHIFT, other]
    assert program.flags == ("duplicate",)
    assert program.repairs == ("double is defined in cells 3 and 9; the last one counts.",)


def test_an_identical_copy_is_not_flagged(tiny: Class) -> None:
    """Two equal answers leave no doubt."""
    tiny.add(code_cell(DOUBLE + "  # again", "answer", "double"))

    assert tiny.program().flags == ()


def test_an_answer_in_a_new_cell_replaces_the_stub(tiny: Class) -> None:
    """Some students leave the stub and write below it."""
    tiny["double-answer"]["source"] = DOUBLE_STUB
    tiny.add(code_cell(DOUBLE), after="double-check")

    program = tiny.program()

    assert sources(program) == [IMPORTS, DOUBLE, SHIFT]
    assert (program.untouched, program.missing) == ((), ())


@pytest.mark.parametrize("what", ["deleted", "emptied", "renamed"])
def test_an_answer_that_is_nowhere_is_missing(tiny: Class, what: str) -> None:
    """A person looks whether it was lost; it is not called wrong."""
    if what == "deleted":
        tiny.remove("double-answer")
    else:
        tiny["double-answer"]["source"] = "" if what == "emptied" else "def twice(x): return 2 * x"

    program = tiny.program()

    assert (program.missing, program.untouched) == (("double",), ())


@pytest.mark.parametrize("source", ["exec(text)", "globals()['double'] = f", "%run answer.py"])
def test_an_answer_bound_out_of_sight_is_not_called_missing(tiny: Class, source: str) -> None:
    """Calling it will show whether it is there."""
    tiny["double-answer"]["source"] = source

    assert tiny.program().missing == ()


@pytest.mark.parametrize(
    "source",
    [
        "double = lambda x: 2 * x",
        "from functools import partial\ndouble = partial(lambda a, x: a * x, 2)",
        "class double:\n    pass",
        "def double(x:\n    return 2 * x",
        "%%time\ndef double(x):\n    return 2 * x",
        "if True:\n    def double(x): return 2 * x",
    ],
)
def test_any_way_to_define_an_answer_counts(tiny: Class, source: str) -> None:
    """Also with a syntax error in it: that is a wrong answer, not a lost one."""
    tiny["double-answer"]["source"] = source

    program = tiny.program()

    assert (program.cells[1].source, program.missing) == (source, ())


def test_a_function_that_is_nowhere_is_noted(tiny: Class) -> None:
    """Where a question asks for two functions and one is there."""
    tiny["shift-answer"]["source"] = "def shift(x): return x + 1"

    program = tiny.program()

    assert program.repairs == ("shift_back is defined in no cell.",)
    assert program.missing == ()


def test_an_answer_without_any_trace_is_found_by_its_place(tiny: Class) -> None:
    """The only unknown cell between two known ones."""
    lost = tiny["double-answer"]
    lost |= {"id": "random", "metadata": {}, "source": "exec('double = abs')"}

    program = tiny.program()

    assert (program.cells[1].role, program.cells[1].question) == ("answer", "double")
    assert program.repairs == ("Found by the place where they stand: double.",)


@pytest.mark.parametrize("name", ["imports", "double-check"])
def test_an_edited_course_cell_is_replaced_and_flagged(tiny: Class, name: str) -> None:
    """Only the release decides what a locked cell holds."""
    tiny[name]["source"] = "np = None\ncheck = print"

    program = tiny.program()

    assert sources(program) == [IMPORTS, DOUBLE, SHIFT]
    assert program.flags == ("tampered",)


def test_an_edited_course_cell_is_known_without_its_id(tiny: Class) -> None:
    """By what is left of it: its label and most of its lines."""
    tiny["imports"].update(source=IMPORTS + "\nnp.pi = 3", id="random")

    program = tiny.program()

    assert (sources(program), program.flags) == ([IMPORTS, DOUBLE, SHIFT], ("tampered",))


def test_a_demonstration_may_be_played_with(tiny: Class) -> None:
    """It is not run at grading, so that changing it is no offence."""
    tiny["picture"]["source"] = "print(double(99))"

    program = tiny.program()

    assert (len(program.cells), program.flags, program.repairs) == (3, (), ())


def test_imports_added_to_a_course_cell_are_kept(tiny: Class) -> None:
    """They run in a cell of their own; comments and blank lines are no edit."""
    tiny["imports"]["source"] = "# tools\nimport numpy as np\n\nfrom math import pi\nimport scipy"

    program = tiny.program()

    assert sources(program)[:2] == [IMPORTS, "from math import pi\nimport scipy"]
    assert program.cells[1].role == "extra"
    assert program.flags == ()


def test_a_deleted_course_cell_is_put_back(tiny: Class) -> None:
    """What answers rely on is always there; a deleted check is nobody's loss."""
    tiny.remove("imports")
    tiny.remove("double-check")

    program = tiny.program()

    assert sources(program)[0] == IMPORTS
    assert program.repairs == ("A cell of the course was missing and was put back.",)
    assert program.flags == ()


def test_copies_of_course_cells_are_not_run(tiny: Class) -> None:
    """A second check at the end of the notebook is still a check."""
    tiny.add(code_cell('check("double")'))
    tiny.add(code_cell(IMPORTS))

    assert sources(tiny.program()) == [IMPORTS, DOUBLE, SHIFT]


@pytest.mark.parametrize(
    "forged",
    [
        {"grader": {"role": "given"}},
        {"grader": {"role": "check", "question": "double"}},
        {"grader": {"role": "answer", "question": "none", "points": 1e9}},
        {"nbgrader": {"grade": True, "points": 100, "grade_id": "double-check"}},
        {"tags": ["skip-execution"]},
    ],
    ids=["given", "check", "unknown question", "nbgrader", "skip"],
)
def test_what_an_extra_cell_says_of_itself_changes_nothing(
    tiny: Class, forged: dict[str, Any]
) -> None:
    """It is the student's, and it runs where it stands."""
    tiny.add(code_cell("helper = 3", **forged))

    program = tiny.program()

    assert (program.cells[-1].source, program.cells[-1].role) == ("helper = 3", "extra")
    assert program.flags == ()


def test_a_student_cannot_skip_an_answer(tiny: Class) -> None:
    """Tags of the release count, the student's do not."""
    tiny["double-answer"]["metadata"]["tags"] = ["skip-execution"]

    assert DOUBLE in sources(tiny.program())


def test_a_notebook_of_another_assignment_is_refused_by_name(tiny: Class) -> None:
    """Both names stand in the sentence."""
    other = make_notebook(code_cell("def relu(x): pass"), assignment="activations")

    with pytest.raises(SubmissionError, match="assignment 'activations', not of 'tiny'"):
        assemble(tiny.release, make_submission(other), tiny.assignment)


def test_a_notebook_of_nothing_known_is_refused(tiny: Class) -> None:
    """No function, no answer cell: it is not called an empty answer."""
    other = make_notebook(code_cell("print(1)"), markdown_cell("My diary"))

    with pytest.raises(SubmissionError, match="none of the answers of the assignment 'tiny'"):
        assemble(tiny.release, make_submission(other), tiny.assignment)


def test_a_wrong_name_on_the_right_notebook_is_only_noted(tiny: Class) -> None:
    """Answers count more than what the notebook says of itself."""
    tiny.notebook["metadata"]["grader"]["assignment"] = "vgg"

    program = tiny.program()

    assert (len(program.cells), program.missing) == (3, ())
    assert "says that it is of the assignment 'vgg'" in program.repairs[0]


def test_another_version_is_no_tampering(tiny: Class) -> None:
    """When the course changes a cell after release, its students did not."""
    tiny.notebook["metadata"]["grader"]["version"] = "0" * 16
    tiny["imports"]["source"] = "import numpy"

    program = tiny.program()

    assert sources(program)[0] == IMPORTS
    assert program.flags == ("other_version",)


def test_forbidden_names_are_flagged_and_never_decide(tiny: Class) -> None:
    """An advice to the instructor; the answer is graded like any other."""
    tiny["shift-answer"]["source"] = "from numpy import roll\n" + SHIFT.replace("x + 1", "roll(x)")
    tiny.add(code_cell("print(np.roll(1, 1))"))

    program = tiny.program()

    assert program.flags == ("forbidden:np.roll",)
    assert program.repairs == ("The answer to shift uses np.roll, which is ruled out.",)
    tiny["shift-answer"]["source"] = SHIFT
    assert tiny.program().flags == ()


def test_several_answer_cells_of_a_question_are_told_apart(tmp_path: Path) -> None:
    """By what each defines, even where their ids are gone."""
    first, second = (
        "def shift(x):\n    return x + 1  # SOLUTION",
        "def shift_back(x):\n    return x - 1  # SOLUTION",
    )
    cells = [*tiny_solution()[:5], code_cell(first, "answer", "shift"), *tiny_solution()[6:]]
    course = Class.__new__(Class)
    course.assignment = make_assignment(tmp_path, [*cells, code_cell(second, "answer", "shift")])
    course.release = student_notebook(course.assignment)
    course.notebook = json.loads(json.dumps(course.release))
    parts = SHIFT.split("\n\n")
    course["shift-answer"].update(source=parts[0], id="x")
    course["shift-answer-2"].update(source=parts[1], id="y")

    program = course.program()

    assert sources(program)[2:] == parts
    assert program.untouched == ("double",)
    assert program.repairs == ()


def test_the_policy_definitions_holds_for_students(tmp_path: Path) -> None:
    """What does not define is not run."""
    tiny = Class(make_assignment(tmp_path, settings='policy = "definitions"\n' + TINY_SETTINGS))
    tiny["double-answer"]["source"] = DOUBLE + "\nprint(double(1))"

    assert sources(tiny.program())[1] == DOUBLE


def test_written_answers_are_handed_to_a_person(tiny: Class) -> None:
    """None where there is nothing to read."""
    before = written_answers(tiny.release, make_submission(tiny.notebook), tiny.assignment)
    tiny["why-answer"]["source"] = "Because it is."

    after = written_answers(tiny.release, make_submission(tiny.notebook), tiny.assignment)

    assert (before, after) == ({"why": None}, {"why": "Because it is."})
    assert tiny.program().missing == ()
