"""The known mistakes of `transfer`, each as a student writes it (names: COURSE §7).

The solution's own functions are given. Some names are read here in one of several senses:

- extract_features `takes_logits` returns what the classifier says instead of what it reads.
- nearest_neighbours `axis_swapped` ranks the queries for each row of the gallery.
- learning_rates: the loss with `from_logits=True` is no mistake that can be seen, since Keras finds
  the softmax and corrects it; `one_hot_loss` stands for a wrong loss.
- `not_recompiled` sets the rate of the old optimizer, which knows only the variables of before.
- `unfreezes_everything` thaws weight by weight and `flags_reset` layer by layer: with TensorFlow,
  Keras 3 ignores `model.trainable = True` on a model that is trainable already, whatever its layers.
"""

import keras
import numpy as np

# extract_features


def read(base, images, layer_name, training=False, size=64):
    """The activations of a layer, as they are."""
    layer = base.layers[-1] if layer_name is None else base.get_layer(layer_name)
    reader = keras.Model(base.input, layer.input if layer_name is None else layer.output)
    parts = [
        np.asarray(reader(images[start : start + size], training=training))
        for start in range(0, len(images), size)
    ]
    return np.concatenate(parts)


def averaged(activations):
    return activations.mean(axis=(1, 2)) if activations.ndim == 4 else activations


@misconception(
    "extract_features",
    hint="In training mode dropout drops and batch norm looks at this batch, and moves. Which mode reads features?",
)
def training_mode_features(base, images, layer_name=None):
    return averaged(read(base, images, layer_name, training=True))


@misconception(
    "extract_features",
    hint="The last layer's output speaks about the old classes. The features are what that layer reads.",
)
def takes_logits(base, images, layer_name=None):
    return averaged(read(base, images, layer_name or base.layers[-1].name))


@misconception(
    "extract_features",
    hint="Flattened maps still say where; one number for each map is their average over height and width.",
)
def flattens(base, images, layer_name=None):
    return read(base, images, layer_name).reshape(len(images), -1)


@misconception(
    "extract_features",
    hint="The largest value of a map is another summary: here it is the average.",
)
def max_pools(base, images, layer_name=None):
    activations = read(base, images, layer_name)
    return activations.max(axis=(1, 2)) if activations.ndim == 4 else activations


@misconception(
    "extract_features",
    hint="The base is frozen afterwards, and whoever trains it next will wonder. Reading needs no frozen layer.",
)
def freezes_base(base, images, layer_name=None):
    base.trainable = False
    return extract_features(base, images, layer_name)


@misconception(
    "extract_features", hint="A layer's name was given, and the features came from another layer."
)
def wrong_layer(base, images, layer_name=None):
    return extract_features(base, images)


@misconception(
    "extract_features",
    hint="All images went through the network at once. What happens to memory with ten thousand?",
)
def all_at_once(base, images, layer_name=None):
    return averaged(read(base, images, layer_name, size=max(len(images), 1)))


@misconception(
    "extract_features",
    hint="For a layer with this name you want what it says, its output, not what it is told.",
)
def named_input(base, images, layer_name=None):
    layer = base.layers[-1] if layer_name is None else base.get_layer(layer_name)
    return averaged(read_tensor(base, layer.input, images))


def read_tensor(base, tensor, images):
    reader = keras.Model(base.input, tensor)
    parts = [
        np.asarray(reader(images[i : i + 64], training=False)) for i in range(0, len(images), 64)
    ]
    return np.concatenate(parts)


