"""What pytest has collected from a hidden test file: checked, and in the order of the notebook."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from grader.course import Assignment
from grader.errors import CourseError


@dataclass(frozen=True)
class HiddenTest:
    """One collected test. `title` is the docstring's first sentence, which the student reads."""

    name: str
    question: str
    title: str
    weight: float
    reveal: bool


def name_of(item: pytest.Item) -> str:
    """The test's name within its file, with the class and the parameters: `test_values[2-1]`."""
    return item.nodeid.partition("::")[2]


def read(item: pytest.Item, assignment: Assignment) -> HiddenTest:
    """What the marks and the docstring say; `CourseError` where they say too little."""
    marks = list(item.iter_markers("question"))
    if len(marks) != 1 or len(marks[0].args) != 1:
        raise CourseError(
            f"The hidden test {_place(item)} has {len(marks)} question marks, expected one: "
            '@pytest.mark.question("name").'
        )
    return HiddenTest(
        name=name_of(item),
        question=assignment.question(str(marks[0].args[0])).name,
        title=_title(item),
        weight=_weight(item),
        reveal=item.get_closest_marker("reveal") is not None,
    )


def arranged(
    items: Iterable[pytest.Item], assignment: Assignment
) -> Iterator[tuple[HiddenTest, pytest.Item]]:
    """The tests in the order of the questions, and within one as they stand in the file."""
    order = {question.name: place for place, question in enumerate(assignment.questions)}
    pairs = [(read(item, assignment), item) for item in items]
    return iter(sorted(pairs, key=lambda pair: order[pair[0].question]))


def check_complete(tests: Iterable[HiddenTest], assignment: Assignment) -> None:
    """Every question that a program grades has a hidden test, or its points could not be had."""
    tested = {test.question for test in tests}
    for question in assignment.questions:
        if not question.written and question.name not in tested:
            raise CourseError(
                f"{assignment.tests.name} has no test of the question {question.name!r}. Write one "
                "with that question mark, or set written = true in assignment.toml."
            )


def _title(item: pytest.Item) -> str:
    text = inspect.getdoc(getattr(item, "function", None)) or ""
    title = " ".join(text.partition("\n\n")[0].split())
    if not title:
        raise CourseError(
            f"The hidden test {_place(item)} has no docstring, expected one sentence that says "
            "what it checks: the student reads it."
        )
    return title


def _weight(item: pytest.Item) -> float:
    mark = item.get_closest_marker("weight")
    if mark is None:
        return 1.0
    weight = mark.args[0] if len(mark.args) == 1 else None
    if not isinstance(weight, int | float) or not weight > 0:
        raise CourseError(
            f"The hidden test {_place(item)} has the weight {weight!r}, expected a positive "
            "number: @pytest.mark.weight(2)."
        )
    return float(weight)


def _place(item: pytest.Item) -> str:
    path, line, _ = item.location
    return f"{name_of(item)} ({path}:{(line or 0) + 1})"
