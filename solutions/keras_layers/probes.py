"""What the hidden tests of `keras_layers` do with a layer inside the box.

A probe makes the layer, gives its weights values that depend on nothing but their role, their shape
and a seed, and returns what it saw as data. So names, the order of creation and the way in which a
layer keeps its weights do not matter. There is no reference here and no expected value.
"""

import shutil
import tempfile
import zlib
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.saving import object_registration as registry

# Layers and their weights


def new(layer_class, settings):
    """A layer. Keras counts names from the start, so that a message says the same every time."""
    global_state.set_global_attribute("object_name_uids", defaultdict(int))
    return layer_class(**settings)


def made(layer_class, settings, shape):
    """A layer, built for inputs of this shape."""
    return built(new(layer_class, settings), shape)


def built(layer, shape):
    """The same layer with its weights; one that has layers of its own may build them when called."""
    if type(layer).build is not keras.layers.Layer.build:
        layer.build(shape)
    if not all(owner.built for owner in owners(layer)):
        layer(np.zeros(shape, "float32"))
    return layer


def roles(layer):
    """Each weight with its role, which its shape, its mode and its first values tell."""
    return [pair for owner in owners(layer) for pair in own_roles(owner)]


def owners(layer):
    """The layer and all layers in it, each once."""
    return list({id(each): each for each in layer._flatten_layers()}.values())


def own_roles(owner):
    """The same of one layer, without those in it. What is trained comes first."""
    own = owner._trainable_variables + owner._non_trainable_variables
    first_zeros = "bias" if any(len(weight.shape) > 1 for weight in own) else "beta"
    names = {1.0: ["gamma", "moving_variance"], 0.0: [first_zeros, "moving_mean"]}
    found = []
    for weight in own:
        values = np.asarray(weight)
        at_first = float(values.flat[0]) if values.size and values.ndim < 2 else None
        left = names.get(at_first, [])
        found.append((left.pop(0) if left else "kernel" if values.ndim > 1 else "other", weight))
    return found


def fill(layer, seed):
    """Give each weight values that its role, its shape and the seed decide."""
    named = roles(layer)
    for role, weight in named:
        rng = np.random.default_rng([seed, zlib.crc32(role.encode()), *weight.shape])
        weight.assign(DRAWN[role](rng, tuple(weight.shape)))
    return named


DRAWN = {
    "kernel": lambda rng, shape: rng.normal(size=shape) * 0.6,
    "bias": lambda rng, shape: rng.normal(size=shape) * 1.5,
    "gamma": lambda rng, shape: rng.uniform(0.5, 2.5, size=shape),
    "beta": lambda rng, shape: rng.normal(size=shape) - 2.0,
    "moving_mean": lambda rng, shape: rng.normal(size=shape) + 1.5,
    "moving_variance": lambda rng, shape: rng.uniform(0.3, 3.0, size=shape),
    "other": lambda rng, shape: rng.normal(size=shape),
}


def filled(layer_class, settings, shape, seed):
    """A layer with the weights of a seed, and these by their role."""
    layer = made(layer_class, settings, shape)
    return layer, fill(layer, seed)


def applied(layer, x, training):
    """The layer's output; None leaves the mode to the layer's default."""
    return layer(x) if training is None else layer(x, training=training)


def by_role(named):
    """Copies of the weights under their roles."""
    return {role: np.array(weight) for role, weight in named}


# What a layer is made of


def weights(layer_class, settings, shape):
    """Number, shapes and first values of the weights: those that are trained, and the others."""
    layer = made(layer_class, settings, shape)
    trained = [described(weight) for weight in layer.trainable_weights]
    fixed = [described(weight) for weight in layer.non_trainable_weights]
    return {"count": layer.count_params(), "trained": sorted(trained), "fixed": sorted(fixed)}


def described(weight):
    values = np.asarray(weight)
    same = values.size > 0 and bool(np.all(values == values.flat[0]))
    return str(tuple(weight.shape)), str(float(values.flat[0])) if same else "drawn"


def refused(layer_class, settings, shape):
    """The exception by which a layer refuses inputs of this shape when it is built."""
    layer = new(layer_class, settings)
    try:
        layer.build(tuple(shape))
    except ValueError:
        return "ValueError"
    return "none"


# What it computes


def output(layer_class, settings, seed, x, training=None):
    """The output for one batch."""
    layer, _ = filled(layer_class, settings, x.shape, seed)
    return applied(layer, x, training)


