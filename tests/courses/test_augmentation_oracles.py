"""The reference of `augmentation`, held against SciPy, Pillow, published formulas and counting."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image, ImageEnhance
from scipy import ndimage


@pytest.fixture(scope="module")
def augmentation(root):
    """What the given and answer cells that run at grading define."""
    path = root / "solutions/augmentation/augmentation.ipynb"
    namespace = {"np": np}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        skipped = "skip-execution" in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and not skipped:
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


def sampled(image, height, width):
    """A resized image by SciPy's linear interpolation, at half-pixel centres, edges repeated."""
    rows, columns = (
        (np.arange(new) + 0.5) * old / new - 0.5
        for new, old in zip((height, width), image.shape[:2], strict=True)
    )
    places = np.meshgrid(rows, columns, indexing="ij")
    channels = [
        ndimage.map_coordinates(image[..., c], places, order=1, mode="nearest")
        for c in range(image.shape[2])
    ]
    return np.stack(channels, axis=-1)


@pytest.mark.parametrize("size", [(3, 4), (13, 21), (1, 1), (7, 5), (5, 30)])
def test_resize_is_linear_interpolation_at_the_centres_of_the_pixels(augmentation, rng, size):
    """The given resize agrees with SciPy, whether the image shrinks or grows."""
    image = rng.uniform(size=(7, 5, 3))

    assert_allclose(augmentation.resize(image, *size), sampled(image, *size), atol=1e-12)


def test_resize_is_what_pillow_does_when_an_image_grows(augmentation, rng):
    """Pillow smooths when it shrinks an image; when it enlarges one, the two agree in float32."""
    image = rng.uniform(size=(6, 4, 1)).astype(np.float32)

    pillow = Image.fromarray(image[..., 0]).resize((11, 17), Image.Resampling.BILINEAR)
    assert_allclose(augmentation.resize(image, 17, 11)[..., 0], np.asarray(pillow), atol=1e-5)


def test_resize_refuses_sizes_that_are_no_whole_numbers(augmentation):
    """A real number is no size."""
    with pytest.raises(TypeError, match="integer"):
        augmentation.resize(np.zeros((3, 3, 1)), 2.0, 2)


def test_the_statistics_are_those_of_exact_fractions(augmentation, rng):
    """Mean and standard deviation by arithmetic without rounding, over all pixels."""
    images = [rng.integers(0, 256, size=shape).astype(np.uint8) for shape in [(2, 5, 3), (3, 1, 3)]]

    mean, std = augmentation.channel_statistics(images)

    for channel in range(3):
        values = [Fraction(int(v), 255) for image in images for v in image[..., channel].ravel()]
        centre = sum(values) / len(values)
        variance = sum((value - centre) ** 2 for value in values) / len(values)
        assert_allclose(mean[channel], float(centre), rtol=1e-14)
        assert_allclose(std[channel], math.sqrt(variance), rtol=1e-14)


def test_a_normalised_training_set_has_mean_zero_and_deviation_one(augmentation, rng):
    """The definition of both functions, through each other."""
    images = [rng.integers(0, 256, size=(4, 6, 3)).astype(np.uint8) for _ in range(5)]
    batch = np.array(images) / 255

    normalised = augmentation.normalize(batch, *augmentation.channel_statistics(images))

    assert_allclose(normalised.mean(axis=(0, 1, 2)), 0, atol=1e-13)
    assert_allclose(normalised.std(axis=(0, 1, 2)), 1, atol=1e-13)
    back = augmentation.denormalize(normalised, *augmentation.channel_statistics(images))
    assert_allclose(back, batch, atol=1e-14)


def test_published_statistics_of_imagenet_take_grey_where_they_should(augmentation):
    """The published mean becomes 0, one published deviation more becomes 1."""
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

    assert_allclose(augmentation.normalize((mean + std)[None, None], mean, std), np.ones((1, 1, 3)))


def test_a_mirror_image_is_pillows(augmentation, rng):
    """Left to right, as Pillow mirrors."""
    image = rng.integers(0, 256, size=(4, 7, 3)).astype(np.uint8)

    mirrored = augmentation.random_horizontal_flip(image[None], rng, p=1.0)[0]

    pillow = Image.fromarray(image).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert_array_equal(mirrored, np.asarray(pillow))


@pytest.mark.parametrize(
    ("shape", "size", "expected"),
    [
        ((300, 451, 1), 256, (256, 385, 1)),
        ((600, 400, 1), 256, (384, 256, 1)),
        ((48, 64, 1), 24, (24, 32, 1)),
        ((50, 50, 1), 7, (7, 7, 1)),
    ],
)
def test_the_short_side_gets_the_size(augmentation, shape, size, expected):
    """The numbers of the notebook, and others worked out by hand."""
    assert augmentation.resize_short_side(np.zeros(shape), size).shape == expected


def test_every_window_is_as_likely_as_the_next(augmentation, rng):
    """20 000 crops among twelve windows: no share is 6 sigma from a twelfth."""
    image = np.arange(20.0).reshape(4, 5, 1)

    firsts = [augmentation.random_crop(image, 2, rng)[0, 0, 0] for _ in range(20_000)]

    expected = [5 * row + column for row, column in product(range(3), range(4))]
    found, counts = np.unique(firsts, return_counts=True)
    assert found.tolist() == expected
    assert np.abs(counts - 20_000 / 12).max() < 6 * math.sqrt(20_000 * 11 / 144)


