"""An assignment from a notebook of another grader: its questions, points, tests and list."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path

import pytest

from grader.authoring.bridge import import_notebook
from grader.course import load_assignment
from grader.errors import UsageError
from grader.notebook import release
from tests.builders import make_notebook, write_notebook
from tests.unit.authoring import foreign
from tests.unit.authoring.foreign import answer, cell, graded, otter_question


def questions(folder: Path) -> dict[str, dict]:
    settings = tomllib.loads((folder / "assignment.toml").read_text())
    return {question["name"]: question for question in settings["questions"]}


def weights(folder: Path) -> dict[str, float]:
    """The weight of each hidden test of the written file."""
    tree = ast.parse((folder / f"test_{folder.name}.py").read_text())
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            marks = {ast.unparse(each.func): each.args[0].value for each in node.decorator_list}
            found[node.name] = marks.get("pytest.mark.weight", 1)
    return found


def nbgrader(tmp_path: Path, *cells, name: str = "tiny"):
    return import_notebook(foreign.write(tmp_path, list(cells), name), "nbgrader", tmp_path)


def otter(tmp_path: Path, *cells):
    return import_notebook(foreign.write(tmp_path, list(cells)), "otter", tmp_path)


def test_a_notebook_of_nbgraders_becomes_an_assignment(tmp_path: Path) -> None:
    """Tests are hidden tests with their points; what a person graded is a written question."""
    made = nbgrader(tmp_path, *foreign.tiny_nbgrader())

    found = questions(made.folder)
    assert {name: each["points"] for name, each in found.items()} == {
        "mean": 2, "why": 1, "picture": 3,
    }  # fmt: skip
    assert [name for name, each in found.items() if each.get("written")] == ["why", "picture"]
    assert weights(made.folder) == {"test_test_mean": 2}
    assert made.must == 0


def test_the_release_holds_no_solution_and_no_hidden_test(tmp_path: Path) -> None:
    """What a student gets has the stub, the visible test and neither answer."""
    nbgrader(tmp_path, *foreign.tiny_nbgrader())

    text = release(load_assignment("tiny", tmp_path)).decode()

    assert "len(values)" not in text
    assert "4.0" not in text
    assert "Because" not in text
    assert "plot(" not in text
    assert "assert mean([1, 2, 3]) == 2" in text


def test_visible_tests_are_no_part_of_the_program(tmp_path: Path) -> None:
    """Students run them themselves; grading does not."""
    made = nbgrader(tmp_path, *foreign.tiny_nbgrader())

    cells = json.loads((made.folder / "tiny.ipynb").read_text())["cells"]
    visible = [each for each in cells if "assert mean" in "".join(each["source"])]
    assert [each["metadata"]["tags"] for each in visible] == [["skip-execution"]]


def test_a_test_belongs_to_the_answer_that_it_uses(tmp_path: Path) -> None:
    """Two answers, then their tests: each goes to the function that it calls."""
    made = nbgrader(
        tmp_path,
        answer("def f(x):\n    return x", "f"),
        answer("def g(x):\n    return f(x)", "g"),
        graded("assert f(1) == 1", "tf", 1),
        graded("assert g(1) == 1", "tg", 4),
    )

    assert {name: each["points"] for name, each in questions(made.folder).items()} == {
        "f": 1, "g": 4,
    }  # fmt: skip
    assert questions(made.folder)["g"]["follows"] == ["f"]


def test_a_test_goes_to_the_function_before_the_variable(tmp_path: Path) -> None:
    """A name that some later answer assigns does not make the test that answer's."""
    made = nbgrader(
        tmp_path,
        answer("def f(x):\n    return x", "f"),
        answer("for a in range(3):\n    print(f(a))", "show"),
        graded("a = f(2)\nassert a == 2", "tf", 1),
    )

    assert list(questions(made.folder)) == ["f"]
    assert made.must == 0


def test_a_test_of_another_questions_answer_is_listed(tmp_path: Path) -> None:
    """It would give its points to whoever has the other answer; a person says where it belongs."""
    made = otter(
        tmp_path,
        *otter_question(
            "name: q1",
            [cell("code", "def f(x):\n    return x # SOLUTION")],
            [cell("code", "f(1)", "1")],
        ),
        *otter_question(
            "name: q2",
            [cell("code", "def g(x):\n    return f(x) # SOLUTION")],
            [cell("code", "f(2)", "2")],
        ),
    )

    assert "follows" not in questions(made.folder)["q2"]
    assert any("answers of other questions" in decision.why for decision in made.decisions)


