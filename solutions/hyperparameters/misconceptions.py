"""The known mistakes of `hyperparameters`, each as a student writes it (names: COURSE §8).

`initial_loss` and the others mean the solution's functions where a mistake is theirs but for one
thing. A class replaces each function that it defines. Some names need a word:

- learning_rate_search `model_shared_between_rates` goes on with all weights, `weights_not_restored`
  puts back the kernels only: with nothing put back at all, the two would be one mistake.
- `final_loss_only`, `picks_first`, `picks_nan` and `picks_lowest_rate` are about
  `pick_learning_rate`; the histories are right.
- sampling `arguments_swapped` is seen since NumPy refuses to draw from a high to a low bound.
"""

import functools
import itertools
import math

import numpy as np

# initial_loss


@misconception(
    "initial_loss",
    replaces="expected_initial_loss",
    hint="Frameworks measure cross-entropy with the natural logarithm. Which base do you use?",
)
def log2(num_classes):
    return math.log2(num_classes)


@misconception(
    "initial_loss",
    replaces="expected_initial_loss",
    hint="The natural logarithm is math.log; math.log10 counts powers of ten.",
)
def log10(num_classes):
    return math.log10(num_classes)


@misconception(
    "initial_loss",
    replaces="expected_initial_loss",
    hint="1/C is the probability of the right class. What does cross-entropy do to it?",
)
def one_over_classes(num_classes):
    return 1 / num_classes


@misconception(
    "initial_loss",
    replaces="expected_initial_loss",
    hint="A logarithm of a probability is negative. Which sign has a loss?",
)
def wrong_sign(num_classes):
    return math.log(1 / num_classes)


@misconception(
    "initial_loss",
    hint="evaluate returns all that is minimised, the decay term too. Print it for two values of weight_decay.",
)
def includes_regularization(model, x, y):
    probabilities = np.asarray(model(x, training=False))
    decay = sum(float(term) for term in model.losses)
    return float(-np.log(probabilities[np.arange(len(y)), y]).mean()) + decay


@misconception(
    "initial_loss",
    hint="In training mode batch norm uses the batch and dropout drops. Ask the model with training=False.",
)
def training_mode_loss(model, x, y):
    probabilities = np.asarray(model(x, training=True))
    return float(-np.log(probabilities[np.arange(len(y)), y]).mean())


@misconception(
    "initial_loss",
    hint="With twice as many examples your loss is twice as large: take the mean over them.",
)
def sum_not_mean(model, x, y):
    return initial_loss(model, x, y) * len(y)


@misconception(
    "initial_loss",
    hint="Cross-entropy looks at one number of each row: the probability of the right class.",
)
def all_classes(model, x, y):
    return float(-np.log(np.asarray(model(x, training=False))).mean())


@misconception(
    "initial_loss",
    hint="Take the logarithm of each probability first, then the mean. The other order gives less.",
)
def log_of_mean(model, x, y):
    probabilities = np.asarray(model(x, training=False))
    return float(-np.log(probabilities[np.arange(len(y)), y].mean()))


@misconception(
    "initial_loss",
    hint="The last batch is shorter than the others: weigh each batch's mean by its size, or use no batches.",
)
def mean_of_batch_means(model, x, y):
    parts = [slice(start, start + 32) for start in range(0, len(x), 32)]
    return float(np.mean([initial_loss(model, x[part], y[part]) for part in parts]))


# overfit_small_sample


def accuracy(model, x, y):
    return float((np.asarray(model(x, training=False)).argmax(axis=1) == np.asarray(y)).mean())


def steps_until_right(model, x, y, max_steps):
    """What is right in most of them."""
    accuracies = []
    while len(accuracies) < max_steps and accuracies[-1:] != [1.0]:
        model.train_on_batch(x, y)
        accuracies.append(accuracy(model, x, y))
    return accuracies


@misconception(
    "overfit_small_sample",
    hint="Your model is trained on all of x. The sample is x[:num_examples], y[:num_examples].",
)
def trains_on_all(build_model, x, y, num_examples=20, max_steps=300):
    model, accuracies = build_model(weight_decay=0.0), []
    for _ in range(max_steps):
        model.train_on_batch(x, y)
        accuracies.append(accuracy(model, x[:num_examples], y[:num_examples]))
        if accuracies[-1] == 1.0:
            break
    return accuracies