@misconception(
    "extract_features", hint="The last part is shorter than 64, and its images count as well."
)
def drops_the_rest(base, images, layer_name=None):
    whole = max(len(images) // 64 * 64, min(len(images), 64))
    return extract_features(base, images[:whole], layer_name)


@misconception(
    "extract_features",
    hint="Average over height and width, axes 1 and 2; the last axis holds the maps.",
)
def averages_channels(base, images, layer_name=None):
    activations = read(base, images, layer_name)
    return activations.mean(axis=(2, 3)) if activations.ndim == 4 else activations


# nearest_neighbours


def both(queries, gallery):
    return np.asarray(queries, dtype=np.float64), np.asarray(gallery, dtype=np.float64)


def squared(queries, gallery):
    queries, gallery = both(queries, gallery)
    return ((queries[:, None] - gallery[None]) ** 2).sum(axis=2)


def ranked(distances, k):
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


@misconception(
    "nearest_neighbours",
    hint="This ranks by the angle, which ignores how long the vectors are. The distance does not.",
)
def cosine(queries, gallery, k):
    queries, gallery = both(queries, gallery)
    lengths = np.linalg.norm(queries, axis=1)[:, None] * np.linalg.norm(gallery, axis=1)
    return ranked(-(queries @ gallery.T) / np.maximum(lengths, 1e-12), k)


@misconception(
    "nearest_neighbours",
    hint="A large product may only mean a long vector. Rank by the length of the difference.",
)
def dot_product(queries, gallery, k):
    queries, gallery = both(queries, gallery)
    return ranked(-(queries @ gallery.T), k)


@misconception(
    "nearest_neighbours", hint="These are the farthest. argsort begins with the smallest."
)
def farthest_first(queries, gallery, k):
    return ranked(-squared(queries, gallery), k)


@misconception(
    "nearest_neighbours",
    hint="The right rows, but not in order: argpartition finds the k nearest without ranking them.",
)
def unsorted(queries, gallery, k):
    return np.sort(nearest_neighbours(queries, gallery, k), axis=1)


@misconception(
    "nearest_neighbours",
    hint="Each query ranks the rows of the gallery, not the other way round. Over which axis do you sort?",
)
def axis_swapped(queries, gallery, k):
    return np.argsort(squared(queries, gallery), axis=0, kind="stable").T[:, :k]


@misconception(
    "nearest_neighbours", hint="These are distances. Asked for is which rows they belong to."
)
def returns_distances(queries, gallery, k):
    return np.sqrt(np.sort(squared(queries, gallery), axis=1)[:, :k])


@misconception(
    "nearest_neighbours",
    hint="A sum of absolute differences is another distance, the one of taxis. Square them.",
)
def manhattan(queries, gallery, k):
    queries, gallery = both(queries, gallery)
    return ranked(np.abs(queries[:, None] - gallery[None]).sum(axis=2), k)


@misconception(
    "nearest_neighbours",
    hint="The nearest row is left out. It may be the image itself, and here it counts.",
)
def excludes_first(queries, gallery, k):
    return ranked(squared(queries, gallery), k + 1)[:, 1:]


@misconception(
    "nearest_neighbours",
    hint="Squares of large numbers leave no digits for a small difference in float32. Turn to float64 first.",
)
def single_precision(queries, gallery, k):
    queries, gallery = queries.astype(np.float32), gallery.astype(np.float32)
    squares = (queries**2).sum(axis=1)[:, None] + (gallery**2).sum(axis=1)
    return ranked(squares - 2 * queries @ gallery.T, k)


@misconception(
    "nearest_neighbours",
    hint="Of equally near rows the one with the smaller index comes first. How do you reverse an order without reversing ties?",
)
def ties_by_last(queries, gallery, k):
    backwards = np.argsort(squared(queries, gallery)[:, ::-1], axis=1, kind="stable")
    return len(gallery) - 1 - backwards[:, :k]


# linear_probe


def under_head(base, num_classes, pool=keras.layers.GlobalAveragePooling2D, activation="softmax"):
    images = keras.Input(base.input_shape[1:])
    x = pool()(base(images))
    return keras.Model(images, keras.layers.Dense(num_classes, activation=activation)(x))


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="Everything is trained. A probe leaves the base as it is: freeze it.",
)
def base_trainable(base, num_classes):
    return under_head(base, num_classes)


