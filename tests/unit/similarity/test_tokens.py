"""What a copier can change without effort changes no token."""

from __future__ import annotations

import pytest

from grader.similarity.prints import Answer, prints
from grader.similarity.tokens import chosen_names, read_trees, units

ORIGINAL = """
def pool(x, size=2):
    rows = x.shape[2] // size
    out = np.zeros((len(x), rows))
    for i in range(rows):
        out[:, i] = x[:, i * size].max(axis=1)
    return out
"""
SAME = {
    "names": ORIGINAL.replace("rows", "n").replace("out", "result").replace("size", "s"),
    "comments": ORIGINAL.replace("    return", "    # the end\n    return"),
    "docstring": ORIGINAL.replace("size=2):", 'size=2):\n    """Pools."""'),
    "annotations": ORIGINAL.replace("size=2)", "size: int = 2) -> np.ndarray"),
    "an annotated name": ORIGINAL.replace("rows =", "rows: int ="),
    "layout": ORIGINAL.replace("len(x), rows", "\n        len(x),\n        rows,\n    "),
    "literals": ORIGINAL.replace("// size", "// size").replace("shape[2]", "shape[3]"),
    "prints": ORIGINAL.replace("    return", "    print(out.shape)\n    return"),
    "imports": "import numpy as np" + ORIGINAL,
    "magics": "%matplotlib inline" + ORIGINAL,
}
OTHER = {
    "another method": ORIGINAL.replace(".max(", ".min("),
    "another function": ORIGINAL.replace("range(", "reversed("),
    "another operator": ORIGINAL.replace("//", "/"),
    "another keyword": ORIGINAL.replace("axis=", "where="),
}


def tokens(source: str) -> list[tuple[str, ...]]:
    (tree,) = read_trees([source])
    assert tree is not None
    return [part.tokens for part in units(tree, chosen_names([tree]))]


@pytest.mark.parametrize("name", SAME)
def test_a_disguise_leaves_the_tokens_as_they_are(name):
    """Names, comments, layout, literals and what says nothing make no difference."""
    assert tokens(SAME[name]) == tokens(ORIGINAL)


@pytest.mark.parametrize("name", OTHER)
def test_other_code_has_other_tokens(name):
    """Which function, operator or keyword of a library is used does make a difference."""
    assert tokens(OTHER[name]) != tokens(ORIGINAL)


def test_adding_in_place_is_an_assignment():
    """`a += b` and `a = a + b` are the same."""
    assert tokens("total = 0\ntotal += x") == tokens("total = 0\ntotal = total + x")


def test_functions_and_methods_may_stand_in_any_order():
    """The order of functions in a cell, and of methods in a class, means nothing."""
    body = ORIGINAL.strip().splitlines()
    first = "\n".join(body).replace("pool", "one")
    second = "def two(x):\n    return np.sqrt(x @ x.T + np.einsum('ij->i', x)[:, None]) / x.sum()"

    there, back = f"{first}\n{second}", f"{second}\n{first}"

    assert prints([Answer("q", there)]) == prints([Answer("q", back)])


def test_code_that_is_no_python_is_named():
    """A cell that cannot be read is listed, and the others are still compared."""
    found = prints([Answer("conv2d", "def conv2d(:"), Answer("pool", ORIGINAL)])

    assert found.unread == ("conv2d",)
    assert found.of


@pytest.mark.parametrize("source", ["x = " + "+".join(["1"] * 5000), "(" * 5000, "x" * 300_000])
def test_hostile_code_breaks_nothing(source):
    """Neither depth nor length makes reading fail."""
    prints([Answer("q", source)])
