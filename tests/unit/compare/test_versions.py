"""Errors of another version are told apart from mistakes in the subject."""

import warnings

import numpy as np
import pytest

from grader.compare.versions import explain_version
from grader.records import Raised

GRADED_WITH = tuple(int(part) for part in np.__version__.split(".")[:2])


def raised_by(code):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(code, {"np": np})
    except Exception as error:  # noqa: BLE001
        return Raised(type(error).__name__, str(error))
    raise AssertionError(f"{code} raises nothing with NumPy {np.__version__}")


NUMPY = {
    "float(np.ones((1, 1, 1)))": ("2.4", "a.item()"),
    "int(np.ones((1,)))": ("2.4", "a.item()"),
    "np.float": ("1.24", "np.float64"),
    "np.int": ("1.24", "np.int64"),
    "np.object": ("1.24", "object"),
    "np.complex": ("1.24", "complex"),
    "np.str": ("1.24", "str"),
    "np.float_": ("2.0", "np.float64"),
    "np.complex_": ("2.0", "np.complex128"),
    "np.Inf": ("2.0", "np.inf"),
    "np.infty": ("2.0", "np.inf"),
    "np.PINF": ("2.0", "np.inf"),
    "np.NINF": ("2.0", "-np.inf"),
    "np.NaN": ("2.0", "np.nan"),
    "np.NAN": ("2.0", "np.nan"),
    "np.product([1, 2])": ("2.0", "np.prod"),
    "np.cumproduct([1, 2])": ("2.0", "np.cumprod"),
    "np.sometrue([1])": ("2.0", "np.any"),
    "np.alltrue([1])": ("2.0", "np.all"),
    "np.msort([1])": ("2.0", "np.sort"),
    "np.round_(1.5)": ("2.0", "np.round"),
    "np.asfarray([1])": ("2.0", "np.asarray"),
    "np.mat([1])": ("2.0", "np.array"),
    "np.find_common_type([], [])": ("2.0", "np.result_type"),
    "np.cast": ("2.0", "np.asarray"),
    "np.string_": ("2.0", "np.bytes_"),
    "np.unicode_": ("2.0", "np.str_"),
    "np.bool8": ("2.0", "np.bool_"),
    "np.int0": ("2.0", "np.intp"),
    "np.math.exp(1)": ("2.0", "import math"),
    "np.disp": ("2.0", "print"),
    "np.in1d([1], [1])": ("2.4", "np.isin"),
    "np.trapz([1, 2])": ("2.4", "np.trapezoid"),
    "np.reshape(np.ones(4), newshape=(2, 2))": ("2.4", "shape="),
    "np.sum(each for each in [1, 2])": ("2.4", "sum(...)"),
    "np.array(3, copy=False)": ("2.0", "np.asarray"),
    "np.ones(3).ptp()": ("2.0", "np.ptp"),
    "np.ones(3).itemset(0, 1)": ("2.0", "a[index]"),
    "np.ones(3).newbyteorder()": ("2.0", "newbyteorder"),
}


@pytest.mark.skipif(GRADED_WITH < (2, 4), reason="some names go with NumPy 2.4 only")
@pytest.mark.parametrize("code", NUMPY)
def test_what_numpy_dropped_is_named_with_version_and_replacement(code):
    """With the installed NumPy each of these fails, and its version is named."""
    version, replacement = NUMPY[code]

    found = explain_version(raised_by(code))

    assert found is not None
    assert version in f"{found.happened} {found.expected}"
    assert replacement in found.try_


@pytest.mark.parametrize(
    ("code", "replacement"),
    [
        ("print 'a'", "print(...)"),
        ("exec 'a'", "print(...)"),
        ("xrange(3)", "range"),
        ("raw_input()", "input"),
        ("unicode('a')", "str"),
        ("{}.iteritems()", ".items()"),
        ("{}.has_key(1)", "in the_dict"),
        ("import cPickle", "pickle"),
        ("from past.builtins import xrange", "range"),
        ("if 1:\n\ta = 1\n        b = 2", "four spaces"),
    ],
)
def test_python_2_is_named(code, replacement):
    """Python 2 code is recognised and its replacement said."""
    found = explain_version(raised_by(code))

    assert found is not None
    assert "Python 3" in found.happened
    assert replacement in found.try_


@pytest.mark.parametrize(
    ("raised", "replacement"),
    [
        (Raised("ValueError", "Argument(s) not recognized: {'lr': 0.001}"), "learning_rate="),
        (
            Raised("AttributeError", "'Adam' object has no attribute 'lr'"),
            "optimizer.learning_rate",
        ),
        (Raised("AttributeError", "module 'keras.backend' has no attribute 'set_value'"), "assign"),
        (
            Raised("AttributeError", "module 'keras.api.backend' has no attribute 'get_value'"),
            "numpy()",
        ),
        (
            Raised(
                "TypeError",
                "AveragePooling2D.__init__() missing 1 required positional argument: 'pool_size'",
            ),
            "pool_size=2",
        ),
    ],
)
def test_keras_2_is_named(raised, replacement):
    """Keras 2 code is recognised and its replacement said."""
    found = explain_version(raised)

    assert found is not None
    assert "Keras 3" in found.happened
    assert replacement in found.try_


@pytest.mark.parametrize(
    "raised",
    [
        Raised("AttributeError", "module 'numpy' has no attribute 'foo'"),
        Raised("AttributeError", "module 'math' has no attribute 'float'"),
        Raised("NameError", "name 'out' is not defined"),
        Raised("ValueError", "module 'numpy' has no attribute 'float'"),
        Raised("TypeError", "conv2d() got an unexpected keyword argument 'newshape'"),
        Raised("AttributeError", "'dict' object has no attribute 'append'"),
        Raised("SyntaxError", "invalid syntax"),
        Raised("", ""),
    ],
)
def test_a_mistake_in_the_subject_is_none_of_the_versions(raised):
    """An ordinary error gets no excuse."""
    assert explain_version(raised) is None