def freeze_variables(layers):
    for layer in layers:
        for variable in layer.trainable_variables:
            variable.trainable = False


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="The variables are frozen, but batch norm still runs in training mode and moves. Freeze the layer itself.",
)
def batchnorm_moves(base, num_classes):
    freeze_variables(base.layers)
    return under_head(base, num_classes)


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="clone_model copies the layers, not what they have learnt. Where do the weights go?",
)
def cloned_without_weights(base, num_classes):
    copy = keras.models.clone_model(base)
    copy.trainable = False
    return under_head(copy, num_classes)


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="The output is to be probabilities. What turns scores into them?",
)
def no_softmax(base, num_classes):
    base.trainable = False
    return under_head(base, num_classes, activation=None)


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="A probe is linear: one layer on the averaged features, without a hidden one.",
)
def hidden_layer_added(base, num_classes):
    base.trainable = False
    images = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(images))
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.Model(images, keras.layers.Dense(num_classes, activation="softmax")(x))


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="The maps are flattened: that is a weight for each place. Average over places first.",
)
def no_pool(base, num_classes):
    base.trainable = False
    return under_head(base, num_classes, pool=keras.layers.Flatten)


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="Nothing at all is trainable. Freeze the base, not the whole model.",
)
def frozen_head(base, num_classes):
    model = under_head(base, num_classes)
    model.trainable = False
    return model


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="The loop over the model's weights thaws those of the base again: they are among them.",
)
def unfreezes_everything(base, num_classes):
    model = build_linear_probe(base, num_classes)
    for weight in model.weights:
        weight.trainable = True
    return model


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="The largest value of each map is another summary: average them.",
)
def max_pool_head(base, num_classes):
    base.trainable = False
    return under_head(base, num_classes, pool=keras.layers.GlobalMaxPooling2D)


@misconception(
    "linear_probe",
    replaces="build_linear_probe",
    hint="Sigmoids do not sum to 1. Exactly one class is right: use a softmax.",
)
def sigmoid_head(base, num_classes):
    base.trainable = False
    return under_head(base, num_classes, activation="sigmoid")


# finetune


def freeze(layers):
    for layer in layers:
        layer.trainable = False


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The last layers are frozen. The first ones are general, and those stay as they are.",
)
def freezes_last_layers(base, num_classes, num_frozen):
    freeze(base.layers[-num_frozen:] if num_frozen else [])
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="base.trainable = False freezes every layer of the base. Only the first num_frozen are to be frozen.",
)
def freezes_all(base, num_classes, num_frozen):
    base.trainable = False
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="Nothing is frozen. Count the trainable weights; is every letter of `trainable` there?",
)
def freezes_none(base, num_classes, num_frozen):
    for layer in base.layers[:num_frozen]:
        layer.trainble = False
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The weights are fresh ones: what the base has learnt is lost with the clone.",
)
def reinitialized(base, num_classes, num_frozen):
    return build_finetune_model(keras.models.clone_model(base), num_classes, num_frozen)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="One layer too many is frozen. The InputLayer is base.layers[0], and it counts.",
)
def off_by_one_frozen(base, num_classes, num_frozen):
    freeze(base.layers[: num_frozen + 1])
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="One layer too few is frozen. How many layers are in layers[:n]?",
)
def one_too_few_frozen(base, num_classes, num_frozen):
    freeze(base.layers[: max(num_frozen - 1, 0)])
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The variables of the first layers are frozen, but their batch norm still moves. Freeze the layers.",
)
def frozen_statistics_move(base, num_classes, num_frozen):
    freeze_variables(base.layers[:num_frozen])
    return under_head(base, num_classes)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The output is to be probabilities: a softmax is missing.",
)
def logits_for_probabilities(base, num_classes, num_frozen):
    freeze(base.layers[:num_frozen])
    return under_head(base, num_classes, activation=None)


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The head is frozen as well. It is new, and has the most to learn.",
)
def head_frozen_too(base, num_classes, num_frozen):
    model = build_finetune_model(base, num_classes, num_frozen)
    model.layers[-1].trainable = False
    return model


@misconception(
    "finetune",
    replaces="build_finetune_model",
    hint="The whole model is frozen, head and all: nothing can learn. Freeze layers of the base only.",
)
def model_frozen(base, num_classes, num_frozen):
    model = under_head(base, num_classes)
    model.trainable = False
    return model


# learning_rates


def compile_with(model, rate, loss="sparse_categorical_crossentropy"):
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return model


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="The rate is the probe's own. Fine-tuning takes a tenth of it, or less.",
)
def same_rate(model, probe_learning_rate):
    return compile_with(model, probe_learning_rate)


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="The rate is larger than the probe's. It is to be smaller, by ten.",
)
def larger_rate(model, probe_learning_rate):
    return compile_with(model, probe_learning_rate * 10)


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="The rate is always the same. It depends on the one that trained the probe.",
)
def fixed_rate(model, probe_learning_rate):
    return compile_with(model, 1e-5)


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="The old training step knows only the variables that were trainable before. Compile again.",
)
def not_recompiled(model, probe_learning_rate):
    model.optimizer.learning_rate = probe_learning_rate / 10
    return model


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="This thaws all layers, also those that the caller has frozen. Leave `trainable` alone.",
)
def flags_reset(model, probe_learning_rate):
    for layer in model.layers:
        layer.trainable = True
    return compile_with(model, probe_learning_rate / 10)


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="This loss wants one-hot rows. For labels like 0, 1, 2 there is the sparse one.",
)
def one_hot_loss(model, probe_learning_rate):
    return compile_with(model, probe_learning_rate / 10, "categorical_crossentropy")


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="A clone has the layers and not what they have learnt. Compile the model that came in.",
)
def compiles_clone(model, probe_learning_rate):
    return compile_with(keras.models.clone_model(model), probe_learning_rate / 10)


