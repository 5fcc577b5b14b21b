"""Hidden tests of `augmentation`. A docstring is the sentence that the student reads.

Random answers are looked at by what holds for every draw: an output is one of the pictures that a
right answer may give, all of those are reached, and their shares are right. `rng` is seeded with the
course's secret, so no test may count on a lucky draw: a right answer is refused less than once in
10^9 runs, by the bound stated beside each test. Inputs are small, so that a thousand draws cost
milliseconds.
"""

import math

import numpy as np
import pytest

from grader.compare.statistics import (
    distribution_bound,
    distribution_distance,
    share_bound,
    uneven,
    uniform_cdf,
)
from grader.harness import (
    assert_close,
    assert_matches,
    assert_shape,
    assert_statistic,
    assert_untouched,
    fail,
    observe,
)

# Three equal shares against the 1/4, 1/2, 1/4 of a rounded real number: 6.6 sigma to the bound of
# `uneven`, and 6 more to the mistake. Where choices are only to be reached, FEW draws are enough.
DRAWS, FEW = 1400, 400
GREY = np.array([0.299, 0.587, 0.114])


def picture(rng, *shape):
    """Values between 0.05 and 0.95, no two of them equal: a part of it tells where it comes from."""
    size = math.prod(shape)
    return (rng.permutation(size).reshape(shape) + rng.uniform(0.3, 0.7)) / size * 0.9 + 0.05


def awkward(array):
    """The same values in memory that is neither contiguous nor writeable."""
    every_other = tuple(slice(None, None, 2) for _ in array.shape)
    view = np.zeros([2 * side for side in array.shape], array.dtype)[every_other]
    view[...] = array
    view.flags.writeable = False
    return view


def parts(value, names, function):
    """The parts of a returned tuple, or a failure that says what is missing."""
    if not isinstance(value, tuple | list) or len(value) != len(names):
        got = len(value) if isinstance(value, tuple | list) else "one value"
        fail(
            f"{function} returned {got} where {len(names)} parts are expected.",
            f"The parts are {', '.join(names)}, in this order.",
            f"End with: return {', '.join(names)}",
        )
    return value


def many(function, count, *args):
    """The outputs of so many calls in the box, with one generator among the arguments."""
    repeat = function.proxy.probes.repeat
    reply = repeat.reply(function, count, *args)
    if reply.raised:  # answers to a call with a generator are not observed by themselves
        observe("an exception", reply.raised)
    return repeat.value(reply)


def images_of(outputs, shape, what="the output"):
    """Outputs of one shape as one array; the first of another shape is explained."""
    shapes = sorted({np.shape(out) for out in outputs})
    observe(f"shapes of {what}", str(shapes))
    for out in outputs:
        assert_shape(out, shape, what)
    return np.array(outputs, dtype=np.float64)


def numbered(outputs, candidates):
    """For each output which candidate it equals, -1 if none."""
    flat = np.reshape(candidates, (len(candidates), -1)).astype(np.float64)
    rows = np.reshape(outputs, (len(outputs), -1)).astype(np.float64)
    different, which = np.unique(rows, axis=0, return_inverse=True)
    found = []
    for row in different:
        near = np.abs(flat - row).max(axis=1) <= 1e-6
        found.append(near.argmax() if near.any() else -1)
    return np.array(found)[which.ravel()]


def share(events, label):
    """The share of true events, observed: two answers of a kind agree on it within a fifth."""
    value = float(np.mean(events))
    observe(label, value, 0.2)
    return value


def all_of(events, what, expected, try_):
    """Every output is what a right answer may give."""
    if share(events, what) < 1:
        fail(f"{what[0].upper()}{what[1:]} is {np.mean(events):.3g}.", expected, try_)


def assert_uniform(found, choices, what):
    """Each of the choices comes up, and all of them equally often; -1 stands for none of them.

    Exact binomial tails, 1e-10 for all choices together (`uneven`). It also says that a choice that
    never comes up would be seen, for 400 draws with up to 15 choices.
    """
    choices = list(choices)
    observe(f"{what}: which", sorted({int(each) for each in found}))
    shares = np.array([np.mean(found == choice) for choice in choices])
    observe(f"{what}: how often", shares, 0.08)
    odd = uneven(found, choices)
    if odd is None:
        return
    if odd.choice not in choices:
        fail(
            f"Of {len(found)} outputs {odd.hits} are none that a right answer gives.",
            "Whatever is drawn, the output is one of those that the text allows.",
            "Look at some outputs for a tiny image: which of them should not be there?",
        )
    fail(
        f"In {len(found)} draws {what} is {odd.choice} {odd.hits} times.",
        f"Each of {choices[0]}, ..., {choices[-1]} comes up about {len(found) / len(choices):.0f} "
        f"times; by chance it may be {odd.fewest} to {odd.most}.",
        "Count the places. Does your draw reach the first and the last one, and is it fair?",
    )


def assert_repeats(function, rng, before, after=()):
    """Two generators in the same state give the same ten outputs."""
    seed = int(rng.integers(2**31))
    first, again = (
        many(function, 10, *before, np.random.default_rng(seed), *after) for _ in range(2)
    )
    alike = np.shape(first) == np.shape(again) and bool(np.array_equal(first, again))
    observe("the same state gives the same output", alike)
    if not alike:
        fail(
            "Two generators in the same state gave different outputs.",
            "The same generator state gives the same outputs.",
            "Draw from the argument rng, not from np.random, random or a generator of your own.",
        )


# channel_statistics

STATISTICS = ("mean", "std")


def photographs(rng, *sizes, low=0, high=256):
    """Bytes. Channels and images differ in mean and spread, so that no average hides another."""
    found = []
    for number, (height, width) in enumerate(sizes):
        tops = high - (high - low) // 8 * ((np.arange(3) + number) % 4)
        found.append(rng.integers(low, tops, size=(height, width, 3)).astype(np.uint8))
    return found


