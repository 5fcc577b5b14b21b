"""What the hidden tests of `initialization` do with an initializer inside the box.

Kernels come back as float64 arrays or as facts. Every probe takes `rng`, from which the seeds are
drawn: so what it returns counts as drawn, and is never compared number by number. There is no
reference here and no expected value.
"""

import keras
import numpy as np


def seed_from(rng):
    return int(rng.integers(2**31))


def as_reals(tensor):
    return np.asarray(keras.ops.convert_to_numpy(tensor), dtype="float64")


def kernel(initializer_class, rng, shape):
    """The kernel of a Keras layer that was built with the initializer.

    `shape` is that of the kernel: of Dense with two numbers, of Conv2D with four.
    """
    start = initializer_class(seed=seed_from(rng))
    if len(shape) == 2:
        layer = keras.layers.Dense(shape[1], kernel_initializer=start)
    else:
        layer = keras.layers.Conv2D(shape[3], shape[:2], kernel_initializer=start)
    layer.build((None, *[20] * (len(shape) - 2), shape[-2]))
    return as_reals(layer.kernel)


def types(initializer_class, rng, shape):
    """The data types drawn for an explicit one, for none, and for none with another default."""
    start = initializer_class(seed=seed_from(rng))
    asked = {
        name: str(np.asarray(start(shape, dtype=name)).dtype) for name in ("float64", "float16")
    }
    before = keras.config.floatx()
    asked["none"] = str(np.asarray(start(shape)).dtype)
    try:
        keras.config.set_floatx("float64")
        asked["none, default float64"] = str(np.asarray(start(shape)).dtype)
    finally:
        keras.config.set_floatx(before)
    return asked


def layer_of_type(initializer_class, rng, shape):
    """The type of a kernel in a layer that computes in float64."""
    start = initializer_class(seed=seed_from(rng))
    layer = keras.layers.Dense(shape[1], kernel_initializer=start, dtype="float64")
    layer.build((None, shape[0]))
    return str(np.asarray(layer.kernel).dtype)


def twins(initializer_class, rng, shape):
    """Two kernels of one seed, one of another, and two of the seed 0."""
    seed = seed_from(rng)
    seeds = (seed, seed, seed + 1, 0, 0)
    return [as_reals(initializer_class(seed=each)(shape)) for each in seeds]


def unseeded(initializer_class, rng, shape):
    """The kernels of two initializers that got no seed."""
    return [as_reals(initializer_class()(shape)) for _ in range(2)]


def config(initializer_class, rng, seed):
    """The names in the configuration, and whether the seed is there."""
    found = initializer_class(seed=seed).get_config()
    return {"names": sorted(map(str, found)), "seed": found.get("seed") == seed}


def copies(initializer_class, rng, shape):
    """A kernel, and that of an initializer made from the configuration."""
    start = initializer_class(seed=seed_from(rng))
    copy = initializer_class.from_config(start.get_config())
    return [as_reals(each(shape)) for each in (start, copy)]
