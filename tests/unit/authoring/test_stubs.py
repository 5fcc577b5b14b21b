"""Where solution markers go, so that a student sees every signature and no solution."""

from __future__ import annotations

import pytest

from grader.authoring.bridge.stubs import remark, without_prompts
from grader.notebook.markers import cut_code


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        pytest.param(
            '### BEGIN SOLUTION\ndef f(x):\n    """Doc."""\n    return 1\n### END SOLUTION',
            'def f(x):\n    """Doc."""\n    raise NotImplementedError("f: your turn")',
            id="a whole function",
        ),
        pytest.param(
            "def f(x):\n    return 1\n\n\ndef g(x):\n    return 2",
            'def f(x):\n    raise NotImplementedError("f: your turn")\n\n\n'
            'def g(x):\n    raise NotImplementedError("g: your turn")',
            id="no markers",
        ),
        pytest.param(
            "x = 5 # SOLUTION",
            'x = ...\nraise NotImplementedError("q: your turn")',
            id="a variable",
        ),
        pytest.param(
            "def f(x):\n    y = 2 # SOLUTION NO PROMPT\n    return y # SOLUTION",
            'def f(x):\n    raise NotImplementedError("f: your turn")',
            id="lines",
        ),
        pytest.param(
            "#BEGIN SOLUTION\nclass A:\n    def m(self):\n        return 1\n#END SOLUTION",
            'class A:\n    def m(self):\n        raise NotImplementedError("A: your turn")',
            id="a class",
        ),
    ],
)
def test_the_stub_keeps_the_signature(source, stub):
    """What a student gets names every function and holds none of the solution."""
    remarked, _ = remark(source)

    assert cut_code(remarked, "q", (), "here") == stub


def test_a_marker_of_otters_goes_with_its_prompt():
    """The text that otter shows instead of the solution is no part of the program."""
    text, had = without_prompts('x = 1\n""" # BEGIN PROMPT\nx = ...\n"""; # END PROMPT\ny = 2')

    assert (text, had) == ("x = 1\ny = 2", True)


def test_a_long_line_is_read_in_no_time():
    """A line of many marks is no solution, and costs one pass."""
    source = "x = 1 " + "#" * 100_000

    assert remark("### BEGIN SOLUTION\n### END SOLUTION\n" + source)[0] == source