def test_what_is_not_translated_is_listed_with_its_code_and_points(tmp_path: Path) -> None:
    """The list names the cell, the reason, what to do, and shows the code."""
    made = nbgrader(
        tmp_path, answer(foreign.MEAN), graded("assert mean([1]) == 1\nprint(mean([2]))")
    )

    text = (made.folder / "DECISIONS.md").read_text()
    assert made.must == 1
    assert "Cell 2 (mean)" in text
    assert "2 points" in text
    assert "print(mean([2]))" in text


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("import pandas as pd\ntable = pd.DataFrame()", "pandas"),
        ("import numpy as np\ndata = np.load('data.npy')", "np.load"),
        ("!pip install something", "another program"),
    ],
)
def test_what_the_box_has_not_is_listed(tmp_path: Path, source: str, part: str) -> None:
    """Libraries, files and other programs are said before a class meets them."""
    made = nbgrader(
        tmp_path, cell("code", source), answer(foreign.MEAN), graded("assert mean([1]) == 1")
    )

    assert any(part in decision.why for decision in made.decisions)


def test_an_import_that_only_tests_needed_is_left_out(tmp_path: Path) -> None:
    """Nose is in no box, and no cell that runs uses it."""
    made = nbgrader(
        tmp_path,
        cell("code", "import numpy as np\nfrom nose.tools import assert_equal\nprint(np.pi)"),
        answer(foreign.MEAN),
        graded("assert_equal(mean([1]), 1)"),
    )

    assert "nose" not in (made.folder / "tiny.ipynb").read_text()
    assert not made.decisions


def test_names_that_tests_defined_for_later_cells_are_listed(tmp_path: Path) -> None:
    """Tests do not run in the notebook any more."""
    made = nbgrader(
        tmp_path,
        answer(foreign.MEAN),
        graded("values = [1, 2]\nassert mean(values) == 1.5"),
        cell("code", "print(values)"),
    )

    assert "values for later cells" in made.decisions[0].why


def test_a_notebook_of_otters_becomes_an_assignment(tmp_path: Path) -> None:
    """Points are shared as otter shares them, and a variable is asked for by a probe."""
    made = otter(tmp_path, *foreign.tiny_otter())

    found = questions(made.folder)
    assert {name: each["points"] for name, each in found.items()} == {"q1": 3, "q2": 1, "q3": 2}
    assert found["q1"]["functions"] == ["smallest"]
    assert found["q3"]["written"]
    assert weights(made.folder) == {
        "test_q1_1": 1.5, "test_q1_2": 1.5, "test_q2_1": 0.5, "test_q2_2": 0.5,
    }  # fmt: skip
    assert "value_of" in (made.folder / "probes.py").read_text()
    assert made.must == 0


def test_all_or_nothing_is_one_hidden_test(tmp_path: Path) -> None:
    """Its cases pass together or not at all."""
    made = otter(
        tmp_path,
        *otter_question(
            "name: q1\npoints: 4\nall_or_nothing: true",
            [cell("code", "def f(x):\n    return x # SOLUTION")],
            [cell("code", "f(1)", "1"), cell("code", "f(2)", "2")],
        ),
    )

    assert weights(made.folder) == {"test_q1": 4}


def test_points_of_single_cases_count(tmp_path: Path) -> None:
    """What a case says of itself goes before, and the others share the rest."""
    config = '""" # BEGIN TEST CONFIG\npoints: 4\nhidden: true\n""" # END TEST CONFIG\n'
    made = otter(
        tmp_path,
        *otter_question(
            "name: q1\npoints: 5",
            [cell("code", "def f(x):\n    return x # SOLUTION")],
            [cell("code", config + "f(1)", "1"), cell("code", "f(2)", "2")],
        ),
    )

    assert weights(made.folder) == {"test_q1_1": 4, "test_q1_2": 1}


def test_otters_older_format_is_read_too(tmp_path: Path) -> None:
    """Questions in fenced prose, tests by a comment."""
    made = otter(
        tmp_path,
        cell("markdown", "Square it.\n\n```\nBEGIN QUESTION\nname: q1\npoints: 2\n```"),
        cell("code", "def square(x):\n    return x**2 # SOLUTION"),
        cell("code", "# TEST\nsquare(1) == 1", "True"),
        cell("code", "# HIDDEN TEST\nsquare(2.5)", "6.25"),
    )

    assert questions(made.folder)["q1"]["points"] == 2
    assert weights(made.folder) == {"test_q1_1": 1, "test_q1_2": 1}
    assert "6.25" not in (made.folder / "tiny.ipynb").read_text()


