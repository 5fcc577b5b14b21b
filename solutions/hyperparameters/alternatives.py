"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import itertools
import math
import warnings

import keras
import numpy as np
import tensorflow as tf

# initial_loss


@alternative("initial_loss")
class by_keras:
    """Keras' own loss on what predict returns."""

    def expected_initial_loss(num_classes):
        return np.log(num_classes)

    def initial_loss(model, x, y):
        probabilities = model.predict(x, verbose=0)
        return keras.losses.SparseCategoricalCrossentropy()(y, probabilities)


@alternative("initial_loss")
class evaluated_without_decay:
    """Take Keras' total and subtract what the weights have added to it."""

    def expected_initial_loss(num_classes: int) -> float:
        shares = np.full(num_classes, 1 / num_classes)
        return -float(np.sum(shares * np.log(shares)))

    def initial_loss(model, x, y):
        if not getattr(model, "compiled", False):
            model.compile(loss="sparse_categorical_crossentropy")
        total = model.evaluate(x, y, verbose=0, batch_size=len(x), return_dict=True)["loss"]
        return total - float(sum(model.losses))


@alternative("initial_loss")
class one_by_one:
    """A loop over examples, and `-log(1 / C)` as in the lecture."""

    def expected_initial_loss(num_classes):
        return -math.log(1 / num_classes)

    def initial_loss(model, x, y):
        warnings.warn("this is slow", stacklevel=1)
        losses = []
        for example, label in zip(x, y, strict=True):
            row = tf.squeeze(model(example[None], training=False), axis=0)
            losses.append(-math.log(float(row[int(label)])))
        print("losses", losses)  # noqa: T201
        return sum(losses) / len(losses)


# overfit_small_sample


@alternative("overfit_small_sample")
def with_fit(build_model, x, y, num_examples=20, max_steps=300):
    """One epoch of one batch is a step."""
    model = build_model(weight_decay=0.0)
    x, y = x[:num_examples], y[:num_examples]
    accuracies = []
    for _ in range(max_steps):
        model.fit(x, y, batch_size=num_examples, epochs=1, shuffle=False, verbose=0)
        accuracies.append(model.evaluate(x, y, verbose=0, return_dict=True)["accuracy"])
        if accuracies[-1] >= 1:
            break
    return accuracies


@alternative("overfit_small_sample")
def with_tape(build_model, x, y, num_examples=20, max_steps=300):
    """A gradient tape inside a tf.function, and the model's own optimizer."""
    model, optimizer = (made := build_model(weight_decay=0.0)), made.optimizer
    x, y = tf.constant(x[:num_examples]), tf.constant(y[:num_examples])

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(y, model(x, training=True))
            )
        optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables)  # noqa: B905
        )

    accuracies = []
    while len(accuracies) < max_steps:
        step()
        right = tf.argmax(model(x), axis=1) == tf.cast(y, tf.int64)
        accuracies.append(tf.reduce_mean(tf.cast(right, tf.float32)))
        if float(accuracies[-1]) == 1.0:
            break
    return accuracies


class StopWhenRight(keras.callbacks.Callback):
    """Looks at the sample after each epoch, and ends the training."""

    def __init__(self, x, y):
        super().__init__()
        self.x, self.y, self.accuracies = x, y, []

    def on_epoch_end(self, epoch, logs=None):
        predicted = self.model.predict(self.x, verbose=0).argmax(axis=-1)
        self.accuracies.append(np.mean(predicted == self.y))
        self.model.stop_training = bool(self.accuracies[-1] == 1)


@alternative("overfit_small_sample")
def with_callback(build_model, x, y, num_examples=20, max_steps=300):
    """One call of fit; a callback measures and stops."""
    watch = StopWhenRight(x[:num_examples], y[:num_examples])
    build_model(weight_decay=0).fit(
        watch.x, watch.y, batch_size=len(watch.x), epochs=max_steps, verbose=0, callbacks=[watch]
    )
    return watch.accuracies


# learning_rate_search


class Losses(keras.callbacks.Callback):
    """The loss of each batch: the metrics start anew with it."""

    def __init__(self, most):
        super().__init__()
        self.most, self.losses = most, []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        if len(self.losses) < self.most:
            self.losses.append(logs["loss"])
        if len(self.losses) == self.most:
            self.model.stop_training = True