@misconception(
    "overfit_small_sample",
    hint="build_model() has a decay of its own. What should it be here?",
)
def keeps_regularization(build_model, x, y, num_examples=20, max_steps=300):
    return steps_until_right(build_model(), x[:num_examples], y[:num_examples], max_steps)


@misconception(
    "overfit_small_sample",
    hint="When every example of the sample is right there is nothing left to learn: leave the loop.",
)
def never_stops(build_model, x, y, num_examples=20, max_steps=300):
    model, x, y = build_model(weight_decay=0.0), x[:num_examples], y[:num_examples]
    accuracies = []
    for _ in range(max_steps):
        model.train_on_batch(x, y)
        accuracies.append(accuracy(model, x, y))
    return accuracies


@functools.cache
def model_of(build_model):
    return build_model(weight_decay=0.0)


@misconception(
    "overfit_small_sample",
    hint="The second call goes on where the first one ended. Build the model inside the function.",
)
def model_reused(build_model, x, y, num_examples=20, max_steps=300):
    return steps_until_right(model_of(build_model), x[:num_examples], y[:num_examples], max_steps)


@misconception(
    "overfit_small_sample",
    hint="Here the question is whether the sample can be learnt by heart: look at the sample itself.",
)
def reports_validation(build_model, x, y, num_examples=20, max_steps=300):
    model, accuracies = build_model(weight_decay=0.0), []
    while len(accuracies) < max_steps and accuracies[-1:] != [1.0]:
        model.train_on_batch(x[:num_examples], y[:num_examples])
        accuracies.append(accuracy(model, x[num_examples:], y[num_examples:]))
    return accuracies


@misconception(
    "overfit_small_sample",
    hint="What train_on_batch reports is of before its step. Look at the model again after it.",
)
def before_the_step(build_model, x, y, num_examples=20, max_steps=300):
    model, x, y = build_model(weight_decay=0.0), x[:num_examples], y[:num_examples]
    accuracies = []
    while len(accuracies) < max_steps and accuracies[-1:] != [1.0]:
        accuracies.append(accuracy(model, x, y))
        model.train_on_batch(x, y)
    return accuracies


@misconception(
    "overfit_small_sample",
    hint="A step is one example at a time in your loop: it should see the whole sample once.",
)
def one_example_a_step(build_model, x, y, num_examples=20, max_steps=300):
    model, x, y = build_model(weight_decay=0.0), x[:num_examples], y[:num_examples]
    accuracies = []
    while len(accuracies) < max_steps and accuracies[-1:] != [1.0]:
        place = len(accuracies) % num_examples
        model.train_on_batch(x[place : place + 1], y[place : place + 1])
        accuracies.append(accuracy(model, x, y))
    return accuracies


# learning_rate_search


def batch_of(rng, x):
    return rng.choice(len(x), size=min(32, len(x)), replace=False)


def loss_before_step(model, x, y):
    model.reset_metrics()
    return float(model.train_on_batch(x, y, return_dict=True)["loss"])


def losses_of(model, x, y, iterations):
    """What is right in most of them."""
    rng, losses = np.random.default_rng(0), []
    for _ in range(iterations):
        batch = batch_of(rng, x)
        losses.append(loss_before_step(model, x[batch], y[batch]))
    return losses


RATES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)


