"""Public check cases: tried, frozen without pickle, read again."""

import io
import json

import numpy as np
import pytest

from grader.authoring.alike import alike
from grader.cases import Case, Seed, agrees, freeze, fresh, load, observe, public_answers
from grader.compare.views import NAMES, VIEWS
from grader.errors import CourseError
from grader.records import Ending, Raised, Reply, Variant

X = np.linspace(1, 2, 400).reshape(20, 20)
BUG = Variant("bug", "dropout", ("dropout",), "A hint.")


class Functions:
    """A target whose functions are ordinary Python functions."""

    def __init__(self, **functions):
        self.functions = functions

    def call(self, function, args=(), kwargs=None):
        try:
            value = self.functions[function](*args, **(kwargs or {}))
        except ValueError as error:
            return Reply(Ending.RAISED, raised=Raised("ValueError", str(error)))
        return Reply(Ending.FINISHED, value)


class Boxed(Functions):
    """A target to which generators travel by value, as to a box."""

    def call(self, function, args=(), kwargs=None):
        own = tuple(np.random.default_rng() if _is_rng(each) else each for each in args)
        for mine, given in zip(own, args, strict=True):
            if _is_rng(given):
                mine.bit_generator.state = given.bit_generator.state
        states = {str(n): each.bit_generator for n, each in enumerate(own) if _is_rng(each)}
        reply = super().call(function, own, kwargs)
        generators = {name: each.state for name, each in states.items()}
        return Reply(reply.ending, reply.value, reply.raised, generators=generators)


def _is_rng(value):
    return isinstance(value, np.random.Generator)


def dropout(x, p, rng):
    return x * (rng.random(x.shape) < p) / p


def own_seed(x, p, rng):
    return dropout(x, p, np.random.default_rng(0))


def one_mask_per_batch(x, p, rng):
    return x * (rng.random(x.shape[1:]) < p) / p


def one_mask_per_example(x, p, rng):
    return x * (rng.random((len(x), 1)) < p) / p


def seen(view, function, target=Functions):
    case = Case("dropout", view, "dropout", (X, 0.6, Seed(5)), view=view)
    return observe(case, target(dropout=function))[0]


@pytest.mark.parametrize("target", [Functions, Boxed])
def test_the_views_of_dropout_see_what_is_true_of_every_draw(target):
    """Share, scale, mean and freshness of the mask, here and through a box."""
    assert abs(seen("share_kept", dropout, target) - 0.6) < 0.1
    assert np.allclose(seen("scale_of_kept", dropout, target), (1 / 0.6, 1 / 0.6))
    assert abs(seen("mean_ratio", dropout, target) - 1) < 0.2
    assert seen("same_mask_twice", dropout, target) is True
    assert seen("fresh_mask", dropout, target) is True
    assert seen("mask_per_example", dropout, target) is True
    assert seen("mask_per_unit", dropout, target) is True


def test_the_views_of_dropout_see_the_known_mistakes():
    """A mask that is fixed, or shared by examples or by units, is seen as such."""
    assert seen("fresh_mask", own_seed) is False
    assert seen("mask_per_example", one_mask_per_batch) is False
    assert seen("mask_per_unit", one_mask_per_example) is False
    assert (
        seen("same_mask_twice", lambda x, p, rng: dropout(x, p, np.random.default_rng())) is False
    )


@pytest.mark.parametrize("view", [view for view in VIEWS if not VIEWS[view].of_network])
@pytest.mark.parametrize(
    "result", [None, "text", X[0], X + 1j, [1, 2], X > 1, 3, X * np.nan, X * 0]
)
def test_views_never_raise(view, result):
    """Whatever a function returns, a view sees something."""
    seen(view, lambda x, p, rng: result)


def test_every_view_has_a_name_for_the_student():
    """What a view looks at can be said."""
    assert NAMES.keys() == VIEWS.keys()


def test_an_unknown_view_is_refused():
    """A misspelled view is an error of the course's, found at once."""
    with pytest.raises(ValueError, match="share_kept"):
        Case("dropout", "title", "dropout", view="shares_kept")


def test_each_try_gets_fresh_arguments():
    """A function that modifies its input does not spoil the next try."""
    args = fresh((X, Seed(1), [1, 2], {"a": X}))
    args[0][:] = 0
    args[3]["a"][:] = 0

    assert X.min() == 1
    assert isinstance(args[1], np.random.Generator)