@pytest.mark.question("channel_statistics")
@pytest.mark.weight(3)
def test_statistics_of_different_sizes(student, reference, rng):
    """Every pixel counts alike, so a large image counts for more than a small one."""
    images = photographs(rng, (6, 9), (13, 4), (3, 2))
    assert_matches(student.channel_statistics, reference.channel_statistics, images)


@pytest.mark.question("channel_statistics")
@pytest.mark.weight(2)
def test_statistics_of_equal_sizes(student, reference, rng):
    """Images of equal size give one mean and one standard deviation for each channel as well."""
    images = photographs(rng, (5, 7), (5, 7), (5, 7), (5, 7))
    assert_matches(student.channel_statistics, reference.channel_statistics, images)


@pytest.mark.question("channel_statistics")
@pytest.mark.weight(2)
def test_statistics_of_many_bright_pixels(student, reference, rng):
    """Large bright photographs do not overflow: sums and squares are taken of floats."""
    images = photographs(rng, (400, 500), (60, 35), low=200)
    assert_matches(student.channel_statistics, reference.channel_statistics, images)


@pytest.mark.question("channel_statistics")
def test_statistics_of_one_image(student, reference, rng):
    """A single image, a single row, a read-only image and one that is all but black are fine."""
    dark = np.array([[[0, 1, 1], [1, 0, 1]], [[0, 0, 0], [0, 1, 1]]], np.uint8)
    for images in (photographs(rng, (1, 11)), [dark]):
        assert_matches(student.channel_statistics, reference.channel_statistics, images)
    images = [awkward(image) for image in photographs(rng, (4, 3), (2, 5))]
    assert_matches(student.channel_statistics, reference.channel_statistics, images)


@pytest.mark.question("channel_statistics")
def test_statistics_shapes(student, rng):
    """There are two results, mean and standard deviation, each of the shape (3,)."""
    images = photographs(rng, (4, 8), (7, 3))
    found = parts(student.channel_statistics(images), STATISTICS, "channel_statistics")
    for value, name in zip(found, STATISTICS, strict=True):
        assert_shape(value, (3,), name)


@pytest.mark.question("channel_statistics")
def test_statistics_leave_the_images(student, rng):
    """The images stay as they are."""
    assert_untouched(student.channel_statistics, photographs(rng, (3, 5), (2, 6)))


# normalize


def statistics(rng, channels=3):
    """A mean and a standard deviation that are not those of the images; the first is narrow."""
    mean, std = rng.uniform(0.2, 0.7, size=channels), rng.uniform(0.15, 0.6, size=channels)
    std[0] = rng.uniform(0.05, 0.08)
    return mean, std


@pytest.mark.question("normalize")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6, 3), (2, 5, 3, 4)], ids=["one image", "batch"])
def test_normalize_values(student, reference, rng, shape):
    """Each channel is centred and scaled with the statistics that are handed in."""
    images = picture(rng, *shape)
    assert_matches(student.normalize, reference.normalize, images, *statistics(rng, shape[-1]))


@pytest.mark.question("normalize")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5, 2, 4), (3, 3, 4, 3)], ids=["one image", "batch"])
def test_denormalize_values(student, reference, rng, shape):
    """Denormalising scales each channel and moves it back; values need not lie in [0, 1]."""
    images = rng.normal(size=shape)
    assert_matches(student.denormalize, reference.denormalize, images, *statistics(rng, shape[-1]))


@pytest.mark.question("normalize")
def test_normalize_where_shapes_agree(student, reference, rng):
    """Statistics belong to the channels, also where height, width and batch are three as well."""
    mean, std = statistics(rng)
    images = picture(rng, 3, 3, 3)
    assert_matches(student.normalize, reference.normalize, images, mean, std)
    assert_matches(student.denormalize, reference.denormalize, images[None], mean, std)


@pytest.mark.question("normalize")
def test_normalize_round_trip(student, rng):
    """Denormalising what was normalised gives the images back."""
    images, (mean, std) = picture(rng, 2, 4, 5, 3), statistics(rng)
    there = student.normalize(images, mean, std)
    assert_shape(there, images.shape)
    assert_close(student.denormalize(there, mean, std), images, "the image after the round trip")


@pytest.mark.question("normalize")
def test_normalize_a_dark_image(student, reference, rng):
    """A dark test image stays dark: the training statistics are used, not its own."""
    images = 0.05 * picture(rng, 1, 2, 7, 3)
    assert_matches(student.normalize, reference.normalize, awkward(images), *statistics(rng))


@pytest.mark.question("normalize")
def test_normalize_leaves_its_inputs(student, rng):
    """Images and statistics stay as they are."""
    mean, std = statistics(rng)
    assert_untouched(student.normalize, picture(rng, 3, 4, 3), mean, std)
    assert_untouched(student.denormalize, picture(rng, 2, 3, 2, 3), mean, std)


# random_flip
#
# A batch is one call, so a share is measured with one call. Its bound is Bernstein's (share_bound).

FATES = {
    "itself": lambda images: images,
    "mirrored": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1],
    "turned by 180 degrees": lambda images: images[:, ::-1, ::-1],
    "with channels reversed": lambda images: images[..., ::-1],
}


def fates(student, images, rng, *p):
    """What became of each image: a column of bools for each fate."""
    out = student.random_horizontal_flip(images, rng, *p)
    assert_shape(out, images.shape)
    found = {
        name: np.abs(np.asarray(out) - turn(images)).max(axis=(1, 2, 3)) <= 1e-6
        for name, turn in FATES.items()
    }
    known = np.any(list(found.values()), axis=0)
    for name, events in {**found, "something else": ~known}.items():
        share(events, f"share of images {name}")
    return found