def outputs(layer_class, settings, seed, batches, training=None):
    """The outputs of one layer for several batches, one after the other."""
    layer, _ = filled(layer_class, settings, batches[0].shape, seed)
    return {"outputs": [np.array(applied(layer, x, training)) for x in batches]}


def impulse(layer_class, settings, seed, x):
    """The output for one batch, and the weights by their role."""
    layer, named = filled(layer_class, settings, x.shape, seed)
    return {"output": np.array(layer(x)), **by_role(named)}


def slopes(layer_class, settings, seed, x, cotangent, training=None):
    """The gradients of sum(output * cotangent) for the inputs and for each trained weight."""
    layer, named = filled(layer_class, settings, x.shape, seed)
    inputs = tf.convert_to_tensor(x)
    trained = [(role, weight) for role, weight in named if weight.trainable]
    values = [weight.value for _, weight in trained]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(tf.convert_to_tensor(applied(layer, inputs, training)) * cotangent)
    found = tape.gradient(loss, [inputs, *values])
    names = ["inputs", *(role for role, _ in trained)]
    return {
        name: np.zeros(source.shape, source.dtype.name) if slope is None else np.array(slope)
        for name, source, slope in zip(names, [inputs, *values], found, strict=True)
    }


def network(layer_class, settings, seed, batches, training=None):
    """The same through a network whose batch size is open: its output shape, and its outputs."""
    layer = new(layer_class, settings)
    inputs = keras.Input(batches[0].shape[1:], dtype=str(batches[0].dtype))
    model = keras.Model(inputs, applied(layer, inputs, training))
    fill(layer, seed)
    shape = [-1 if size is None else int(size) for size in model.output_shape]
    return {"shape": shape, "outputs": [np.array(model(x)) for x in batches]}


def copied(layer_class, settings, seed, x):
    """A copy that is made from the layer's configuration: its arguments and its output."""
    layer, _ = filled(layer_class, settings, x.shape, seed)
    config = layer.get_config()
    copy = built(type(layer).from_config(config), x.shape)
    copy.set_weights(layer.get_weights())
    arguments = {name: plain(config.get(name)) for name in settings}
    return {"arguments": arguments, "output": np.array(copy(x))}


def plain(value):
    """An argument as data: a pair is a pair, whether list or tuple."""
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


# Modes and moving averages


def steps(layer_class, settings, seed, batches, traced=False):
    """Training, batch after batch: the outputs, and the weights at the end."""
    layer, named = filled(layer_class, settings, batches[0].shape, seed)

    def step(x):
        return layer(x, training=True)

    run = tf.function(step, autograph=False) if traced else step
    seen = [np.array(run(tf.convert_to_tensor(x))) for x in batches]
    return {"outputs": seen, **by_role(named), "after": np.array(layer(batches[0]))}


def idle(layer_class, settings, seed, batches, training=None, frozen=False):
    """Calls that are no training: the outputs, and the weights at the end."""
    layer, named = filled(layer_class, settings, batches[0].shape, seed)
    if frozen:
        layer.trainable = False
    seen = [np.array(applied(layer, x, training)) for x in batches]
    return {"outputs": seen, **by_role(named)}


# Random layers. Inputs are positive, and come from `rng`, so that a zero is what was dropped.


def drawn(layer_class, settings, rng, shape, calls=1, traced=False, sign=1.0):
    """Inputs and outputs in training, call after call of one layer."""
    x = tf.constant(sign * rng.uniform(0.5, 1.5, size=shape), "float32")
    layer = new(layer_class, settings)

    def step(x):
        return layer(x, training=True)

    run = tf.function(step, autograph=False) if traced else step
    return {"x": np.array(x), "outputs": [np.array(run(x)) for _ in range(calls)]}


def drawn_twice(layer_class, settings, rng, shape, calls=1):
    """Two layers with the same arguments, call after call."""
    state = rng.bit_generator.state
    first = drawn(layer_class, settings, rng, shape, calls)
    rng.bit_generator.state = state
    second = drawn(layer_class, settings, rng, shape, calls)
    return {"first": first["outputs"], "second": second["outputs"]}


def undrawn(layer_class, settings, rng, x, training):
    """The output outside training. `rng` is there to say that a wrong one may be drawn."""
    return applied(new(layer_class, settings), x, training)


def drawn_copy(layer_class, settings, rng, shape):
    """A layer and a copy made from its configuration: arguments, and an output of both."""
    x = tf.constant(rng.uniform(0.5, 1.5, size=shape), "float32")
    layer = new(layer_class, settings)
    config = layer.get_config()
    copy = type(layer).from_config(config)
    return {
        "arguments": {name: plain(config.get(name)) for name in settings},
        "first": np.array(layer(x, training=True)),
        "copy": np.array(copy(x, training=True)),
    }