@misconception(
    "learning_rates",
    replaces="compile_for_finetuning",
    hint="Squared errors against a class's number make class 2 twice as far as class 1.",
)
def squared_loss(model, probe_learning_rate):
    return compile_with(model, probe_learning_rate / 10, "mean_squared_error")


# strategy


@misconception(
    "strategy",
    replaces="choose_strategy",
    hint="Two cells of the table have changed places. Which argument chooses the row?",
)
def table_transposed(little_data, similar):
    return choose_strategy(not similar, not little_data)


@misconception(
    "strategy",
    replaces="choose_strategy",
    hint="Fine-tuning everything needs data. What if there is little?",
)
def always_finetune(little_data, similar):
    return "finetune all"


@misconception(
    "strategy",
    replaces="choose_strategy",
    hint="Little and much are exchanged: little_data=True means that there is little.",
)
def data_axis_flipped(little_data, similar):
    return choose_strategy(not little_data, similar)


@misconception(
    "strategy",
    replaces="choose_strategy",
    hint="Similar and different are exchanged: look at the columns of the table again.",
)
def likeness_flipped(little_data, similar):
    return choose_strategy(little_data, not similar)


@misconception(
    "strategy",
    replaces="choose_strategy",
    hint="With little data it matters, too, whether the images are alike.",
)
def likeness_ignored(little_data, similar):
    return "linear classifier" if little_data else choose_strategy(False, similar)


@misconception(
    "strategy",
    replaces="should_transfer",
    hint="A thousand is far too low: think of how large ImageNet is.",
)
def threshold_thousand(num_images):
    return num_images < 1_000


@misconception(
    "strategy",
    replaces="should_transfer",
    hint="It is the other way round: with few images, start from a trained base.",
)
def transfers_with_much_data(num_images):
    return num_images >= 1_000_000


# report


def numbers(weights):
    return int(sum(np.prod(weight.shape) for weight in weights))


@misconception(
    "report",
    replaces="parameter_report",
    hint="These are layers. Asked for is how many numbers their weights hold.",
)
def counts_layers(model):
    trainable = sum(layer.trainable for layer in model.layers)
    return {"trainable": trainable, "frozen": len(model.layers) - trainable}


@misconception(
    "report",
    replaces="parameter_report",
    hint="These are variables. A kernel is one variable of many numbers.",
)
def counts_variables(model):
    trainable, frozen = model.trainable_weights, model.non_trainable_weights
    return {"trainable": len(trainable), "frozen": len(frozen)}


@misconception(
    "report",
    replaces="parameter_report",
    hint="A batch norm layer may be trainable, its moving mean and variance never are: no gradient moves them.",
)
def statistics_as_trainable(model):
    trainable = sum(layer.count_params() for layer in model.layers if layer.trainable)
    return {"trainable": trainable, "frozen": model.count_params() - trainable}


@misconception("report", replaces="parameter_report", hint="The two numbers have changed places.")
def swapped(model):
    right = parameter_report(model)
    return {"trainable": right["frozen"], "frozen": right["trainable"]}


@misconception(
    "report",
    replaces="parameter_report",
    hint="Variables include the state of a dropout's random generator. Weights do not.",
)
def counts_random_states(model):
    frozen = numbers(model.non_trainable_variables)
    return {"trainable": numbers(model.trainable_weights), "frozen": frozen}


@misconception(
    "report",
    replaces="parameter_report",
    hint="`frozen` is all parameters here. It is those that training leaves alone.",
)
def frozen_is_everything(model):
    return {"trainable": numbers(model.trainable_weights), "frozen": model.count_params()}