@pytest.mark.question("random_flip")
@pytest.mark.weight(2)
def test_flip_or_not(student, rng):
    """Each image comes out as itself or as its mirror image, left to right."""
    found = fates(student, picture(rng, 200, 3, 4, 3), rng, 0.5)
    all_of(
        found["itself"] | found["mirrored"],
        "share of images that are themselves or their mirror image",
        "Every image is one or the other.",
        "Columns are axis 2 of (N, H, W, C); rows, channels and the batch keep their order.",
    )


@pytest.mark.question("random_flip")
@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_flip_share(student, rng, p):
    """The share of images that are mirrored is p."""
    count = 1500
    found = fates(student, picture(rng, count, 1, 2, 1), rng, p)
    assert_statistic(
        np.mean(found["mirrored"]), p, share_bound(p, count), "the share of mirrored images"
    )


@pytest.mark.question("random_flip")
@pytest.mark.parametrize("p", [0.0, 1.0], ids=["never", "always"])
def test_flip_never_or_always(student, rng, p):
    """With p = 0 the batch comes back as it was, with p = 1 every image is mirrored."""
    images = picture(rng, 600, 2, 3, 2)  # many: a coin of whole numbers may leave one in a hundred
    fates(student, images, rng, p)
    out = student.random_horizontal_flip(images, rng, p)
    assert_close(out, images[:, :, ::-1] if p else images)


@pytest.mark.question("random_flip")
def test_flip_throws_a_coin_for_each_image(student, rng):
    """Images are mirrored independently: neighbours in the batch share their fate as often as chance has it."""
    found = fates(student, picture(rng, 1500, 2, 3, 1), rng, 0.5)["mirrored"]
    # 750 disjoint pairs agree with probability 0.5, independently.
    agree = found[0::2] == found[1::2]
    what = "the share of pairs of neighbours with the same fate"
    assert_statistic(np.mean(agree), 0.5, share_bound(0.5, 750), what)


@pytest.mark.question("random_flip")
def test_flip_of_one_image(student, rng):
    """Without p, one image of one channel is mirrored in every second call."""
    image = awkward(picture(rng, 1, 3, 5, 1))
    # Neither fate is missing in 40 calls but once in 5 * 10^11.
    outs = images_of(many(student.random_horizontal_flip, 40, image, rng), image.shape)
    mirrored = numbered(outs, [image, image[:, :, ::-1]])
    observe("fates", sorted(set(mirrored.tolist())))
    if set(mirrored.tolist()) != {0, 1}:
        fail(
            "In 40 calls the image was not sometimes itself and sometimes mirrored.",
            "p is 0.5 if it is not given, and each call throws its coin anew.",
            "Draw from rng in every call.",
        )


@pytest.mark.question("random_flip")
@pytest.mark.weight(2)
def test_flip_leaves_the_images(student, rng):
    """The batch that comes in stays as it is."""
    assert_untouched(student.random_horizontal_flip, picture(rng, 5, 3, 4, 3), rng, 1.0)


@pytest.mark.question("random_flip")
def test_flip_uses_the_generator(student, rng):
    """Two generators in the same state mirror the same images: every coin comes from `rng`."""
    assert_repeats(student.random_horizontal_flip, rng, [picture(rng, 64, 2, 3, 2)])


# resize_short_side


@pytest.mark.question("resize_short_side")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "size"),
    [((9, 16, 3), 5), ((10, 27, 3), 6), ((23, 9, 3), 7), ((19, 11, 3), 6)],
    ids=["wide, rounded up", "wide, rounded down", "high, rounded up", "high, rounded down"],
)
def test_short_side_values(student, reference, rng, shape, size):
    """The short side gets the size, whichever it is; the long one keeps the proportion, rounded."""
    image = picture(rng, *shape)
    assert_matches(student.resize_short_side, reference.resize_short_side, image, size)


@pytest.mark.question("resize_short_side")
def test_short_side_grows(student, reference, rng):
    """A small image grows, in the same way."""
    image = picture(rng, 4, 7, 3)
    assert_matches(student.resize_short_side, reference.resize_short_side, image, 13)


@pytest.mark.question("resize_short_side")
def test_short_side_of_a_square(student, reference, rng):
    """A square stays a square, an image of the right size keeps its values, and the input stays as it is."""
    image = picture(rng, 8, 8, 3)
    assert_matches(student.resize_short_side, reference.resize_short_side, awkward(image), 5)
    image = picture(rng, 6, 13, 3)
    assert_close(student.resize_short_side(image, 6), image)
    assert_untouched(student.resize_short_side, image, 4)


@pytest.mark.question("resize_short_side")
def test_short_side_shapes(student, rng):
    """The shape is (H', W', C), rounded to the nearest whole number, for photographs as well."""
    for shape, size, expected in (
        ((30, 45, 1), 26, (26, 39, 1)),
        ((64, 50, 1), 23, (29, 23, 1)),
        ((21, 34, 1), 24, (24, 39, 1)),
        ((33, 47, 1), 200, (200, 285, 1)),  # and no ratio is rounded on the way
    ):
        assert_shape(student.resize_short_side(picture(rng, *shape), size), expected)


# random_crop


def windows(image, size):
    """All windows of an image, row by row: top = number // (W - size + 1)."""
    rows, columns = (side - size + 1 for side in image.shape[:2])
    return np.array(
        [
            image[top : top + size, left : left + size]
            for top in range(rows)
            for left in range(columns)
        ]
    )


@pytest.mark.question("random_crop")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(6, 8, 3), (9, 5, 1)], ids=["wide", "high"])
def test_crop_is_a_window(student, rng, shape):
    """A crop is a window of the image, the same rows and columns in all channels."""
    image, size = picture(rng, *shape), 4
    crops = images_of(many(student.random_crop, 50, image, size, rng), (size, size, shape[2]))
    all_of(
        numbered(crops, windows(image, size)) >= 0,
        "share of crops that are a window of the image",
        "Every crop is one: neighbouring rows and columns, untouched.",
        "Cut a slice image[top : top + size, left : left + size].",
    )