def test_a_training_crop_comes_from_every_scale_alike(augmentation, rng):
    """On a picture of one value per row the step from row to row tells the scale."""
    image = np.tile(np.array([0.0, 1.0])[:, None, None], (1, 2, 1))
    sides = []
    for _ in range(6000):
        crop = augmentation.training_crop(image, rng, low=6, high=9, size=6)
        sides.append(round(2 / np.diff(crop[:, 0, 0]).max()))

    found, counts = np.unique(sides, return_counts=True)
    assert found.tolist() == [6, 7, 8, 9]
    assert np.abs(counts - 1500).max() < 6 * math.sqrt(6000 * 3 / 16)


def test_the_number_of_training_pictures_in_the_notebook(augmentation):
    """A photograph of 300x451 has 12,200,605 windows of 224x224 over all scales of ResNet."""
    count = 0
    for side in range(256, 481):
        long = augmentation.resize_short_side(np.zeros((300, 451, 1)), side).shape[1]
        count += (side - 223) * (long - 223)

    assert count == 12_200_605


def test_ten_crops_are_those_of_pillow(augmentation, rng):
    """Boxes by Pillow: four corners, the centre rounded down, and the mirror image of each."""
    image = rng.integers(0, 256, size=(8, 11, 3)).astype(np.uint8)
    boxes = [(0, 0), (7, 0), (0, 4), (7, 4), (3, 2)]  # left, top
    five = [Image.fromarray(image).crop((x, y, x + 4, y + 4)) for x, y in boxes]
    mirrored = [crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for crop in five]

    expected = np.array([np.asarray(crop) for crop in [*five, *mirrored]])
    assert_array_equal(augmentation.ten_crop(image, 4), expected)


def test_a_linear_network_sees_the_mean_crop(augmentation, rng):
    """For predictions that are linear in the pixels, averaging before or after is the same."""
    image, weights = rng.uniform(size=(6, 9, 2)), rng.uniform(size=(4 * 4 * 2, 3))

    def linear(crops):
        return crops.reshape(len(crops), -1) @ weights

    got = augmentation.multi_scale_predict(linear, image, scales=(5, 8), size=4)

    resized = [sampled(image, 5, 8), sampled(image, 8, 12)]  # 9 * 5 / 6 = 7.5 goes to the even 8
    crops = np.concatenate([augmentation.ten_crop(each, 4) for each in resized])
    assert_allclose(got, linear(crops.mean(axis=0, keepdims=True))[0], rtol=1e-12)


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.0, 1.3, 2.5])
def test_colours_change_as_in_pillow(augmentation, rng, factor):
    """Pillow's enhancers work on bytes, so each value may be a step of rounding away."""
    pixels = rng.integers(0, 256, size=(9, 8, 3)).astype(np.uint8)
    picture = Image.fromarray(pixels)

    for ours, theirs in (
        (augmentation.adjust_brightness, ImageEnhance.Brightness),
        (augmentation.adjust_contrast, ImageEnhance.Contrast),
    ):
        expected = np.asarray(theirs(picture).enhance(factor)) / 255
        assert_allclose(ours(pixels / 255, factor), expected, atol=(2 + factor) / 255)


def test_the_factors_of_the_jitter_have_the_moments_of_uniform_draws(augmentation, rng):
    """On a grey picture contrast does nothing: the brightness has mean 1 and deviation a/√3."""
    grey = np.full((1, 1, 3), 0.5)

    out = [augmentation.color_jitter(grey, rng, 0.3, 0.9)[0, 0, 0] / 0.5 for _ in range(5000)]

    assert abs(np.mean(out) - 1) < 6 * 0.3 / math.sqrt(3 * 5000)
    assert abs(np.std(out) - 0.3 / math.sqrt(3)) < 0.005
    assert min(out) >= 0.7
    assert max(out) <= 1.3


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_cutout_hides_each_pixel_as_often_as_counting_says(augmentation, rng, size):
    """The expected share of hidden pixels, by going through every centre."""
    image, height, width = np.ones((6, 5, 1)), 6, 5
    lengths = [
        [len({*range(c - size // 2, c - size // 2 + size)} & {*range(side)}) for c in range(side)]
        for side in (height, width)
    ]
    expected = np.mean(lengths[0]) * np.mean(lengths[1]) / (height * width)

    shares = [1 - augmentation.cutout(image, size, rng).mean() for _ in range(4000)]

    # One share has a standard deviation below 0.5 * size^2 / 30.
    assert abs(np.mean(shares) - expected) < 6 * 0.5 * size**2 / 30 / math.sqrt(4000)


def test_the_average_goes_to_the_expectation(augmentation, rng):
    """E[z^2] of a standard normal is 1: 4000 draws come within 6 sigma, sqrt(2/4000) each."""
    got = augmentation.predict_average(
        lambda x, z: x * z**2, np.array([1.0, 2.0]), rng.standard_normal, 4000
    )

    assert_allclose(got, [1.0, 2.0], atol=2 * 6 * math.sqrt(2 / 4000))


def test_the_error_of_the_average_falls_with_the_root_of_the_draws(augmentation, rng):
    """Four times the draws halve the spread, as the notebook says of independent looks."""
    spreads = []
    for count in (4, 16, 64):
        means = [
            augmentation.predict_average(lambda x, z: x + z, 0.0, rng.standard_normal, count)
            for _ in range(2000)
        ]
        spreads.append(np.std(means))

    for wide, narrow in pairwise(spreads):
        assert 1.7 < wide / narrow < 2.3
