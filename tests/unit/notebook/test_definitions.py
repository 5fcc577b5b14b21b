"""The policy `definitions` keeps what defines, at its line."""

import pytest

from grader.notebook.definitions import definitions_only


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np",
        "from math import pi",
        "@jit\ndef f(x):\n    print(x)",
        "class A:\n    x = run()",
        "SIZES = [1, 2, (3, -4)]",
        "conv2d = my_conv2d",
        "f = lambda x: g(x)",
        "f = functools.partial(g, 3)",
        "x: int = 3",
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None",
        "this is no Python",
    ],
)
def test_what_defines_is_kept(source: str) -> None:
    """Imports, functions, classes, constants, other names for functions."""
    assert definitions_only(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "x = train()",
        "for i in x:\n    y = i",
        "x = [f for f in y]",
        "f(3)",
        "del x",
        "%%bash\nls",
        "!ls",
    ],
)
def test_what_does_something_is_left_out(source: str) -> None:
    """Calls, loops and their results are not needed to call a function."""
    assert definitions_only(source) == ""


def test_lines_keep_their_numbers() -> None:
    """A blank line stands for each that was left out."""
    source = "print(1)\nprint(\n    2)\ndef f():\n    return 1\nf()"

    assert definitions_only(source) == "\n\n\ndef f():\n    return 1"
