"""The first rule that fits speaks, and says nothing of what is hidden."""

import re

import numpy as np
import pytest

from grader.compare import close, explain

RNG = np.random.default_rng(3)
IMAGES = RNG.normal(size=(3, 4, 8, 8))
TABLE = RNG.normal(size=(5, 4))


def said(got, expected, **kwargs):
    found = explain(got, expected, **kwargs)
    return f"{found.happened} {found.expected} {found.try_}"


def interior_only(x):
    out = x.copy()
    out[..., 0, :] = out[..., -1, :] = out[..., :, 0] = out[..., :, -1] = 7.25
    return out


def with_slice(x, place, value):
    out = x.copy()
    out[place] = value
    return out


BORDER = interior_only(IMAGES) == 7.25
SCATTERED = np.where(BORDER & (IMAGES > 0.8), 9.0, IMAGES)
SHIFTED = IMAGES * 2 + RNG.normal(size=(1, 4, 1, 1))
STEEPER = TABLE[:3] * RNG.normal(size=4) + RNG.normal(size=4)
CENTRED = TABLE - TABLE.mean(1, keepdims=True)

CLAIMS = {
    "none": ((None, TABLE), "is None"),
    "generator for array": (((each for each in TABLE), TABLE), "square brackets"),
    "list for array": ((TABLE.tolist(), TABLE), r"np\.array"),
    "tuple of one": (((TABLE,), TABLE), "comma"),
    "text": (("abc", 3.0), "is a str"),
    "array for tuple": ((TABLE, (TABLE, TABLE)), "A tuple of 2 is expected"),
    "too many parts": (((1, 2, 3), (1, 2)), "3 parts.*Exactly 2 parts"),
    "dict keys": (({"b": 1}, {"a": 1}), "lacks the key 'a'"),
    "channels last": ((IMAGES.transpose(0, 2, 3, 1), IMAGES), "channels first"),
    "channels first": (
        (IMAGES, np.ascontiguousarray(IMAGES.transpose(0, 2, 3, 1))),
        "channels last",
    ),
    "batch dropped": ((np.ones((4, 8, 8)), IMAGES), "batch axis is missing"),
    "first example": ((IMAGES[0], IMAGES), "first example only"),
    "last example": ((IMAGES[-1:], IMAGES), "last example only"),
    "extra axis": ((TABLE[0][None], TABLE[0]), "left over"),
    "lost axis": ((TABLE[0], TABLE[0][None]), "batch of one"),
    "flattened": ((IMAGES.reshape(3, -1), IMAGES), "flattened"),
    "not flattened": ((IMAGES, IMAGES.reshape(3, -1)), "flattened to one row"),
    "transposed": ((TABLE.T, TABLE), r"transpose\(1, 0\)"),
    "transposed and wrong": ((np.ones((4, 5)), TABLE), "exchanged"),
    "square": ((np.ones((3, 4, 8, 8)), np.ones((3, 4, 8, 6))), "to be a square"),
    "kernel": (
        (IMAGES.transpose(0, 1, 3, 2)[:, :, :, :2], IMAGES[:, :, :2]), r"transpose\(0, 1, 3, 2\)",
    ),
    "width": ((with_slice(IMAGES, (..., slice(1, 8)), 5.0), IMAGES), "first place of axis 3"),
    "sum missing": ((IMAGES, IMAGES.sum(axis=1)), r"\.sum\(axis=1\)"),
    "summed away": ((np.ones((3, 4, 8)), IMAGES), "length 8"),
    "one number": ((2.5, TABLE), "without `axis=`"),
    "too small by one": ((np.ones((3, 4, 7, 7)), IMAGES), "too few in axes 2 and 3"),
    "too large by one": ((np.ones((3, 4, 9, 9)), IMAGES), "too many in axes 2 and 3"),
    "stride ignored": ((np.ones((3, 4, 15, 15)), IMAGES), "2 times too long"),
    "stride is kernel": ((np.ones((3, 4, 3, 3)), IMAGES), "3 times too short"),
    "padding missing": ((np.ones((3, 4, 6, 6)), IMAGES), "2 too few.*padding"),
    "rows are no examples": ((np.ones((3, 4, 2)), np.ones((6, 4, 2))), "Look at axis 0"),
    "far from any padding": ((np.ones((3, 4, 25, 25)), IMAGES), "Look at axes 2 and 3"),
    "padding kept": ((np.ones((3, 4, 10, 10)), IMAGES), "2 too many.*cut off"),
    "empty slice": ((np.ones((3, 4, 0, 0)), IMAGES), "p is 0"),
    "integers": ((IMAGES.astype(int), IMAGES), "holds integers"),
    "whole float": ((28.0, 28), "//"),
    "bools": ((IMAGES > 0, IMAGES), "holds bools"),
    "half": ((IMAGES.astype(np.float16) * 3, IMAGES), "float16"),
    "nan": ((with_slice(IMAGES, (1, 2, 3, 4), np.nan), IMAGES), r"1 of 768.*\[1, 2, 3, 4\]"),
    "nan far out": ((with_slice(IMAGES, (1, 2, 3, 4), np.nan), IMAGES), "inf/inf"),
    "infinite": ((np.full_like(IMAGES, np.inf), IMAGES), "infinite"),
    "zeros": ((np.zeros_like(IMAGES), IMAGES), "0 everywhere"),
    "cut at 0": ((np.maximum(TABLE, 0), TABLE), "0 wherever it should be negative"),
    "sign": ((-IMAGES, IMAGES), "wrong sign"),
    "twice": ((2 * IMAGES, IMAGES), "2 times as large"),
    "offset": ((IMAGES + 0.5, IMAGES), r"too large by the same number everywhere \(0\.5\)"),
    "no bias": ((IMAGES - RNG.normal(size=(1, 4, 1, 1)), IMAGES), "along axis 1.*bias"),
    "no gamma": ((TABLE * RNG.normal(size=4), TABLE), "one factor.*the last axis.*gamma"),
    "row means": ((CENTRED, TABLE), "along axis 0.*mean of each example"),
    "affine": (
        (IMAGES * RNG.normal(size=(1, 4, 1, 1)) + RNG.normal(size=(1, 4, 1, 1)), IMAGES),
        "factor and an offset.*axis 1.*gamma",
    ),
    "cut off": ((np.trunc(IMAGES * 9), IMAGES * 9), "cut off"),
    "flip": ((IMAGES[..., ::-1], IMAGES), "mirrored along the last axis"),
    "flips": ((IMAGES[..., ::-1, ::-1], IMAGES), "mirrored along axis 2 and the last axis"),
    "swap": ((IMAGES.swapaxes(2, 3), IMAGES), "axes 2 and 3 exchanged"),
    "shift": ((np.roll(IMAGES, 1, axis=3), IMAGES), "shifted by 1 along the last axis"),
    "shuffled": ((IMAGES.reshape(3, 8, 8, 4).transpose(0, 3, 1, 2), IMAGES), "wrong places"),
    "border": ((interior_only(IMAGES), IMAGES), "right inside but wrong at the border, 1 row"),
    "one side": (
        (with_slice(IMAGES, (..., slice(7, 8)), 0.0), IMAGES),
        r"border \(right\).*never filled",
    ),
    "first only": (
        (np.concatenate([IMAGES[:1], IMAGES[1:] * IMAGES[1:]]), IMAGES),
        "first example only",
    ),
    "last only": (
        (np.concatenate([IMAGES[:-1] ** 2, IMAGES[-1:]]), IMAGES),
        "last example only",
    ),
    "channel": (
        (np.concatenate([IMAGES[:, :1], IMAGES[:, 1:] ** 2], 1), IMAGES),
        "first place of axis 1 .the channels",
    ),
    "one row": ((with_slice(TABLE, 2, 7.0), TABLE), "only at place 2 of axis 0"),
    "anything": ((IMAGES**2, IMAGES), "all 768 elements are wrong.*largest error"),
    "nearly": ((TABLE * (1 + 1e-3 * RNG.random((5, 4))), TABLE), "nearly right"),
    "one of several": (((TABLE, TABLE * 2, TABLE), (TABLE, TABLE, TABLE)), "Only output 2"),
    "one of the parts of one": (
        (((TABLE, TABLE * 2), TABLE * 2), ((TABLE, TABLE), TABLE)),
        "Both outputs are wrong. In output 1: Only output 2 is wrong",
    ),
    "exchanged": (((TABLE, TABLE + 1), (TABLE + 1, TABLE)), "exchanged"),
    "shape tuple": (((6, 27, 27), (6, 28, 28)), "2nd and 3rd of 3 numbers.*1 too small"),
    "shape tuple mixed": (((6, 27, 30), (6, 28, 28)), "2nd and 3rd of 3 numbers.*pen and paper"),
    "scalar": ((3.5, 3.0), "too large, by 0.5"),
    "large scalar": ((3500.0, 500.0), "by 3000 .relative 6"),
    "bool": ((True, False), "is True"),
    "capital letter": (("Healthy ", "healthy"), "but for capital letters or spaces"),
    "no dict": ((3, {"rate": 1}), "A dict of 1 is expected. Return a dict"),
    "a list for a dict": (([3], {"rate": 1}), "Return a dict"),
    "set": (({1, 2}, 2), r"`len\(...\)`"),
    "another text": (("finetune all", "from scratch"), "another text.*letter by letter"),
    "big integers": ((10**40, 10**41), "too small"),
}  # fmt: skip