@pytest.mark.parametrize(
    ("grader", "cells", "match"),
    [
        ("nbgrader", [cell("code", "x = 1")], "no cell that nbgrader would grade"),
        ("nbgrader", [answer("def f():\n    raise NotImplementedError()")], "holds no solutions"),
        ("otter", [cell("code", "x = 1")], "no question of otter's"),
        ("otter", [cell("raw", "# BEGIN QUESTION\nname: q1")], "no END QUESTION"),
        ("otter", [cell("raw", "# BEGIN QUESTION\nname: [")], "not valid YAML"),
    ],
)
def test_a_notebook_that_is_no_source_is_refused(tmp_path, grader, cells, match):
    """One sentence says what was given and what is wanted; nothing is written."""
    with pytest.raises(UsageError, match=match):
        import_notebook(foreign.write(tmp_path, cells), grader, tmp_path)

    assert list((tmp_path / "solutions").iterdir()) == []


def test_a_notebook_of_another_language_is_refused(tmp_path: Path) -> None:
    """R and Julia have no box."""
    notebook = make_notebook(answer(foreign.MEAN))
    notebook["metadata"] = {"kernelspec": {"language": "R", "name": "ir"}}
    path = write_notebook(tmp_path / "r.ipynb", notebook)
    (tmp_path / "solutions").mkdir()

    with pytest.raises(UsageError, match="is in R"):
        import_notebook(path, "nbgrader", tmp_path)


@pytest.mark.parametrize("name", ["../outside", "Has Space", "layers/x", "1st"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written outside solutions/."""
    path = foreign.write(tmp_path, foreign.tiny_nbgrader())

    with pytest.raises(UsageError, match="cannot name an assignment"):
        import_notebook(path, "nbgrader", tmp_path, name)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second import of the same name is refused."""
    nbgrader(tmp_path, *foreign.tiny_nbgrader())

    with pytest.raises(UsageError, match="exists already"):
        nbgrader(tmp_path, *foreign.tiny_nbgrader())


HOSTILE = '"""\nimport os; os.system("touch owned")\n"""'


def test_text_of_a_stranger_becomes_no_code_of_the_host(tmp_path: Path) -> None:
    """Titles, names and tests of a notebook cannot get a statement into what pytest runs."""
    made = nbgrader(
        tmp_path,
        cell("markdown", "# Title \\\"\"\" \x1b[31m]] = '''"),
        answer(foreign.MEAN, HOSTILE),
        graded(
            '"""Ends here: \\"\\"\\" and goes on (so it is) \x1b[2J."""\n'
            "__import__('os').system('touch owned')\nassert mean([1]) == 1",
            HOSTILE,
        ),
    )

    file = ast.parse((made.folder / "test_tiny.py").read_text())
    called = {ast.unparse(node.func) for node in ast.walk(file) if isinstance(node, ast.Call)}
    assert called == {"pytest.mark.question", "pytest.mark.weight", "assert_holds", "student.mean"}
    assert all(
        isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Expr)
        for node in file.body
    )
    assert "\x1b" not in (made.folder / "DECISIONS.md").read_text()
    assert load_assignment("tiny", tmp_path).questions[0].points == 2


def test_a_fence_in_the_code_does_not_end_the_list(tmp_path: Path) -> None:
    """The list shows any code as code."""
    made = nbgrader(
        tmp_path,
        answer(foreign.MEAN),
        graded("x = '''\n```\n# Not a heading\n'''\nprint(x)\n" + "print(mean([1]))"),
    )

    text = (made.folder / "DECISIONS.md").read_text()
    assert "print(mean([1]))" in text


def test_a_question_without_tests_is_said(tmp_path: Path) -> None:
    """It keeps its place, and the list says that it cannot be graded yet."""
    made = nbgrader(tmp_path, answer(foreign.MEAN))

    assert any("no test cell" in decision.why for decision in made.decisions)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("assert mean([" + "+".join(["1"] * 900) + "]) == 1", id="many terms"),
        pytest.param("assert mean([1])" + ".T" * 900 + " == 1", id="many attributes"),
        pytest.param("assert " + "not " * 900 + "mean([1])", id="many operators"),
        pytest.param("[" * 150 + "mean([1])" + "]" * 150, id="many brackets"),
        pytest.param("\n".join(["mean([1])"] * 3000), id="many lines"),
        pytest.param("### BEGIN HIDDEN TESTS\n" * 5000, id="many marks"),
        pytest.param("x = '" + "#" * 100_000 + "'", id="a long line"),
        pytest.param("\ud800 = 1", id="half a character"),
        pytest.param("assert mean([1]) == 1\x00", id="a NUL"),
    ],
)
def test_a_test_cell_of_any_shape_is_read(tmp_path: Path, source: str) -> None:
    """What cannot be read is listed; nothing recurses, and nothing takes long."""
    made = nbgrader(
        tmp_path, answer(foreign.MEAN), graded("assert mean([1]) == 1", "t"), graded(source, "u")
    )

    assert "test_t" in weights(made.folder)
