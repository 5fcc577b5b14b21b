"""The known mistakes of `augmentation`, each as a student writes it (names: COURSE §6).

`resize_short_side` and the others mean the solution's functions where a mistake is theirs but for
one thing. A class replaces each function that it defines. Some names are read here in one sense:

- random_flip `flips_batch_axis` reverses the order of the batch (np.flip along axis 0). np.fliplr
  on (N, H, W, C) turns rows, axis 1, and is `vertical_flip`.
- random_crop `crop_height_width_swapped` draws each offset from the other side's range.
- ten_crop `random_crops` has a generator of its own, `no_flips` returns five crops.
- Every question with chance has `global_generator`, which loses the test of reproducibility only.
"""

import numpy as np

# channel_statistics


@misconception(
    "channel_statistics",
    hint="There are three channels and three means: over which axes do you average, and which one stays?",
)
def one_number_for_all(images):
    pixels = np.concatenate([image.ravel() for image in images]) / 255
    return pixels.mean(), pixels.std()


@misconception(
    "channel_statistics",
    hint="The whole set has one mean for each channel; yours has one for each image.",
)
def per_image_statistics(images):
    means = np.array([(image / 255).mean(axis=(0, 1)) for image in images])
    stds = np.array([(image / 255).std(axis=(0, 1)) for image in images])
    return means, stds


@misconception(
    "channel_statistics",
    hint="A mean for each place of the picture is AlexNet's mean image. Here rows and columns are averaged over as well, and images may differ in size.",
)
def per_pixel_statistics(images):
    stack = np.array(images) / 255
    return stack.mean(axis=0), stack.std(axis=0)


@misconception(
    "channel_statistics",
    hint="The mean of the images' standard deviations is not that of the set: it forgets how the images differ from each other.",
)
def mean_of_stds(images):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images]) / 255
    return pixels.mean(axis=0), np.mean([(i / 255).std(axis=(0, 1)) for i in images], axis=0)


@misconception(
    "channel_statistics",
    hint="The mean of the images' means gives a small picture as much say as a large one. Count pixels.",
)
def mean_of_image_means(images):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images]) / 255
    return np.mean([(image / 255).mean(axis=(0, 1)) for image in images], axis=0), pixels.std(
        axis=0
    )


@misconception(
    "channel_statistics",
    hint="The bytes run to 255, the results belong to values from 0 to 1.",
)
def not_scaled_to_one(images):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images])
    return pixels.mean(axis=0), pixels.std(axis=0)


@misconception(
    "channel_statistics",
    hint="The variance here divides by the number of pixels, not by one less: look at ddof.",
)
def sample_std(images):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images]) / 255
    return pixels.mean(axis=0), pixels.std(axis=0, ddof=1)


@misconception(
    "channel_statistics",
    hint="A byte squared is a byte again, and wraps around at 256. Turn the images into floats before you square.",
)
def uint8_overflow(images):
    n = sum(image.shape[0] * image.shape[1] for image in images)
    mean = sum(image.sum(axis=(0, 1)) for image in images) / n
    squares = sum((image * image).sum(axis=(0, 1)) for image in images) / n
    return mean / 255, np.sqrt(squares - mean**2) / 255


@misconception(
    "channel_statistics",
    hint="The channels are the last axis now: (H, W, C). You keep the rows.",
)
def channels_first_axis(images):
    stack = np.array(images) / 255
    return stack.mean(axis=(0, 2, 3)), stack.std(axis=(0, 2, 3))


@misconception(
    "channel_statistics",
    hint="You return the variance: one more step makes it a standard deviation.",
)
def variance_for_std(images):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images]) / 255
    return pixels.mean(axis=0), pixels.var(axis=0)


# normalize


@misconception(
    "normalize",
    replaces="normalize",
    hint="The statistics are those of the training set, and are handed in. Yours are measured on the images at hand.",
)
def statistics_of_this_batch(images, mean, std):
    axes = tuple(range(images.ndim - 1))
    return (images - images.mean(axis=axes)) / images.std(axis=axes)


@misconception(
    "normalize",
    replaces="normalize",
    hint="Divide by the standard deviation itself, not by its square.",
)
def divides_by_variance(images, mean, std):
    return (images - mean) / std**2


