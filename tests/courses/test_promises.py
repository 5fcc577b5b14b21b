"""What every assignment promises, seen from its files: names, counts, formats. Nothing runs."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from grader.authoring.syllabus import syllabus
from grader.course import Assignment, assignment_names, load_assignment, load_outline
from tests.courses.promised import PROMISED, REPLACED

ROOT = Path(__file__).parents[2]
NAMES = assignment_names(ROOT)
MOST_BYTES = 300_000  # a released notebook opens at once, also on a slow line
LONGEST_PROSE = 170  # words of a cell; the median is far below
LONGEST_CODE = 30  # lines of a given cell


@pytest.fixture(params=NAMES)
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return load_assignment(request.param, ROOT)


def decorated(path: Path, name: str) -> list[tuple[str, str, bool]]:
    """(question, name, has a hint) of each function or class under `@misconception(...)`.

    A file may give the decorator of a question a name of its own, or its arguments.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aliases: dict[str, list[str]] = {
        node.targets[0].id: constants(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    found = []
    for node in tree.body:
        for call in getattr(node, "decorator_list", []):
            function = getattr(getattr(call, "func", None), "id", "")
            if function in {name, *aliases}:
                given = [key.value.id for key in call.keywords if key.arg is None]
                (question, *_) = aliases.get(given[0] if given else function) or constants(call)
                hint = any(key.arg == "hint" for key in call.keywords)
                found.append((question, node.name, hint))
    return found


def constants(node: ast.AST) -> list[str]:
    """The strings in an expression that could name a question."""
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and each.value.isidentifier()
        and each.value not in {"question", "replaces"}
    ]


def count_tests(path: Path) -> Counter[str]:
    """How many test functions each question has."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for call in getattr(node, "decorator_list", []):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.question":
                found[ast.literal_eval(call.args[0])] += 1
    return found


def released(assignment: Assignment) -> Any:
    return nbformat.read(assignment.released, as_version=nbformat.NO_CONVERT)


def test_the_course_is_complete_and_in_order() -> None:
    """The outline names each assignment once, in the order of the lecture."""
    outline = load_outline(ROOT)

    assert [unit.name for unit in outline.assignments] == list(PROMISED)
    assert sorted(NAMES) == sorted(PROMISED)


def test_the_index_page_is_what_the_course_says() -> None:
    """docs/course.md is made by `grader syllabus`, and every question says what it covers."""
    page = (ROOT / "docs" / "course.md").read_text(encoding="utf-8")

    assert page == syllabus(ROOT), "write it again with: grader syllabus > docs/course.md"
    assert "|  |" not in page


def test_each_assignment_has_a_hundred_points(assignment: Assignment) -> None:
    """All assignments weigh the same."""
    assert assignment.max_score == 100


def test_every_known_mistake_of_the_course_is_there(assignment: Assignment) -> None:
    """Each promised name stands in misconceptions.py, or its replacement says why not."""
    found = {name for _, name, _ in decorated(assignment.misconceptions, "misconception")}
    replaced = REPLACED.get(assignment.name, {})

    assert set(PROMISED[assignment.name].split()) - found == set(replaced)


def test_every_known_mistake_has_a_hint_of_its_own(assignment: Assignment) -> None:
    """A named mistake without a nudge would only be a label."""
    mistakes = decorated(assignment.misconceptions, "misconception")

    assert [name for _, name, hint in mistakes if not hint] == []


def test_questions_are_tested_and_have_known_mistakes(assignment: Assignment) -> None:
    """Two hidden tests, four known mistakes and an alternative at least, but for written ones."""
    tests = count_tests(assignment.tests)
    mistakes = Counter(q for q, _, _ in decorated(assignment.misconceptions, "misconception"))
    others = Counter(q for q, _, _ in decorated(assignment.alternatives, "alternative"))

    for question in assignment.questions:
        if question.written:
            assert not tests[question.name]
            assert (assignment.folder / "rubric.md").is_file()
        else:
            assert tests[question.name] >= 2, question.name
            assert mistakes[question.name] >= 4, question.name
            assert others[question.name] >= 1, question.name


def test_there_are_eighty_alternatives() -> None:
    """Right code that is written otherwise is tried for every assignment."""
    counts = {
        name: len(decorated(load_assignment(name, ROOT).alternatives, "alternative"))
        for name in NAMES
    }

    assert sum(counts.values()) >= 80
    assert min(counts.values()) >= 9


def test_a_released_notebook_is_valid(assignment: Assignment) -> None:
    """Nbformat and nbgrader accept it, and no output or run of the author's is left in it."""
    notebook = released(assignment)

    nbformat.validate(notebook)
    MetadataValidatorV3().validate_nb(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert all(cell.get("execution_count") is None for cell in notebook.cells)


def test_a_released_notebook_opens_elsewhere_without_a_warning(assignment: Assignment) -> None:
    """VS Code and Colab look for a kernelspec and a language, and for nothing unknown in ids."""
    metadata = json.loads(assignment.released.read_text(encoding="utf-8"))["metadata"]

    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["language_info"]["name"] == "python"
    assert not {"colab", "vscode", "widgets"} & metadata.keys()


def test_a_released_notebook_is_small(assignment: Assignment) -> None:
    """It opens at once."""
    assert assignment.released.stat().st_size < MOST_BYTES


def test_no_solution_is_left_in_a_release(assignment: Assignment) -> None:
    """Not one line between the solution markers of the source stands in the student's notebook."""
    text = "\n".join(cell.source for cell in released(assignment).cells)

    assert "BEGIN SOLUTION" not in text
    for line in solution_lines(assignment):
        assert line not in text


def solution_lines(assignment: Assignment) -> list[str]:
    """Lines of the solution that say something: long ones that stand nowhere else in the source."""
    source = nbformat.read(assignment.source, as_version=4)
    inside, outside = [], ""
    for cell in source.cells:
        hidden = False
        for line in cell.source.splitlines():
            hidden = (hidden or "BEGIN SOLUTION" in line) and "END SOLUTION" not in line
            if hidden and len(line.strip()) > 30 and "SOLUTION" not in line:
                inside.append(line.strip())
            elif not hidden:
                outside += line + "\n"
    return [line for line in inside if line not in outside]


def test_each_question_has_its_cells(assignment: Assignment) -> None:
    """Prose, an example, the answer, a check, hints and a picture: the rhythm of the course."""
    ids = {cell["id"] for cell in released(assignment).cells}

    for question in assignment.questions:
        assert f"{question.name}-answer" in ids
        if not question.written:
            wanted = {f"{question.name}-{part}" for part in ("text", "example", "check", "hints")}
            assert wanted - ids == set()
            assert f"{question.name}-picture" in ids


def test_three_hints_fold_away(assignment: Assignment) -> None:
    """A nudge, an idea, almost the code."""
    for cell in released(assignment).cells:
        if cell["id"].endswith("-hints"):
            assert cell.source.count("<details>") == 3, cell["id"]
            assert cell.source.count("</details>") == 3, cell["id"]


def test_a_notebook_begins_and_ends_as_a_lesson(assignment: Assignment) -> None:
    """Title and versions first; summary, exercises and references at the end."""
    ids = [cell["id"] for cell in released(assignment).cells]

    assert ids[0] == "title"
    assert "versions" in ids
    assert ids[-3:] == ["summary", "exercises", "references"]


def test_cells_are_short(assignment: Assignment) -> None:
    """One idea a cell: prose that is read, code that fits on a screen."""
    for cell in released(assignment).cells:
        if cell.cell_type == "markdown" and not cell["id"].endswith("-hints"):
            prose = [line for line in cell.source.splitlines() if not line.startswith("|")]
            assert len(" ".join(prose).split()) <= LONGEST_PROSE, cell["id"]
        if cell.cell_type == "code" and cell.metadata.grader.role == "given":
            assert len(cell.source.splitlines()) <= LONGEST_CODE, cell["id"]