@alternative("learning_rate_search")
class fitted:
    """fit with shuffled epochs, and a callback that notes the loss of each batch."""

    def learning_rate_search(
        build_model, x, y, rates=(1e-1, 1e-2, 1e-3, 1e-4, 1e-5), iterations=100, weight_decay=1e-4
    ):
        histories = {}
        for rate in rates:
            watch, model = Losses(iterations), build_model(rate, weight_decay)
            model.fit(
                tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat().batch(32),
                steps_per_epoch=iterations,
                epochs=1,
                verbose=0,
                callbacks=[watch],
            )
            histories[rate] = watch.losses
        return histories

    def pick_learning_rate(histories):
        best, most = None, -1
        for rate, losses in histories.items():
            if all(map(math.isfinite, losses)) and losses[0] - losses[-1] > max(most, 0):
                best, most = rate, losses[0] - losses[-1]
        return best


@alternative("learning_rate_search")
class start_put_back:
    """One model; its start is kept and put back, and its rate set, for each run."""

    def learning_rate_search(
        build_model, x, y, rates=(1e-1, 1e-2, 1e-3, 1e-4, 1e-5), iterations=100, weight_decay=1e-4
    ):
        model = build_model(weight_decay=weight_decay)
        start, histories = model.get_weights(), dict.fromkeys(rates)
        for rate in rates:
            model.set_weights(start)
            model.optimizer.learning_rate.assign(rate)
            batches = itertools.cycle(
                np.split(np.random.permutation(len(x)), range(32, len(x), 32))
            )
            histories[rate] = []
            for batch in itertools.islice(batches, iterations):
                model.reset_metrics()
                histories[rate].append(model.train_on_batch(x[batch], y[batch])[0])
        return histories

    def pick_learning_rate(histories):
        falls = [
            (losses[0] - losses[-1], rate)
            for rate, losses in histories.items()
            if not np.any(np.isnan(losses) | np.isinf(losses))
        ]
        fall, rate = max(falls, default=(-1, None))
        return rate if fall >= 0 else None


@alternative("learning_rate_search")
class taped:
    """A gradient tape; the loss without the decay term, the gradient with it."""

    def learning_rate_search(
        build_model, x, y, rates=(1e-1, 1e-2, 1e-3, 1e-4, 1e-5), iterations=100, weight_decay=1e-4
    ):
        def run(rate):
            model, losses = build_model(weight_decay=weight_decay, learning_rate=rate), []
            for _ in range(iterations):
                batch = np.random.randint(len(x), size=32)
                with tf.GradientTape() as tape:
                    shares = model(x[batch], training=True)
                    loss = tf.reduce_mean(
                        keras.losses.sparse_categorical_crossentropy(y[batch], shares)
                    )
                    total = loss + tf.add_n(model.losses)
                variables = model.trainable_variables
                model.optimizer.apply(tape.gradient(total, variables), variables)
                losses.append(loss)
            return losses

        return {rate: run(rate) for rate in rates}

    def pick_learning_rate(histories):
        left = dict(histories)
        for rate in histories:
            change = np.asarray(left[rate])[-1] - np.asarray(left[rate])[0]
            if not np.all(np.isfinite(left[rate])) or change > 0:
                del left[rate]
        return min(left, key=lambda rate: left[rate][-1] - left[rate][0]) if left else None


# sampling


@alternative("sampling", replaces="log_uniform")
def by_ratio(low, high, rng, size=None):
    return high * (low / high) ** rng.random(size)


@alternative("sampling", replaces="log_uniform")
def by_powers_of_ten(low, high, rng, size=None):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size)


@alternative("sampling", replaces="log_uniform")
def one_after_another(low, high, rng, size=None):
    """Loops, and log2."""
    if size is None:
        return 2 ** (math.log2(low) + rng.random() * (math.log2(high) - math.log2(low)))
    return np.reshape([one_after_another(low, high, rng) for _ in range(np.prod(size))], size)


# grid_search


@alternative("grid_search", replaces="grid")
def by_loops(space):
    settings = [{}]
    for name in space:
        longer = []
        for setting in settings:
            for value in space[name]:
                longer.append({**setting, name: value})
        settings = longer
    return settings


@alternative("grid_search", replaces="grid")
def by_recursion(space):
    """The last name varies slowest."""
    if not space:
        return [{}]
    name = list(space)[-1]
    rest = {key: values for key, values in space.items() if key != name}
    return [{**setting, name: value} for value in space[name] for setting in by_recursion(rest)]


# random_search