@pytest.mark.question("random_crop")
@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(5, 7, 4), (8, 5, 1)], ids=["wide", "high"])
def test_crop_places(student, rng, shape):
    """Every row and every column where the window fits is equally likely, the last one included."""
    image, size = picture(rng, *shape), 3
    crops = images_of(many(student.random_crop, DRAWS, image, size, rng), (size, size, shape[2]))
    rows, columns = (side - size + 1 for side in shape[:2])
    found = numbered(crops, windows(image, size))
    share(found >= 0, "share of windows")
    assert_uniform(np.where(found < 0, -1, found // columns), range(rows), "the first row")
    assert_uniform(np.where(found < 0, -1, found % columns), range(columns), "the first column")


@pytest.mark.question("random_crop")
@pytest.mark.weight(2)
def test_crop_rows_and_columns_are_independent(student, rng):
    """Row and column are drawn independently: each pair of them is reached."""
    image, size = picture(rng, 6, 6, 1), 4
    crops = images_of(many(student.random_crop, FEW, image, size, rng), (size, size, 1))
    found = numbered(crops, windows(image, size))
    assert_uniform(found, range(9), "the number of the window, counted row by row,")


@pytest.mark.question("random_crop")
def test_crop_of_the_whole_image(student, rng):
    """A window as large as the image gives the image; as high as the image, all of its rows. The input stays as it is."""
    image = awkward(picture(rng, 5, 5, 3))
    assert_close(student.random_crop(image, 5, rng), image)
    image = picture(rng, 4, 6, 2)
    found = numbered(
        images_of(many(student.random_crop, 5, image, 4, rng), (4, 4, 2)), windows(image, 4)
    )
    all_of(found >= 0, "share of windows", "Every crop is a window.", "Cut a slice of the image.")
    assert_untouched(student.random_crop, image, 3, rng)


@pytest.mark.question("random_crop")
def test_crop_uses_the_generator(student, rng):
    """Two generators in the same state cut out the same window: every draw comes from `rng`."""
    assert_repeats(student.random_crop, rng, [picture(rng, 30, 20, 1), 2])


# training_crop
#
# With low = 5, high = 7 and size = 4 an image of 8x11 has 2*4 + 3*5 + 4*7 = 51 different outputs,
# and none of them is a window of the image itself.

LOW, HIGH, SIZE = 5, 7, 4


def scaled(reference, image):
    """For each allowed L the windows of the resized image; shapes by the formula."""
    height, width = image.shape[:2]
    short = min(height, width)
    return {
        side: windows(
            reference.resize(image, round(height * side / short), round(width * side / short)), SIZE
        )
        for side in range(LOW, HIGH + 1)
    }


def scales_of(crops, allowed):
    """Which L each crop shows, -1 if none, and the number of the window."""
    scale, window = np.full(len(crops), -1), np.full(len(crops), -1)
    for side, candidates in allowed.items():
        found = numbered(crops, candidates)
        scale[found >= 0], window[found >= 0] = side, found[found >= 0]
    return scale, window


@pytest.mark.question("training_crop")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(8, 11, 3), (11, 8, 1)], ids=["wide", "high"])
def test_training_crop_is_a_window_of_a_scaled_image(student, reference, rng, shape):
    """A training crop is a window of the image with its short side resized to a whole number from low to high."""
    image = picture(rng, *shape)
    crops = many(student.training_crop, 40, image, rng, LOW, HIGH, SIZE)
    crops = images_of(crops, (SIZE, SIZE, shape[2]))
    scale, _ = scales_of(crops, scaled(reference, image))
    all_of(
        scale >= 0,
        "share of crops that are a window of an allowed scale",
        "Every crop is one.",
        "First resize_short_side, to a whole number drawn from rng, then random_crop.",
    )