@misconception(
    "normalize",
    replaces="normalize",
    hint="Centring is the first half. What happens to the spread?",
)
def centers_only(images, mean, std):
    return images - mean


@misconception(
    "normalize",
    replaces="normalize",
    hint="The mean is in the units of the images: subtract it before you divide.",
)
def scales_then_centers(images, mean, std):
    return images / std - mean


@misconception(
    "normalize",
    replaces="denormalize",
    hint="To undo two steps, undo the last one first: what you divided by comes back before the mean.",
)
def denormalize_order(images, mean, std):
    return (images + mean) * std


@misconception(
    "normalize",
    replaces="denormalize",
    hint="A normalised image is brought back by multiplying and adding; yours is normalised once more.",
)
def denormalize_normalizes(images, mean, std):
    return (images - mean) / std


@misconception(
    "normalize",
    replaces="normalize",
    hint="Normalised values are negative as often as positive: do not cut them off at 0 and 1.",
)
def clips_normalized(images, mean, std):
    return np.clip((images - mean) / std, 0, 1)


@misconception(
    "normalize",
    hint="The images are the caller's: write images = images - mean instead of images -= mean.",
)
class normalizes_in_place:
    def normalize(images, mean, std):
        images -= mean
        images /= std
        return images

    def denormalize(images, mean, std):
        images *= std
        images += mean
        return images


@misconception(
    "normalize",
    hint="The statistics belong to the last axis, the channels: NumPy lines it up by itself, without reshaping.",
)
class statistics_along_rows:
    def normalize(images, mean, std):
        return (images - mean[:, None, None]) / std[:, None, None]

    def denormalize(images, mean, std):
        return images * std[:, None, None] + mean[:, None, None]


@misconception(
    "normalize",
    hint="Images may have another number of channels than three: leave their number to broadcasting.",
)
class three_channels_only:
    def normalize(images, mean, std):
        out = np.array(images, dtype=float)
        for channel in range(3):
            out[..., channel] = (out[..., channel] - mean[channel]) / std[channel]
        return out

    def denormalize(images, mean, std):
        out = np.array(images, dtype=float)
        for channel in range(3):
            out[..., channel] = out[..., channel] * std[channel] + mean[channel]
        return out


# random_flip


def chosen(images, mirrored, coins):
    return np.where(coins[:, None, None, None], mirrored, images)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="Yours are upside down. In (N, H, W, C) rows are axis 1 and columns axis 2; np.fliplr turns axis 1.",
)
def vertical_flip(images, rng, p=0.5):
    return chosen(images, images[:, ::-1], rng.random(len(images)) < p)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="You reverse the channels, and red becomes blue. Which axis are the columns?",
)
def channel_flip(images, rng, p=0.5):
    return chosen(images, images[..., ::-1], rng.random(len(images)) < p)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="You turn rows and columns round: the picture stands on its head. A mirror turns columns only.",
)
def rotates_180(images, rng, p=0.5):
    return chosen(images, images[:, ::-1, ::-1], rng.random(len(images)) < p)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="p is the probability of being mirrored, yours is that of staying. At 0.5 nobody sees it.",
)
def p_is_keeping(images, rng, p=0.5):
    return chosen(images, images[:, :, ::-1], rng.random(len(images)) > p)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="Your coin is fair whatever p says: where is p used?",
)
def ignores_p(images, rng, p=0.5):
    return chosen(images, images[:, :, ::-1], rng.random(len(images)) < 0.5)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="You throw one coin for the whole batch. Each image has a coin of its own.",
)
def coin_per_batch(images, rng, p=0.5):
    if rng.random() < p:
        return images[:, :, ::-1]
    return images


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="Every image is mirrored, every time. Where is the coin?",
)
def always_flips(images, rng, p=0.5):
    return images[:, :, ::-1]


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="The images are the caller's and needed again: write into a copy.",
)
def flips_in_place(images, rng, p=0.5):
    for n in range(len(images)):
        if rng.random() < p:
            images[n] = images[n, :, ::-1].copy()
    return images


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="Axis 0 is the batch: you reverse the order of the images, and each gets another's label.",
)
def flips_batch_axis(images, rng, p=0.5):
    return chosen(images, images[::-1], rng.random(len(images)) < p)