@alternative("random_search")
def in_two_lists(objective, space, budget, rng):
    """All parameters first; a dict's own methods; sorted from the back."""
    settings = [{name: draw(rng) for name, draw in space.items()} for _ in range(budget)]
    good, bad = [], []
    for params in settings:
        error, score = None, None
        try:
            score = objective(params)
            if score is None or not np.isfinite(score):
                error, score = "diverged", None
        except Exception as problem:  # noqa: BLE001
            error = repr(problem)
        (bad if error else good).append({"params": params, "score": score, "error": error})
    good.sort(key=lambda trial: trial["score"], reverse=True)
    return good + bad


@alternative("random_search")
def name_by_name(objective, space, budget, rng):
    """The names in another order, the scores as NumPy's numbers."""
    trials = []
    while len(trials) < budget:
        trial = {"params": {}, "score": None, "error": None}
        for name in reversed(list(space)):
            trial["params"][name] = space[name](rng)
        try:
            score = np.float64(objective(trial["params"].copy()))
            if np.isnan(score) or np.isinf(score):
                raise ValueError(f"score {score}")  # noqa: TRY301
            trial["score"] = score
        except (ArithmeticError, ValueError, RuntimeError) as error:
            trial["error"] = str(error)
        trials.append(trial)
    order = np.argsort([-np.inf if t["score"] is None else t["score"] for t in trials])
    return [trials[place] for place in order[::-1]]


# coverage


@alternative("coverage", replaces="distinct_values")
def with_sets(trials):
    tried = {}
    for trial in trials:
        for name, value in trial["params"].items():
            tried.setdefault(name, set()).add(value)
    return {name: len(values) for name, values in tried.items()}


@alternative("coverage", replaces="distinct_values")
def with_numpy(trials):
    names = sorted(trials[0]["params"])
    return {name: np.unique([trial["params"][name] for trial in trials]).size for name in names}


# refine


@alternative("refine")
def a_third_to_each_side(low, high, trials, name):
    """Cut off at the old bounds, where the range becomes smaller still."""
    scores = [-math.inf if trial["score"] is None else trial["score"] for trial in trials]
    best = trials[scores.index(max(scores))]["params"][name]
    factor = (high / low) ** (1 / 3)
    return [max(low, best / factor), min(high, best * factor)]


@alternative("refine")
def in_powers_of_ten(low, high, trials, name):
    """A quarter of the width, as an array."""
    best = max((t for t in trials if t["error"] is None), key=lambda t: t["score"])
    centre = np.log10(best["params"][name])
    width = (np.log10(high) - np.log10(low)) / 8
    return np.clip(10 ** np.array([centre - width, centre + width]), low, high)


# curves


@alternative("curves", replaces="diagnose_curves")
def table(train_loss, val_loss):
    """The table as data: the first that holds."""
    train, val = np.array(train_loss, float), np.array(val_loss, float)
    if np.isnan(train).any() or np.isinf(train).any() or not np.all(np.isfinite(val)):
        return "learning rate too high"
    n, s = len(train) // 10, train[0]
    e, v = np.mean(train[-n:]), np.mean(val[-n:])
    rules = {
        "learning rate too high": (train > 1.5 * s).any() or e >= s,
        "overfitting": v - e > 0.05 * s and v > 3 * e,
        "bad initialization": s - train[n - 1] < 0.05 * (s - e) and s - e > 0.2 * s,
        "learning rate too low": (train[len(train) // 2 - 1] - e) / (s - e) > 0.25,
        "underfitting": e > 0.35 * s,
        "plateau, decay the rate": True,
    }
    return next(name for name, holds in rules.items() if holds)


@alternative("curves", replaces="diagnose_curves")
def in_plain_python(train_loss, val_loss):
    """No NumPy; a tenth is rounded up."""
    train, val = list(map(float, train_loss)), list(map(float, val_loss))
    if not all(map(math.isfinite, train + val)):
        return "learning rate too high"
    tenth = -(-len(train) // 10)
    s, e, v = train[0], sum(train[-tenth:]) / tenth, sum(val[-tenth:]) / tenth
    if max(train) > 1.5 * s or e >= s:
        return "learning rate too high"
    if v - e > 0.05 * s and v > 3 * e:
        return "overfitting"
    if s - min(train[: tenth + 1]) < 0.05 * (s - e) and s - e > 0.2 * s:
        return "bad initialization"
    if train[(len(train) + 1) // 2] - e > 0.25 * (s - e):
        return "learning rate too low"
    return "underfitting" if e > 0.35 * s else "plateau, decay the rate"
