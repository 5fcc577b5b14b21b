"""The runtime with TensorFlow: it trains in a fork, and its objects stay there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from grader.course import load_assignment
from grader.harness.assertions import assert_close
from grader.harness.memo import MemoizedReference, answer_of_reference
from grader.harness.outcome import Mismatch, Watch
from grader.harness.proxies import Proxy
from grader.harness.student import Student
from grader.inside.wire import Handle
from grader.records import Cell, Ending, Program
from grader.sandbox import Session
from grader.settings import Limits
from tests.box.conftest import opened, program
from tests.conftest import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("box of keras")]

LIMITS = Limits(memory_mb=2000, cell_seconds=60, call_seconds=20, restarts=20)
MODEL = """
import keras, numpy as np
layers = [
    keras.layers.Input((8, 8, 1)),
    keras.layers.Conv2D(4, 3),
    keras.layers.Flatten(),
    keras.layers.Dense(2),
]
model = keras.Sequential(layers)
model.compile("sgd", "mse")
history = model.fit(np.ones((32, 8, 8, 1)), np.ones((32, 2)), epochs=2, verbose=0)
def predict(x): return model(x)
def whole(): return model
"""
BLOCKS = """
import keras
from keras import layers
def block(x, filters, stride=1):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same")(x)
    return layers.ReLU()(x)
def stage(x, block, filters):
    x = block(x, filters, 2)
    for _ in range(3):
        x = block(x, filters=filters, stride=1)
    return x
def build(filters):
    image = keras.Input((8, 6, 3))
    return keras.Model(image, stage(image, block, filters))
"""
OTHER_SETTINGS = """
import keras
keras.config.set_image_data_format("channels_first")
keras.config.set_floatx("float64")
keras.config.set_epsilon(0.1)
keras.mixed_precision.set_global_policy("mixed_float16")
def settings():
    layer = keras.layers.Conv2D(1, 1)
    return layer.compute_dtype, layer.data_format, keras.config.floatx(), keras.config.epsilon()
def change(): keras.config.set_dtype_policy("float16")
"""
WRONG_BLOCK = BLOCKS.replace("Conv2D(filters, 3", "Conv2D(filters, 5")


@pytest.fixture(scope="module")
def box() -> Iterator[Any]:
    with opened("docker", "keras") as box:
        yield box


@pytest.fixture(scope="module")
def other_box() -> Iterator[Any]:
    with opened("docker", "keras") as box:
        yield box


def student_of(session: Session) -> Student:
    return Student(session.begin(1), Watch(), Counter())


def test_a_model_trains_in_the_box(box: Any) -> None:
    """Training works in two submissions one after another; tensors arrive as arrays."""
    for _ in range(2):
        with box.session(program(MODEL), LIMITS) as session:
            run = session.execution.cells[0]
            assert run.ending is Ending.FINISHED, run
            got = session.call("predict", (np.ones((3, 8, 8, 1), np.float32),)).value
            assert got.dtype == np.float32
            assert got.shape == (3, 2)
            assert session.call("whole").value == Handle(0, "Sequential")
        assert session.flags == ()


def test_a_network_of_the_papers_size_is_left_in_a_cell(box: Any) -> None:
    """The largest layer of VGG16 takes 411 MB, and as much again while it is drawn."""
    left = "import keras\nbig = keras.layers.Dense(4096)\nbig.build((None, 25088))"
    limits = load_assignment("vgg", ROOT).limits
    with box.session(program(left, BLOCKS), limits) as session:
        assert session.execution.cells[0].ending is Ending.FINISHED
        student = student_of(session)
        model = student.build(64)
        x = np.zeros((8, 8, 6, 3), np.float32)
        assert student.vjp(model, (x,), np.ones((8, 4, 3, 64), np.float32))[0].shape == x.shape
    assert session.flags == ()


def test_settings_of_a_cell_or_a_call_reach_no_other_call(box: Any) -> None:
    """A notebook that tries mixed precision and channels first is called with Keras's defaults."""
    with box.session(program(OTHER_SETTINGS), LIMITS) as session:
        usual = ("float32", "channels_last", "float32", 1e-7)
        assert session.call("settings").value == usual
        session.call("change")
        assert session.call("settings").value == usual


