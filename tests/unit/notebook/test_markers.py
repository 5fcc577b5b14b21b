"""Solutions leave, signatures and docstrings stay, and an unbalanced marker is named."""

import pytest

from grader.errors import CourseError
from grader.notebook.markers import cut_code, cut_prose, has_markers

WHERE = "tiny.ipynb, cell 4 (double)"


def cut(source: str, *functions: str) -> str:
    return cut_code(source, "double", functions, WHERE)


@pytest.mark.parametrize("fence", ["# {} SOLUTION", "## {} SOLUTION", "### {} SOLUTION"])
def test_a_region_becomes_a_raise_with_its_own_indentation(fence: str) -> None:
    """Nbgrader's three hashes and a single one enclose a region alike."""
    begin, end = fence.format("BEGIN"), fence.format("END")

    stub = cut(f"def f(x):\n    if x:\n        {begin}\n        x = 7\n        {end}\n    return x")

    raised = 'raise NotImplementedError("f: your turn")'
    assert stub == f"def f(x):\n    if x:\n        {raised}\n    return x"


def test_several_regions_of_one_function_become_one_raise() -> None:
    """The first region tells the student; the others go without a trace."""
    source = (
        "def f(x):\n    # BEGIN SOLUTION\n    y = 1\n    # END SOLUTION\n    z = 2\n"
        "    # BEGIN SOLUTION\n    return y\n    # END SOLUTION"
    )

    assert cut(source) == 'def f(x):\n    raise NotImplementedError("f: your turn")\n    z = 2'


def test_a_line_that_ends_with_the_marker_is_replaced() -> None:
    """`# SOLUTION` at a line's end is a region of that line."""
    stub = cut('def f(x):\n    """Doc."""\n    return 42  # SOLUTION')

    assert stub == 'def f(x):\n    """Doc."""\n    raise NotImplementedError("f: your turn")'


def test_a_region_in_a_method_names_the_class() -> None:
    """A student is asked for the class, whichever of its methods runs first."""
    stub = cut("class L:\n    def call(self):\n        return 1  # SOLUTION")

    assert "L: your turn" in stub


def test_a_region_outside_of_functions_names_the_question() -> None:
    """Where no function is around, the question is the student's turn."""
    assert cut("x = 3  # SOLUTION") == 'raise NotImplementedError("double: your turn")'


def test_a_hidden_helper_leaves_no_trace_beside_a_stub() -> None:
    """A raise at the top of the cell would keep the stub below it from being defined."""
    source = (
        "# BEGIN SOLUTION\ndef helper():\n    return 2\n# END SOLUTION\n"
        "def f(x):\n    return helper() * x  # SOLUTION"
    )

    assert cut(source) == 'def f(x):\n    raise NotImplementedError("f: your turn")'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f():\n    # BEGIN SOLUTION\n    pass", "line 2: BEGIN SOLUTION without an END"),
        ("def f():\n    pass\n    # END SOLUTION", "line 3: END SOLUTION without a BEGIN"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION\n", "line 2: BEGIN SOLUTION inside"),
        ("def f(:\n    return 1  # SOLUTION", "the solution is not valid Python"),
        (
            "def f(x):\n    for i in x:  # SOLUTION\n        pass\n    return x",
            "what is left outside the solution markers is not valid Python",
        ),
        ("# BEGIN SOLUTION\ndef f(x):\n    return x\n# END SOLUTION", "the stub of f loses"),
        (
            'def f(x):\n    # BEGIN SOLUTION\n    """D."""\n    # END SOLUTION',
            "the stub of f loses",
        ),
    ],
    ids=["open", "close", "nested", "syntax", "block", "signature", "docstring"],
)
def test_markers_that_cannot_be_cut_are_named_by_place(source: str, reason: str) -> None:
    """The author learns which notebook, which cell, which line."""
    with pytest.raises(CourseError, match=reason) as caught:
        cut(source, "f")

    assert str(caught.value).startswith("tiny.ipynb, cell 4 (double)")


def test_a_written_answer_becomes_the_place_for_one() -> None:
    """The question's text stays, the model answer goes."""
    source = "**Why?**\n<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->"

    assert cut_prose(source, WHERE) == "**Why?**\n*Your answer here.*"


def test_magics_in_an_answer_do_not_hinder_the_cut() -> None:
    """A notebook's own syntax is not an error of the author's."""
    stub = cut("%matplotlib inline\ndef f(x):\n    return x  # SOLUTION")

    assert stub.startswith("%matplotlib inline\ndef f(x):")


@pytest.mark.parametrize("source", ["x = 1", "# the SOLUTION is near", "print('BEGIN SOLUTION')"])
def test_talk_of_solutions_is_no_marker(source: str) -> None:
    """Only a comment that says nothing else is a marker."""
    assert not has_markers(source)
