"""What is said of calls and cells that gave no value, and what is not."""

import re

import numpy as np
import pytest

from grader.compare import explain_failure
from grader.compare.raised import explain_cell
from grader.compare.remedies import MESSAGES, recognised
from grader.records import Cell, CellRun, Ending, Execution, Program, Raised, Reply

SOURCE = """def conv2d(x, w, b, stride=1):
    size = x.shape[0] / 2
    out = np.zeros((size, 3))
    raise ValueError(str(x))
    return helper(out)"""
PROGRAM = Program(
    (
        Cell("import numpy as np\n%matplotlib inline\nearly = 1", "given"),
        Cell(SOURCE, "answer", "conv2d"),
        Cell("def helper(x):\n    return late + x"),
        Cell("late = 3"),
    )
)


def said(type_, message="", line=3, cell=1, program=PROGRAM, *, execution=None, function="conv2d"):
    reply = Reply(Ending.RAISED, raised=Raised(type_, message, cell, line))
    found = explain_failure(reply, function, program, execution)
    return f"{found.happened} {found.expected} {found.try_}"


def real_message(code):
    """The exception that this Python and NumPy raise for a piece of code."""
    try:
        exec(code, {"np": np})
    except Exception as error:  # noqa: BLE001
        return type(error).__name__, str(error)
    raise AssertionError(f"{code} raises nothing")


REAL = {
    "np.zeros((2.0, 3))": "//",
    "np.zeros(2.0)": "//",
    "range(2.0)": "//",
    "[1] * 2.0": "//",
    "[1][1.0]": "//",
    "np.ones(3)[1.0]": "//",
    "np.ones(3)[:1.0]": "//",
    "np.pad(np.ones(3), 1.5)": "//",
    "np.ones((2, 3)) + np.ones(2)": "last axis backwards",
    "a = np.ones(3); a += np.ones((2, 3))": "last axis backwards",
    "np.einsum('ij,jk', np.ones((2, 3)), np.ones((2, 3)))": "last axis backwards",
    "np.pad(np.ones(3), ((1, 1), (1, 1)))": "np.pad",
    "a = np.ones(3); a[:] = np.ones(4)": "slice",
    "a = np.ones(3); a[0] = np.ones(2)": "single place",
    "np.ones(3).reshape(2, 2)": "number of elements",
    "np.ones(4).reshape(-1, -1)": "-1",
    "np.ones((2, 3)) @ np.ones((2, 3))": "matrix product",
    "np.dot(np.ones((2, 3)), np.ones((2, 3)))": "matrix product",
    "np.tensordot(np.ones((2, 3)), np.ones((2, 3)), axes=1)": "tensordot",
    "np.ones(3).transpose(0, 1)": "every axis",
    "np.concatenate([np.ones((2, 2)), np.ones((3, 3))])": "joined axis",
    "np.stack([np.ones(2), np.ones(3)])": "np.stack",
    "np.array([[1, 2], [3]])": "unequal length",
    "bool(np.ones(2))": "np.where",
    "np.ones(0).max()": "empty",
    "np.zeros(-1)": "negative",
    "np.lib.stride_tricks.sliding_window_view(np.ones(2), 3)": "padded",
    "np.split(np.ones(5), 2)": "evenly",
    "a = np.ones(3); a.flags.writeable = False; a[0] = 1": "in place",
    "a = np.ones(3); a.flags.writeable = False; a += 1": "in place",
    "a, b = 1, 2, 3": "both sides",
    "a, b, c = 1, 2": "both sides",
    "np.ones(3)[5]": "length minus 1",
    "[][1]": "length minus 1",
    "()[1]": "axes",
    "np.ones((2, 3))[:, :, 0]": "axes",
    "np.float64(3)[0]": "single number",
    "np.ones((2, 3)).sum(axis=2)": "axes",
    "np.moveaxis(np.ones(2), 1, 0)": "axes",
    "a = np.ones(3, int); a += 1.5": "dtype float",
    "None + 1": "without `return`",
    "a, b = None": "without `return`",
    "None[0]": "without `return`",
    "[1] - [2]": "type",
    "1[0]": "type",
    "len(3)": "type",
    "for i in 3: pass": "range",
    "(3)()": "operator",
    "(1, 2).__setitem__(0, 1) if 0 else exec('a = (1, 2); a[0] = 1')": "tuple",
    "1 / 0": "is 0",
    "f = lambda: f(); f()": "without end",
    "np.linalg.inv(np.zeros((2, 2)))": "inverse",
    "{}['a']": "key",
    "import math; math.sqrt(-1)": "root",
    "np.random.default_rng(0).binomial(1, 2.0)": "probability",
}


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("code", REAL)
def test_messages_of_the_installed_libraries_are_recognised(code):
    """The sentences are those that this Python and this NumPy really say."""
    type_, message = real_message(code)

    known = recognised(type_, message)

    assert known is not None
    assert REAL[code] in known.remedy


