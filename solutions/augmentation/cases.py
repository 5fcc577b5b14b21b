"""Public check cases of `augmentation`: what `check("random_crop")` tries in the student's notebook.

Small numbers that can be followed by hand. No hidden test uses these inputs. What is random is looked
at through given functions of the notebook (`crops_seen` and the like): what all right answers have in
common, whatever they draw in which order.
"""

import math

import numpy as np

from grader.cases import Case, Seed


def ramp(low, high, *shape):
    """Evenly spaced numbers, row by row."""
    return np.linspace(low, high, math.prod(shape)).reshape(shape)


def wave(*shape, step=1.3):
    """Numbers between 0.05 and 0.95 without a pattern that a wrong axis could hide in."""
    numbers = 0.5 + 0.45 * np.sin(step * (1 + np.arange(math.prod(shape))))
    return np.round(numbers, 3).reshape(shape)


def photograph(*shape, step=1.3, low=0):
    """Bytes."""
    return (low + (255 - low) * wave(*shape, step=step)).astype(np.uint8)


MEAN, STD = np.array([0.5, 0.4, 0.3]), np.array([0.25, 0.2, 0.5])

channel_statistics = [
    Case(
        "channel_statistics",
        "one image of two pixels",
        "channel_statistics",
        ([np.array([[[0, 255, 51], [255, 245, 71]]], dtype=np.uint8)],),
    ),
    Case(
        "channel_statistics",
        "three images of different sizes",
        "channel_statistics",
        ([photograph(2, 3, 3), photograph(4, 5, 3, step=0.7), photograph(1, 2, 3, step=2.1)],),
    ),
    Case(
        "channel_statistics",
        "two bright images of one size",
        "channel_statistics",
        ([photograph(3, 2, 3, low=180), photograph(3, 2, 3, step=0.7, low=120)],),
    ),
]

normalize = [
    Case("normalize", "one image", "normalize", (wave(2, 4, 3), MEAN, STD)),
    Case("normalize", "a batch", "normalize", (wave(2, 3, 2, 3, step=0.7), MEAN, STD)),
    Case(
        "normalize",
        "an image of four channels",
        "normalize",
        (wave(3, 2, 4), np.array([0.1, 0.4, 0.3, 0.6]), np.array([0.5, 0.2, 0.4, 0.25])),
    ),
    Case("normalize", "the way back", "denormalize", (ramp(-2, 2, 3, 2, 3), MEAN, STD)),
    Case(
        "normalize",
        "the images stay as they are",
        "normalize",
        (wave(1, 2, 3), MEAN, STD),
        view="inputs_untouched",
    ),
]

random_flip = [
    Case(
        "random_flip",
        "with p = 1 every image is mirrored",
        "random_horizontal_flip",
        (wave(2, 2, 3, 3), Seed(1)),
        {"p": 1.0},
    ),
    Case(
        "random_flip",
        "with p = 0 none is",
        "random_horizontal_flip",
        (wave(2, 3, 2, 1), Seed(2)),
        {"p": 0.0},
    ),
    Case(
        "random_flip", "the share mirrored with p = 0.3", "share_mirrored", (0.3,), tolerance=0.06
    ),
    Case(
        "random_flip",
        "two images have four fates",
        "batches_seen",
        (ramp(0.1, 0.8, 2, 2, 2, 1),),
    ),
    Case(
        "random_flip",
        "the images stay as they are",
        "random_horizontal_flip",
        (wave(3, 1, 2, 1), Seed(3)),
        {"p": 1.0},
        view="inputs_untouched",
    ),
    Case("random_flip", "the same state, the same batch", "flips_repeat", (wave(16, 1, 2, 1),)),
]

resize_short_side = [
    Case("resize_short_side", "a wide image", "resize_short_side", (wave(4, 7, 3), 3)),
    Case("resize_short_side", "a high image", "resize_short_side", (wave(7, 3, 1), 2)),
    Case("resize_short_side", "a wide image grows", "resize_short_side", (wave(3, 5, 1), 4)),
]

random_crop = [
    Case("random_crop", "all windows of 2x2 of a wide image", "crops_seen", (wave(3, 4, 2), 2)),
    Case(
        "random_crop",
        "all windows of 1x1 of a high image",
        "crops_seen",
        (ramp(0.1, 0.9, 3, 2, 1), 1),
    ),
    Case("random_crop", "the whole image", "random_crop", (wave(2, 2, 3, step=0.7), 2, Seed(4))),
    Case(
        "random_crop",
        "the share of crops from the first row, one in three",
        "share_at_the_top",
        (ramp(0.1, 0.9, 3, 4, 1), 1),
        tolerance=0.05,
    ),
    Case("random_crop", "the same state, the same crop", "crops_repeat", (wave(9, 8, 1), 2)),
]

