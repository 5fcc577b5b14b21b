"""Models that note what they are shown, for the hidden tests of `hyperparameters`.

The last column of x is the number of an example: a layer notes it and hides it from the rest. What
is left is softmax regression from a start that the test sends, run eagerly, so that the test can
compute each loss and each accuracy by hand. There is no reference here and no expected value.

Every probe that trains takes `rng`, so that what it returns counts as drawn: the batches are the
student's own choice, and a test observes only what does not depend on them.
"""

import keras
import numpy as np
import tensorflow as tf


class Witness(keras.layers.Layer):
    """Notes the numbers of the examples, also inside a `tf.function`, and passes on the rest."""

    def __init__(self, note):
        super().__init__()
        self.note = note

    def call(self, x):
        if tf.executing_eagerly():
            self.note(x)
        else:
            with tf.control_dependencies([tf.py_function(self.note, [x], [])]):
                x = tf.identity(x)
        return x[:, :-1]


class Recorder:
    """A `build_model` of the course's kind that remembers each model and what it was shown."""

    def __init__(self, start, rate, decay):
        self.start = start
        self.defaults = rate, decay
        self.models = []
        self.batches = []

    def build(self, learning_rate=None, weight_decay=None, units=4):
        rate = self.defaults[0] if learning_rate is None else learning_rate
        decay = self.defaults[1] if weight_decay is None else weight_decay
        kernel, bias = self.start
        dense = keras.layers.Dense(
            kernel.shape[1], activation="softmax", kernel_regularizer=keras.regularizers.L2(decay)
        )
        model = keras.Sequential([keras.Input((len(kernel) + 1,)), Witness(self.note), dense])
        dense.set_weights([kernel, bias])
        model.compile(
            keras.optimizers.SGD(rate),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
            run_eagerly=True,
        )
        self.models.append(model)
        return model

    def note(self, x):
        self.batches.append([int(number) for number in np.asarray(x)[:, -1]])


def numbered(x):
    """Examples with their numbers as a last column."""
    return np.concatenate([x, np.arange(len(x))[:, None]], axis=1).astype("float32")


def overfitted(overfit, rng, start, rate, decay, x, y, options, calls=1):
    """What the student's function returned in each call, and what its models were and saw."""
    recorder = Recorder(start, rate, decay)
    returned, built = [], []
    for _ in range(calls):
        returned.append(overfit(recorder.build, numbered(x), y, **options))
        built.append(len(recorder.models))
    last = recorder.models[-1].layers[-1] if recorder.models else None
    return {
        "returned": returned,
        "built": built,
        "rows": sorted({number for batch in recorder.batches for number in batch}),
        "weights": last.get_weights() if last else [],
    }


def searched(search, rng, start, x, y, options):
    """The histories of a search, the sizes of the batches and how many examples were in them."""
    recorder = Recorder(start, 0.3, 0.2)
    histories = search(recorder.build, numbered(x), y, **options)
    return {
        "histories": histories,
        "built": len(recorder.models),
        "sizes": [len(batch) for batch in recorder.batches],
        "rows": len({number for batch in recorder.batches for number in batch}),
    }


def loss_of(initial_loss, weights, x, y, decay, compiled):
    """The loss of a network with batch norm, and whether its variables are as they were."""
    regularizer = keras.regularizers.L2(decay)
    dense = keras.layers.Dense
    model = keras.Sequential(
        [
            keras.Input(x.shape[1:]),
            keras.layers.Flatten(),
            dense(weights[0].shape[1], activation="relu", kernel_regularizer=regularizer),
            keras.layers.BatchNormalization(momentum=0.7, epsilon=1e-3),
            dense(weights[-1].size, activation="softmax", kernel_regularizer=regularizer),
        ]
    )
    model.set_weights(weights)
    if compiled:
        loss = "sparse_categorical_crossentropy"
        model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"], run_eagerly=True)
    before = model.get_weights()
    loss = initial_loss(model, x, y)
    after = model.get_weights()
    return {"loss": loss, "untouched": all(map(np.array_equal, before, after))}


def space_of_grid(grid, space):
    """What the call leaves of its argument."""
    grid(space)
    return space


def space_after(search, rng, budget):
    """What a search leaves of its space: the names, and whether each still has its sampler."""
    space = {name: lambda rng: float(rng.random()) for name in ("depth", "rate", "width")}
    before = dict(space)
    search(lambda params: sum(params.values()), space, budget, rng)
    return {"names": sorted(space), "same": space == before}