def drawn_slope(layer_class, settings, rng, shape):
    """Input, output and gradient of the sum of the output, of one call in training."""
    x = tf.constant(rng.uniform(0.5, 1.5, size=shape), "float32")
    layer = new(layer_class, settings)
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = layer(x, training=True)
        loss = tf.reduce_sum(out)
    slope = tape.gradient(loss, x)
    slope = np.zeros(shape, "float32") if slope is None else np.array(slope)
    return {"x": np.array(x), "output": np.array(out), "slope": slope}


def drawn_in_network(layer_class, settings, rng, shape):
    """Input and output in training, through a network whose batch size is open."""
    x = rng.uniform(0.5, 1.5, size=shape).astype("float32")
    inputs = keras.Input(shape[1:])
    model = keras.Model(inputs, new(layer_class, settings)(inputs))
    return {"x": x, "outputs": [np.array(model(x, training=True)) for _ in range(2)]}


# Files


@contextmanager
def new_process(*classes):
    """Let Keras know what it would know in a new process in which the notebook has run.

    That is what is registered now, before anything was saved: each class under the name under which
    it registered itself. What saving and loading register is forgotten.
    """
    known = (registry.GLOBAL_CUSTOM_OBJECTS, registry.GLOBAL_CUSTOM_NAMES)
    before = tuple(dict(each) for each in known)
    objects, names = before
    objects.update({names[each]: each for each in classes if each in names})

    def begin():
        for each, contents in zip(known, before, strict=True):
            each.clear()
            each.update(contents)

    begin()
    try:
        yield begin
    finally:
        begin()


def stored(save, load, model, x, known=(), others=()):
    """The outputs of a model before it was saved and after it was loaded again.

    In between Keras forgets what saving has registered, other models are saved, and the file moves
    to where nobody has seen it.
    """
    folder = Path(tempfile.mkdtemp())
    with new_process(*known) as begin:
        before = np.array(model(x))
        try:
            for number, each in enumerate((model, *others)):
                save(each, str(folder / f"{number}.keras"))
            moved = Path(shutil.copytree(folder, folder / "moved", dirs_exist_ok=True))
            for file in folder.glob("*.keras"):
                file.unlink()
            begin()
            loaded = load(str(moved / "0.keras"))
            return {
                "before": before,
                "after": np.array(loaded(x)),
                "new": loaded is not model,
                "count": loaded.count_params() == model.count_params(),
                "shape": [-1 if size is None else int(size) for size in loaded.output_shape],
            }
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def plain_network(seed, width):
    """A network of Keras' own layers, with moving averages that are no longer at their start."""
    model = keras.Sequential(
        [
            keras.Input((width,)),
            keras.layers.Dense(4, activation="tanh"),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(3),
        ]
    )
    fill(model, seed)
    return model


def block_network(block_class, settings, seed, shape):
    """A network with a block of the notebook in it."""
    inputs = keras.Input(shape)
    model = keras.Model(inputs, keras.layers.Flatten()(new(block_class, settings)(inputs)))
    fill(model, seed)
    return model


def stored_plain(save, load, seed, x):
    """A network of Keras' own layers, saved and loaded; another one is saved after it."""
    model = plain_network(seed, x.shape[1])
    return stored(save, load, model, x, others=(plain_network(seed + 1, x.shape[1]),))


def stored_block(block_class, save, load, settings, seed, x):
    """A network with a block in it, saved and loaded."""
    model = block_network(block_class, settings, seed, x.shape[1:])
    return stored(save, load, model, x, known=(block_class,))


def stored_classifier(build, save, load, block_class, settings, seed, x):
    """The notebook's own network, saved and loaded."""
    model = new(build, settings)
    fill(model, seed)
    return stored(save, load, model, x, known=(block_class,))


def classified(build, settings, seed, x):
    """The notebook's own network: shapes of input and output, scores, and whether training drops."""
    model = new(build, settings)
    fill(model, seed)
    shapes = [list(model.input_shape), list(model.output_shape)]
    shapes = [[-1 if size is None else int(size) for size in shape] for shape in shapes]
    scores, trained = np.array(model(x)), np.array(model(x, training=True))
    drops = float(np.abs(trained - scores).max() > 1e-3 * np.abs(scores).max())
    return {"shapes": shapes, "count": model.count_params(), "scores": scores, "drops": drops}