@pytest.mark.question("training_crop")
@pytest.mark.weight(3)
def test_training_crop_scales(student, reference, rng):
    """Every short side from low to high is equally likely, both ends included."""
    image = picture(rng, 8, 11, 1)
    # By the hundred: where a question that it follows is wrong, each crop asks the host twice.
    hundreds = [
        many(student.training_crop, 100, image, rng, LOW, HIGH, SIZE) for _ in range(DRAWS // 100)
    ]
    crops = [crop for crops in hundreds for crop in crops]
    crops = images_of(crops, (SIZE, SIZE, 1))
    scale, window = scales_of(crops, scaled(reference, image))
    share(scale >= 0, "share of windows")
    sides = len(set(scale[scale >= 0].tolist()))
    observe("number of scales", sides)
    if sides == 1:
        fail(
            f"In {DRAWS} draws the image always had the same scale.",
            f"Its short side is each of {LOW}, ..., {HIGH}.",
            "Draw the short side from rng in every call.",
        )
    # The middle one of three has share 1/3, and 1/2 where a real number was rounded.
    assert_uniform(scale, range(LOW, HIGH + 1), "the short side")
    # At L = 5 there are 2 x 4 windows. One of them is missed in 350 draws once in 10^19 runs.
    seen = sorted({int(number) for number in window[scale == LOW]})
    observe("windows at the smallest scale", len(seen))
    if len(seen) < 8:
        fail(
            f"With the short side {LOW}, only {len(seen)} of the 8 windows were ever cut out.",
            "At every scale each window is equally likely.",
            "Cut out the window with random_crop, after the image was resized.",
        )


@pytest.mark.question("training_crop")
def test_training_crop_of_one_scale(student, reference, rng):
    """With low = high = size a square is only resized, and nothing is random."""
    image = awkward(picture(rng, 9, 9, 3))
    assert_close(student.training_crop(image, rng, 4, 4, 4), reference.resize(image, 4, 4))


@pytest.mark.question("training_crop")
def test_training_crop_of_the_lecture(student, rng):
    """Without further arguments the crop has 224x224 pixels, and the short side 256 to 480."""
    image = np.array([[[0.1], [0.1]], [[0.9], [0.9]]])
    out = student.training_crop(image, rng)
    assert_shape(out, (224, 224, 1))
    # From the first row's centre to the second's the values rise by 0.8 in L / 2 rows, in steps of
    # 1.6 / L. Windows of 224 of at most 480 rows always hold some of them.
    steps = np.diff(np.asarray(out)[:, 0, 0]).max()
    side = 1.6 / steps if steps > 0 else math.inf
    observe("the short side is allowed", bool(255.5 < side < 480.5))
    if not 255.5 < side < 480.5:
        fail(
            f"The crop comes from an image with the short side {side:.4g}.",
            "The short side is one of 256, ..., 480.",
            "Keep low=256, high=480, size=224 as the defaults, and use them.",
        )


@pytest.mark.question("training_crop")
def test_training_crop_leaves_the_image(student, rng):
    """The image that comes in stays as it is."""
    assert_untouched(student.training_crop, picture(rng, 8, 11, 3), rng, LOW, HIGH, SIZE)


@pytest.mark.question("training_crop")
def test_training_crop_uses_the_generator(student, rng):
    """Two generators in the same state give the same crop: every draw comes from `rng`."""
    assert_repeats(student.training_crop, rng, [picture(rng, 12, 16, 1)], (14, 24, 2))


# ten_crop


def ten(value):
    """The ten crops as one array; a list or tuple of ten crops of one shape is as good."""
    if isinstance(value, list | tuple) and len({np.shape(crop) for crop in value}) == 1:
        return np.array(value)
    return value


def crops_of(image, size):
    """The ten crops by the definition, written apart from the reference."""
    height, width = image.shape[:2]
    places = [(top, left) for top in (0, height - size) for left in (0, width - size)]
    places.append(((height - size) // 2, (width - size) // 2))
    five = [image[top : top + size, left : left + size] for top, left in places]
    return np.array([*five, *(np.fliplr(crop) for crop in five)])


def assert_ten_crops(got, image, size):
    """The ten crops are right; right ones in another order are named as such."""
    got, expected = ten(got), crops_of(image, size)
    if isinstance(got, np.ndarray) and got.shape == expected.shape:
        found = numbered(got, expected)
        if sorted(found.tolist()) == list(range(10)) and found.tolist() != list(range(10)):
            fail(
                f"All ten crops are there, but in the order {found.tolist()}.",
                "Top left, top right, bottom left, bottom right, centre, then the mirror images "
                "of these five in the same order.",
                "Build the list of five first, then append its mirror images.",
            )
    assert_close(got, expected)


@pytest.mark.question("ten_crop")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("shape", "size"), [((9, 12, 3), 4), ((12, 7, 3), 6)], ids=["wide", "high"]
)
def test_ten_crops(student, rng, shape, size):
    """Four corners and the centre, then the mirror images of these five crops, in this order."""
    image = picture(rng, *shape)
    assert_ten_crops(student.ten_crop(image, size), image, size)


@pytest.mark.question("ten_crop")
@pytest.mark.weight(2)
def test_ten_crops_of_an_odd_rest(student, rng):
    """The centre starts at (H - size) // 2 and (W - size) // 2, rounded down where that is odd."""
    image = picture(rng, 8, 10, 3)
    assert_ten_crops(student.ten_crop(awkward(image), 5), image, 5)


@pytest.mark.question("ten_crop")
def test_ten_crops_of_the_whole_image(student, rng):
    """If the window is as large as the image, five crops are the image and five its mirror image."""
    image = picture(rng, 4, 4, 3)
    assert_close(ten(student.ten_crop(image, 4)), np.array([image] * 5 + [image[:, ::-1]] * 5))


@pytest.mark.question("ten_crop")
def test_ten_crops_shape(student, rng):
    """There are ten crops, each of size x size pixels with all channels."""
    assert_shape(ten(student.ten_crop(picture(rng, 6, 11, 1), 3)), (10, 3, 3, 1))


@pytest.mark.question("ten_crop")
def test_ten_crops_leave_the_image(student, rng):
    """The image that comes in stays as it is."""
    assert_untouched(student.ten_crop, picture(rng, 7, 6, 3), 3)


# multi_scale_predict


class Network:
    """A made-up network, not linear in the pixels, that keeps the crops it was shown."""

    def __init__(self, rng, size, channels, classes):
        self.weights = rng.normal(size=(size * size * channels, classes))
        self.shown = []

    def __call__(self, crops):
        self.shown.append(np.array(crops))
        return self.probabilities(np.asarray(crops))

    def probabilities(self, crops):
        # Divided by the root, or it would be so sure that every mean of its answers is the same.
        rows = crops.reshape(len(crops), -1)
        scores = 4 * rows @ self.weights / math.sqrt(len(self.weights))
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)


def all_crops(reference, image, scales, size):
    """The ten crops of each scale."""
    found = []
    height, width = image.shape[:2]
    for scale in scales:
        factor = scale / min(height, width)
        resized = reference.resize(image, round(height * factor), round(width * factor))
        found.append(crops_of(resized, size))
    return np.concatenate(found)


def predict(student, network, image, scales, size):
    """The student's prediction; it shows batches of crops and leaves the image as it is."""
    reply = student.multi_scale_predict.reply(network, image, scales, size)
    value = student.multi_scale_predict.value(reply)
    wanted = (size, size, image.shape[2])
    for batch in network.shown:
        if batch.ndim != 4 or batch.shape[1:] != wanted:
            fail(
                f"predict was called with an array of shape {batch.shape}.",
                f"predict takes batches of crops, of shape (N, {size}, {size}, {image.shape[2]}).",
                "Hand it what ten_crop returns.",
            )
    if "1" in reply.changed:
        fail("multi_scale_predict changed the image in place.", "The image stays as it is.")
    return value


@pytest.mark.question("multi_scale_predict")
@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7, 10, 3), (9, 7, 1)], ids=["wide", "high"])
def test_multi_scale_mean(student, reference, rng, shape):
    """The output is the mean of the probabilities over the ten crops of every scale."""
    image, scales, size = picture(rng, *shape), (8, 4, 11), 4
    network = Network(rng, size, shape[2], 4)
    expected = network.probabilities(all_crops(reference, image, scales, size)).mean(axis=0)

    assert_close(predict(student, network, image, scales, size), expected)


