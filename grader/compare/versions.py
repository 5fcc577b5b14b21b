"""Errors that come from the version of a library, not from the subject, and what replaces the name.

Each claim about NumPy was tried with 1.23, 1.26, 2.3 and 2.4; those about Keras come from its
issue tracker (keras-team/keras 19148 and 19025).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from grader.compare.wording import sentence
from grader.records import Diagnosis, Raised

Gone = Mapping[str, tuple[str, str]]  # name: (version in which it went, what replaces it)

_NUMPY: Gone = {
    **{name: ("1.24", f"`{name}` or `np.{new}`") for name, new in (
        ("float", "float64"), ("int", "int64"), ("complex", "complex128"), ("object", "object_"),
        ("str", "str_"),
    )},
    "bool": ("1.24 (and is back since 2.0)", "`bool` or `np.bool_`"),
    **{name: ("2.0", f"`{new}`") for name, new in (
        ("float_", "np.float64"), ("complex_", "np.complex128"), ("Inf", "np.inf"),
        ("infty", "np.inf"), ("PINF", "np.inf"), ("NINF", "-np.inf"), ("NaN", "np.nan"),
        ("NAN", "np.nan"), ("product", "np.prod"), ("cumproduct", "np.cumprod"),
        ("sometrue", "np.any"), ("alltrue", "np.all"), ("msort", "np.sort(a, axis=0)"),
        ("round_", "np.round"), ("asfarray", "np.asarray(a, dtype=float)"), ("mat", "np.array"),
        ("find_common_type", "np.result_type"), ("cast", "np.asarray(a, dtype=...)"),
        ("string_", "np.bytes_"), ("unicode_", "np.str_"), ("bool8", "np.bool_"),
        ("int0", "np.intp"), ("math", "import math"), ("disp", "print"),
    )},
    "in1d": ("2.4", "`np.isin`"),
    "trapz": ("2.4", "`np.trapezoid`"),
}  # fmt: skip
_ARRAY_METHODS: Gone = {
    "ptp": ("2.0", "`np.ptp(a)`"),
    "itemset": ("2.0", "`a[index] = value`"),
    "newbyteorder": ("2.0", "`a.view(a.dtype.newbyteorder())`"),
}
_KERAS: Gone = {
    "set_value": ("3", "`variable.assign(value)`"),
    "get_value": ("3", "`variable.numpy()` or `keras.ops.convert_to_numpy(variable)`"),
    "lr": ("3", "`optimizer.learning_rate`"),
}
_PYTHON2_NAMES: Mapping[str, str] = {
    "xrange": "`range`", "raw_input": "`input`", "unicode": "`str`", "basestring": "`str`",
    "long": "`int`", "unichr": "`chr`", "reduce": "`functools.reduce`", "izip": "`zip`",
    "reload": "`importlib.reload`", "cmp": "a comparison with `<`",
}  # fmt: skip
_PYTHON2_METHODS: Mapping[str, str] = {
    "iteritems": "`.items()`", "itervalues": "`.values()`", "iterkeys": "`.keys()`",
    "has_key": "`key in the_dict`",
}  # fmt: skip
_PYTHON2_MODULES: Mapping[str, str] = {
    "past": "`range`, which needs no import", "cPickle": "`pickle`", "urllib2": "`urllib.request`",
    "StringIO": "`io`", "Queue": "`queue`", "ConfigParser": "`configparser`",
}  # fmt: skip
_SUBJECT = "The idea of your code may be right: only this name has changed."


def explain_version(raised: Raised) -> Diagnosis | None:
    """The diagnosis of an error that another version of Python, NumPy or Keras would not raise."""
    explained = (rule(raised.type, raised.message) for rule in VERSION_RULES)
    return next((found for found in explained if found), None)


def numpy_name(type_: str, message: str) -> Diagnosis | None:
    """np.float, np.product, np.trapz: names that NumPy dropped."""
    if type_ != "AttributeError":
        return None
    found = re.match(r"module 'numpy' has no attribute '(\w+)'|`np\.(\w+)` was removed", message)
    name = (found[1] or found[2]) if found else ""
    return _gone(f"`np.{name}`", "NumPy", _NUMPY.get(name))


def array_method(type_: str, message: str) -> Diagnosis | None:
    """a.ptp(), a.itemset(): methods that arrays lost."""
    if type_ != "AttributeError":
        return None
    found = re.match(
        r"'numpy\.ndarray' object has no attribute '(\w+)'|`(\w+)` was removed from the ndarray",
        message,
    )
    name = (found[1] or found[2]) if found else ""
    return _gone(f"The method `.{name}()` of an array", "NumPy", _ARRAY_METHODS.get(name))


def array_as_number(type_: str, message: str) -> Diagnosis | None:
    """float(b) of an array of shape (1, 1, 1)."""
    if type_ != "TypeError" or message != (
        "only 0-dimensional arrays can be converted to Python scalars"
    ):
        return None
    return Diagnosis(
        "`float(a)` or `int(a)` of an array with axes raises an error since NumPy 2.4.",
        "Up to NumPy 2.3 an array with a single element was accepted.",
        "If it has one element, write `a.item()`; if it has more, is an index or a sum missing?",
    )


def numpy_keyword(type_: str, message: str) -> Diagnosis | None:
    """np.reshape(a, newshape=...)."""
    if type_ != "TypeError" or message != (
        "reshape() got an unexpected keyword argument 'newshape'"
    ):
        return None
    return _gone("The argument `newshape=` of np.reshape", "NumPy", ("2.4", "`shape=`, or no name"))


def sum_of_generator(type_: str, message: str) -> Diagnosis | None:
    """np.sum(... for ...)."""
    if type_ != "TypeError" or not message.startswith("Calling np.sum(generator) is deprecated"):
        return None
    return _gone("np.sum of a generator", "NumPy", ("2.4", "`sum(...)`, or np.sum of a list"))


def copy_argument(type_: str, message: str) -> Diagnosis | None:
    """np.array(a, copy=False)."""
    if type_ != "ValueError" or not message.startswith("Unable to avoid copy while creating"):
        return None
    return Diagnosis(
        "Since NumPy 2.0 `copy=False` means that a copy is never made, and here one is needed.",
        _SUBJECT,
        "Write `np.asarray(a)`.",
    )


def keras_name(type_: str, message: str) -> Diagnosis | None:
    """K.set_value, optimizer.lr, Adam(lr=...), AveragePooling2D()."""
    if type_ == "AttributeError":
        found = re.search(r"^(?:module '[\w.]*backend[\w.]*'|'[A-Z]\w*' object) has no attribute "
                          r"'(set_value|get_value|lr)'$", message)  # fmt: skip
        return _gone(f"`{found[1]}`", "Keras", _KERAS[found[1]]) if found else None
    if type_ == "ValueError" and re.match(r"Argument\(s\) not recognized: \{'lr':", message):
        return _gone("The argument `lr=` of an optimizer", "Keras", ("3", "`learning_rate=`"))
    if type_ == "TypeError" and re.fullmatch(
        r"(?:Average|Max)Pooling[123]D\.__init__\(\) missing 1 required positional argument: "
        r"'pool_size'", message
    ):  # fmt: skip
        return _gone("A pooling layer without a size", "Keras", ("3", "`pool_size=2`"))
    return None


def python2(type_: str, message: str) -> Diagnosis | None:
    """Print without parentheses, xrange, dict.iteritems, tabs mixed with spaces."""
    if type_ == "TabError" or "inconsistent use of tabs" in message:
        return Diagnosis(
            "The indentation mixes tabs and spaces, which Python 3 does not accept.",
            "The idea of your code may be right: only its columns are not clear.",
            "Replace every tab by four spaces.",
        )
    if type_ == "SyntaxError" and message.startswith("Missing parentheses in call to"):
        return _python3("`print` (or `exec`) without parentheses", "`print(...)`")
    name, table = _python2_name(type_, message)
    return _python3(f"`{name}`", table[name]) if name in table else None


VersionRule = Callable[[str, str], Diagnosis | None]
VERSION_RULES: tuple[VersionRule, ...] = (
    numpy_name,
    array_method,
    array_as_number,
    numpy_keyword,
    sum_of_generator,
    copy_argument,
    keras_name,
    python2,
)


def _python2_name(type_: str, message: str) -> tuple[str, Mapping[str, str]]:
    patterns: Mapping[str, tuple[str, Mapping[str, str]]] = {
        "NameError": (r"name '(\w+)' is not defined", _PYTHON2_NAMES),
        "AttributeError": (r"'dict' object has no attribute '(\w+)'", _PYTHON2_METHODS),
        "ModuleNotFoundError": (r"No module named '(\w+)", _PYTHON2_MODULES),
    }
    pattern, table = patterns.get(type_, ("()$^", {}))
    found = re.match(pattern, message)
    return (found[1] if found else ""), table


def _python3(what: str, replacement: str) -> Diagnosis:
    return Diagnosis(
        sentence(f"{what} is Python 2; here Python 3 runs"), _SUBJECT, f"Write {replacement}."
    )


def _gone(what: str, library: str, entry: tuple[str, str] | None) -> Diagnosis | None:
    if entry is None:
        return None
    version, replacement = entry
    return Diagnosis(
        sentence(f"{what} is gone since {library} {version}"),
        _SUBJECT,
        f"Use {replacement} instead.",
    )