@misconception(
    "learning_rate_search",
    hint="The second rate goes on with the weights that the first one has trained. Build a model for each.",
)
def model_shared_between_rates(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    model, histories = build_model(weight_decay=weight_decay), {}
    for rate in rates:
        model.optimizer.learning_rate = rate
        histories[rate] = losses_of(model, x, y, iterations)
    return histories


@misconception(
    "learning_rate_search",
    hint="An iteration is one batch, an epoch goes through all of the data: fit(epochs=...) counts the latter.",
)
def epochs_for_iterations(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    histories = {}
    for rate in rates:
        model, losses = build_model(learning_rate=rate, weight_decay=weight_decay), []
        for _ in range(iterations):
            order = np.arange(len(x))
            parts = [
                loss_before_step(model, x[part], y[part]) * len(part)
                for part in np.split(order, range(32, len(x), 32))
            ]
            losses.append(sum(parts) / len(x))
        histories[rate] = losses
    return histories


@misconception(
    "learning_rate_search",
    hint="This step of the lecture keeps a small decay on: hand weight_decay to build_model.",
)
def decay_off(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    return learning_rate_search(build_model, x, y, rates, iterations, 0.0)


@misconception(
    "learning_rate_search",
    hint="build_model has a decay of its own: hand weight_decay to it, next to the rate.",
)
def decay_not_passed(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    return {rate: losses_of(build_model(learning_rate=rate), x, y, iterations) for rate in rates}


@misconception(
    "learning_rate_search",
    hint="Your model sees the same 32 examples in every iteration. Draw the batch inside the loop.",
)
def same_batch_always(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    return learning_rate_search(build_model, x[:32], y[:32], rates, iterations, weight_decay)


@misconception(
    "learning_rate_search",
    hint="Each of your steps takes all of the data. An iteration is one batch of 32.",
)
def whole_data_each_step(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    histories = {}
    for rate in rates:
        model = build_model(learning_rate=rate, weight_decay=weight_decay)
        histories[rate] = [loss_before_step(model, x, y) for _ in range(iterations)]
    return histories


@misconception(
    "learning_rate_search",
    hint="Where examples are drawn, their labels must be drawn with the same indices.",
)
def labels_left_behind(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    histories = {}
    for rate in rates:
        model, rng = (
            build_model(learning_rate=rate, weight_decay=weight_decay),
            np.random.default_rng(0),
        )
        histories[rate] = [
            loss_before_step(model, x[batch_of(rng, x)], y[: min(32, len(x))])
            for _ in range(iterations)
        ]
    return histories


@misconception(
    "learning_rate_search",
    hint="Within an epoch, fit reports the mean of all batches so far. What was the loss of this batch alone?",
)
def running_mean_loss(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    return {
        rate: list(np.cumsum(losses) / np.arange(1, len(losses) + 1))
        for rate, losses in learning_rate_search(
            build_model, x, y, rates, iterations, weight_decay
        ).items()
    }


@misconception(
    "learning_rate_search",
    hint="The loss is to be that of the batch before its step: yours is taken after it.",
)
def loss_after_step(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    later = learning_rate_search(build_model, x, y, rates, iterations + 1, weight_decay)
    return {rate: losses[1:] for rate, losses in later.items()}


@misconception(
    "learning_rate_search",
    hint="optimizer.lr is no name of Keras 3: it is set without an error and never read. Try learning_rate.",
)
def rate_never_applied(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    histories = {}
    for rate in rates:
        model = build_model(weight_decay=weight_decay)
        model.optimizer.lr = rate
        histories[rate] = losses_of(model, x, y, iterations)
    return histories


@misconception(
    "learning_rate_search",
    hint="Some of the start is not put back: model.get_weights() holds the biases, too.",
)
def weights_not_restored(build_model, x, y, rates=RATES, iterations=100, weight_decay=1e-4):
    model, histories = build_model(weight_decay=weight_decay), {}
    start = [np.array(weight) for weight in model.get_weights()]
    for rate in rates:
        now = model.get_weights()
        model.set_weights([s if s.ndim > 1 else n for s, n in zip(start, now, strict=True)])
        model.optimizer.learning_rate = rate
        histories[rate] = losses_of(model, x, y, iterations)
    return histories


def falls(histories):
    return {
        rate: losses[0] - losses[-1]
        for rate, losses in histories.items()
        if np.isfinite(losses).all() and losses[-1] <= losses[0]
    }


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="A low last loss may have started low. Look at how far the loss fell, from first to last.",
)
def final_loss_only(histories):
    left = falls(histories)
    return min(left, key=lambda rate: histories[rate][-1]) if left else None


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="The smallest rate is the safest and the slowest. Which loss fell most?",
)
def picks_lowest_rate(histories):
    return min(falls(histories), default=None)


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="Comparisons with NaN are false, and so let it through. Ask np.isfinite of every loss first.",
)
def picks_nan(histories):
    left = {rate: own[0] - own[-1] for rate, own in histories.items() if not own[-1] > own[0]}
    return max(left, key=left.get) if left else None


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="You take the first rate whose loss falls. Compare them all.",
)
def picks_first(histories):
    return next(iter(falls(histories)), None)


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="A rate whose loss ends above its start does not count. What if there is no other?",
)
def picks_a_rise(histories):
    left = {rate: own[0] - own[-1] for rate, own in histories.items() if np.isfinite(own).all()}
    return max(left, key=left.get) if left else None


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="Only the last loss is looked at: NaN or infinity may stand before it.",
)
def looks_at_the_end_only(histories):
    left = {
        rate: losses[0] - losses[-1]
        for rate, losses in histories.items()
        if math.isfinite(losses[0] - losses[-1]) and losses[-1] <= losses[0]
    }
    return max(left, key=left.get) if left else None


@misconception(
    "learning_rate_search",
    replaces="pick_learning_rate",
    hint="A loss may fall far on the way and rise again: compare the first loss with the last.",
)
def falls_to_the_minimum(histories):
    left = falls(histories)
    return max(left, key=lambda rate: histories[rate][0] - min(histories[rate]), default=None)


# sampling


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="Nine of ten of your numbers are of the largest order. Draw the logarithm uniformly.",
)
def uniform_not_log(low, high, rng, size=None):
    return rng.uniform(low, high, size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="np.log and 10 ** do not undo each other: use one base on both ways.",
)
def base_mixed(low, high, rng, size=None):
    return 10 ** rng.uniform(np.log(low), np.log(high), size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="The exponent is a real number: there is something between 0.01 and 0.1.",
)
def integer_exponents(low, high, rng, size=None):
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return 10.0 ** rng.integers(first, last + 1, size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="These are logarithms: the way back to a rate, the power, is missing.",
)
def power_not_taken(low, high, rng, size=None):
    return rng.uniform(np.log(low), np.log(high), size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="A hundred prepared values are a fine grid: random search is to try values that no grid has.",
)
def from_a_list(low, high, rng, size=None):
    return rng.choice(np.geomspace(low, high, 100), size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="rng.uniform takes the lower bound first.",
)
def arguments_swapped(low, high, rng, size=None):
    return np.exp(rng.uniform(np.log(high), np.log(low), size=size))


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="A bell around the middle is not flat, and it has no bounds. Draw the exponent with rng.uniform.",
)
def normal_exponent(low, high, rng, size=None):
    middle, width = (math.log(low) + math.log(high)) / 2, math.log(high) - math.log(low)
    return np.exp(rng.normal(middle, width / 6, size=size))


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="One over a uniform number favours small values as much as uniform ones favour large values.",
)
def reciprocal_uniform(low, high, rng, size=None):
    return 1 / rng.uniform(1 / high, 1 / low, size=size)


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="Your numbers ignore rng: then nobody can repeat your search.",
)
def global_generator(low, high, rng, size=None):
    return np.exp(np.random.uniform(math.log(low), math.log(high), size=size))