@pytest.mark.parametrize(("pair", "claim"), CLAIMS.values(), ids=CLAIMS)
def test_the_simplest_explanation_is_given(pair, claim):
    """Each kind of mistake has a sentence of its own."""
    assert re.search(claim, said(*pair))


NEAR_MISSES = {
    "one element off": (with_slice(2 * TABLE, (0, 0), 9.0), TABLE, "times as large"),
    "sign of one": (with_slice(-TABLE, (1, 1), 9.0), TABLE, "wrong sign"),
    "offset but one": (with_slice(TABLE + 1, (1, 1), 9.0), TABLE, "by the same number"),
    "flip but one": (with_slice(TABLE[::-1], (1, 1), 9.0), TABLE, "mirrored"),
    "shift but one": (
        with_slice(np.roll(IMAGES, 1, 3), (1, 1, 4, 4), 9.0), IMAGES, "shifted",
    ),
    "interior too": (
        with_slice(interior_only(IMAGES), (1, 1, 4, 4), 9.0), IMAGES, "right inside",
    ),
    "scattered at the border": (SCATTERED, IMAGES, "border"),
    "affine but one": (with_slice(SHIFTED, (1, 1, 4, 4), 9.0), IMAGES, "factor and an offset"),
    "three rows prove no line": (STEEPER, TABLE[:3], "offset.*last axis"),
    "two values are any other two": (
        np.where(TABLE > 0, 1.0, -0.3), np.where(TABLE > 0, 1.0, 0.3), "factor and an offset",
    ),
    "sparse errors": (
        np.where(IMAGES > 2, 9.0, IMAGES) * (np.arange(3) > 0).reshape(3, 1, 1, 1)
        + IMAGES * (np.arange(3) == 0).reshape(3, 1, 1, 1), IMAGES, "example only",
    ),
    "all negative": (np.zeros((2, 3)), -1 - TABLE[:2, :3] ** 2, "should be negative"),
    "two examples right": (with_slice(IMAGES, 2, 9.0), IMAGES, "example only"),
    "constant: no factor": (np.full((3, 3), 4.0), np.full((3, 3), 2.0), "times as large"),
    "constant: no sign": (np.full((3, 3), -2.0), np.full((3, 3), 2.0), "wrong sign"),
    "constant: no offset": (np.full((3, 3), 4.0), np.full((3, 3), 2.0), "by the same number"),
    "scalar: no factor": (4.0, 2.0, "times as large"),
    "one element: no factor": (np.array([4.0]), np.array([2.0]), "times as large"),
    "zeros: no factor": (np.array([0.0, 4.0]), np.array([0.0, 2.0]), "times as large"),
    "one feature: no gamma": (TABLE[:, :1] * 3 + 1, TABLE[:, :1], "along"),
    "two numbers: no shuffle": (np.array([1.0, 1, 2]), np.array([1.0, 2, 1]), "wrong places"),
    "all zero expected": (np.ones((3, 3)), np.zeros((3, 3)), "times|sign"),
    "integers not cut": (np.array([1.0, 3.0]), np.array([1.9, 2.2]), "whole numbers"),
    "shape not flat": (np.ones((3, 255)), IMAGES, "were flattened"),
    "ones are no proof": (np.ones((2, 5)), np.ones((5, 3)), "exchanged"),
    "two parts wrong": ((TABLE, TABLE, TABLE), (TABLE, TABLE + 1, TABLE + 2), "Only"),
}  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "claim"), NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_a_near_miss_is_not_claimed(got, expected, claim):
    """A rule that all but fits stays silent: a wrong explanation is worse than none."""
    assert not re.search(claim, said(got, expected))


