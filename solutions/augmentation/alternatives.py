"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import math
import warnings

import numpy as np

# channel_statistics


@alternative("channel_statistics")
def one_pass(images):
    """E[x^2] - E[x]^2 with floats: fine for values between 0 and 1."""
    count, total, squares = 0, np.zeros(3), np.zeros(3)
    for image in images:
        scaled = image.astype(np.float64) / 255.0
        count += image.shape[0] * image.shape[1]
        total += scaled.sum(axis=(0, 1))
        squares += (scaled**2).sum(axis=(0, 1))
    mean = total / count
    return [mean, np.sqrt(squares / count - mean**2)]  # a list for a tuple


@alternative("channel_statistics")
def two_passes(images):
    pixels = sum(image[..., 0].size for image in images)
    mean = sum(image.sum(axis=(0, 1), dtype=float) for image in images) / pixels
    variance = sum(((image - mean) ** 2).sum(axis=(0, 1)) for image in images) / pixels
    return mean / 255, np.sqrt(variance) / 255


@alternative("channel_statistics")
def welford(images):
    """Chan's way to join the moments of two sets, image by image."""
    count, mean, moment = 0, np.zeros(3), np.zeros(3)
    for image in images:
        pixels = image.reshape(-1, 3) / np.float64(255)
        n, own = len(pixels), pixels.mean(axis=0)
        delta = own - mean
        moment = moment + ((pixels - own) ** 2).sum(axis=0) + delta**2 * count * n / (count + n)
        mean, count = mean + delta * n / (count + n), count + n
    return mean, (moment / count) ** 0.5


@alternative("channel_statistics")
def channel_by_channel(images):
    columns = [np.hstack([image[:, :, c].ravel() for image in images]) / 255 for c in range(3)]
    return np.array([*map(np.mean, columns)]), np.array([*map(np.std, columns)])


# normalize


@alternative("normalize")
class explicit_broadcasting:
    def normalize(images, mean, std):
        shape = (1,) * (images.ndim - 1) + (-1,)
        return np.divide(np.subtract(images, mean.reshape(shape)), std.reshape(shape))

    def denormalize(images, mean, std):
        return np.add(np.multiply(images, std[None, :]), np.array(mean, copy=True))


@alternative("normalize")
class channels_in_a_loop:
    def normalize(images, mean, std):
        out = np.empty(images.shape)
        for c, (m, s) in enumerate(zip(mean, std, strict=True)):
            out[..., c] = (images[..., c] - m) / s
        return out

    def denormalize(images, mean, std):
        return np.stack([images[..., c] * std[c] + mean[c] for c in range(len(mean))], axis=-1)


@alternative("normalize")
class as_one_product:
    def normalize(images, mean, std):
        return images * (1 / std) - mean / std

    def denormalize(images, mean, std):
        return (images + mean / std) * std


# random_flip


@alternative("random_flip")
class loop_over_images:
    def random_horizontal_flip(images, rng, p=0.5):
        out = images.copy()
        for n, image in enumerate(images):
            if rng.uniform() < p:
                out[n] = np.fliplr(image)  # of one image (H, W, C): axis 1 is its columns
        return out


@alternative("random_flip")
class fancy_indexing:
    def random_horizontal_flip(images: np.ndarray, rng: np.random.Generator, p: float = 0.5):
        warnings.warn("a warning costs nothing", stacklevel=2)
        out = np.array(images)
        flipped = rng.binomial(1, p, size=images.shape[0]).astype(bool)
        out[flipped] = np.flip(out[flipped], axis=2)
        return out


@alternative("random_flip")
class columns_by_take:
    def random_horizontal_flip(images, rng, p=0.5):
        order = np.arange(images.shape[2])
        coins = rng.choice([True, False], size=len(images), p=[p, 1 - p])
        return np.array(
            [
                image.take(order[::-1] if coin else order, axis=1)
                for image, coin in zip(images, coins, strict=True)
            ]
        )


# resize_short_side


@alternative("resize_short_side")
def by_cases(image, size):
    H, W, _ = image.shape
    if H <= W:
        return resize(image, size, int(W * size / H + 0.5))
    return resize(image, int(np.round(H * size / W)), size)