@misconception(
    "sampling",
    replaces="log_uniform",
    hint="A generator made inside the function gives the same draws in every call.",
)
def own_generator(low, high, rng, size=None):
    return np.exp(np.random.default_rng(0).uniform(math.log(low), math.log(high), size=size))


# grid_search


@misconception(
    "grid_search",
    replaces="grid",
    hint="zip pairs the first values, then the second ones: the diagonal of the table.",
)
def zip_for_product(space):
    return [dict(zip(space, values, strict=True)) for values in zip(*space.values(), strict=False)]


@misconception(
    "grid_search",
    replaces="grid",
    hint="All entries of your list are one dict, which holds the last values. Make a new one each time.",
)
def one_dict_shared(space):
    setting, found = {}, []
    for values in itertools.product(*space.values()):
        setting.update(zip(space, values, strict=True))
        found.append(setting)
    return found


@misconception(
    "grid_search",
    replaces="grid",
    hint="One value of each list is never tried: where does your range end?",
)
def last_value_missing(space):
    return grid({name: values[:-1] for name, values in space.items()})


@misconception(
    "grid_search",
    replaces="grid",
    hint="You vary one hyperparameter and keep the others at their first value. Vary all.",
)
def one_at_a_time(space):
    first = {name: values[0] for name, values in space.items()}
    found = [first]
    for name, values in space.items():
        found += [{**first, name: value} for value in values[1:]]
    return found


@misconception(
    "grid_search",
    replaces="grid",
    hint="The space is the caller's. popitem takes something out of it: work on a copy.",
)
def empties_the_space(space):
    found = [{}]
    while space:
        name = next(iter(space))
        values = space.pop(name)
        found = [{**setting, name: value} for setting in found for value in values]
    return found


# random_search


def failed(params, error):
    return {"params": params, "score": None, "error": error}


def one_trial(objective, params):
    """What is right in most of them."""
    try:
        score = float(objective(dict(params)))
    except Exception as error:  # noqa: BLE001
        return failed(params, f"{type(error).__name__}: {error}")
    if not math.isfinite(score):
        return failed(params, f"the score is {score}")
    return {"params": params, "score": score, "error": None}


