"""Normalisation, dropout and the order of axes, held against oracles that share no code."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import signal, stats

from tests.courses.oracles import assert_gradients, correlated


def normed(x, eps):
    """Rows of mean 0 by `scipy.stats`, whose z-scores know no eps."""
    variance = x.var(axis=1, keepdims=True)
    return stats.zscore(x, axis=1) * np.sqrt(variance / (variance + eps))


@pytest.mark.parametrize("eps", [1e-5, 0.5])
@pytest.mark.parametrize("shape", [(4, 7), (5, 5), (1, 3)])
def test_layer_norm_agrees_with_scipy_and_finite_differences(layers, rng, shape, eps):
    """A row is normalised to z-scores, up to eps, and its gradients are the slopes of these."""
    x, gamma, beta = rng.normal(size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[1])
    dout = rng.normal(size=shape)

    def loss(x, gamma, beta):
        return ((normed(x, eps) * gamma + beta) * dout).sum()

    expected = normed(x, eps) * gamma + beta
    assert_allclose(layers.layer_norm(x, gamma, beta, eps), expected, atol=1e-12)
    assert_allclose(layers.layer_norm(x + 1e3, gamma[None], beta[None], eps), expected, atol=1e-9)
    got = layers.layer_norm_backward(dout, x, gamma, eps)
    assert_gradients(got, loss, (x, gamma, beta))


def test_a_constant_row_becomes_beta(layers):
    """A row without any spread, also one of a single feature, gives beta."""
    beta = np.array([3.0, 4.0])

    assert_allclose(layers.layer_norm(np.full((1, 2), 7.0), np.ones(2), beta), [beta])
    assert_allclose(layers.layer_norm(np.full((3, 1), 7.0), np.ones(1), beta[:1]), [[3.0]] * 3)


@pytest.mark.parametrize("shape", [(6, 4), (3, 4, 2, 5), (1, 4, 3, 3)])
def test_batch_norm_in_training_agrees_with_the_statistics_module(layers, rng, shape):
    """Each feature or channel is normalised by the mean and the population variance of it all."""
    x, gamma, beta = rng.normal(3.0, 2.0, size=shape), rng.normal(size=4), rng.normal(size=4)
    old_mean, old_var = rng.normal(size=4), rng.uniform(1, 2, size=4)

    out, mean, var = layers.batch_norm(x, gamma, beta, old_mean, old_var, 0.7, 0.01)

    for c in range(4):
        values = x[:, c].ravel().tolist()
        m, v = statistics.fmean(values), statistics.pvariance(values)
        expected = gamma[c] * (x[:, c] - m) / math.sqrt(v + 0.01) + beta[c]
        assert_allclose(out[:, c], expected, atol=1e-12)
        assert_allclose(
            [mean[c], var[c]], [0.7 * old_mean[c] + 0.3 * m, 0.7 * old_var[c] + 0.3 * v]
        )


def test_running_values_forget_their_start_by_the_power_of_the_momentum(layers):
    """After t equal batches, momentum**t of the start is left."""
    batch, mean, var = np.array([[1.0], [5.0]]), np.zeros(1), np.ones(1)

    for _ in range(20):
        _, mean, var = layers.batch_norm(batch, np.ones(1), np.zeros(1), mean, var)

    assert_allclose(mean, 3.0 * (1 - 0.9**20))
    assert_allclose(var, 4.0 + (1.0 - 4.0) * 0.9**20)


@pytest.mark.parametrize("shape", [(1, 2), (5, 2), (2, 2, 3, 4)])
def test_batch_norm_at_test_time_uses_and_keeps_the_running_values(layers, rng, shape):
    """Without training, the output is affine in x, and the running values stay."""
    x, mean, var = rng.normal(size=shape), np.array([1.0, 2.0]), np.array([4.0, 0.25])
    gamma, beta = np.array([3.0, 5.0]), np.array([-1.0, 1.0])

    out, *kept = layers.batch_norm(x, gamma, beta, mean, var, eps=0.0, training=False)

    assert_allclose(out[:, 0], 3 * (x[:, 0] - 1) / 2 - 1, atol=1e-12)
    assert_allclose(out[:, 1], 5 * (x[:, 1] - 2) / 0.5 + 1, atol=1e-12)
    assert_allclose(kept, [mean, var], atol=0)


@pytest.mark.parametrize("num_groups", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", [(2, 6, 3, 4), (1, 6, 1, 5)])
def test_group_norm_agrees_with_the_statistics_module(layers, rng, shape, num_groups):
    """Each group of neighbouring channels of each example is normalised alone."""
    x, gamma, beta = rng.normal(1.0, 2.0, size=shape), rng.normal(size=6), rng.normal(size=6)

    out = layers.group_norm(x, num_groups, gamma, beta, 0.01)

    for n, c in np.ndindex(shape[:2]):
        size = 6 // num_groups
        first = c // size * size
        values = x[n, first : first + size].ravel().tolist()
        m, v = statistics.fmean(values), statistics.pvariance(values)
        expected = gamma[c] * (x[n, c] - m) / math.sqrt(v + 0.01) + beta[c]
        assert_allclose(out[n, c], expected, atol=1e-12)


@pytest.mark.parametrize("p", [0.3, 0.6, 0.9])
def test_dropout_keeps_the_share_p_and_scales_as_the_lecture_says(layers, rng, p):
    """Vanilla dropout keeps values and scales at test time; inverted dropout the other way."""
    x = rng.uniform(1, 2, size=(100, 4000))

    vanilla, inverted = layers.dropout_train(x, p, rng), layers.dropout(x, p, rng, training=True)

    # 6.2 standard deviations of a share of 400000 coins: one false alarm in 1e9.
    bound = 6.2 * math.sqrt(p * (1 - p) / x.size)
    for out, kept in ((vanilla, x), (inverted, x / p)):
        assert abs((out != 0).mean() - p) < bound
        assert_allclose(out[out != 0], kept[out != 0], rtol=1e-15)
    assert_allclose(layers.dropout_predict(x, p), p * x, atol=0)
    assert_allclose(layers.dropout(x, p, rng, training=False), x, atol=0)


@pytest.mark.parametrize("name", ["dropout_train", "dropout"])
def test_a_mask_is_drawn_anew_and_from_the_given_generator(layers, name):
    """Rows, columns and calls differ; the same state of the generator gives the same mask."""
    x = np.ones((60, 80))

    def draw(rng):
        more = (True,) if name == "dropout" else ()
        return getattr(layers, name)(x, 0.6, rng, *more) != 0

    first, again = np.random.default_rng(1), np.random.default_rng(1)
    masks = [draw(first), draw(first)]

    assert (draw(again) == masks[0]).all()
    assert (masks[0] != masks[1]).any()
    assert len(np.unique(masks[0], axis=0)) == 60
    assert len(np.unique(masks[0], axis=1).T) == 80


def test_everything_is_kept_with_probability_one(layers, rng):
    """A keep probability of 1 is allowed and drops nothing."""
    x = rng.normal(size=(50, 50))

    assert_allclose(layers.dropout_train(x, 1.0, rng), x, atol=0)
    assert_allclose(layers.dropout(x, 1.0, rng, training=True), x, atol=0)


@pytest.mark.parametrize("units", [1, 10, 4096])
def test_the_number_of_masks_agrees_with_pythons_long_integers(layers, units):
    """2**units has as many digits as its logarithm says: 1234 for the lecture's 4096 units."""
    log = layers.log10_num_masks(units)

    assert log == pytest.approx(math.log10(2**units), rel=1e-12)
    assert math.floor(log) + 1 == len(str(2**units))


def test_a_channels_last_convolution_gives_the_transposed_result(layers, rng):
    """SciPy's cross-correlation of (H, W, C) with (KH, KW, C) sees the same pictures."""
    x, w, b = rng.normal(size=(2, 3, 7, 5)), rng.normal(size=(4, 3, 3, 2)), np.zeros(4)

    images, filters = layers.to_channels_last(x, w)

    last = [
        np.stack([signal.correlate(i, filters[..., f], "valid")[..., 0] for f in range(4)], -1)
        for i in images
    ]
    assert images.shape == (2, 7, 5, 3)
    assert filters.shape == (3, 2, 3, 4)
    assert_allclose(np.array(last).transpose(0, 3, 1, 2), correlated(x, w, b), atol=1e-12)
