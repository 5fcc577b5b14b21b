"""What a student reads when the notebook calls `check`."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from grader.cases import Case, Seed, freeze, public_answers
from grader.records import Variant
from grader.selfcheck import check, load_ipython_extension
from grader.selfcheck.notebook import Notebook

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 5))
DOUBLED = Variant("doubled", "linear", ("linear",), "Once is enough.")
FLOATS = Variant("float_sizes", "linear", ("sizes",), "Sizes are whole.")

RIGHT = """
def linear(x, w):
    return x @ w

def sizes(h, k):
    if k > h:
        raise ValueError("too large")
    return (h - k + 1, h // 2)
"""
CASES = [
    Case("linear", "a product by hand", "linear", (np.eye(2) * 3, np.array([[1.0, 2], [3, 4]]))),
    Case("linear", "a product of any shape", "linear", (X, W)),
    Case("linear", "the size of the output", "sizes", (7, 3)),
    Case("linear", "a kernel that is too large", "sizes", (2, 3), raises=ValueError),
    Case("dropout", "each value is kept with p", "dropout", (np.ones((99, 99)), 0.6, Seed(1)),
         view="share_kept", tolerance=0.05),
]  # fmt: skip


def functions(source):
    namespace = {"np": np, "__name__": "__main__"}
    exec(textwrap.dedent(source), namespace)
    return namespace


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the public cases of two questions, frozen from the right functions."""
    right = functions(RIGHT)
    right["dropout"] = lambda x, p, rng: x * (rng.random(x.shape) < p)
    own = CASES[:4]
    mistakes = {
        DOUBLED: public_answers(own, Notebook({**right, "linear": lambda x, w: 2 * x @ w})),
        FLOATS: public_answers(own, Notebook({**right, "sizes": lambda h, k: range(h / k)})),
    }
    (tmp_path / "layers.cases.npz").write_bytes(
        freeze(CASES, public_answers(CASES, Notebook(right)), mistakes)
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def said(folder, capsys):
    """What `check` prints for a notebook with this source."""

    def run(source, question="linear"):
        namespace = functions(source)
        namespace["check"] = check
        exec(f"check({question!r})", namespace)
        return capsys.readouterr().out

    return run


def test_a_right_answer_gets_a_smile_for_each_case(said):
    """One line a case, and a word on what is still hidden."""
    text = said(RIGHT)

    assert text.splitlines()[:4] == [f":) {case.title}" for case in CASES[:4]]
    assert "4 of 4 public checks pass. Hidden tests with other inputs decide the points." in text


def test_a_wrong_value_shows_happened_expected_and_try(said):
    """Public cases may show their numbers, where they are few."""
    text = said(RIGHT.replace("x @ w", "x @ w + 1.5"))

    assert ":( a product by hand" in text
    assert "   happened: got [[ 4.5, 7.5], [10.5, 13.5]]. The output is too large" in text
    assert "   expected: [[ 3., 6.], [ 9., 12.]]" in text
    assert "   try:      Which term is added" in text
    assert ":) the size of the output" in text
    assert "2 of 4" in text


def test_a_known_mistake_is_named_with_its_hint(said):
    """When all observations are those of a known mistake, its hint is shown."""
    text = said(RIGHT.replace("x @ w", "2 * x @ w"))

    assert "This looks like a known mistake, doubled: Once is enough." in text


def test_a_known_mistake_is_named_while_another_function_is_missing(said):
    """The cases of one function suffice, where the others are not filled or wrong otherwise."""
    text = said("def linear(x, w): return 2 * x @ w")
    both = said("def linear(x, w): return 2 * x @ w\ndef sizes(h, k): return 0")

    assert "a known mistake, doubled" in text
    assert "sizes is not defined yet" in text
    assert "a known mistake, doubled" in both


def test_an_unknown_mistake_is_not_named(said):
    """No name is better than a wrong one."""
    assert "known mistake" not in said(RIGHT.replace("x @ w", "3 * x @ w"))
    assert "known mistake" not in said(RIGHT.replace("return (h", "raise TypeError('x')\n    (h"))
    assert "known mistake" not in said(RIGHT)


def test_the_same_error_as_a_known_mistake_is_named(said):
    """Of errors the whole message counts, not the class alone."""
    text = said("def linear(x, w): return x @ w\ndef sizes(h, k): return np.zeros(range(h / k))")

    assert "float_sizes: Sizes are whole." in text


def test_a_stub_is_not_yet_filled(said):
    """A stub is work to do, not a failure, and nothing is raised."""
    text = said(
        """
        def linear(x, w):
            raise NotImplementedError("linear: your turn")
        def sizes(h, k):
            raise NotImplementedError("sizes: your turn")
        """
    )

    assert text == ":| linear is not yet filled.\n:| sizes is not yet filled.\n"


def test_a_function_that_is_not_defined_is_said_to_be_missing(said):
    """The cell was not run yet."""
    text = said("")

    assert ":( linear is not defined yet: run the cell that defines it, then check again." in text


def test_an_exception_is_shown_with_its_line(folder, tmp_path):
    """On the student's own machine the whole error is shown, and its remedy."""
    script = tmp_path / "notebook.py"
    script.write_text(
        "import numpy as np\nfrom grader import check\n"
        "def linear(x, w):\n    n = len(x) / 2\n    return np.zeros((n, 3))\n"
        "def sizes(h, k):\n    return np.product([h, k])\n"
        "check('linear')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    assert "TypeError: 'float' object cannot be interpreted as an integer, in line 5" in done.stdout
    assert "return np.zeros((n, 3))" in done.stdout
    assert "Divide with `//`" in done.stdout
    assert "`np.product` is gone since NumPy 2.0" in done.stdout


def test_a_missing_exception_is_explained(said):
    """Where no answer is right, ValueError is expected."""
    text = said(RIGHT.replace("if k > h", "if False"))

    assert "These arguments have no answer: ValueError is expected." in text


def test_a_modified_input_is_noted(said):
    """A right value with a spoilt input is right by luck."""
    text = said(RIGHT.replace("return x @ w", "y = x @ w\n    x *= 0\n    return y"))

    assert ":) a product by hand" in text
    assert "Note: linear modifies an input in place." in text


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("x * (rng.random(x.shape) < p)", ":) each value"),
        (
            "x * (rng.random(x.shape) > p)",
            "the share of values that are kept is too small, by 0.19",
        ),
        ("None", "The output is None"),
        ("x[0]", "has shape (99,)"),
        ("x * 'a'", "UFuncTypeError"),
    ],
)
def test_random_functions_are_looked_at_by_their_statistics(said, source, part):
    """Another draw is as right; another probability or shape is not."""
    text = said(f"def dropout(x, p, rng): return {source}", "dropout")

    assert part.lower() in text.lower()


def test_all_questions_are_checked_without_a_name(said):
    """`check()` goes through the notebook."""
    text = said(RIGHT, None)

    assert "linear: 4 of 4" in text
    assert "dropout is not defined yet" in text


def test_an_unknown_question_is_answered_with_those_there_are(said):
    """A misspelled name is met with the right ones."""
    assert said("", "linaer") == (
        "There is no question 'linaer' here; there are: linear and dropout.\n"
    )


def test_a_missing_file_of_cases_is_said_to_be_missing(tmp_path, monkeypatch, capsys):
    """Without the cases there is one sentence on how to get them."""
    monkeypatch.chdir(tmp_path)

    check("linear")

    assert "put it beside the notebook" in capsys.readouterr().out


def test_a_broken_file_of_cases_is_said_to_be_broken(tmp_path, monkeypatch, capsys):
    """A damaged download ends in a sentence."""
    (tmp_path / "layers.cases.npz").write_bytes(b"broken")
    monkeypatch.chdir(tmp_path)

    check("linear")

    assert "download it again" in capsys.readouterr().out


def test_another_numpy_is_noted(tmp_path, monkeypatch, capsys):
    """Where the student's NumPy is not the grader's, the first line says so."""
    (tmp_path / "a.cases.npz").write_bytes(freeze([Case("a", "t", "f")], [1], {}, "1.99.3"))
    monkeypatch.chdir(tmp_path)

    check("a")

    assert "your notebook is graded with NumPy 1.99." in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("error", ["SystemExit(3)", "RecursionError()", "ValueError(object())"])
def test_whatever_the_function_raises_check_goes_on(said, error):
    """A failing function never stops the cell."""
    text = said(f"{RIGHT}\ndef sizes(h, k):\n    raise {error}")

    assert error.partition("(")[0] in text
    assert ":) a product by hand" in text


def test_a_tensor_counts_as_its_array(said):
    """What calls itself an array is compared as one."""
    text = said(
        """
        class Tensor:
            def __init__(self, value): self.value = value
            def __array__(self, dtype=None, copy=None): return self.value
        def linear(x, w): return Tensor(x @ w)
        """
    )

    assert ":) a product of any shape" in text


def test_the_extension_defines_check():
    """`%load_ext grader` puts `check` into the notebook."""

    class Shell:
        def __init__(self):
            self.names = {}

        def push(self, names):
            self.names.update(names)

    shell = Shell()
    load_ipython_extension(shell)

    assert shell.names == {"check": check}


def test_importing_the_students_side_needs_numpy_only():
    """No pydantic, no pytest, no notebook library is imported."""
    code = (
        "import sys, grader.selfcheck; "
        "tops = {name.partition('.')[0] for name in sys.modules}; "
        "print(sorted(tops - set(sys.stdlib_module_names) - {'numpy', 'grader', '__main__'}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