def best_first(trials):
    return sorted(trials, key=lambda trial: math.inf if trial["error"] else -trial["score"])


def drawn(space, rng):
    return {name: sampler(rng) for name, sampler in space.items()}


@misconception(
    "random_search",
    hint="A larger score is better here. sorted puts the small ones first.",
)
def minimises(objective, space, budget, rng):
    trials = random_search(objective, space, budget, rng)
    return sorted(trials, key=lambda trial: math.inf if trial["error"] else trial["score"])


@misconception(
    "random_search",
    hint="Each call of the objective costs a training: count yours against the budget.",
)
def over_budget(objective, space, budget, rng):
    return random_search(objective, space, budget + 1, rng)


@misconception(
    "random_search",
    hint="A failed trial counts, too: otherwise a search in a bad space never ends.",
)
def failures_cost_nothing(objective, space, budget, rng):
    trials, right = [], 0
    while right < budget and len(trials) < 3 * budget:
        trials.append(one_trial(objective, drawn(space, rng)))
        right += trials[-1]["error"] is None
    return best_first(trials)


@misconception(
    "random_search",
    hint="All trials have the same parameters: draw them inside the loop.",
)
def same_sample(objective, space, budget, rng):
    params = drawn(space, rng)
    return best_first([one_trial(objective, dict(params)) for _ in range(budget)])


@misconception(
    "random_search",
    hint="A generator that starts anew in each trial draws the same in each. Use the one you are given.",
)
def reseeds(objective, space, budget, rng):
    return best_first(
        [one_trial(objective, drawn(space, np.random.default_rng(0))) for _ in range(budget)]
    )


@misconception(
    "random_search",
    hint="One bad setting must not end a search that runs overnight: catch what the objective raises.",
)
def crash_stops_search(objective, space, budget, rng):
    trials = []
    for _ in range(budget):
        params = drawn(space, rng)
        score = float(objective(dict(params)))
        finite = math.isfinite(score)
        trials.append(
            {"params": params, "score": score, "error": None}
            if finite
            else failed(params, f"the score is {score}")
        )
    return best_first(trials)


@misconception(
    "random_search",
    hint="NaN raises no exception, and cannot be sorted. Ask math.isfinite of every score.",
)
def nan_is_a_score(objective, space, budget, rng):
    trials = []
    for _ in range(budget):
        params = drawn(space, rng)
        try:
            score = float(objective(dict(params)))
            trials.append({"params": params, "score": score, "error": None})
        except Exception as error:  # noqa: BLE001
            trials.append(failed(params, str(error)))
    return best_first(trials)


@misconception(
    "random_search",
    hint="That a setting fails is a result: keep the trial, with its error.",
)
def failures_dropped(objective, space, budget, rng):
    trials = random_search(objective, space, budget, rng)
    return [trial for trial in trials if trial["error"] is None]


@misconception(
    "random_search",
    hint="Where scores are negative, 0 is the best of all. A failed trial has the score None.",
)
def failure_scores_zero(objective, space, budget, rng):
    trials = random_search(objective, space, budget, rng)
    for trial in trials:
        trial["score"] = trial["score"] or 0.0
    return sorted(trials, key=lambda trial: -trial["score"])


@misconception(
    "random_search",
    hint="`if not score` holds for 0.0 too, and 0 is a score like any other. Ask whether it is None.",
)
def zero_is_a_failure(objective, space, budget, rng):
    trials = [one_trial(objective, drawn(space, rng)) for _ in range(budget)]
    for trial in trials:
        if not trial["score"]:
            trial |= {"score": None, "error": trial["error"] or "no score"}
    return best_first(trials)


@misconception(
    "random_search",
    hint="`score or ...` takes a score of 0 for none, and puts it last. Ask whether it is None.",
)
def zero_sorted_last(objective, space, budget, rng):
    trials = [one_trial(objective, drawn(space, rng)) for _ in range(budget)]
    return sorted(trials, key=lambda trial: trial["score"] or -math.inf, reverse=True)


@misconception(
    "random_search",
    hint="All trials share one dict, and show what was drawn last. Make a new one for each.",
)
def one_dict_for_all(objective, space, budget, rng):
    params, trials = {}, []
    for _ in range(budget):
        params.update(drawn(space, rng))
        trials.append(one_trial(objective, params))
    return best_first(trials)