@pytest.mark.parametrize(
    ("factor", "claim"),
    [
        (1 / 3, "number of examples in the batch"),
        (3.0, "number of examples in the batch"),
        (6.0, "multiplied by 6"),
        (1 / 5, "length of axis 1 of input 1"),
        (1 / np.sqrt(5), "root of 5"),
        (0.5, "divided by 2"),
        (1 / 256, "number of values per example"),
        (1.2345, "term by term"),
        (-2.0, "of the wrong sign"),
        (0.3, "factor is input 2"),
        (0.7 / 0.3, r"\(1 - input 2\) / input 2"),
        (1 / 192, "number of values per place of axis 1"),
        (9.0, "square of input 3 .the places in a window"),
    ],
)
def test_nice_factors_are_recognised(factor, claim):
    """A factor that is a length of an axis, its root or a small number gets its likely cause."""
    x = np.ones((3, 5, 64)) if factor != 1 / 256 else np.ones((3, 4, 64))
    assert re.search(claim, said(TABLE * factor, TABLE, inputs=(x, 0.3, 3)))


def test_an_input_that_comes_back_is_named_by_its_place():
    """Returning an input unchanged is said as such, without its values."""
    assert "the 2nd input, unchanged" in said(TABLE, TABLE**2, inputs=(1, TABLE))