@alternative("resize_short_side")
def in_whole_numbers(image, size):
    short = min(image.shape[:2])
    sides = ((2 * side * size + short) // (2 * short) for side in image.shape[:2])
    return resize(image, *sides)


@alternative("resize_short_side")
def numpy_numbers(image, size):
    sides = np.array(image.shape[:2])
    print("sides", sides)  # noqa: T201  (students print)
    height, width = np.rint(sides / sides.min() * size).astype(np.int64)
    return resize(image, height=height, width=width)


# random_crop


@alternative("random_crop")
def inclusive_ends(image, size, rng):
    H, W, C = image.shape
    y = rng.integers(0, H - size, endpoint=True)
    x = rng.integers(0, W - size, endpoint=True)
    out = np.zeros((size, size, C))
    out[...] = image[y : y + size, x : x + size, :]
    return out


@alternative("random_crop")
def floor_of_a_uniform(image, size, rng):
    top, left = (math.floor(rng.random() * (side - size + 1)) for side in image.shape[:2])
    return image[np.arange(top, top + size)][:, np.arange(left, left + size)]


@alternative("random_crop")
def one_of_all_windows(image, size, rng):
    """Column first, and through NumPy's view of all windows."""
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(0, 1))
    left = rng.choice(windows.shape[1])
    top = rng.choice(windows.shape[0])
    return np.moveaxis(windows[top, left], 0, -1)


@alternative("random_crop")
class one_draw_for_both:
    """A class for a function: it is called all the same."""

    def random_crop(image, size, rng):
        class Cropper:
            def __call__(self, image):
                rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
                top, left = divmod(int(rng.integers(rows * columns)), columns)
                return np.take(image, range(top, top + size), 0).take(range(left, left + size), 1)

        return Cropper()(image)


# training_crop


@alternative("training_crop")
def all_by_itself(image, rng, low=256, high=480, size=224):
    scale = int(rng.choice(np.arange(low, high + 1)))
    H, W = image.shape[:2]
    factor = scale / min(W, H)
    big = resize(image, int(round(H * factor)), int(round(W * factor)))
    top = rng.integers(big.shape[0] - size + 1)
    left = rng.integers(big.shape[1] - size + 1)
    return big[top : top + size, left : left + size].copy()


@alternative("training_crop")
def floored_uniform(image, rng, low=256, high=480, size=224):
    scale = int(low + rng.random() * (high - low + 1))
    return random_crop(size=size, rng=rng, image=resize_short_side(image, scale))


@alternative("training_crop")
def only_the_window_is_resized(image, rng, low=256, high=480, size=224):
    """The scale is drawn last of the three, from a fraction that is drawn first."""
    u = rng.random(3)
    resized = resize_short_side(image, low + math.floor(u[0] * (high - low + 1)))
    top, left = (math.floor(v * (n - size + 1)) for v, n in zip(u[1:], resized.shape, strict=False))
    return resized[top:][:size, left:][:, :size]


# ten_crop


@alternative("ten_crop")
def a_list_of_crops(image, size):
    h, w = image.shape[0], image.shape[1]
    y, x = (h - size) // 2, (w - size) // 2
    crops = [
        image[:size, :size],
        image[:size, w - size :],
        image[h - size :, :size],
        image[h - size :, w - size :],
        image[y : y + size, x : x + size],
    ]
    crops.extend([np.fliplr(crop) for crop in crops])
    return crops