@misconception(
    "random_search",
    hint="The space is the caller's: writing the drawn values into it loses the samplers.",
)
def mutates_space(objective, space, budget, rng):
    samplers, trials = dict(space), []
    for _ in range(budget):
        for name in space:
            space[name] = samplers[name](rng)
        trials.append(one_trial(objective, dict(space)))
    return best_first(trials)


@misconception(
    "random_search",
    hint="The order is still that of the draws: sort the trials before you return them.",
)
def not_sorted(objective, space, budget, rng):
    trials = [one_trial(objective, drawn(space, rng)) for _ in range(budget)]
    return sorted(trials, key=lambda trial: trial["error"] is not None)


# coverage


@misconception(
    "coverage",
    replaces="distinct_values",
    hint="In a grid of nine, how many different rates are there? Count values, not trials.",
)
def counts_trials(trials):
    return {name: len(trials) for name in trials[0]["params"]}


@misconception(
    "coverage",
    replaces="distinct_values",
    hint="You count the hyperparameters. How many different values of each were tried?",
)
def counts_axes(trials):
    return {name: len(trials[0]["params"]) for name in trials[0]["params"]}


@misconception(
    "coverage",
    replaces="distinct_values",
    hint="You count different settings. Look at one hyperparameter at a time.",
)
def distinct_trials(trials):
    settings = {tuple(trial["params"].items()) for trial in trials}
    return {name: len(settings) for name in trials[0]["params"]}


@misconception(
    "coverage",
    replaces="distinct_values",
    hint="A value that was tried twice counts once, not nothing.",
)
def repeats_subtracted(trials):
    found = {}
    for name in trials[0]["params"]:
        values = [trial["params"][name] for trial in trials]
        found[name] = sum(values.count(value) == 1 for value in values)
    return found


@misconception(
    "coverage",
    replaces="distinct_values",
    hint="A failed trial has tried its values as well.",
)
def failed_left_out(trials):
    return distinct_values([trial for trial in trials if trial["score"] is not None])


# refine


def best_value(trials, name):
    scored = [trial for trial in trials if trial["score"] is not None]
    return max(scored, key=lambda trial: trial["score"])["params"][name]


def around(low, high, best, share=0.5):
    """What is right in most of them."""
    width = share * math.log(high / low)
    start = min(max(math.log(best) - width / 2, math.log(low)), math.log(high) - width)
    return math.exp(start), math.exp(start + width)


@misconception(
    "refine",
    hint="Half of the width from 0.0001 to 1 holds nearly all orders of magnitude. Halve the logarithms.",
)
def linear_range(low, high, trials, name):
    best, width = best_value(trials, name), (high - low) / 2
    start = min(max(best - width / 2, low), high - width)
    return start, start + width


@misconception(
    "refine",
    hint="Your range is wider than before. Refining looks more closely at less.",
)
def widens(low, high, trials, name):
    best, ratio = best_value(trials, name), high / low
    return max(low, best / ratio), min(high, best * ratio)


@misconception(
    "refine",
    hint="The two best trials may lie far apart, or side by side: the range lies around the best one.",
)
def between_the_two_best(low, high, trials, name):
    scored = [trial for trial in trials if trial["score"] is not None]
    best = sorted(scored, key=lambda trial: trial["score"])[-2:]
    values = [trial["params"][name] for trial in best]
    return min(values), max(values)


@misconception(
    "refine",
    hint="A factor of ten each way is little of five orders of magnitude, and more than all of one: take a share of the old width.",
)
def fixed_factor(low, high, trials, name):
    best = best_value(trials, name)
    return max(low, best / 10), min(high, best * 10)


@misconception(
    "refine",
    hint="Where the best value lies near an edge, half of your range lies outside. Cut it off, or shift it.",
)
def leaves_old_range(low, high, trials, name):
    best, half = best_value(trials, name), (high / low) ** 0.25
    return best / half, best * half


@misconception(
    "refine",
    hint="`if score` leaves out a score of 0 as well. Ask whether it is None.",
)
def zero_score_skipped(low, high, trials, name):
    scored = [trial for trial in trials if trial["score"]]
    return around(low, high, max(scored, key=lambda trial: trial["score"])["params"][name])


@misconception(
    "refine",
    hint="A larger score is better: your range lies around the worst trial.",
)
def centers_on_worst(low, high, trials, name):
    scored = [trial for trial in trials if trial["score"] is not None]
    worst = min(scored, key=lambda trial: trial["score"])["params"][name]
    return around(low, high, worst)


