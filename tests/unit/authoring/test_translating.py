"""What of a test cell becomes a hidden test, and what stays for a person."""

from __future__ import annotations

import ast

import pytest

from grader.authoring.bridge.draft import GradedCell
from grader.authoring.bridge.scope import read_scope
from grader.authoring.bridge.translating import translate_test

ANSWERS = """\
def f(*values, **more):
    return values

def g(x):
    return x

class Account:
    pass

total = 3
"""
GIVEN = """\
import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
from nose.tools import assert_equal, assert_raises
import pytest, os

def helper(x):
    return x

data = np.array([1.0, 2.0])
table = load()
"""


def translated(source: str, output: str | None = None) -> str:
    """The statements of the hidden test, each on a line."""
    body = _body(source, output)
    assert not body.left
    return "\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in body.statements)


def _body(source: str, output: str | None = None):
    scope = read_scope([ANSWERS], [GIVEN], [source])
    cell = GradedCell(1, "cell", source, 1.0, output, is_doctest=output is not None)
    return translate_test(cell, scope)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert f(1) == 2", "assert_holds(operator.eq, student.f(1), 2)"),
        ("assert 2 == f(1)", "assert_holds(operator.eq, student.f(1), 2)"),
        ("assert f(g(1)) > 0", "assert student.f(student.g(1)) > 0"),
        ("assert f(1) is None, 'no value'", "assert student.f(1) is None, 'no value'"),
        ("assert f(1), f'{f(2)}'", "assert student.f(1)"),
        ("assert type(f(1)) == int", "assert type(student.f(1)) == int"),
        (
            "assert f(1) == 1 and g(2) == 2",
            "assert_holds(operator.eq, student.f(1), 1)\n"
            "assert_holds(operator.eq, student.g(2), 2)",
        ),
        (
            "assert np.allclose(f(data), [1], atol=1e-3)",
            "assert_holds(np.allclose, student.f(reference.probes.value_of(reference.data)), "
            "[1], atol=0.001)",
        ),
        (
            "assert_allclose(f(np.eye(3)), 1, rtol=1e-5)",
            "assert_explained(np.testing.assert_allclose, student.f(np.eye(3)), 1, rtol=1e-05)",
        ),
        ("assert_equal(f(1), 2)", "assert_holds(operator.eq, student.f(1), 2)"),
        (
            "assert f(2) == helper(2)",
            "assert_holds(operator.eq, student.f(2), reference.helper(2))",
        ),
        (
            "assert total == 3",
            "assert_holds(operator.eq, student.probes.value_of(student.total), 3)",
        ),
        ("assert f(lambda x: x + 1, np.sin) == 1",
         "assert_holds(operator.eq, student.f(lambda x: x + 1, np.sin), 1)"),
        ("with pytest.raises(ValueError):\n    f(0)",
         "assert_raises_kind(student.f, ValueError, 0)"),
        ("assert_raises(ValueError, f, 0)", "assert_raises_kind(student.f, ValueError, 0)"),
        (
            "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
            "assert_raises_kind(student.f, ValueError, 0)",
        ),
        (
            "for x, y in [(1, 2), (3, 4)]:\n    assert f(x) == y",
            "for x, y in [(1, 2), (3, 4)]:\n    assert_holds(operator.eq, student.f(x), y)",
        ),
        (
            "np.random.seed(0)\nx = np.random.rand(3)\nassert f(x) > 0",
            "seeded = np.random.RandomState(0)\nx = seeded.rand(3)\nassert student.f(x) > 0",
        ),
        (
            "account = Account(5)\nassert account.balance == 5",
            "account = student.Account(5)\nassert_holds(operator.eq, account.balance, 5)",
        ),
        ("assert f(1) == 1\nprint('Well done!')", "assert_holds(operator.eq, student.f(1), 1)"),
        ("### AUTOTEST f(2)", "assert_close(student.f(2), reference.f(2))"),
        ("### HASHED AUTOTEST type(f(2))", "assert type(student.f(2)) is type(reference.f(2))"),
        (
            "def test_it(f):\n    assert f(1) == 1\n\ntest_it(f)",
            "assert_holds(operator.eq, student.f(1), 1)",
        ),
    ],
)  # fmt: skip
def test_what_asks_a_function_for_data_is_translated(source, expected):
    """A call of the answer goes out to the student's box, and the comparison stays."""
    assert translated(source) == expected