def test_a_model_can_be_called_read_and_differentiated(box: Any) -> None:
    """A handle of a model does what the model does; gradients come from TensorFlow in the box."""
    with box.session(program(BLOCKS), LIMITS) as session:
        student = student_of(session)
        model = student.build(4)
        x = np.random.default_rng(0).normal(size=(2, 8, 6, 3)).astype(np.float32)

        assert model.output_shape == (None, 4, 3, 4)
        assert model.count_params() == (27 + 1) * 4 + 3 * (36 + 1) * 4
        assert model(x).shape == (2, 4, 3, 4)
        (gradient,) = student.vjp(model, (x,), np.ones((2, 4, 3, 4), np.float32))
        assert gradient.shape == x.shape
        single = student.model_of(student.block, (8, 6, 3), 5, stride=2)
        assert single.count_params() == (27 + 1) * 5


def test_the_reference_builds_its_part_of_a_students_network(box: Any, other_box: Any) -> None:
    """With a wrong block a network is built again with the reference's; no code enters the box."""
    with (
        box.session(program(WRONG_BLOCK), LIMITS) as session,
        other_box.session(program(BLOCKS), LIMITS) as reference,
    ):
        wrong = student_of(session).build(4).count_params()
        session.substitute({"block": partial(answer_of_reference, reference, "block")})

        mended = student_of(session).build(4)

        assert wrong != mended.count_params() == student_of(reference).build(4).count_params()
        assert mended.output_shape == (None, 4, 3, 4)


def test_a_test_hands_over_the_references_block(box: Any, other_box: Any) -> None:
    """A function that takes a block gets one that the reference answers, on symbolic tensors."""
    with (
        box.session(program(WRONG_BLOCK), LIMITS) as session,
        other_box.session(program(BLOCKS), LIMITS) as reference,
    ):
        memo = MemoizedReference(None, "", lambda: reference)
        student, other = student_of(session), Proxy(memo.begin(1))

        model = student.model_of(student.stage, (8, 6, 3), other.block, 4)

        expected = other.model_of(other.stage, (8, 6, 3), other.block, 4)
        assert model.count_params() == expected.count_params()


STRANGE = {
    "a generator without end": (
        "def f(x):\n    while True:\n        yield x",
        r"generator",
    ),
    "a model that cannot be called": (
        "class M(keras.Model):\n"
        "    def call(self, x): return self.nothing(x)\n"
        "def f(x): return M()(x)",
        r"AttributeError",
    ),
    "a model where an array is meant": (
        "def f(x): return keras.Sequential([keras.layers.Dense(2)])",
        r"Sequential|a class of your own",
    ),
    "a layer whose weights are not built": (
        "class L(keras.layers.Layer):\n"
        "    def call(self, x): return x @ self.w\n"
        "def f(x): return L()(x)",
        r"AttributeError",
    ),
    "a tensor of 2 GB": (
        "def f(x): return keras.ops.zeros((512, 1024, 1024))",
        r"too large|memory",
    ),
    "NaN everywhere": ("def f(x): return x * np.nan", r"NaN|not a number"),
    "complex numbers": ("def f(x): return x * (1 + 1j)", r"complex"),
    "an array of objects": (
        "def f(x): return np.array([[1, 2], [3]], dtype=object)",
        r"array of objects|objects",
    ),
    "a Lambda layer that fails": (
        "def f(x): return keras.layers.Lambda(lambda t: t.no_such)(x)",
        r"AttributeError",
    ),
    "a structure that holds itself": (
        "def f(x):\n    a = []\n    a.append(a)\n    return a",
        r"deeply nested|too large",
    ),
    "a model that trains when it is called": (
        "class M(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.inner = keras.Sequential([keras.layers.Dense(3)])\n"
        "        self.inner.compile('sgd', 'mse')\n"
        "    def call(self, x):\n"
        "        self.inner.fit(np.ones((4, 3)), np.ones((4, 3)), verbose=0)\n"
        "        return self.inner(x)\n"
        "def f(x): return M()(x)",
        r"output|value|raised",
    ),
    "a symbolic tensor": ("def f(x): return keras.Input((3,))", r"KerasTensor|a class of your own"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_answer_costs_its_question_and_is_told_in_a_sentence(box: Any, name: str) -> None:
    """Whatever a function returns, the feedback is a sentence, and the next question is graded."""
    source, expected = STRANGE[name]
    cells = Program(
        (
            Cell("import keras, numpy as np"),
            Cell(source, "answer", "strange"),
            Cell("def good(x): return 2 * x", "answer", "good"),
        )
    )
    with box.session(cells, LIMITS) as session:
        student = student_of(session)
        x = np.ones((2, 3), np.float32)

        with pytest.raises(Mismatch, match=expected) as told:
            assert_close(student.f(x), 2 * x)

        said = told.value.diagnosis
        assert said.happened.endswith((".", "!"))
        assert "Traceback" not in str(told.value)
        assert len(said.happened) < 400
        assert_close(student_of(session).good(x), 2 * x)