@misconception(
    "refine",
    hint="Trials hold several hyperparameters: take the value under `name`.",
)
def name_unused(low, high, trials, name):
    scored = [trial for trial in trials if trial["score"] is not None]
    params = max(scored, key=lambda trial: trial["score"])["params"]
    return around(low, high, params[next(iter(params))])


@misconception(
    "refine",
    hint="The trials may stand in any order: look for the largest score.",
)
def takes_the_first(low, high, trials, name):
    return around(low, high, trials[0]["params"][name])


@misconception(
    "refine",
    hint="The middle of the old range says nothing: the new one lies around the best trial.",
)
def keeps_the_middle(low, high, trials, name):
    return around(low, high, math.sqrt(low * high))


# curves


def reals(curve):
    return np.asarray(curve, dtype=float)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="A validation loss far above the training loss has a line of its own in the table.",
)
def gap_ignored(train_loss, val_loss):
    if not np.isfinite(val_loss).all():
        return "learning rate too high"
    return diagnose_curves(train_loss, train_loss)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="A loss that rises was pushed too far, one that still falls at the end not far enough.",
)
def high_low_swapped(train_loss, val_loss):
    found = diagnose_curves(train_loss, val_loss)
    swapped = {"high": "learning rate too low", "low": "learning rate too high"}
    return swapped.get(found.rpartition(" ")[2], found)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="Flat is not yet underfitting: it depends on how high, measured by the start.",
)
def plateau_as_underfitting(train_loss, val_loss):
    found = diagnose_curves(train_loss, val_loss)
    return "underfitting" if found.startswith("plateau") else found


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="Every comparison with NaN is false, so it falls through all lines. Test np.isfinite first.",
)
def nan_ignored(train_loss, val_loss):
    train, val = reals(train_loss), reals(val_loss)
    if np.isfinite(train).all() and np.isfinite(val).all():
        return diagnose_curves(train, val)
    s, e = train[0], train[-(len(train) // 10) :].mean()
    return (
        "learning rate too high" if train.max() > 1.5 * s or e >= s else "plateau, decay the rate"
    )


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="One value at the end is noise: e and v are means of the last tenth.",
)
def last_value_for_mean(train_loss, val_loss):
    train, val = reals(train_loss), reals(val_loss)
    tenth = max(1, len(train) // 10)
    train, val = train.copy(), val.copy()
    train[-tenth:], val[-tenth:] = train[-1], val[-1]
    return diagnose_curves(train, val)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="A loss may jump in between and come back: look at the largest value of all.",
)
def jump_in_between_missed(train_loss, val_loss):
    train = reals(train_loss)
    if np.isfinite(train).all() and train[-(len(train) // 10) :].mean() < train[0]:
        train = np.minimum(train, 1.4 * train[0])
    return diagnose_curves(train, val_loss)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="The order of the lines decides: a gap is looked at before a late start.",
)
def late_start_first(train_loss, val_loss):
    alone = diagnose_curves(train_loss, train_loss)
    return alone if alone == "bad initialization" else diagnose_curves(train_loss, val_loss)


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="The order of the lines decides: a late start is looked at before what is left to fall.",
)
def low_before_late_start(train_loss, val_loss):
    found = diagnose_curves(train_loss, val_loss)
    train = reals(train_loss)
    end = train[-(len(train) // 10) :].mean()
    falls_still = train[len(train) // 2] - end > 0.25 * (train[0] - end)
    return "learning rate too low" if found == "bad initialization" and falls_still else found


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="A late start needs two things: a slow first tenth, and a whole fall over 0.2 s.",
)
def any_late_start(train_loss, val_loss):
    found = diagnose_curves(train_loss, val_loss)
    if found in ("learning rate too high", "overfitting"):
        return found
    train = reals(train_loss)
    tenth = len(train) // 10
    fall = train[0] - train[-tenth:].mean()
    return "bad initialization" if train[0] - train[tenth] < 0.05 * fall else found


@misconception(
    "curves",
    replaces="diagnose_curves",
    hint="A loss that does not move at all has e = s, and the first line of the table says e >= s.",
)
def flat_is_fine(train_loss, val_loss):
    train, val = reals(train_loss), reals(val_loss)
    if np.ptp(train) == 0 and np.isfinite(val).all():
        return "underfitting"
    return diagnose_curves(train, val)
