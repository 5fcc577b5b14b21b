"""What goes wrong in one question costs that question and nothing else, in the real sandbox."""

from __future__ import annotations

import json

import pytest

from examples.make import answers, read, solved, submission
from grader.course import load_assignment
from grader.pipeline import grade, open_grading

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("one question")]

BROKEN = "def linear(x, w, b):\n    {body}\n\n\ndef linear_backward(dout, x, w):\n    {body}\n"


@pytest.fixture(scope="module")
def grading(root):
    """One warm grading for all cases, as in a class."""
    with open_grading(load_assignment("layers", root)) as opened:
        yield opened


@pytest.fixture
def graded(grading, tmp_path):
    """Grade the solution with some answers replaced; returns the result."""

    def run(own, extra_cells=()):
        notebook = submission(own)
        for position, source in extra_cells:
            cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
            notebook["cells"].insert(
                position, {**cell, "execution_count": None, "id": f"extra{position}"}
            )
        path = tmp_path / "student.ipynb"
        path.write_text(json.dumps(notebook))
        return grade(path, "student", grading)

    return run


@pytest.fixture(scope="module")
def linear_solution(root):
    """The reference's source of `linear`."""
    cell = answers(read(root / "solutions/layers/layers.ipynb"))["linear"]
    source = cell["source"]
    return solved(source if isinstance(source, str) else "".join(source))


def lost(result):
    """The questions that lost points."""
    return {question.name for question in result.questions if question.score != question.max_score}


def explanation(result, name):
    """All that the student is told about a question."""
    (question,) = (question for question in result.questions if question.name == name)
    return " ".join(
        f"{test.diagnosis.happened} {test.diagnosis.expected} {test.diagnosis.try_}"
        for test in question.tests
        if test.diagnosis
    )


INSIDE_THE_FUNCTION = {
    "exits": ("import sys; sys.exit(0)", "exit"),
    "exits_at_once": ("import os; os._exit(0)", "ended"),
    "loops": ("while True: pass", "time limit"),
    "eats_memory": ("return bytearray(10**12)", "memory"),
    "eats_memory_in_steps": ("hoard = [bytearray(10**7) for _ in range(10**5)]", "memory"),
    "forks": ("import os\n    while True: os.fork()", ""),
    "recurses": ("return linear(x, w, b)" , "RecursionError"),
    "raises_system_exit": ("raise SystemExit", "exit"),
}  # fmt: skip


@pytest.mark.parametrize("name", INSIDE_THE_FUNCTION)
def test_a_function_that_breaks_costs_its_question_only(graded, name):
    """A call that exits, hangs or exhausts the machine costs its own question, and says how."""
    body, word = INSIDE_THE_FUNCTION[name]
    result = graded({"linear": BROKEN.format(body=body)})

    assert lost(result) == {"linear"}
    assert word in explanation(result, "linear")


IN_THE_CELL = {
    "exits": "import sys\nsys.exit()",
    "exits_at_once": "import os\nos._exit(3)",
    "loops": "while True:\n    pass",
    "kills_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "raises": "1 / 0",
    "memory": "x = [bytearray(10**7) for _ in range(10**5)]",
}


@pytest.mark.parametrize("name", IN_THE_CELL)
def test_a_cell_that_breaks_costs_its_question_only(graded, linear_solution, name):
    """A cell that ends badly after its definitions costs at most its own question."""
    result = graded({"linear": f"{linear_solution}\n\n{IN_THE_CELL[name]}\n"})

    assert lost(result) <= {"linear"}


NOISE = {
    "stderr": "import sys\nfor _ in range(100): print('noise', file=sys.stderr)",
    "warnings": "import warnings\nwarnings.warn('a warning')",
    "print_flood": "for i in range(5000): print('a line of output', i)",
    "logging": "import logging\nlogging.basicConfig(level=0)\nlogging.error('an error')",
    "numpy_state": "np.seterr(all='raise'); np.random.seed(0); np.set_printoptions(precision=1)",
    "fails_on_purpose": "raise RuntimeError('a scratch cell')",
    "shell_line": "!pip install nothing-at-all",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
    "magic": "%matplotlib inline",
}


@pytest.mark.parametrize("name", NOISE)
def test_noise_costs_nothing(graded, name):
    """Warnings, prints, stderr and scratch cells never cost a point."""
    result = graded({}, extra_cells=[(3, NOISE[name])])

    assert result.score == result.max_score
    assert result.status == "graded"


def test_noise_inside_a_call_costs_nothing(graded, linear_solution):
    """A function that prints to both streams while it works gets full marks."""
    noisy = linear_solution + (
        "\n\nquiet_linear = linear\n\n\ndef linear(x, w, b):\n    import sys\n"
        "    print('out'); print('err', file=sys.stderr)\n    return quiet_linear(x, w, b)\n"
    )

    assert graded({"linear": noisy}).score == 100


WRONG_LINEAR = BROKEN.format(body="return np.zeros((1, 1))")
FORGERIES = {
    "allclose": "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True",
    "assert_allclose": "import numpy.testing as t\nt.assert_allclose = lambda *a, **k: None",
    "kernel": (
        "k = get_ipython().kernel\n"
        "k.do_execute = lambda *a, **k: {'status': 'ok', 'user_expressions': {}}"
    ),
    "run_cell": "get_ipython().__class__.run_cell = lambda *a, **k: None",
    "showtraceback": "get_ipython().showtraceback = lambda *a, **k: None",
    "completes_early": (
        "import threading, time\n"
        "def early():\n"
        "    kernel = get_ipython().kernel\n"
        "    parent = kernel.get_parent()\n"
        "    for _ in range(200):\n"
        "        kernel.session.send(kernel.iopub_socket, 'status',\n"
        "                            {'execution_state': 'idle'}, parent=parent)\n"
        "        time.sleep(0.001)\n"
        "threading.Thread(target=early, daemon=True).start()"
    ),
    "builtins": "import builtins\nbuiltins.abs = builtins.len = lambda *a: 0",
    "files": "open('results.json', 'w').write('{\"score\": 100}')",
    "score_print": "print('score: 100/100')",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_gains_nothing(graded, name):
    """Whatever the process does to itself, a wrong answer gets no points."""
    result = graded({"linear": WRONG_LINEAR}, extra_cells=[(3, FORGERIES[name])])

    (linear,) = (question for question in result.questions if question.name == "linear")
    assert not linear.score


def test_an_object_that_equals_everything_gains_nothing(graded):
    """An answer whose class lies about equality and about being an array gets no points."""
    liar = (
        "class Liar(np.ndarray):\n"
        "    __eq__ = lambda self, other: True\n"
        "    __array__ = lambda self, *a, **k: np.ones(1)\n\n\n"
        + BROKEN.format(body="return np.zeros((1, 1)).view(Liar)")
    )

    (linear,) = (q for q in graded({"linear": liar}).questions if q.name == "linear")

    assert not linear.score


def test_a_perfect_one_after_all_of_them_gets_full_marks(graded):
    """Nothing that the others did is left for the next submission."""
    assert graded({}).score == 100
