"""Python is read without being run, whatever stands in the cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebook.code import (
    added_imports,
    aliases,
    defined_names,
    fingerprint,
    may_define_more,
    uses,
)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): pass", {"f"}),
        ("async def f(): pass", {"f"}),
        ("class f: pass", {"f"}),
        ("f = lambda: 1", {"f"}),
        ("f, (g, *h) = x", {"f", "g", "h"}),
        ("f: int = 1", {"f"}),
        ("f: int", set()),
        ("import a.b, c as d", {"a", "d"}),
        ("from a import b as c, d", {"c", "d"}),
        ("if x:\n    def f(): pass\nelse:\n    g = 1", {"f", "g"}),
        ("try:\n    f = 1\nexcept E:\n    g = 1", {"f", "g"}),
        ("def f():\n    def g(): pass\n    h = 1", {"f"}),
        ("%matplotlib inline\ndef f(): pass", {"f"}),
        ("!pip install x\nf = !ls\ng?", {"f"}),
        ("%%time\ndef f(): pass", {"f"}),
        ("%%writefile a.py\ndef f(): pass", set()),
        ("def f(x, w b):\n    return 1", {"f"}),
        ("f = (1\nclass g: pass", {"f", "g"}),
        ("x == 3\n)", set()),
    ],
)
def test_names_that_a_cell_binds(source: str, names: set[str]) -> None:
    """Only the top level counts; a cell with an error is read line by line."""
    assert defined_names(source) == names


@pytest.mark.parametrize(
    "other", ["def f( x ):\n  return x  # fast", "# hello\n\ndef f(x):\n\n    return (x)"]
)
def test_layout_and_comments_do_not_change_a_cell(other: str) -> None:
    """A formatter is no edit."""
    assert fingerprint(other) == fingerprint("def f(x):\n    return x")


def test_code_does_change_a_cell() -> None:
    """Imports count only where they are asked for."""
    assert fingerprint("x = 1") != fingerprint("x = 2")
    assert fingerprint("import a\nx = 1") != fingerprint("x = 1")
    assert fingerprint("import a\nx = 1", imports=False) == fingerprint("x = 1", imports=False)


def test_added_imports_are_those_that_are_new() -> None:
    """The course's own are not repeated."""
    added = added_imports("import a\nfrom b import c\nimport d as e\nx = 1", "import a")

    assert added == ("from b import c", "import d as e")


@pytest.mark.parametrize(
    ("source", "forbidden", "is_used"),
    [
        ("np.convolve(x, y)", "np.convolve", True),
        ("np.convolve(x, y)", "convolve", True),
        ("numpy.convolve(x, y)", "np.convolve", True),
        ("from numpy import convolve as c\nc(x)", "np.convolve", True),
        ("from scipy.signal import correlate", "scipy", True),
        ("import scipy.signal", "scipy", True),
        ("(x + y).sum()", "sum", True),
        ("my_convolve(x)", "convolve", False),
        ("'np.convolve'", "np.convolve", False),
        ("np.convolved(x)", "np.convolve", False),
        ("scipyx.y", "scipy", False),
    ],
)
def test_forbidden_names_are_seen_through_imports(
    source: str, forbidden: str, is_used: bool
) -> None:
    """Under any alias, and not in strings or in longer names."""
    meanings = aliases(["import numpy as np", source])

    assert uses(source, forbidden, meanings) is is_used


@pytest.mark.parametrize("source", ["exec(code)", "globals()['f'] = 1", "%run other.py"])
def test_code_that_binds_out_of_sight_is_suspected(source: str) -> None:
    """An answer that reading does not show is not called missing."""
    assert may_define_more(source)


def test_ordinary_magics_hide_nothing() -> None:
    """Every notebook has one of these."""
    assert not may_define_more("%matplotlib inline\nx = executor(3)\nimport_ = 3")


@pytest.mark.parametrize(
    "source",
    [
        "-" * 100_000 + "1",
        "1" + "+1" * 50_000,
        "(" * 100_000,
        "a" + ".b" * 50_000,
        "if 1: pass\n" + "elif 1: pass\n" * 5_000,
        " " * 150_000,
        "\n" * 150_000,
        "9" * 150_000,
        "x" + "=x" * 50_000 + "\n%",
        "\0",
        "\\",
        "%%",
    ],
    ids=lambda source: source[:5].encode().hex(),
)
def test_hostile_code_neither_crashes_nor_hangs_the_reader(source: str) -> None:
    """Deep nesting, long lines and huge numbers are read like any other cell."""
    defined_names(source)
    fingerprint(source)
    may_define_more(source)
    added_imports(source, "")


@given(st.text(alphabet="def f(x):\n\t =%!?'\"#\\@[]{},.*import", max_size=60))
def test_any_text_is_read(source: str) -> None:
    """No cell makes the reader raise."""
    defined_names(source)
    fingerprint(source)
    uses(source, "f", aliases([source]))
    added_imports(source, source)