@pytest.mark.parametrize(
    ("source", "output", "expected"),
    [
        ("f(1) == 2", "True", "assert_holds(operator.eq, student.f(1), 2)"),
        ("f(1)", "np.float64(2.5)", "assert_holds(operator.eq, student.f(1), np.float64(2.5))"),
        ("f(1)", "array([1, 2])", "assert_holds(operator.eq, student.f(1), np.array([1, 2]))"),
        ("x = f(1)\nlen(x)", "2", "x = student.f(1)\nassert_holds(operator.eq, len(x), 2)"),
    ],
)
def test_the_saved_output_of_a_doctest_is_a_value(source, output, expected):
    """Values are compared, never the text that they print."""
    assert translated(source, output) == expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("print(f(1))", "prints"),
        ("assert f(np.random.rand(3)) > 0", "random numbers"),
        ("assert f(open('x').read()) == 1", "`open`"),
        ("assert f(os.getcwd()) == 1", "may not run outside the box"),
        ("assert f(table) == 1", "`table`"),
        ("assert f(unknown) == 1", "`unknown`"),
        ("def check(x):\n    return f(x)\nassert check(1)", "the helper `check`"),
        ("assert f(1) == {1, 2}", "sets"),
        ("assert f.__name__ == 'f'", "private attribute"),
        ("assert f(().__class__) == 1", "private attribute"),
        ("assert f(np.load('x.npy')) == 1", "numpy.load"),
        ("assert f(np.zeros(10**9)) == 1", "computed"),
        ("assert f(np.zeros((100000, 100000))) == 1", "very large"),
        ("assert f([0] * 10000000) == 1", "many times"),
        ("assert f(9 ** 9 ** 9) == 1", "power"),
        ("assert f('%999999999d' % 1) == 1", "formats"),
        ("data_of_mine = [1]\nassert data_of_mine == [1]", "nothing that the answer returned"),
        ("f = None\nassert f is None", "`f`, which the notebook uses too"),
        ("assert f(1).tofile('x') is None", "tofile"),
        ("with open('x') as file:\n    assert f(file)", "waits for no exception"),
        ("try:\n    f(1)\nexcept Exception:\n    pass\nelse:\n    raise AssertionError", "`try`"),
        ("%timeit f(1)", "not plain Python"),
        ("while True:\n    assert f(1)", "While"),
        ("exec('f(1)')", "`exec`"),
        ("assert total is not None", "not yet assigned"),
        ("assert f(*[1]) == (lambda: 1)()", "no name"),
    ],
)
def test_what_is_not_certain_is_left_with_its_reason(source, reason):
    """A person gets the code and why; nothing is guessed, and nothing of it acts on the host."""
    left = _body(source).left

    assert any(reason in each.why for each in left), [each.why for each in left]


def test_the_rest_of_a_cell_is_translated():
    """One line that stays behind does not take the others with it."""
    body = _body("assert f(1) == 1\nprint(f(1))\nassert g(1) == 1")

    assert len(body.statements) == 2
    assert [each.code for each in body.left] == ["print(f(1))"]


def test_what_a_left_line_defines_is_unknown_after_it():
    """A value that was not made is not compared with."""
    body = _body("x = open('x')\nassert f(x) == 1")

    assert len(body.left) == 2
    assert not body.statements


def test_values_of_tables_are_left():
    """Where pandas is used, what an answer returns need not be data."""
    scope = read_scope([ANSWERS], ["import pandas as pd"], [])
    body = translate_test(GradedCell(1, "cell", "assert f(1).shape == (2, 3)", 1.0), scope)

    assert "table" in body.left[0].why
