"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import logging

import keras
import numpy as np
import tensorflow as tf

# extract_features


@alternative("extract_features")
def by_predict(base, images, layer_name=None):
    """Keras cuts into batches itself."""
    tensor = base.layers[-1].input if layer_name is None else base.get_layer(layer_name).output
    found = keras.Model(base.inputs, tensor).predict(images, batch_size=32, verbose=0)
    return found if found.ndim == 2 else found.mean(axis=(1, 2))


@alternative("extract_features")
def pool_in_the_graph(base, images, layer_name=None):
    """The average is a layer of the reading model, which is traced; a tensor is returned."""
    tensor = base.layers[-1].input if layer_name is None else base.get_layer(layer_name).output
    if len(tensor.shape) == 4:
        tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    reader = tf.function(keras.Model(base.input, tensor), reduce_retracing=True)
    batches = tf.data.Dataset.from_tensor_slices(images).batch(50)
    return tf.concat([reader(batch, training=False) for batch in batches], axis=0)


@alternative("extract_features")
def frozen_and_restored(base, images, layer_name=None):
    """Splits evenly, computes the average by reshaping in float64, and keeps the flags."""
    number = -(-len(images) // 64)
    layer = base.get_layer(layer_name) if layer_name else base.layers[-1]
    reader = keras.Model(base.input, layer.output if layer_name else layer.input)
    found = []
    for part in np.array_split(np.asarray(images), number):
        activations = np.array(reader(part, training=False), dtype=np.float64)
        maps = activations.reshape(len(part), -1, activations.shape[-1])
        found.extend(maps.mean(axis=1))
    return np.stack(found)


@alternative("extract_features")
class layer_by_layer:
    def extract_features(base, images, layer_name=None):
        """One image at a time through the layers, as in a chain."""
        print("reading", len(images), "images")  # noqa: T201  (students print)

        def vector(image):
            x = image[None]
            for layer in base.layers[1:]:
                if layer_name is None and layer is base.layers[-1]:
                    break
                x = layer(x, training=False) if takes_mode(layer) else layer(x)
                if layer.name == layer_name:
                    break
            x = np.asarray(x)[0]
            return x.mean(axis=(0, 1)) if x.ndim == 3 else x

        return np.array([vector(image) for image in images])


def takes_mode(layer):
    return isinstance(layer, keras.layers.Dropout | keras.layers.BatchNormalization)


# nearest_neighbours


@alternative("nearest_neighbours")
def expanded_square(queries, gallery, k):
    """|q|^2 + |g|^2 - 2 q.g, as one matrix product, in float64."""
    queries, gallery = np.float64(queries), np.float64(gallery)
    squares = (queries**2).sum(1)[:, None] + (gallery**2).sum(1)[None] - 2 * queries @ gallery.T
    return np.argsort(np.maximum(squares, 0), axis=1, kind="stable")[:, :k]


@alternative("nearest_neighbours")
def scipy_distances(queries, gallery, k):
    from scipy.spatial.distance import cdist

    distances = cdist(np.asarray(queries, float), np.asarray(gallery, float))
    return np.stack([np.lexsort((np.arange(len(gallery)), row))[:k] for row in distances])


@alternative("nearest_neighbours")
def sorted_pairs(queries: np.ndarray, gallery: np.ndarray, k: int) -> np.ndarray:
    """Python's own sort of pairs (distance, index)."""
    found = []
    for query in queries.astype("float64"):
        pairs = [
            (float(((row - query) ** 2).sum()), i)
            for i, row in enumerate(gallery.astype("float64"))
        ]
        found.append([index for _, index in sorted(pairs)[:k]])
    return np.array(found)


@alternative("nearest_neighbours")
def by_tensorflow(queries, gallery, k):
    """A tensor is returned."""
    queries = tf.cast(queries, tf.float64)[:, None]
    squares = tf.reduce_sum((queries - tf.cast(gallery, tf.float64)) ** 2, axis=2)
    return tf.argsort(squares, axis=1, stable=True)[:, :k]


@alternative("nearest_neighbours")
def list_of_rows(queries, gallery, k):
    """Rows in brackets, as the docstring writes them."""
    queries, gallery = np.float64(queries), np.float64(gallery)
    found = []
    for query in queries:
        distances = [float(np.sum((query - row) ** 2)) for row in gallery]
        found.append(sorted(range(len(gallery)), key=distances.__getitem__)[:k])
    return found


# linear_probe


@alternative("linear_probe")
class flat_probe:
    def build_linear_probe(base, num_classes):
        """On the base's own tensors, layer by layer frozen, with an unused layer."""
        for layer in base.layers:
            layer.trainable = False
        keras.layers.Dense(7)
        features = keras.ops.mean(base.output, axis=(1, 2))
        scores = keras.layers.Dense(num_classes, name="Ausgabe")(features)
        return keras.Model(base.inputs, keras.layers.Activation("softmax")(scores))


@alternative("linear_probe")
class frozen_copy:
    def build_linear_probe(base, num_classes):
        """A copy is frozen, the base stays as it was."""
        copy = keras.models.clone_model(base)
        copy.set_weights(base.get_weights())
        copy.trainable = False
        logging.warning("copied")
        return keras.Sequential(
            [
                keras.Input(base.input_shape[1:]),
                copy,
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(num_classes, activation=keras.activations.softmax),
            ]
        )


@alternative("linear_probe")
class subclassed_probe:
    def build_linear_probe(base, num_classes):
        """A model as a class, always in inference mode."""

        class Probe(keras.Model):
            def __init__(self):
                super().__init__()
                self.head = keras.layers.Dense(num_classes, activation="softmax")
                self.pool = keras.layers.GlobalAveragePooling2D()
                self.body = base
                self.body.trainable = False

            def call(self, images):
                return self.head(self.pool(self.body(images, training=False)))

        return Probe()  # built by its first call


# finetune


@alternative("finetune")
class flags_first:
    def build_finetune_model(base, num_classes, num_frozen):
        """All thawed, then the first frozen; Sequential."""
        base.trainable = True
        for number, layer in enumerate(base.layers):
            layer.trainable = number >= num_frozen
        head = keras.layers.Dense(num_classes, activation="softmax")
        return keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), head])