@alternative("ten_crop")
def mirrored_picture(image, size):
    """Crops of the mirrored picture, at the mirrored places."""
    H, W, C = image.shape
    out = np.empty((10, size, size, C))
    tops = [0, 0, H - size, H - size, (H - size) // 2]
    lefts = [0, W - size, 0, W - size, (W - size) // 2]
    mirrored = np.flip(image, axis=1)
    for n, (top, left) in enumerate(zip(tops, lefts, strict=True)):
        out[n] = image[top : top + size, left : left + size]
        begin = W - size - left
        out[n + 5] = mirrored[top : top + size, begin : begin + size]
    return out


@alternative("ten_crop")
def a_tuple_by_take(image, size):
    rows = {"top": 0, "bottom": image.shape[0] - size, "middle": (image.shape[0] - size) >> 1}
    columns = {"left": 0, "right": image.shape[1] - size, "middle": (image.shape[1] - size) >> 1}
    names = ["top left", "top right", "bottom left", "bottom right", "middle middle"]
    places = [(rows[name.split()[0]], columns[name.split()[1]]) for name in names]
    span = np.arange(size)
    five = [image.take(top + span, 0).take(left + span, 1) for top, left in places]
    return (*five, *(crop[:, ::-1] for crop in five))


# multi_scale_predict


@alternative("multi_scale_predict")
def all_at_once(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    crops = np.concatenate([ten_crop(resize_short_side(image, scale), size) for scale in scales])
    return np.mean(predict(crops), axis=0)


@alternative("multi_scale_predict")
def crop_by_crop(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    total, count = 0.0, 0
    for scale in scales:
        H, W = image.shape[:2]
        f = scale / min(H, W)
        for crop in ten_crop(resize(image, round(H * f), round(W * f)), size):
            total = total + predict(crop[np.newaxis])[0]
            count += 1
    return total / count


@alternative("multi_scale_predict")
def mean_of_means(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    """Each scale has ten crops, so the mean of the scales' means is the mean of all."""
    means = [predict(ten_crop(resize_short_side(image, s), size)).mean(0) for s in scales]
    return functools.reduce(np.add, means) / len(means)


# color_jitter


@alternative("color_jitter")
class another_way_to_clip:
    def adjust_brightness(image, factor):
        return np.minimum(np.maximum(factor * image, 0.0), 1.0)

    def adjust_contrast(image, factor):
        red, green, blue = (image[..., c].mean() for c in range(3))
        mean = 0.299 * red + 0.587 * green + 0.114 * blue
        out = factor * image + (1 - factor) * mean
        out[out < 0] = 0
        out[out > 1] = 1
        return out

    def color_jitter(image, rng, brightness=0.4, contrast=0.4):
        factor = 1 + brightness * (2 * rng.random() - 1)
        other = 1 + contrast * (2 * rng.random() - 1)
        out = np.clip(image * factor, 0, 1)
        mean = np.dot(out, [0.299, 0.587, 0.114]).mean()
        return np.clip(mean + other * (out - mean), 0, 1)


@alternative("color_jitter")
class draws_both_at_once:
    def color_jitter(image, rng, brightness=0.4, contrast=0.4):
        amounts = np.array([brightness, contrast])
        bright, strong = rng.uniform(1 - amounts, 1 + amounts)
        return adjust_contrast(adjust_brightness(image, bright), strong)


@alternative("color_jitter")
class a_pixel_at_a_time:
    def adjust_brightness(image, factor):
        return np.array([[[min(1.0, v * factor) for v in pixel] for pixel in row] for row in image])

    def adjust_contrast(image, factor):
        pixels = image.reshape(-1, 3)
        m = sum(0.299 * r + 0.587 * g + 0.114 * b for r, g, b in pixels) / len(pixels)
        flat = [min(1.0, max(0.0, m + factor * (v - m))) for v in image.ravel()]
        return np.array(flat).reshape(image.shape)


# cutout


@alternative("cutout")
def by_a_mask(image, size, rng):
    H, W = image.shape[:2]
    cy, cx = rng.integers(0, H), rng.integers(0, W)
    rows, columns = np.arange(H) - cy + size // 2, np.arange(W) - cx + size // 2
    inside = ((rows >= 0) & (rows < size))[:, None] & ((columns >= 0) & (columns < size))
    return np.where(inside[..., None], 0.0, image)


@alternative("cutout")
def one_pixel_to_the_other_side(image, size, rng):
    """For even sizes the square may begin one pixel later; for odd ones it is the same."""
    x = rng.integers(image.shape[1])
    y = rng.integers(image.shape[0])
    top, left = y - (size - 1) // 2, x - (size - 1) // 2
    mask = np.ones(image.shape)
    mask[np.clip(top, 0, None) : top + size, np.clip(left, 0, None) : left + size] = 0
    return image * mask


@alternative("cutout")
def on_a_padded_copy(image, size, rng):
    H, W, _ = image.shape
    wide = np.pad(image, ((size, size), (size, size), (0, 0)))
    top, left = (int(rng.random() * n) + size - size // 2 for n in (H, W))
    wide[top : top + size, left : left + size, :] = 0.0
    return wide[size : size + H, size : size + W]


# average_randomness


@alternative("average_randomness")
class running_sum:
    def predict_average(f, x, sample_z, num_samples):
        total = 0
        for _ in range(num_samples):
            total = total + f(x, sample_z())
        return total / num_samples


@alternative("average_randomness")
class all_draws_first:
    def predict_average(f, x, sample_z, num_samples):
        draws = [sample_z() for _ in range(num_samples)]
        outputs = np.array(list(map(functools.partial(f, x), draws)))
        return outputs.sum(axis=0) / num_samples


@alternative("average_randomness")
class running_mean:
    def predict_average(f, x, sample_z, num_samples):
        mean = f(x, sample_z())
        for k in range(2, num_samples + 1):
            mean = mean + (f(x, sample_z()) - mean) / k
        return mean