def test_the_names_of_several_outputs_are_used():
    """With names, a wrong output is called by its own."""
    text = said((TABLE, TABLE), (TABLE, TABLE * 2), names=("dx", "dw"))

    assert text.startswith("Only `dw` is wrong, the other output is right. `dw` is 1/2 of")


def test_numbers_of_one_channel_are_not_called_a_bias():
    """A claim per slice needs more elements than it has free numbers."""
    assert "bias" not in said(TABLE[:, :2][:2] + np.array([1.0, 2.0]), TABLE[:, :2][:2] * 1.0)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (1, 1), (4, 1), (1, 4), (2, 1, 1, 1), ()])
@pytest.mark.parametrize("make", [np.zeros, np.ones, lambda shape: RNG.normal(size=shape)])
def test_degenerate_shapes_are_explained(shape, make):
    """One feature, no element, a scalar, constants: still one sentence."""
    expected = np.asarray(make(shape))
    for got in (expected + 1, expected * 2 + 1, np.full(shape, np.nan), -expected - 1):
        assert explain(got, expected, inputs=(expected,)).happened.endswith(".")


def test_nothing_of_the_expected_values_or_inputs_is_printed():
    """Of hidden arrays a diagnosis repeats no value: neither of the answer nor of an input."""
    expected = RNG.normal(size=(3, 4, 5, 5)) * 1000
    x = RNG.normal(size=(3, 2, 7, 7)) * 1000
    wrong = [expected**2, expected + x.mean(), expected * 3, -expected, expected[..., ::-1]]
    wrong += [
        np.sort(expected, None).reshape(expected.shape),
        np.zeros((3, 4)),
        x,
        None,
        expected[0],
    ]
    for got in wrong:
        digits = set(re.findall(r"\d+\.\d+|\d{4,}", said(got, expected, inputs=(x, 0.3, 3))))
        hidden = {f"{value:.{n}g}" for value in (*expected.flat, *x.flat) for n in (4, 5, 6, 9, 17)}
        assert not digits & {value.lstrip("-") for value in hidden}


def test_a_shape_spells_nothing_out():
    """An array without entries may have any shape; where one is absurd its digits are not told."""
    found = str(explain(np.zeros((0, 12_345_678, 9, 3)), np.zeros((2, 3))))

    assert "12345678" not in found
    assert "(0, 12000000, 9, 3)" in found


def test_a_number_of_an_output_spells_nothing_out():
    """By how much an output is off is told where it is near."""
    near = str(explain((7, 5), (6, 5), names=("rows", "columns")))
    far = str(explain((6 + 1_234_567_890_123, 5), (6, 5), names=("rows", "columns")))

    assert "1 too large" in near
    assert "far too large" in far
    assert "1234567890123" not in far


def test_a_class_of_the_students_does_not_speak():
    """The name of a class is text from the box: only known names are repeated."""
    spy = type("secret_0_1234", (), {})()

    assert "secret" not in said(spy, TABLE)
    assert "a class of your own" in said(spy, TABLE)


def test_what_is_close_is_still_explained_without_error():
    """Called for values that agree, the explanation does not invent a mistake."""
    assert close(TABLE, TABLE)
    assert "not quite" in said(TABLE, TABLE)
