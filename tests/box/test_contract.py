"""What every box promises: values round trip, and whatever a submission does is a value."""

# ruff: noqa: E501  (students write long lines)

from __future__ import annotations

import os

import numpy as np
import pytest

from grader.inside.wire import Handle, Opaque
from grader.records import Ending, Raised, Reply

ECHO = "def echo(x):\n    return x"
GOOD = "def good():\n    return 42"

VALUES = {
    "none": None,
    "bool": True,
    "big integer": 10**40,
    "float": -0.5,
    "nan": float("nan"),
    "complex": 1 + 2j,
    "text": "größer \N{SNOWMAN}\0",
    "list": [1, [2.5, "x"]],
    "tuple": (1, (2, None)),
    "dict": {"a": 1, 2: (3,), None: True},
    "float array": np.arange(12.0).reshape(3, 4),
    "empty array": np.zeros((0, 3), np.float32),
    "0-d array": np.array(3.5),
    "bool array": np.array([True, False]),
    "integer array": np.arange(5, dtype=np.uint8),
    "half": np.ones(3, np.float16),
    "complex array": np.ones((2, 2), np.complex64),
    "numpy scalar": np.float32(1.5),
    "big endian": np.arange(4, dtype=">f8"),
    "arrays in a dict": {"w": np.ones(3), "b": [np.zeros(2)]},
}


def equal(left, right) -> bool:
    if isinstance(left, np.ndarray | np.generic):
        same = left.dtype == right.dtype.newbyteorder("=") and left.shape == right.shape
        return same and np.array_equal(left, right)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return type(left) is type(right) and all(map(equal, left, right))
    return type(left) is type(right) and (left == right or np.isnan(left))


def test_values_come_back_as_they_were_sent(run):
    """None, numbers, text, containers and arrays of every numeric dtype travel by value."""
    session = run(ECHO)

    back = {name: session.call("echo", (value,)).value for name, value in VALUES.items()}

    assert {name for name, value in VALUES.items() if not equal(back[name], value)} == set()


def test_cells_run_in_order_as_in_a_notebook(run):
    """Cells share one namespace; what they print, display and raise is kept."""
    session = run("x = 1", "print('hello')\nx + 1", "x / 0", "x += 5")

    first, second, third, last = session.execution.cells
    assert [c.ending for c in (first, second, third, last)] == [
        Ending.FINISHED,
        Ending.FINISHED,
        Ending.RAISED,
        Ending.FINISHED,
    ]
    assert second.outputs[0] == {"output_type": "stream", "name": "stdout", "text": "hello\n"}
    assert second.outputs[1]["data"] == {"text/plain": "2"}
    assert third.raised == Raised("ZeroDivisionError", "division by zero", cell=2, line=1)


@pytest.mark.parametrize(
    "source",
    ["def f(:\n  pass", "await nothing", "%not_a_magic", "!true", "raise KeyError('x')"],
)
def test_a_broken_cell_costs_only_itself(run, source):
    """After a cell that fails, the next ones run."""
    session = run(source, GOOD)

    assert session.execution.cells[1].ending is Ending.FINISHED
    assert session.call("good").value == 42


def test_an_exception_names_the_students_innermost_line(run):
    """A reply says which of the student's cells and lines raised, not which of NumPy's."""
    session = run("import numpy as np", "def g(x):\n    y = 1\n    return np.linalg.inv(x)")

    reply = session.call("g", (np.zeros((2, 2)),))

    assert reply.ending is Ending.RAISED
    assert reply.raised == Raised("LinAlgError", "Singular matrix", cell=1, line=3)


def test_a_missing_function_is_a_name_error(run):
    """A function that no cell defines is told as Python tells it."""
    reply = run(GOOD).call("conv2d")

    assert reply.raised == Raised("NameError", "name 'conv2d' is not defined")


def test_arguments_changed_in_place_are_named(run):
    """Every argument is a fresh copy; those that the function changed are named."""
    session = run("def f(a, b, *, c):\n    a[0] = 9\n    c.append(1)\n    return b")
    x = np.zeros(3)

    reply = session.call("f", (x, x), {"c": []})

    assert reply.changed == ("0", "c")
    assert not x.any()


def test_a_generator_moves_on_as_if_it_were_passed_by_reference(run):
    """The state of a Generator argument after the call comes back."""
    session = run("def draw(rng):\n    return rng.normal(size=3)")
    here = np.random.default_rng(5)

    reply = session.call("draw", (np.random.default_rng(5),))

    assert np.array_equal(reply.value, here.normal(size=3))
    assert reply.generators["0"] == here.bit_generator.state


def test_the_layout_of_an_array_arrives_too(run):
    """Read-only and non-contiguous arguments are read-only and non-contiguous in the box."""
    session = run("def flags(x):\n    return x.flags.writeable, x.flags.c_contiguous")
    frozen = np.zeros(4)
    frozen.flags.writeable = False

    assert session.call("flags", (frozen,)).value == (False, True)
    assert session.call("flags", (np.zeros((4, 6))[:, ::2],)).value == (True, False)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("object()", "object"),
        ("lambda: 1", "function"),
        ("{1, 2}", "set"),
        ("(i for i in range(3))", "generator"),
        ("np.array([object()])", "ndarray of object"),
        ("np.array(['a'])", "ndarray of str32"),
    ],
)
def test_what_is_no_data_is_named_by_its_type(run, source, expected):
    """A value that cannot travel arrives as an object of its type, and as nothing else."""
    session = run(f"import numpy as np\ndef f():\n    return {source}")

    assert session.call("f").value.type_name == expected