def test_a_recognised_message_is_shown_with_the_students_line():
    """Sizes by `/` are named as what they are."""
    text = said("TypeError", "'float' object cannot be interpreted as an integer")

    assert text.startswith("`conv2d` raised TypeError: 'float' object cannot be interpreted as an")
    assert "`out = np.zeros((size, 3))`" in text
    assert "`//`" in text


@pytest.mark.parametrize(
    ("type_", "message"),
    [
        ("ValueError", "0.123456 is the input"),
        ("NameError", "name 'x_0_123456' is not defined"),
        ("AttributeError", "'numpy.ndarray' object has no attribute 'x_0_123456'"),
        ("AttributeError", "'x_0_123456' object has no attribute 'shape'"),
        ("IndexError", "index 12345678901234567 is out of bounds for axis 0 with size 3"),
        ("IndexError", "index 1 is out of bounds for axis 0 with size 3\n0.123456"),
        ("IndexError", "index ٣ is out of bounds for axis 0 with size 3"),
        ("KeyError", "'0.123456'"),
        ("RecursionError", "maximum recursion depth exceeded 0.123456"),
        ("TypeError", "expected a sequence of integers or a single integer, got '0.123456'"),
        ("ModuleNotFoundError", "No module named 'x_0_123456'"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: '0.123456'"),
        ("Secret_0_123456", "x"),
        ("", ""),
        ("__import__", "0.123456"),
        ("NotImplementedError", "0.123456"),
        ("ImportError", "cannot import name '0.123456' from 'x' (/a/b)"),
        ("TypeError", "unsupported operand type(s) for +: 'x_0_123456' and 'int'"),
        ("ValueError", "cannot reshape array of size 3 into shape (123456123456,2)"),
        ("MemoryError", "0.123456"),
        (
            "ValueError",
            "operands could not be broadcast together with shapes "
            + f"({','.join(['123456'] * 10)}) (2,3)",
        ),
    ],
)
def test_a_message_that_may_carry_a_hidden_input_is_not_shown(type_, message):
    """Only whole known sentences about shapes, small numbers and own names are repeated."""
    text = said(type_, message)

    assert not any(part in text for part in ("123456", "Secret", "٣", "__import__", "/a/b"))
    assert "`conv2d`" in text or "notebook" in text


def test_the_students_own_raise_says_nothing_but_its_line():
    """What a `raise` of the student's says is the student's text, not Python's."""
    text = said("IndexError", "index 7 is out of bounds for axis 0 with size 3", line=4)

    assert "index 7" not in text
    assert "`raise ValueError(str(x))`" in text


@pytest.mark.parametrize(
    ("line", "type_", "own"),
    [
        ("if x > 3: raise ValueError('no ' + str(x))", "ValueError", True),
        ("if len(x) > 3: raise ValueError", "TypeError", False),
        ("else: assert x", "AssertionError", True),
        ("if x: y = raised[3]", "IndexError", False),
    ],
)
def test_a_raise_behind_a_condition_is_the_students_own(line, type_, own):
    """In one line with its `if` too, unless it is the condition that raised."""
    program = Program((Cell(line, "answer", "conv2d"),))

    text = said(type_, "secret", line=1, cell=0, program=program)

    assert ("by a line of your own" in text) is own


def test_another_exception_than_the_asked_one_is_told_which():
    """Where refusing is right, nobody is told that an answer is expected."""
    program = Program((Cell("assert x < 3", "answer", "f"),))
    raised = (Raised("AssertionError", "", 0, 1), Raised("IndexError", "", 0, 1))

    for each in raised:
        reply = Reply(Ending.RAISED, raised=each)
        found = explain_failure(reply, "f", program, wanted="ValueError")
        assert found.expected == "ValueError is expected for these arguments."
    assert "raise ValueError in that line" in found.try_


def test_names_of_the_students_own_source_are_shown():
    """A name that stands in the source tells nobody anything new."""
    assert "'stride'" in said("TypeError", "conv2d() got an unexpected keyword argument 'stride'")
    unknown = said("TypeError", "conv2d() got an unexpected keyword argument 'padding'")
    assert "padding" not in unknown
    assert "`def` line" in unknown


@pytest.mark.parametrize(("what", "remedy"), [("None", "`return ...`"), ("a layer", "`layer(x)`")])
def test_a_function_of_tensors_that_returned_none_is_not_said_to_raise(what, remedy):
    """The course's own code raised, on its way to a model: the student's only forgot something."""
    message = f"the function returned {what} instead of a tensor"

    text = said("TypeError", message, line=None, cell=None, function="block")

    assert text.startswith(f"`block` returned {what}. A tensor is expected.")
    assert remedy in text


def test_a_stub_is_not_yet_filled():
    """NotImplementedError of the stub is no mistake, only work to do."""
    assert "`conv2d` is not yet filled." in said("NotImplementedError", "conv2d: your turn")


@pytest.mark.parametrize(
    ("ending", "part"),
    [
        (Ending.OUT_OF_TIME, "time limit"),
        (Ending.OUT_OF_MEMORY, "memory"),
        (Ending.EXITED, "ended the Python process"),
        (Ending.PROTOCOL, "too large or too deeply nested"),
        (Ending.SKIPPED, "was not tried"),
        (Ending.FINISHED, "ended"),
        (Ending.RAISED, "ended"),
    ],
)
def test_every_ending_has_a_sentence(ending, part):
    """A call that gives no value is explained, however it ended."""
    assert part in explain_failure(Reply(ending), "conv2d", None).happened


def test_a_missing_function_is_traced_to_the_cell_that_ended_early():
    """The cell that should have defined the function is quoted by its first line."""
    runs = [CellRun(Ending.FINISHED)] * 4
    runs[1] = CellRun(Ending.OUT_OF_TIME)

    text = said(
        "NameError", "name 'conv2d' is not defined", None, None, execution=Execution(tuple(runs))
    )

    assert "`def conv2d(x, w, b, stride=1):` should define it but ended early" in text
    assert "ended early. It did not answer within the time limit" in text


@pytest.mark.parametrize(
    ("line", "raised", "part"),
    [
        ("import torch", Raised("ModuleNotFoundError", "No module named 'torch'", 0, 1), "`torch`"),
        ("print 'hi'", Raised("SyntaxError", "Missing parentheses in call to 'print'", 0, 1), "3"),
        ("f(x))", Raised("SyntaxError", "unmatched ')'", 0, 1), "bracket.*newer than the Python"),
        ("\tx = 1", Raised("TabError", "inconsistent use of tabs", 0, 1), "tab by four spaces"),
        ("  x", Raised("IndentationError", "unexpected indent", 0, 1), "four spaces"),
    ],
)
def test_a_missing_function_says_why_its_cell_ended(line, raised, part):
    """Whoever runs the cell at home without an error must be told what is different here."""
    program = Program((Cell(f"{line}\ndef conv2d(x):\n    return x", "answer", "conv2d"),))
    execution = Execution((CellRun(Ending.RAISED, raised=raised),))
    missing = "name 'conv2d' is not defined"

    text = said("NameError", missing, None, None, program, execution=execution)

    assert f"`{line.strip()}`" in text
    assert re.search(part, text)


def test_a_missing_function_is_told_apart_from_a_lost_one():
    """No cell defines it, or one does and it is gone."""
    missing = "name 'relu' is not defined"
    assert "No cell" in said("NameError", missing, None, None, function="relu")
    assert "gone" in said("NameError", "name 'conv2d' is not defined", None, None)
    assert "No cell" in said("NameError", "name 'conv2d' is not defined", None, None, None)


def test_a_name_left_over_from_an_earlier_run_is_named():
    """A name that no cell defines comes from an earlier run or another file."""
    program = Program((Cell("def f(x):\n    return scale * x"),))

    text = said("NameError", "name 'scale' is not defined", 2, 0, program, function="f")

    assert "`scale`" in text
    assert "run from the top in a fresh kernel" in text
    assert "left over from an earlier run" in text


def test_a_cell_that_needs_a_later_cell_is_told_to_wait():
    """Run from the top, a name that only a later cell defines does not exist yet."""
    program = Program((Cell("y = later + 1"), Cell("later = 2")))
    run = CellRun(Ending.RAISED, raised=Raised("NameError", "name 'later' is not defined", 0, 1))

    found = explain_cell(run, 0, program)

    assert found is not None
    assert "which runs later: move that cell up" in found.try_


def test_a_cell_that_finished_needs_no_words():
    """Only cells that did not run to their end are explained."""
    assert explain_cell(CellRun(Ending.FINISHED), 0, PROGRAM) is None
    hung = explain_cell(CellRun(Ending.OUT_OF_TIME), 1, PROGRAM)
    assert hung is not None
    assert hung.happened.startswith("The cell that begins with `def conv2d")


def test_modules_are_libraries_or_files_of_ones_own():
    """A missing library and a missing helper file have different remedies."""
    program = Program((Cell("import torch\nfrom cs231n.layers import conv"),))
    library = said("ModuleNotFoundError", "No module named 'torch'", 1, 0, program)
    helper = said("ModuleNotFoundError", "No module named 'cs231n'", 2, 0, program)

    assert "is not installed" in library
    assert "copy the functions" in helper


def test_an_error_without_a_program_is_still_explained():
    """Nothing is known of the source: no line, no names."""
    text = said("UnboundLocalError", "cannot access local variable 'out'", program=None)

    assert text.startswith("`conv2d` raised UnboundLocalError.")


@pytest.mark.parametrize(
    ("cell", "line"), [(9, 1), (1, 99), (-1, 1), (1, 0), (1, -3), (None, None)]
)
def test_a_place_that_does_not_exist_is_left_out(cell, line):
    """The place comes from the box too and may be invented."""
    assert "in your line" not in said("ValueError", "x", line, cell)


def test_long_lines_are_shortened():
    """A line of the student's is shown up to 100 characters."""
    program = Program((Cell("x = '" + "a" * 5000 + "'"),))

    assert len(said("ValueError", "x", 1, 0, program)) < 400


def test_patterns_answer_fast_on_hostile_text():
    """No sentence backtracks: a long message is judged at once."""
    hostile = [
        "operands could not be broadcast together with shapes (" + "1," * 30_000,
        "unsupported operand type(s) for " + "*" * 60_000,
        "cannot reshape array of size " + "1" * 60_000,
        "maximum recursion depth exceeded" + " " * 60_000,
        "operands could not be broadcast together with remapped shapes [original->remapped]: ("
        + "1, " * 20_000,
    ]
    for message in hostile:
        assert not any(each.fits(each.type, message) for each in MESSAGES)


def test_empty_lines_at_the_top_of_a_cell_are_not_counted():
    """Jupyter drops them, so the line that is quoted is the one that failed."""
    program = Program((Cell(f"\n\n{SOURCE}", "answer", "conv2d"),))

    assert "np.zeros((size, 3))" in said("TypeError", "x", line=3, cell=0, program=program)


def test_a_stub_inside_of_a_keras_layer_is_not_yet_filled():
    """Keras writes the arguments around what `call` raises."""
    message = (
        "Exception encountered when calling Dropout.call().\n\nDropout: your turn\n\nArguments"
    )

    assert "not yet filled" in said("NotImplementedError", message)