def test_what_is_frozen_is_read_again(tmp_path):
    """Arguments, answers and mistakes of every kind come back as they were."""
    cases = [
        Case("a", "array", "f", (X, 2), {"mode": "max", "flag": True, "n": None}),
        Case("a", "tuple", "g", (Seed(3), (1, [2.5])), tolerance=0.25),
        Case("b", "raises", "h", (-1,), raises=ValueError),
        Case("b", "odd", "k"),
    ]
    answers = [X * 2, (1, [2.5, {"x": np.arange(3)}]), Raised("ValueError", "no"), None]
    mistakes = {Variant("bug", "a", ("f",), "A hint."): [X, Raised("TypeError", "what")]}
    path = tmp_path / "layers.cases.npz"
    path.write_bytes(freeze(cases, answers, mistakes, "2.4.6"))

    found = load(path)

    assert found.numpy == "2.4"
    assert found.questions() == ("a", "b")
    assert [case.title for case in found.cases] == ["array", "tuple", "raises", "odd"]
    assert found.cases[0].kwargs == {"mode": "max", "flag": True, "n": None}
    assert found.cases[1].args == (Seed(3), (1, [2.5]))
    assert found.cases[1].tolerance == 0.25
    assert found.cases[2].raises == "ValueError"
    assert all(agrees(*pair) for pair in zip(found.answers, answers, strict=True))
    assert found.mistakes["a"][0].hint == "A hint."
    assert found.mistakes["a"][0].observations[1] == Raised("TypeError", "what")


def test_freezing_twice_gives_the_same_bytes():
    """`release --check` compares bytes: rounding noise of another machine must not show."""
    case = Case("a", "array", "f", (X,))
    noisy = X * (1 + 1e-15) + 1e-16

    assert freeze([case], [X], {BUG: [X]}) == freeze([case], [noisy], {BUG: [noisy]})


def test_what_did_not_travel_is_equal_to_nothing(tmp_path):
    """An object in the place of a value is kept as such, without pickle."""
    case = Case("a", "object", "f")
    path = tmp_path / "a.cases.npz"
    path.write_bytes(freeze([case], [object()], {}))

    answer = load(path).answers[0]

    assert not agrees(answer, answer)


def test_a_reference_that_raises_unasked_is_the_courses_mistake():
    """An exception is an answer only where the case says so, and then it must come."""
    surprise = Case("a", "works", "f")
    promise = Case("a", "refuses", "f", raises="ValueError")

    with pytest.raises(CourseError, match=r"'works' of a has raises=None.*raised ValueError"):
        freeze([surprise], [Raised("ValueError")], {})
    with pytest.raises(CourseError, match="'refuses' of a has raises=ValueError"):
        freeze([promise], [3.0], {})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY", b"not a zip at all"])
def test_a_broken_file_is_refused_with_a_sentence(tmp_path, content):
    """A damaged download is said to be one."""
    path = tmp_path / "layers.cases.npz"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r"layers\.cases\.npz cannot be read.*download it again"):
        load(path)


def test_pickled_objects_are_never_loaded(tmp_path):
    """A file of public cases cannot run code."""
    path = tmp_path / "layers.cases.npz"
    np.savez(path, index=np.array([{"version": 1}], dtype=object))

    with pytest.raises(ValueError, match="cannot be read"):
        load(path)


def test_answers_are_what_each_case_sees():
    """One observation for each case, an exception as a value."""

    def refuse(x):
        raise ValueError("no")

    cases = [Case("a", "one", "double", (2.0,)), Case("a", "two", "refuse", (2.0,))]

    answers = public_answers(cases, Functions(double=lambda x: 2 * x, refuse=refuse))

    assert answers == (4.0, Raised("ValueError", "no"))


def packed(values, text="a dense_3 layer"):
    """A file of cases with one array and one text."""
    file = io.BytesIO()
    np.savez(file, index=np.array(json.dumps({"text": text})), a0=np.asarray(values, np.float32))
    return file.getvalue()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (packed([1.0, 2.0]), True),
        (packed([1.0, 2.00001]), True),
        (packed([1.0, 2.0], "a dense_17 layer"), True),
        (packed([1.0, 2.1]), False),
        (packed([1.0]), False),
        (packed([1.0, 2.0], "a conv layer"), False),
        (packed([1.0, 2.0], "a dense_3 layer at 140574305217296"), False),
        (b"no file", False),
    ],
)
def test_files_of_cases_are_alike_up_to_rounding(other, same):
    """Another processor rounds float32 otherwise; that is no stale release."""
    assert alike(packed([1.0, 2.0]), other) is same


def test_the_words_of_an_exception_are_no_difference():
    """They hold addresses, places in our own code, and how much memory was left."""
    one = packed([1.0], {"raised": ["MemoryError", "Unable to allocate 1.67 MiB"]})
    other = packed([1.0], {"raised": ["MemoryError", "Unable to allocate 1.29 MiB"]})
    another = packed([1.0], {"raised": ["ValueError", "Unable to allocate 1.29 MiB"]})

    assert alike(one, other)
    assert not alike(one, another)