@pytest.mark.question("multi_scale_predict")
def test_multi_scale_with_one_scale(student, reference, rng):
    """With a single scale it is the mean over ten crops."""
    image, size = awkward(picture(rng, 8, 5, 2)), 3
    network = Network(rng, size, 2, 3)
    expected = network.probabilities(all_crops(reference, image, (7,), size)).mean(axis=0)

    assert_close(predict(student, network, image, (7,), size), expected)


@pytest.mark.question("multi_scale_predict")
def test_multi_scale_shows_every_crop(student, reference, rng):
    """The network is shown all ten crops of every scale, each once, in any order."""
    image, scales, size = picture(rng, 6, 8, 1), (5, 9), 4
    network = Network(rng, size, 1, 2)
    predict(student, network, image, scales, size)
    shown, wanted = np.concatenate([*network.shown]), all_crops(reference, image, scales, size)
    found = numbered(shown, wanted)
    observe("crops shown", sorted(found.tolist()))
    if sorted(found.tolist()) != list(range(len(wanted))):
        missing = len(wanted) - len(set(found.tolist()) - {-1})
        fail(
            f"The network was shown {len(shown)} crops; {missing} of the 20 are missing.",
            "It is shown ten crops of each of the two scales, each once.",
            "For every scale: resize the short side, ten_crop, predict.",
        )


# color_jitter


def colours(rng, height, width, low=0.05, high=0.95):
    """An image with more of one colour than of another."""
    return rng.uniform(low, high, size=(height, width, 3)) * np.array([0.6, 1.0, 0.8])


@pytest.mark.question("color_jitter")
@pytest.mark.parametrize("factor", [0.55, 1.15, 1.9])
def test_brightness(student, reference, rng, factor):
    """Brightness multiplies every value, and clips the result to [0, 1]."""
    image = colours(rng, 4, 6)
    assert_matches(student.adjust_brightness, reference.adjust_brightness, image, factor)


@pytest.mark.question("color_jitter")
@pytest.mark.parametrize("factor", [0.35, 1.2, 2.7])
def test_contrast(student, reference, rng, factor):
    """Contrast moves every value away from the mean grey value, or towards it, and clips to [0, 1]."""
    image = colours(rng, 6, 3)
    assert_matches(student.adjust_contrast, reference.adjust_contrast, image, factor)


@pytest.mark.question("color_jitter")
@pytest.mark.weight(2)
def test_contrast_of_dark_and_bright_pixels(student, reference, rng):
    """Neither a very dark nor a very bright pixel leaves [0, 1]."""
    image = colours(rng, 2, 7)
    image[0, ::2], image[1, ::3] = 0.01, 0.99
    assert_matches(student.adjust_contrast, reference.adjust_contrast, awkward(image), 1.8)
    assert_matches(student.adjust_brightness, reference.adjust_brightness, awkward(image), 1.3)


@pytest.mark.question("color_jitter")
def test_colours_at_the_ends(student, rng):
    """The factor 1 changes nothing; 0 gives black, or flat grey."""
    image = colours(rng, 1, 5)
    grey = np.full(image.shape, (image @ GREY).mean())
    assert_close(student.adjust_brightness(image, 1.0), image)
    assert_close(student.adjust_contrast(image, 1.0), image)
    assert_close(student.adjust_brightness(image, 0.0), 0 * image)
    assert_close(student.adjust_contrast(image, 0.0), grey)


def factors(outs, image):
    """Brightness b and contrast c of each output c*b*x + (1 - c)*b*m, where nothing was clipped."""
    x, mean = image.ravel(), (image @ GREY).mean()
    flat = np.reshape(outs, (len(outs), -1))
    slope = (flat - flat.mean(axis=1, keepdims=True)) @ (x - x.mean()) / np.sum((x - x.mean()) ** 2)
    offset = flat.mean(axis=1) - slope * x.mean()
    fits = np.abs(flat - slope[:, None] * x - offset[:, None]).max(axis=1) <= 1e-6
    brightness = slope + offset / mean
    return brightness, slope / np.where(brightness == 0, 1, brightness), fits


def jittered(student, rng, count, *amounts):
    """The two factors of so many jittered copies of an image in which nothing is clipped.

    Its values lie in [0.36, 0.54] with the mean grey m near 0.45. At b = 1.4 and c = 1.4 they are
    at most 1.4 * (m + 1.4 * 0.1) < 0.9.
    """
    image = rng.uniform(0.36, 0.54, size=(2, 3, 3))
    outs = images_of(many(student.color_jitter, count, image, rng, *amounts), image.shape)
    brightness, contrast, fits = factors(outs, image)
    all_of(
        fits,
        "share of outputs that are the image with another brightness and contrast",
        "Every output is adjust_contrast(adjust_brightness(image, f), g) for two factors f, g.",
        "Draw two factors and call your two functions.",
    )
    return brightness, contrast


@pytest.mark.question("color_jitter")
@pytest.mark.parametrize("amounts", [(), (0.15, 0.35)], ids=["default", "given"])
def test_jitter_ranges(student, rng, amounts):
    """Each factor is uniform in [1 - a, 1 + a], with the a of its own kind; a is 0.4 if not given."""
    found = jittered(student, rng, FEW, *amounts)
    for values, a, name in zip(
        found, amounts or (0.4, 0.4), ("brightness", "contrast"), strict=True
    ):
        spread = (values - 1) / a
        for ends, end in ((spread.min(), -1), (spread.max(), 1)):
            observe(f"{name}, end {end}", float(ends), 0.1)
        if (
            spread.min() < -1 - 1e-4 or spread.max() > 1 + 1e-4 or np.ptp(spread) < 1.8
        ):  # 400 draws: once in 10^16
            fail(
                f"The factors of {name} lie between {values.min():.3g} and {values.max():.3g}.",
                f"They are uniform between {1 - a:.3g} and {1 + a:.3g}.",
                "Draw with rng.uniform(1 - a, 1 + a).",
            )
        away = distribution_distance(spread, uniform_cdf(-1, 1))
        bound = distribution_bound(FEW)
        assert_statistic(away, 0.0, bound, f"the distance of {name} from uniform")