def test_a_class_that_lies_is_no_data(run):
    """An object that claims to equal everything is an object."""
    session = run("class Liar:\n    def __eq__(self, _): return True\ndef f(): return Liar()")

    assert session.call("f").value == Handle(0, "Liar")


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    x = []\n    x.append(x)\n    return x",
        "def f():\n    x = []\n    for _ in range(20): x = [x, x]\n    return x",
        "import numpy as np\ndef f(): return [np.zeros(1)] * 70_000",
        "import numpy as np\ndef f(): return np.zeros(70_000_000, np.uint8)",
        "def f(): return 10 ** 5000",
    ],
    ids=["cycle", "tree of a million", "too many arrays", "too large", "too many digits"],
)
def test_too_much_data_is_a_protocol_ending(run, source):
    """A value beyond the wire's bounds ends the call, and the next one is served."""
    session = run(source, GOOD)

    assert session.call("f").ending is Ending.PROTOCOL
    assert session.call("good").value == 42


def test_output_during_a_call_goes_nowhere(run):
    """What a function prints, warns or displays while called with hidden inputs is thrown away."""
    session = run(
        "import sys, warnings, os\nfrom IPython.display import display\n"
        "def f(x):\n    print(x)\n    print(x, file=sys.stderr)\n    warnings.warn(str(x))\n"
        "    display(x)\n    os.write(1, b'x')\n    return 1\n"
        "def streams(): return sys.stdout.name, sys.stderr.name"
    )

    assert session.call("f", ("hidden",)) == Reply(
        Ending.FINISHED, 1, seconds=pytest.approx(0, abs=5)
    )
    assert "hidden" not in str(session.execution)
    assert session.call("streams").value == (os.devnull, os.devnull)


def test_stderr_costs_nothing(run):
    """Noise on standard error, from Python or below it, is no failure."""
    session = run("import os, sys\nos.write(2, b'noise' * 1000)\nprint('noise', file=sys.stderr)")

    assert session.execution.cells[0].ending is Ending.FINISHED


def test_the_check_cells_of_a_notebook_do_not_fail(run):
    """`from grader import check` in an answer cell finds a stub that does nothing."""
    session = run(
        "%load_ext grader\nfrom grader import check\ncheck('conv2d')", "import grader.cli"
    )

    assert session.execution.cells[0].ending is Ending.FINISHED
    assert session.execution.cells[1].raised.type == "ModuleNotFoundError"


def test_a_plot_is_shown_and_nothing_else_opens(run):
    """Matplotlib draws inline, as in a notebook."""
    session = run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")

    assert "image/png" in session.execution.cells[0].outputs[-1]["data"]


def test_exit_at_the_end_of_a_cell_ends_nothing(run):
    """`sys.exit` is told as an ending, `exit` is nothing, and later cells run."""
    session = run("def f(): return 7\nimport sys\nsys.exit(3)", "exit", "quit()", GOOD)

    endings = [cell.ending for cell in session.execution.cells]
    assert endings[0] is Ending.EXITED
    assert endings[3] is Ending.FINISHED
    assert session.call("f").value == 7


def test_variants_replace_a_function_for_one_call(run):
    """A misconception stands in its function's place for everyone who calls it, then leaves."""
    session = run("def f(x): return x + 1", "def g(x): return 10 * f(x)")

    variants = session.load_variants(
        "@misconception('f', hint='h')\ndef minus(x):\n    return f(x) - 2\n"
        "@alternative('g')\nclass both:\n    def f(x): return x\n    def g(x): return 10 * x + 10\n",
        "misconceptions.py",
    )

    assert [(v.name, v.question, v.replaces, v.hint) for v in variants] == [
        ("minus", "f", ("f",), "h"),
        ("both", "g", ("f", "g"), ""),
    ]
    assert session.call("g", (1,), variant="f.minus").value == 0
    assert session.call("g", (1,), variant="g.both").value == 20
    assert session.call("g", (1,)).value == 20


def test_a_substitute_is_answered_by_the_host(run):
    """Follow-through: the student's code calls a function that the host answers."""
    session = run(
        "def f(x): return None", "def g(x, rng):\n    return f(x, rng=rng) + rng.random()"
    )
    asked = []

    def answer(args, kwargs):
        asked.append(args)
        rng = kwargs["rng"]
        value = rng.random()
        return Reply(Ending.FINISHED, value, generators={"rng": rng.bit_generator.state})

    session.substitute({"f": answer})
    here = np.random.default_rng(1)

    assert session.call("g", (5, np.random.default_rng(1))).value == here.random() + here.random()
    assert asked == [(5,)]


def test_a_function_goes_to_a_substitute_by_its_name(run):
    """A student's code hands its block on: the host learns which one, and gets no function."""
    session = run(
        "def f(g, h): return 1", "def block(x): return x", "def use(): return f(block, len)"
    )
    asked = []

    def answer(args, kwargs):
        asked.append(args)
        return Reply(Ending.FINISHED, 2)

    session.substitute({"f": answer})

    assert session.call("use").value == 2
    assert asked == [(Opaque("function block"), Opaque("builtin_function_or_method"))]