training_crop = [
    Case(
        "training_crop",
        "all windows of 3x3 of an image scaled to 3, 4 and 5",
        "training_crops_seen",
        (wave(5, 7, 1), 3, 5, 3),
    ),
    Case(
        "training_crop",
        "all windows of a high image, scaled to 2 and 3",
        "training_crops_seen",
        (wave(5, 3, 1, step=0.7), 2, 3, 2),
    ),
    Case(
        "training_crop",
        "the share of the smallest of three scales",
        "share_of_one_scale",
        (ramp(0.1, 0.9, 4, 4, 1), 2, 4),
        tolerance=0.05,
    ),
    Case(
        "training_crop",
        "the same state, the same crop",
        "training_crops_repeat",
        (wave(9, 8, 1), 5, 9, 2),
    ),
]

ten_crop = [
    Case("ten_crop", "windows of 1x1 of four pixels", "ten_crops_of", (ramp(0.1, 0.4, 2, 2, 1), 1)),
    Case("ten_crop", "windows of 2x2 of a wide image", "ten_crops_of", (wave(4, 5, 1), 2)),
    Case("ten_crop", "windows of 3x3 of a high image", "ten_crops_of", (wave(6, 4, 2), 3)),
    Case(
        "ten_crop",
        "the image stays as it is",
        "ten_crop",
        (wave(3, 4, 1), 2),
        view="inputs_untouched",
    ),
]

multi_scale_predict = [
    Case(
        "multi_scale_predict",
        "one scale, through a tiny network",
        "predict_with_tiny_network",
        (wave(4, 5, 1), (5,), 3),
    ),
    Case(
        "multi_scale_predict",
        "three scales, of a high image in colour",
        "predict_with_tiny_network",
        (wave(7, 5, 3), (4, 3, 6), 2),
    ),
]

color_jitter = [
    Case("color_jitter", "brighter", "adjust_brightness", (ramp(0.1, 0.9, 2, 2, 3), 1.4)),
    Case("color_jitter", "darker", "adjust_brightness", (ramp(0.1, 0.9, 1, 3, 3), 0.5)),
    Case("color_jitter", "less contrast", "adjust_contrast", (wave(2, 3, 3), 0.5)),
    Case("color_jitter", "more contrast", "adjust_contrast", (wave(3, 2, 3, step=0.7), 2.5)),
    Case(
        "color_jitter",
        "the range of both factors, and their mean difference",
        "jitter_factors",
        (0.2, 0.4),
        tolerance=0.02,
    ),
    Case(
        "color_jitter",
        "the darkest and the brightest that an image may come out",
        "darkest_and_brightest",
        (ramp(0.4, 1.0, 2, 2, 3),),
        tolerance=0.02,
    ),
    Case(
        "color_jitter",
        "the image stays as it is",
        "adjust_brightness",
        (wave(2, 2, 3), 0.8),
        view="inputs_untouched",
    ),
    Case("color_jitter", "the same state, the same picture", "jitter_repeats", (wave(2, 2, 3),)),
]

cutout = [
    Case("cutout", "all squares of 1x1", "holes_seen", (ramp(0.1, 0.6, 2, 3, 1), 1)),
    Case("cutout", "all squares of 3x3", "holes_seen", (wave(3, 4, 2), 3)),
    Case(
        "cutout",
        "the image stays as it is",
        "cutout",
        (wave(3, 3, 1), 3, Seed(5)),
        view="inputs_untouched",
    ),
    Case("cutout", "the same state, the same square", "holes_repeat", (wave(9, 8, 1), 3)),
]

average_randomness = [
    Case(
        "average_randomness",
        "three draws of z, for a number",
        "average_over",
        (np.array([0.0, 1.0, 2.5]), 10.0),
    ),
    Case(
        "average_randomness",
        "four draws, for an array",
        "average_over",
        (np.array([0.5, -1.0, 2.0, 4.0]), np.array([1.0, -2.0])),
    ),
]

cases = [
    *channel_statistics,
    *normalize,
    *random_flip,
    *resize_short_side,
    *random_crop,
    *training_crop,
    *ten_crop,
    *multi_scale_predict,
    *color_jitter,
    *cutout,
    *average_randomness,
]