@pytest.mark.question("color_jitter")
def test_jitter_draws_two_factors(student, rng):
    """Brightness and contrast are drawn independently of each other."""
    brightness, contrast = jittered(student, rng, FEW, 0.4, 0.4)
    # Of two independent uniform draws one in ten (0.0975) is so near to the other, or to its opposite.
    for other, name in ((contrast, "equal"), (2 - contrast, "opposite")):
        near = np.mean(np.abs(brightness - other) < 0.05 * 0.8)
        what = f"the share of draws with nearly {name} factors"
        assert_statistic(near, 0.0975, share_bound(0.0975, FEW), what)


@pytest.mark.question("color_jitter")
def test_jitter_of_nothing(student, rng):
    """With brightness = 0 and contrast = 0 nothing changes; the image that comes in never does."""
    image = colours(rng, 3, 4)
    out = student.color_jitter(image, rng, 0.0, 0.0)
    observe("the output", out)
    assert_close(out, image)
    assert_untouched(student.color_jitter, image, rng)
    assert_untouched(student.adjust_brightness, image, 0.7)
    assert_untouched(student.adjust_contrast, image, 1.4)


@pytest.mark.question("color_jitter")
def test_jitter_begins_with_brightness(student, rng):
    """Brightness comes first, then contrast: where values are clipped the order shows."""
    plain = rng.uniform(0.36, 0.54, size=(2, 3, 3))
    clipped = colours(rng, 3, 5, low=0.3, high=1.0)
    clipped[0] = 0.98
    right, turned = [], []
    # With both factors below 1 the order does not show. That is so in one draw of four.
    for seed in rng.integers(2**31, size=10):
        # Three generators in one state: the same two factors, whatever the image.
        first, again, shown = (
            student.color_jitter(image, np.random.default_rng(seed))
            for image in (plain, plain, clipped)
        )
        assert_shape(first, plain.shape)
        assert_shape(shown, clipped.shape)
        if not np.array_equal(first, again):
            return  # its draws do not come from rng, and another test says so
        b, c, _ = (values[0] for values in factors([first], plain))
        right.append(np.abs(shown - contrasted(np.clip(b * clipped, 0, 1), c)).max() <= 1e-5)
        turned.append(np.abs(shown - np.clip(b * contrasted(clipped, c), 0, 1)).max() <= 1e-5)
    observe("brightness comes first", all(right))
    observe("contrast comes first", all(turned))
    if not all(right):
        fail(
            "An image with bright parts comes out differently than by brightness, then contrast"
            f"{', as if contrast had been changed first' if all(turned) else ''}.",
            "Brightness is drawn and applied first, then contrast is, to the brighter image.",
            "Call adjust_brightness on the image and adjust_contrast on its result.",
        )


def contrasted(image, factor):
    """Contrast by the formula, written apart from the reference."""
    mean = (image @ GREY).mean()
    return np.clip(mean + factor * (image - mean), 0, 1)


@pytest.mark.question("color_jitter")
def test_jitter_uses_the_generator(student, rng):
    """Two generators in the same state give the same factors: every draw comes from `rng`."""
    assert_repeats(student.color_jitter, rng, [colours(rng, 2, 3)])


# cutout


def squares(shape, size):
    """For each centre, row by row, which pixels may be hidden; for even sizes also one pixel on."""
    height, width = shape[:2]
    found = []
    for shift_row in (0, 1)[: 2 - size % 2]:
        for shift_column in (0, 1)[: 2 - size % 2]:
            rows, columns = (
                [
                    (np.arange(side) >= c - size // 2 + shift)
                    & (np.arange(side) < c - size // 2 + size + shift)
                    for c in range(side)
                ]
                for side, shift in ((height, shift_row), (width, shift_column))
            )
            found.append(np.array([np.outer(r, c) for r in rows for c in columns]))
    return found


def hidden(student, image, size, rng, count):
    """Which pixels of each output are zero, after a look at the others and at all channels."""
    outs = images_of(many(student.cutout, count, image, size, rng), image.shape)
    zero = outs == 0
    kept = np.isclose(outs, image, atol=1e-6) | zero
    changed = share(kept.all(axis=(1, 2, 3)), "share of outputs that are the image but for zeros")
    alike = share(
        (zero == zero[..., :1]).all(axis=(1, 2, 3)),
        "share of outputs with one hole in all channels",
    )
    observe("share of pixels hidden", float(zero.mean()), 0.03)
    if changed < 1:
        fail(
            "Some pixels are neither the image's nor 0.",
            "Inside the square all values are 0, outside they are the image's.",
            "Set the square to 0 and leave the rest.",
        )
    if alike < 1:
        fail(
            "The channels have their zeros at different places.",
            "The square is hidden in all channels.",
            "Draw one centre for the image: out[rows, columns] = 0 covers all channels.",
        )
    return zero[..., 0]


def sizes_of(masks):
    """The height and width of each hole."""
    return sorted({(int(m.any(axis=1).sum()), int(m.any(axis=0).sum())) for m in masks})


@pytest.mark.question("cutout")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "size"), [((6, 9, 3), 3), ((9, 7, 1), 4)], ids=["odd size", "even size"]
)
def test_cutout_hides_a_square(student, rng, shape, size):
    """A square around some pixel is zero in all channels, cut off at the border; all else stays."""
    masks = hidden(student, picture(rng, *shape), size, rng, 60)
    # Every size of the middle and the border comes up; the observed set is that of many draws.
    allowed = np.concatenate(squares(shape, size))
    all_of(
        numbered(masks, allowed) >= 0,
        "share of outputs with a square around a pixel",
        f"Every output hides {size}x{size} pixels, or what of them lies inside the image.",
        "Rows c - size // 2 to c - size // 2 + size - 1; no slice may start below 0.",
    )