@misconception(
    "random_flip",
    replaces="random_horizontal_flip",
    hint="Draw from the generator that is passed in: numbers from np.random cannot be repeated.",
)
def global_generator(images, rng, p=0.5):
    return chosen(images, images[:, :, ::-1], np.random.rand(len(images)) < p)


# resize_short_side


@misconception("resize_short_side", hint="It is the short side that gets the size: min, not max.")
def long_side(image, size):
    height, width = image.shape[:2]
    factor = size / max(height, width)
    return resize(image, round(height * factor), round(width * factor))


@misconception(
    "resize_short_side",
    hint="You squeeze every picture into a square. The long side keeps the proportion.",
)
def squashes_to_square(image, size):
    return resize(image, size, size)


@misconception(
    "resize_short_side",
    hint="Height comes first, in the shape and in resize(image, height, width).",
)
def height_width_swapped(image, size):
    height, width = image.shape[:2]
    factor = size / min(height, width)
    return resize(image, round(width * factor), round(height * factor))


@misconception(
    "resize_short_side",
    hint="The long side is rounded to the nearest whole number; int and // cut off what is behind the point.",
)
def floor_long_side(image, size):
    height, width = image.shape[:2]
    if height < width:
        return resize(image, size, width * size // height)
    return resize(image, height * size // width, size)


@misconception(
    "resize_short_side",
    hint="You scale the height to the size. Which side is the short one in a picture that is higher than wide?",
)
def always_the_height(image, size):
    height, width = image.shape[:2]
    return resize(image, size, round(width * size / height))


@misconception(
    "resize_short_side",
    hint="The long side is rounded to the nearest whole number, which is not always the next larger one.",
)
def ceil_long_side(image, size):
    height, width = image.shape[:2]
    if height < width:
        return resize(image, size, -(-width * size // height))
    return resize(image, -(-height * size // width), size)


@misconception(
    "resize_short_side",
    hint="You cut the picture; nothing of it may be lost here. Both sides are scaled by one factor.",
)
def crops_the_rest(image, size):
    side = min(image.shape[:2])
    return resize(image[:side, :side], size, size)


# random_crop


@misconception(
    "random_crop",
    hint="Count the places where the window fits: one more than H - size. rng.integers leaves its upper end out, so your last one never comes up.",
)
def never_last_offset(image, size, rng):
    top = rng.integers(0, image.shape[0] - size)
    left = rng.integers(0, image.shape[1] - size)
    return image[top : top + size, left : left + size]


@misconception(
    "random_crop", hint="Yours is the window in the middle, every time: where is the draw?"
)
def center_always(image, size, rng):
    top, left = (image.shape[0] - size) // 2, (image.shape[1] - size) // 2
    return image[top : top + size, left : left + size]


@misconception(
    "random_crop",
    hint="Rows and columns have the same offset, so all windows lie on a diagonal. Draw twice.",
)
def same_offset_both_axes(image, size, rng):
    offset = rng.integers(min(image.shape[0], image.shape[1]) - size + 1)
    return image[offset : offset + size, offset : offset + size]


@misconception(
    "random_crop",
    hint="Every channel is cut at another place: red and blue no longer belong together. One draw for all channels.",
)
def offset_per_channel(image, size, rng):
    channels = []
    for c in range(image.shape[2]):
        top = rng.integers(image.shape[0] - size + 1)
        left = rng.integers(image.shape[1] - size + 1)
        channels.append(image[top : top + size, left : left + size, c])
    return np.stack(channels, axis=2)


@misconception(
    "random_crop",
    hint="The row comes from the height, the column from the width; yours are the other way round.",
)
def crop_height_width_swapped(image, size, rng):
    height, width = image.shape[:2]
    top, left = rng.integers(width - size + 1), rng.integers(height - size + 1)
    return image[top : top + size, left : left + size]


@misconception(
    "random_crop",
    hint="Your windows reach over the border and go on at the other side. How far may the first row go, so that the last one is still inside?",
)
def wraps_around(image, size, rng):
    top, left = rng.integers(image.shape[0]), rng.integers(image.shape[1])
    return np.roll(image, (-top, -left), axis=(0, 1))[:size, :size]


@misconception(
    "random_crop",
    hint="The whole picture is there, made small. A window keeps its pixels as they are: cut, do not resize.",
)
def resizes_instead(image, size, rng):
    return resize(image, size, size)


@misconception(
    "random_crop",
    hint="A real number, rounded, gives the first and the last place only half of their share. Draw a whole number.",
)
def rounded_offset(image, size, rng):
    top = int(round(rng.uniform(0, image.shape[0] - size)))
    left = int(round(rng.uniform(0, image.shape[1] - size)))
    return image[top : top + size, left : left + size]


@misconception(
    "random_crop",
    hint="Draw the offsets from the generator that is passed in: numbers from np.random cannot be repeated.",
)
def global_generator(image, size, rng):  # noqa: F811  (several questions share the name)
    top = np.random.randint(image.shape[0] - size + 1)
    left = np.random.randint(image.shape[1] - size + 1)
    return image[top : top + size, left : left + size]


@misconception(
    "random_crop",
    hint="Your generator starts anew in every call, so every crop is the same. Use the one that is passed in.",
)
def own_seed(image, size, rng):
    rng = np.random.default_rng(0)
    top = rng.integers(image.shape[0] - size + 1)
    left = rng.integers(image.shape[1] - size + 1)
    return image[top : top + size, left : left + size]


# training_crop


@misconception(
    "training_crop", hint="The scale is always the same one. L is drawn anew for every picture."
)
def fixed_scale(image, rng, low=256, high=480, size=224):
    return random_crop(resize_short_side(image, low), size, rng)


@misconception(
    "training_crop",
    hint="You cut first and resize what was cut. Resize the whole picture first, then cut out the window and leave its pixels alone.",
)
def crop_then_resize(image, rng, low=256, high=480, size=224):
    side = min(int(rng.integers(low, high + 1)), *image.shape[:2])
    return resize(random_crop(image, side, rng), size, size)


@misconception(
    "training_crop",
    hint="rng.integers leaves its upper end out: the largest scale never comes up.",
)
def scale_excludes_top(image, rng, low=256, high=480, size=224):
    side = int(rng.integers(low, max(high, low + 1)))
    return random_crop(resize_short_side(image, side), size, rng)


@misconception(
    "training_crop",
    hint="A real number, rounded, gives both ends only half of their share. Draw a whole number with rng.integers.",
)
def rounded_scale(image, rng, low=256, high=480, size=224):
    side = int(round(rng.uniform(low, high)))
    return random_crop(resize_short_side(image, side), size, rng)


@misconception(
    "training_crop",
    hint="L is a whole number of pixels: rng.integers draws one, rng.uniform does not.",
)
def scale_real_valued(image, rng, low=256, high=480, size=224):
    side = rng.uniform(low, high)
    height, width = image.shape[:2]
    if height <= width:
        resized = resize(image, side, width * side / height)
    else:
        resized = resize(image, height * side / width, side)
    return random_crop(resized, size, rng)


@misconception(
    "training_crop",
    hint="You squeeze the picture into a square first. Only its short side becomes L, the long one follows.",
)
def squashes(image, rng, low=256, high=480, size=224):
    side = int(rng.integers(low, high + 1))
    return random_crop(resize(image, side, side), size, rng)


@misconception(
    "training_crop",
    hint="The scale is random, but the window always lies in the middle. Cut it out with random_crop.",
)
def center_window(image, rng, low=256, high=480, size=224):
    resized = resize_short_side(image, int(rng.integers(low, high + 1)))
    top, left = (resized.shape[0] - size) // 2, (resized.shape[1] - size) // 2
    return resized[top : top + size, left : left + size]


@misconception(
    "training_crop",
    hint="Nothing but the arguments decides the sizes: low, high and size are not always those of the lecture.",
)
def sizes_of_the_lecture(image, rng, low=256, high=480, size=224):
    side = int(rng.integers(256, 481))
    return random_crop(resize_short_side(image, side), 224, rng)


@misconception(
    "training_crop",
    hint="Draw the scale from the generator that is passed in as well: numbers from np.random cannot be repeated.",
)
def global_generator(image, rng, low=256, high=480, size=224):  # noqa: F811  (several questions share the name)
    side = int(np.random.randint(low, high + 1))
    return random_crop(resize_short_side(image, side), size, rng)


# ten_crop


def five(image, size, round_up=0):
    down, right = image.shape[0] - size, image.shape[1] - size
    middle = (down + round_up) // 2, (right + round_up) // 2
    places = [(0, 0), (0, right), (down, 0), (down, right), middle]
    return np.stack([image[top : top + size, left : left + size] for top, left in places])


@misconception("ten_crop", hint="Five crops are half of it. Which five are missing?")
def no_flips(image, size):
    return five(image, size)


@misconception(
    "ten_crop",
    hint="The second five are upside down. A mirror turns columns: which axis are they in (5, size, size, C)?",
)
def vertical_flips(image, size):
    crops = five(image, size)
    return np.concatenate([crops, crops[:, ::-1]])


@misconception(
    "ten_crop",
    hint="Each crop is followed by its mirror image. First all five, then all five mirrored.",
)
def flips_interleaved(image, size):
    return np.stack([each for crop in five(image, size) for each in (crop, crop[:, ::-1])])


@misconception(
    "ten_crop",
    hint="You mirror the picture and crop it again, so left and right corners change places in the second half. Mirror the crops.",
)
def flips_the_image_first(image, size):
    return np.concatenate([five(image, size), five(image[:, ::-1], size)])


@misconception(
    "ten_crop",
    hint="The centre starts at (H - size) // 2, rounded down. Yours is one pixel on.",
)
def center_off_by_one(image, size):
    crops = five(image, size, round_up=1)
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="Round once, at the end: (H - size) // 2 and H // 2 - size // 2 differ where size is odd and H even.",
)
def center_from_two_halves(image, size):
    crops = five(image, size)
    top, left = (side // 2 - size // 2 for side in image.shape[:2])
    crops[4] = image[top : top + size, left : left + size]
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="One corner is there twice, another is missing: look at the rows and columns of the four once more.",
)
def corners_duplicated(image, size):
    crops = five(image, size)
    crops[3] = crops[1]
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="Nothing is random at test time: the five places are fixed.",
)
def random_crops(image, size):
    rng = np.random.default_rng(0)
    crops = np.stack([random_crop(image, size, rng) for _ in range(5)])
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="Top right comes before bottom left: you go down first, the table goes right first.",
)
def columns_before_rows(image, size):
    crops = five(image, size)[[0, 2, 1, 3, 4]]
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="The centre comes last of the five, after the corners.",
)
def center_first(image, size):
    crops = five(image, size)[[4, 0, 1, 2, 3]]
    return np.concatenate([crops, crops[:, :, ::-1]])


@misconception(
    "ten_crop",
    hint="A crop is a view of the image: by mirroring it in place you mirror the picture itself.",
)
def mirrors_in_place(image, size):
    crops = five(image, size)
    image[:] = image[:, ::-1].copy()
    return np.concatenate([crops, crops[:, :, ::-1]])


# multi_scale_predict


def looks(predict, image, scales, size):
    return np.concatenate(
        [predict(ten_crop(resize_short_side(image, scale), size)) for scale in scales]
    )


@misconception(
    "multi_scale_predict",
    hint="You count which class each crop votes for. Average the probabilities: a sure look counts for more.",
)
def votes_not_means(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    found = looks(predict, image, scales, size)
    return np.bincount(found.argmax(axis=1), minlength=found.shape[1]) / len(found)


@misconception(
    "multi_scale_predict",
    hint="Only the first scale is looked at. Does your loop end too early?",
)
def one_scale(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    total = 0.0
    for scale in scales:
        total += predict(ten_crop(resize_short_side(image, scale), size)).mean(axis=0)
        break
    return total


@misconception(
    "multi_scale_predict",
    hint="At each scale you look at the centre only. There are ten crops.",
)
def center_only(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    crops = [ten_crop(resize_short_side(image, scale), size)[4:5] for scale in scales]
    return np.concatenate([predict(crop) for crop in crops]).mean(axis=0)


@misconception(
    "multi_scale_predict",
    hint="Your probabilities add up to more than 1: a mean divides by the number of looks.",
)
def sums_not_means(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    return looks(predict, image, scales, size).sum(axis=0)


@misconception(
    "multi_scale_predict",
    hint="You average the crops and look once, at a grey blur. Average what comes out of predict.",
)
def averages_images(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    crops = [ten_crop(resize_short_side(image, scale), size) for scale in scales]
    return predict(np.concatenate(crops).mean(axis=0, keepdims=True))[0]


@misconception(
    "multi_scale_predict",
    hint="Each scale overwrites the one before, and the last one remains. Collect them.",
)
def last_scale_only(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    for scale in scales:
        result = predict(ten_crop(resize_short_side(image, scale), size))
    return result.mean(axis=0)


@misconception(
    "multi_scale_predict",
    hint="The scales are added up: divide by their number as well.",
)
def sums_over_scales(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    return sum(predict(ten_crop(resize_short_side(image, s), size)).mean(axis=0) for s in scales)


@misconception(
    "multi_scale_predict",
    hint="You squeeze the picture into a square at every scale. Only the short side becomes the scale.",
)
def squashes_scales(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    found = [predict(ten_crop(resize(image, scale, scale), size)) for scale in scales]
    return np.concatenate(found).mean(axis=0)


@misconception(
    "multi_scale_predict",
    hint="The crops are mirrored already: with five of them each look is missing its mirror image.",
)
def five_crops(predict, image, scales=(224, 256, 384, 480, 640), size=224):
    crops = [ten_crop(resize_short_side(image, scale), size)[:5] for scale in scales]
    return np.concatenate([predict(crop) for crop in crops]).mean(axis=0)


# color_jitter


def clipped_contrast(image, factor, mean):
    return np.clip(mean + factor * (image - mean), 0, 1)


@misconception(
    "color_jitter",
    replaces="adjust_brightness",
    hint="Brightness multiplies: black stays black. You add the same to every pixel.",
)
def additive_brightness(image, factor):
    return np.clip(image + (factor - 1), 0, 1)


@misconception(
    "color_jitter",
    replaces="adjust_contrast",
    hint="Values move away from the mean grey value of this image, not from 0.5.",
)
def contrast_about_half(image, factor):
    return clipped_contrast(image, factor, 0.5)


@misconception(
    "color_jitter",
    replaces="adjust_contrast",
    hint="Multiplying alone changes the brightness. Contrast leaves the mean grey value where it is.",
)
def contrast_about_zero(image, factor):
    return clipped_contrast(image, factor, 0.0)


@misconception(
    "color_jitter",
    replaces="adjust_contrast",
    hint="There is one m for the whole image; with one for each channel a reddish picture turns grey.",
)
def contrast_per_channel_mean(image, factor):
    return clipped_contrast(image, factor, image.mean(axis=(0, 1)))


@misconception(
    "color_jitter",
    replaces="adjust_contrast",
    hint="The channels do not count alike: grey is 0.299 R + 0.587 G + 0.114 B.",
)
def equal_grey_weights(image, factor):
    return clipped_contrast(image, factor, image.mean())


@misconception(
    "color_jitter",
    replaces="adjust_contrast",
    hint="m is the mean over all pixels. You move each pixel away from its own grey, which changes the colours and not the contrast.",
)
def grey_of_each_pixel(image, factor):
    grey = image @ np.array([0.299, 0.587, 0.114])
    return clipped_contrast(image, factor, grey[..., None])


@misconception(
    "color_jitter",
    hint="Images have values from 0 to 1: what about a bright pixel made brighter, or a dark one at high contrast?",
)
class no_clipping:
    def adjust_brightness(image, factor):
        return image * factor

    def adjust_contrast(image, factor):
        mean = (image @ np.array([0.299, 0.587, 0.114])).mean()
        return mean + factor * (image - mean)

    def color_jitter(image, rng, brightness=0.4, contrast=0.4):
        bright = image * rng.uniform(1 - brightness, 1 + brightness)
        mean = (bright @ np.array([0.299, 0.587, 0.114])).mean()
        return mean + rng.uniform(1 - contrast, 1 + contrast) * (bright - mean)


@misconception(
    "color_jitter",
    replaces="color_jitter",
    hint="You draw one factor and use it twice: brightness and contrast have one each.",
)
def same_factor_for_both(image, rng, brightness=0.4, contrast=0.4):
    draw = rng.uniform(-1, 1)
    return adjust_contrast(adjust_brightness(image, 1 + brightness * draw), 1 + contrast * draw)


@misconception(
    "color_jitter",
    hint="The values go from 0 to 1, not to 255: your upper limit is never met.",
)
class clip_255:
    def adjust_brightness(image, factor):
        return np.clip(image * factor, 0, 255)

    def adjust_contrast(image, factor):
        mean = (image @ np.array([0.299, 0.587, 0.114])).mean()
        return np.clip(mean + factor * (image - mean), 0, 255)

    def color_jitter(image, rng, brightness=0.4, contrast=0.4):
        bright = np.clip(image * rng.uniform(1 - brightness, 1 + brightness), 0, 255)
        mean = (bright @ np.array([0.299, 0.587, 0.114])).mean()
        factor = rng.uniform(1 - contrast, 1 + contrast)
        return np.clip(mean + factor * (bright - mean), 0, 255)


@misconception(
    "color_jitter",
    replaces="color_jitter",
    hint="Brightness is drawn and applied first, contrast second: with clipping the order matters.",
)
def contrast_first(image, rng, brightness=0.4, contrast=0.4):
    image = adjust_contrast(image, rng.uniform(1 - contrast, 1 + contrast))
    return adjust_brightness(image, rng.uniform(1 - brightness, 1 + brightness))


@misconception(
    "color_jitter",
    replaces="color_jitter",
    hint="Factors are centred at 1, so that pictures become darker as often as brighter.",
)
def only_brighter(image, rng, brightness=0.4, contrast=0.4):
    image = adjust_brightness(image, rng.uniform(1, 1 + brightness))
    return adjust_contrast(image, rng.uniform(1, 1 + contrast))


@misconception(
    "color_jitter",
    replaces="adjust_brightness",
    hint="The image that comes in is the caller's: write image * factor instead of image *= factor.",
)
def brightens_in_place(image, factor):
    image *= factor
    return np.clip(image, 0, 1)


@misconception(
    "color_jitter",
    replaces="color_jitter",
    hint="Draw the factors from the generator that is passed in: numbers from np.random cannot be repeated.",
)
def global_generator(image, rng, brightness=0.4, contrast=0.4):  # noqa: F811  (several questions share the name)
    image = adjust_brightness(image, np.random.uniform(1 - brightness, 1 + brightness))
    return adjust_contrast(image, np.random.uniform(1 - contrast, 1 + contrast))


# cutout


def span(centre, size):
    start = centre - size // 2
    return slice(max(start, 0), start + size)


@misconception(
    "cutout", hint="You keep the square and hide all the rest. It is the square that becomes 0."
)
def cutout_inverse(image, size, rng):
    rows = span(rng.integers(image.shape[0]), size)
    columns = span(rng.integers(image.shape[1]), size)
    out = np.zeros_like(image)
    out[rows, columns] = image[rows, columns]
    return out


@misconception(
    "cutout",
    hint="Your square never reaches over the border. Draw its centre, out of all pixels, instead of its corner.",
)
def cutout_always_inside(image, size, rng):
    top = rng.integers(image.shape[0] - size + 1)
    left = rng.integers(image.shape[1] - size + 1)
    out = image.copy()
    out[top : top + size, left : left + size] = 0
    return out


@misconception(
    "cutout",
    hint="Every channel has its square at another place, so nothing is really hidden. One centre for all channels.",
)
def cutout_per_channel(image, size, rng):
    out = image.copy()
    for c in range(image.shape[2]):
        rows = span(rng.integers(image.shape[0]), size)
        columns = span(rng.integers(image.shape[1]), size)
        out[rows, columns, c] = 0
    return out


@misconception("cutout", hint="The square is filled with 0 here, not with the mean of the image.")
def cutout_mean_fill(image, size, rng):
    out = image.copy()
    rows = span(rng.integers(image.shape[0]), size)
    columns = span(rng.integers(image.shape[1]), size)
    out[rows, columns] = image.mean(axis=(0, 1))
    return out


@misconception(
    "cutout",
    hint="The hole is burnt into the caller's image, and stays there for ever. Copy it first.",
)
def cutout_in_place(image, size, rng):
    rows = span(rng.integers(image.shape[0]), size)
    columns = span(rng.integers(image.shape[1]), size)
    image[rows, columns] = 0
    return image


@misconception(
    "cutout",
    hint="Your square is half as wide as it should be: size is the whole width, from the first hidden row to the last.",
)
def cutout_half_size(image, size, rng):
    rows = span(rng.integers(image.shape[0]), size // 2)
    columns = span(rng.integers(image.shape[1]), size // 2)
    out = image.copy()
    out[rows, columns] = 0
    return out


@misconception(
    "cutout",
    hint="Your square goes `size` pixels to each side, so it is twice as wide: go size // 2 back and begin there.",
)
def cutout_double_size(image, size, rng):
    row, column = rng.integers(image.shape[0]), rng.integers(image.shape[1])
    out = image.copy()
    out[max(row - size, 0) : row + size, max(column - size, 0) : column + size] = 0
    return out


@misconception(
    "cutout",
    hint="A slice that starts at -1 starts at the last pixel, and makes no hole: at the border begin at 0.",
)
def negative_start(image, size, rng):
    top = rng.integers(image.shape[0]) - size // 2
    left = rng.integers(image.shape[1]) - size // 2
    out = image.copy()
    out[top : top + size, left : left + size] = 0
    return out


@misconception(
    "cutout",
    hint="The pixel that is drawn is the centre of the square: yours is its corner, top left.",
)
def corner_for_centre(image, size, rng):
    top, left = rng.integers(image.shape[0]), rng.integers(image.shape[1])
    out = image.copy()
    out[top : top + size, left : left + size] = 0
    return out


@misconception(
    "cutout",
    hint="Odd squares lose a row and a column: from c - size // 2 count `size` rows, not to c + size // 2.",
)
def last_row_missing(image, size, rng):
    row, column, half = rng.integers(image.shape[0]), rng.integers(image.shape[1]), size // 2
    out = image.copy()
    out[max(row - half, 0) : row + half, max(column - half, 0) : column + half] = 0
    return out


@misconception(
    "cutout",
    hint="Draw the centre from the generator that is passed in: numbers from np.random cannot be repeated.",
)
def global_generator(image, size, rng):  # noqa: F811  (several questions share the name)
    rows = span(np.random.randint(image.shape[0]), size)
    columns = span(np.random.randint(image.shape[1]), size)
    out = image.copy()
    out[rows, columns] = 0
    return out


@misconception(
    "cutout",
    hint="Row and column come from one draw, so that the centre never leaves the diagonal. Draw twice.",
)
def one_draw_for_both(image, size, rng):
    share = rng.random()
    rows = span(int(share * image.shape[0]), size)
    columns = span(int(share * image.shape[1]), size)
    out = image.copy()
    out[rows, columns] = 0
    return out


# average_randomness


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="You average z and call f once. The mean of f is not f of the mean, unless f is linear in z.",
)
def averages_z(f, x, sample_z, num_samples):
    return f(x, np.mean([sample_z() for _ in range(num_samples)], axis=0))


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="One draw is not a mean: where is num_samples used?",
)
def one_sample(f, x, sample_z, num_samples):
    return f(x, sample_z())


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="z is drawn once, before the loop, so you average the same output again and again.",
)
def same_z_every_time(f, x, sample_z, num_samples):
    z = sample_z()
    return np.mean([f(x, z) for _ in range(num_samples)], axis=0)


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="The median is another number than the mean where the outputs are skewed.",
)
def median_for_mean(f, x, sample_z, num_samples):
    return np.median([f(x, sample_z()) for _ in range(num_samples)], axis=0)


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="You add the outputs up. What is left to do for a mean?",
)
def sums_not_means(f, x, sample_z, num_samples):  # noqa: F811  (several questions share the name)
    return sum(f(x, sample_z()) for _ in range(num_samples))


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="The loop makes one draw less than it should: range(1, n) has n - 1 numbers.",
)
def one_draw_less(f, x, sample_z, num_samples):
    total = 0.0
    for _ in range(1, num_samples):
        total = total + f(x, sample_z())
    return total / num_samples


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="The output has the shape of one f(x, z): average over the draws, not over everything.",
)
def one_number(f, x, sample_z, num_samples):
    return np.mean([f(x, sample_z()) for _ in range(num_samples)])


@misconception(
    "average_randomness",
    replaces="predict_average",
    hint="The output of f need not have the shape of x: begin the sum with a plain 0, or with the first output.",
)
def output_like_x(f, x, sample_z, num_samples):
    total = np.zeros_like(x, dtype=float)
    for _ in range(num_samples):
        total = total + f(x, sample_z())
    return total / num_samples