@alternative("finetune")
class inference_inside:
    def build_finetune_model(base, num_classes, num_frozen):
        """Batch norm in inference mode throughout, as Keras' guide has it."""
        images = keras.Input(base.input_shape[1:], name="Bilder")
        x = keras.layers.GlobalAveragePooling2D()(base(images, training=False))
        model = keras.Model(images, keras.layers.Dense(num_classes, activation="softmax")(x))
        [setattr(layer, "trainable", False) for layer in base.layers[:num_frozen]]
        return model


@alternative("finetune")
class flat_and_compiled:
    def build_finetune_model(base, num_classes, num_frozen):
        """One flat graph, compiled already."""
        for layer in base.layers[:num_frozen]:
            layer.trainable = False
        x = keras.layers.Flatten()(keras.layers.GlobalAveragePooling2D(keepdims=True)(base.output))
        outputs = keras.layers.Softmax()(keras.layers.Dense(num_classes)(x))
        model = keras.Model(base.input, outputs)
        model.compile("sgd", "sparse_categorical_crossentropy")
        return model


@alternative("finetune")
class tuned_copy:
    def build_finetune_model(base, num_classes, num_frozen):
        """A copy with the weights, in the place of the base."""
        copy = keras.models.clone_model(base)
        for theirs, own in zip(base.weights, copy.weights, strict=True):
            own.assign(theirs)
        return build_finetune_model(copy, num_classes, num_frozen)


# learning_rates


@alternative("learning_rates")
class momentum_and_nothing_returned:
    def compile_for_finetuning(model, probe_learning_rate):
        model.compile(
            loss=keras.losses.SparseCategoricalCrossentropy(),
            optimizer=keras.optimizers.SGD(learning_rate=probe_learning_rate * 0.05, momentum=0.9),
        )


@alternative("learning_rates")
class scheduled:
    def compile_for_finetuning(model, probe_learning_rate):
        """A rate that falls from a tenth on."""
        rate = keras.optimizers.schedules.ExponentialDecay(probe_learning_rate / 10, 100, 0.9)
        model.compile(keras.optimizers.RMSprop(rate), "sparse_categorical_crossentropy")
        return model


@alternative("learning_rates")
class named_loss_and_metrics:
    def compile_for_finetuning(model, probe_learning_rate):
        tenth = functools.partial(keras.optimizers.AdamW, weight_decay=0.0)(
            probe_learning_rate / 10
        )
        model.compile(
            tenth,
            loss=keras.losses.sparse_categorical_crossentropy,
            metrics=[keras.metrics.SparseCategoricalAccuracy()],
            run_eagerly=True,
        )
        return model


# strategy


@alternative("strategy")
class looked_up:
    def choose_strategy(little_data, similar):
        table = {
            (True, True): "linear classifier",
            (True, False): "another model or more data",
            (False, True): "finetune all",
            (False, False): "finetune all or from scratch",
        }
        return table[little_data, similar]

    def should_transfer(num_images):
        return np.less(num_images, 1e6)


@alternative("strategy")
class by_index:
    def choose_strategy(little_data: bool, similar: bool) -> str:
        advice = ["finetune all or from scratch", "finetune all"]
        advice += ["another model or more data", "linear classifier"]
        return advice[2 * bool(little_data) + bool(similar)]

    should_transfer = lambda num_images: num_images <= 1_200_000  # noqa: E731


# report


@alternative("report", replaces="parameter_report")
def by_count_params(model):
    total = model.count_params()
    trainable = sum(keras.ops.size(weight) for weight in model.trainable_variables)
    return {"frozen": total - trainable, "trainable": trainable}


@alternative("report", replaces="parameter_report")
def from_arrays(model):
    report = {"trainable": 0, "frozen": 0}
    for weight in model.weights:
        own = any(weight is each for each in model.trainable_weights)
        report["trainable" if own else "frozen"] += weight.numpy().size
    return report