@pytest.mark.question("cutout")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "size"), [((5, 6, 1), 3), ((6, 4, 2), 4)], ids=["odd size", "even size"]
)
def test_cutout_centres(student, rng, shape, size):
    """Every pixel is equally likely to be the centre, also those at the border: its row and column are drawn independently."""
    masks = hidden(student, picture(rng, *shape), size, rng, DRAWS)
    observe("sizes of the holes", str(sizes_of(masks)))
    each = [numbered(masks, candidates) for candidates in squares(shape, size)]
    found = max(each, key=lambda numbers: np.mean(numbers >= 0))
    width = shape[1]
    assert_uniform(np.where(found < 0, -1, found // width), range(shape[0]), "the centre's row")
    assert_uniform(np.where(found < 0, -1, found % width), range(width), "the centre's column")
    pixels = range(shape[0] * width)  # row and column together: they are drawn independently
    assert_uniform(found, pixels, "the number of the centre, counted row by row,")


@pytest.mark.question("cutout")
def test_cutout_of_one_pixel(student, rng):
    """A square of one pixel hides one pixel, wherever it falls."""
    masks = hidden(student, awkward(picture(rng, 3, 4, 3)), 1, rng, 25)
    counts = masks.sum(axis=(1, 2))
    all_of(
        counts == 1,
        "share of outputs with exactly one hidden pixel",
        "Each output hides one.",
        "Count the rows from c - size // 2 to c - size // 2 + size - 1 for size = 1.",
    )


@pytest.mark.question("cutout")
@pytest.mark.weight(2)
def test_cutout_leaves_the_image(student, rng):
    """The image that comes in stays as it is."""
    assert_untouched(student.cutout, picture(rng, 6, 7, 3), 5, rng)


@pytest.mark.question("cutout")
def test_cutout_uses_the_generator(student, rng):
    """Two generators in the same state hide the same square: every draw comes from `rng`."""
    assert_repeats(student.cutout, rng, [picture(rng, 30, 20, 1), 3])


# average_randomness


class Chance:
    """Draws of z, kept, and a function that is not linear in them and counts its calls.

    The second draw of every three equals the first: it counts all the same.
    """

    def __init__(self, rng, f, draw):
        self._rng, self._f, self._draw = rng, f, draw
        self.drawn, self.used = [], []

    def sample(self):
        again = len(self.drawn) % 3 == 1
        self.drawn.append(self.drawn[-1] if again else self._draw(self._rng))
        return self.drawn[-1]

    def f(self, x, z):
        self.used.append(z)
        return self._f(x, z)

    def expected(self, x):
        """The mean over the draws that were made."""
        return np.mean([self._f(x, z) for z in self.drawn], axis=0)


KINDS = {
    "number": (lambda x, z: float(x * z**2 + np.exp(z)), lambda rng: float(rng.normal())),
    "array": (lambda x, z: np.tanh(x * z) + z**3, lambda rng: float(rng.uniform(-1, 2))),
    "dropout": (
        lambda x, z: np.maximum(x * z - (x * z).mean(axis=1, keepdims=True), 0).sum(axis=1),
        lambda rng: (rng.random(5) < 0.7).astype(float),
    ),
}
POINTS = {"number": lambda rng: 1.7, "array": lambda rng: rng.normal(size=4) + 0.5}


def average(student, chance, x, count):
    """The student's average, after a look at how often the two functions were called."""
    value = student.predict_average(chance.f, x, chance.sample, count)
    calls = (len(chance.drawn), len(chance.used))
    observe("calls of sample_z and f", calls)
    return value, calls


@pytest.mark.question("average_randomness")
@pytest.mark.weight(2)
@pytest.mark.parametrize("kind", ["number", "array", "dropout"])
def test_average_over_the_draws(student, rng, kind):
    """The output is the mean of f(x, z) over the draws of z, for numbers and for arrays of any shape."""
    x = POINTS.get(kind, lambda rng: rng.normal(size=(3, 5)) + 0.4)(rng)
    chance = Chance(rng, *KINDS[kind])
    value, calls = average(student, chance, x, 6)
    # Judged by six draws of z; an answer that drew otherwise is judged by the test of calls as well.
    while len(chance.drawn) < 6:
        chance.sample()
    observe("calls", calls)
    assert_close(value, chance.expected(x))


@pytest.mark.question("average_randomness")
@pytest.mark.weight(2)
def test_average_calls_both_functions(student, rng):
    """sample_z and f are called num_samples times each, and every draw is used once."""
    chance = Chance(rng, *KINDS["array"])
    _, calls = average(student, chance, rng.normal(size=2), 5)
    used = sorted(chance.used) == sorted(chance.drawn)
    observe("every draw is used once", used)
    if calls != (5, 5) or not used:
        fail(
            f"For num_samples = 5, sample_z was called {calls[0]} times and f {calls[1]} times"
            f"{'' if used else ', not with the draws as they came'}.",
            "Each is called 5 times, f once with every draw.",
            "In a loop: draw z, compute f(x, z), remember the output.",
        )


@pytest.mark.question("average_randomness")
def test_average_of_one_draw(student, rng):
    """With one sample the output is f of that draw; x stays as it is."""
    chance, x = Chance(rng, *KINDS["array"]), rng.normal(size=(2, 3))
    value, _ = average(student, chance, x, 1)
    while not chance.drawn:
        chance.sample()
    assert_close(value, chance.expected(x))
