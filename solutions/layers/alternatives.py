"""Right answers of another kind: each must get full marks.

`alternative` and the solution's own functions are given by the box that this file runs in.
"""

import functools
import math

import numpy as np

# conv_shapes


class KernelTooLarge(ValueError):
    """A student's own kind of ValueError is one."""


@alternative("conv_shapes")
class counts_positions:
    def conv_output_shape(input_shape, num_filters, kernel_size, stride=1, padding=0):
        sizes = [
            len(range(0, side + 2 * padding - kernel_size + 1, stride)) for side in input_shape[1:]
        ]
        if 0 in sizes:
            raise KernelTooLarge(input_shape, kernel_size)
        return [num_filters, *sizes]  # a list for a tuple

    def conv_num_params(in_channels, num_filters, kernel_size):
        w = np.zeros((num_filters, in_channels, kernel_size, kernel_size))
        b = np.zeros(num_filters)
        return w.size + b.size


@alternative("conv_shapes")
class numpy_integers:
    def conv_output_shape(
        input_shape: tuple[int, int, int],
        num_filters: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
    ) -> tuple[int, int, int]:
        room = np.array(input_shape[1:]) + 2 * padding - kernel_size
        if (room < 0).any():
            raise ValueError(f"kernel {kernel_size} does not fit")
        height, width = np.floor(room / stride).astype(int) + 1
        return num_filters, height, width

    def conv_num_params(in_channels: int, num_filters: int, kernel_size: int) -> int:
        return np.int64(num_filters) * (in_channels * kernel_size**2) + num_filters


# conv2d


def padded(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def output_size(x, w, stride, padding):
    return tuple((x.shape[a] + 2 * padding - w.shape[a]) // stride + 1 for a in (2, 3))


@alternative("conv2d")
def six_loops(x, w, b, stride=1, padding=0):
    x = padded(x, padding)
    rows, columns = output_size(x, w, stride, 0)
    out = np.empty((len(x), len(w), rows, columns))
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(rows):
                for j in range(columns):
                    total = 0.0
                    for c in range(w.shape[1]):
                        for k in range(w.shape[2]):
                            for m in range(w.shape[3]):
                                total += w[f, c, k, m] * x[n, c, i * stride + k, j * stride + m]
                    out[n, f, i, j] = total + b[f]
    return out


@alternative("conv2d")
def im2col(x, w, b, stride=1, padding=0):
    """The columns of `col` are the windows, one matrix product does the rest."""
    x = padded(x, padding)
    rows, columns = output_size(x, w, stride, 0)
    _, _, height, width = w.shape
    col = np.stack(
        [
            x[:, :, i * stride : i * stride + height, j * stride : j * stride + width].reshape(
                len(x), -1
            )
            for i in range(rows)
            for j in range(columns)
        ],
        axis=2,
    )
    out = w.reshape(len(w), -1) @ col + b.reshape(-1, 1)
    return out.reshape(len(x), len(w), rows, columns)


@alternative("conv2d")
def windows_and_einsum(x, w, b, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(padded(x, padding), w.shape[2:], (2, 3))
    out = np.einsum("nchwij,fcij->nfhw", windows[:, :, ::stride, ::stride], w)
    return out + b[None, :, None, None]


@alternative("conv2d")
def scipy_correlate(x, w, b, stride=1, padding=0):
    from scipy import signal

    x = padded(x, padding)
    maps = [
        [
            sum(signal.correlate(a, k, mode="valid") for a, k in zip(image, kernel, strict=True))
            for kernel in w
        ]
        for image in x
    ]
    return np.array(maps)[:, :, ::stride, ::stride] + b.reshape(1, -1, 1, 1)


@alternative("conv2d")
def by_fourier_transform(x, w, b, stride=1, padding=0):
    x = padded(x, padding)
    size = x.shape[2:]
    product = np.einsum(
        "nchw,fchw->nfhw", np.fft.rfft2(x), np.conj(np.fft.rfft2(w, s=size)), optimize=True
    )
    full = np.fft.irfft2(product, s=size)
    rows, columns = size[0] - w.shape[2] + 1, size[1] - w.shape[3] + 1
    return full[:, :, :rows:stride, :columns:stride] + b[:, None, None]


@alternative("conv2d")
def as_strided(x, w, b, stride=1, padding=0):
    x = np.ascontiguousarray(padded(x, padding))
    size = output_size(x, w, stride, 0)
    n, c, h, v = x.strides
    windows = np.lib.stride_tricks.as_strided(
        x,
        shape=(*x.shape[:2], *size, *w.shape[2:]),
        strides=(n, c, stride * h, stride * v, h, v),
        writeable=False,
    )
    return np.moveaxis(np.tensordot(windows, w, ((1, 4, 5), (1, 2, 3))), 3, 1) + b.reshape(-1, 1, 1)


@alternative("conv2d")
def kernel_offsets(x, w, b, stride=1, padding=0):
    """The loop runs over the weights of a kernel, not over the places of the output."""
    x = padded(x, padding)
    rows, columns = output_size(x, w, stride, 0)
    out = np.zeros((len(x), rows, columns, len(w))) + b
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            pixels = x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            out += pixels.transpose(0, 2, 3, 1) @ w[:, :, i, j].T
    return out.transpose(0, 3, 1, 2)


@alternative("conv2d")
def single_precision(x, w, b, stride=1, padding=0):
    """float32 is accepted, to 1e-4."""
    return conv2d(x.astype(np.float64), w, b, stride, padding).astype(np.float32)


class Convolution:
    """A class with __call__ in the place of a function."""

    def __call__(self, x, w, b, stride=1, padding=0):
        return kernel_offsets(x, w, b, stride=stride, padding=padding)


callable_instance = Convolution()
callable_instance.__name__ = "callable_instance"
alternative("conv2d")(callable_instance)

# conv2d_backward


@alternative("conv2d_backward")
def backward_loops(dout, x, w, stride=1, padding=0):
    xp = padded(x, padding)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(w.shape[0])
    for n, f, i, j in np.ndindex(dout.shape):
        place = (
            slice(None),
            slice(i * stride, i * stride + w.shape[2]),
            slice(j * stride, j * stride + w.shape[3]),
        )
        dxp[n][place] += w[f] * dout[n, f, i, j]
        dw[f] += xp[n][place] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
    height, width = x.shape[2:]
    return dxp[:, :, padding : padding + height, padding : padding + width], dw, db


@alternative("conv2d_backward")
def transposed_convolution(dout, x, w, stride=1, padding=0):
    """dx: zeros between the gradients, then a full correlation with the kernels turned round."""
    xp = padded(x, padding)
    _, _, height, width = w.shape
    spread = np.zeros((*dout.shape[:2], xp.shape[2] - height + 1, xp.shape[3] - width + 1))
    spread[:, :, ::stride, ::stride][:, :, : dout.shape[2], : dout.shape[3]] = dout
    full = np.pad(spread, ((0, 0), (0, 0), (height - 1, height - 1), (width - 1, width - 1)))
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    dxp = conv2d(full, turned, np.zeros(w.shape[1]))
    dw = conv2d(xp.transpose(1, 0, 2, 3), spread.transpose(1, 0, 2, 3), np.zeros(len(w)))
    dx = dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return [dx, dw.transpose(1, 0, 2, 3), np.einsum("nfhw->f", dout)]


@alternative("conv2d_backward")
def col2im(dout, x, w, stride=1, padding=0):
    xp = padded(x, padding)
    windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], (2, 3))
    windows = windows[:, :, ::stride, ::stride][:, :, : dout.shape[2], : dout.shape[3]]
    dw = np.einsum("nfhw,nchwij->fcij", dout, windows)
    dcol = np.einsum("nfhw,fcij->nchwij", dout, w)
    dxp = np.zeros_like(xp)
    n, c, h, v, i, j = np.indices(dcol.shape)
    np.add.at(dxp, (n, c, h * stride + i, v * stride + j), dcol)
    dx = dxp if padding == 0 else dxp[:, :, padding:-padding, padding:-padding]
    return dx, dw, dout.sum((0, 2, 3))


@alternative("conv2d_backward")
def gradients_in_single_precision(dout, x, w, stride=1, padding=0):
    return tuple(part.astype(np.float32) for part in conv2d_backward(dout, x, w, stride, padding))


# pool2d


@alternative("pool2d")
class pooling_loops:
    def pool2d(x, size=2, stride=2, mode="max"):
        N, C, H, W = x.shape
        out = np.zeros((N, C, (H - size) // stride + 1, (W - size) // stride + 1))
        for n, c, i, j in np.ndindex(out.shape):
            window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
            out[n, c, i, j] = max(window.flat) if mode == "max" else sum(window.flat) / size**2
        return out

    def max_pool2d_backward(dout, x, size=2, stride=2):
        dx = np.zeros_like(x)
        for n, c, i, j in np.ndindex(dout.shape):
            window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
            row, column = np.unravel_index(np.argmax(window), window.shape)
            dx[n, c, i * stride + row, j * stride + column] += dout[n, c, i, j]
        return dx


@alternative("pool2d")
class masks_and_reshape:
    """By reshape where windows lie side by side, which is legal there; by masks in the gradient."""

    def pool2d(x, size=2, stride=2, mode="max"):
        N, C, H, W = x.shape
        reduce = np.max if mode == "max" else np.mean
        if size == stride:
            x = x[:, :, : H // size * size, : W // size * size]
            return reduce(x.reshape(N, C, H // size, size, W // size, size), axis=(3, 5))
        rows, columns = range(0, H - size + 1, stride), range(0, W - size + 1, stride)
        places = [
            [reduce(x[:, :, r : r + size, c : c + size], (2, 3)) for c in columns] for r in rows
        ]
        return np.array(places).transpose(2, 3, 0, 1)

    def max_pool2d_backward(dout, x, size=2, stride=2):
        dx = np.zeros(x.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                place = np.s_[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
                winners = x[place] == x[place].max(axis=(2, 3), keepdims=True)
                dx[place] += winners * dout[:, :, i : i + 1, j : j + 1]
        return dx


@alternative("pool2d")
class running_maximum:
    """Over the places within a window: the largest, or the sum, of shifted images."""

    def pool2d(x, size=2, stride=2, mode="max"):
        rows, columns = ((side - size) // stride + 1 for side in x.shape[2:])
        shifted = [
            x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            for i in range(size)
            for j in range(size)
        ]
        return functools.reduce(np.maximum if mode == "max" else np.add, shifted) / (
            1 if mode == "max" else size * size
        )

    def max_pool2d_backward(dout, x, size=2, stride=2):
        rows, columns = dout.shape[2:]
        best = np.full(dout.shape, -np.inf)
        places = [
            np.s_[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            for i in range(size)
            for j in range(size)
        ]
        for place in places:
            best = np.maximum(best, x[place])
        dx = np.zeros(x.shape)
        for place in places:
            dx[place] += np.where(x[place] == best, dout, 0.0)
        return dx


# linear


@alternative("linear")
class tensordot:
    def linear(x, w, b):
        w = w.reshape(*x.shape[1:], -1)
        return np.tensordot(x, w, axes=x.ndim - 1) + b

    def linear_backward(dout, x, w):
        dw = np.tensordot(x, dout, axes=(0, 0)).reshape(w.shape)
        return np.einsum("nm,dm->nd", dout, w).reshape(x.shape), dw, np.ones(len(x)) @ dout


@alternative("linear")
class one_example_after_another:
    def linear(x, w, b):
        return np.array([example.ravel().dot(w) + b for example in x])

    def linear_backward(dout, x, w):
        dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
        for n, (d, example) in enumerate(zip(dout, x, strict=True)):
            dx[n] = (w @ d).reshape(example.shape)
            dw += np.outer(example, d)
            db += d
        return dx, dw, db


def affine_with(product, x, w, b):
    return product(x.reshape(x.shape[0], -1), w) + b


partly_applied = functools.partial(affine_with, np.matmul)
partly_applied.__name__ = "partly_applied"
alternative("linear")(partly_applied)

a_lambda = lambda x, w, b: np.add(x.reshape(len(x), w.shape[0]) @ w, b)  # noqa: E731
a_lambda.__name__ = "a_lambda"
alternative("linear")(a_lambda)

# layer_norm


@alternative("layer_norm")
class one_pass_variance:
    """The mean of the squares less the square of the mean."""

    def layer_norm(x, gamma, beta, eps=1e-5):
        mean = np.mean(x, axis=1, keepdims=True)
        var = np.mean(x**2, axis=1, keepdims=True) - mean**2
        return gamma * ((x - mean) * (var + eps) ** -0.5) + beta

    def layer_norm_backward(dout, x, gamma, eps=1e-5):
        D = x.shape[1]
        mean = x.sum(axis=1, keepdims=True) / D
        var = (x * x).sum(axis=1, keepdims=True) / D - mean * mean
        inverse = 1 / np.sqrt(var + eps)
        x_hat = (x - mean) * inverse
        g = dout * gamma
        dx = (
            inverse
            / D
            * (D * g - g.sum(1, keepdims=True) - x_hat * (g * x_hat).sum(1, keepdims=True))
        )
        return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


@alternative("layer_norm")
class step_by_step:
    """The computational graph, forward and back, as CS231n draws it."""

    def layer_norm(x, gamma, beta, eps=1e-5):
        out = np.empty(x.shape)
        for n, row in enumerate(x):
            out[n] = (row - row.mean()) / math.sqrt(row.var() + eps)
        return out * gamma + beta

    def layer_norm_backward(dout, x, gamma, eps=1e-5):
        N, D = x.shape
        centred = (x.T - x.mean(axis=1)).T
        variance = (centred**2).mean(axis=1).reshape(N, 1)
        std = np.sqrt(variance + eps)
        x_hat = centred / std
        dx_hat = dout * gamma
        dstd = -(dx_hat * centred).sum(axis=1, keepdims=True) / std**2
        dvariance = 0.5 * dstd / std
        dcentred = dx_hat / std + 2 / D * centred * dvariance
        dmean = -dcentred.sum(axis=1, keepdims=True)
        return dcentred + dmean / D, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@alternative("layer_norm")
def batch_norm_of_the_transpose(x, gamma, beta, eps=1e-5):
    ones, zeros = np.ones(len(x)), np.zeros(len(x))
    x_hat, _, _ = batch_norm(x.T, ones, zeros, zeros, ones, eps=eps)
    return x_hat.T * gamma + beta


@alternative("layer_norm", replaces="layer_norm_backward")
def by_the_jacobian(dout, x, gamma, eps=1e-5):
    """For each row the whole matrix of derivatives."""
    N, D = x.shape
    dx, x_hat = np.zeros((N, D)), np.zeros((N, D))
    for n in range(N):
        std = np.sqrt(x[n].var() + eps)
        x_hat[n] = (x[n] - x[n].mean()) / std
        jacobian = (np.eye(D) - 1 / D - np.outer(x_hat[n], x_hat[n]) / D) / std
        dx[n] = jacobian @ (gamma * dout[n])
    return dx, np.einsum("nd,nd->d", dout, x_hat), dout.sum(0)


@alternative("layer_norm")
class rows_in_single_precision:
    def layer_norm(x, gamma, beta, eps=1e-5):
        return layer_norm(x, gamma, beta, eps).astype(np.float32)

    def layer_norm_backward(dout, x, gamma, eps=1e-5):
        return tuple(part.astype("float32") for part in layer_norm_backward(dout, x, gamma, eps))


# batch_norm


@alternative("batch_norm")
def channels_moved_last(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    """Images become rows of channels, and the rest is the case of features."""
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    mean, var = running_mean, running_var
    if training:
        mean, var = rows.mean(axis=0), ((rows - rows.mean(axis=0)) ** 2).mean(axis=0)
        running_mean = running_mean + (1 - momentum) * (mean - running_mean)
        running_var = running_var + (1 - momentum) * (var - running_var)
    out = gamma * (rows - mean) / np.sqrt(var + eps) + beta
    shape = np.moveaxis(x, 1, -1).shape
    return np.moveaxis(out.reshape(shape), -1, 1), running_mean, running_var


@alternative("batch_norm")
def scale_and_offset(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    """Everything folded into one factor and one offset per channel; one-pass variance."""
    axes = tuple(axis for axis in range(x.ndim) if axis != 1)
    if training:
        mean = x.mean(axis=axes)
        var = (x**2).mean(axis=axes) - mean**2
        new_mean = momentum * running_mean + (1 - momentum) * mean
        new_var = momentum * running_var + (1 - momentum) * var
    else:
        mean, var, new_mean, new_var = (
            running_mean,
            running_var,
            running_mean.copy(),
            running_var.copy(),
        )
    factor = gamma / np.sqrt(var + eps)
    offset = beta - mean * factor
    shape = (1, -1) + (1,) * (x.ndim - 2)
    return [x * factor.reshape(shape) + offset.reshape(shape), new_mean, new_var]


@alternative("batch_norm")
def channel_by_channel(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    out = np.zeros(x.shape)
    running_mean, running_var = running_mean.copy(), running_var.copy()
    for c in range(x.shape[1]):
        values = x[:, c]
        if training:
            mean, var = values.mean(), values.var()
            running_mean[c] = momentum * running_mean[c] + (1 - momentum) * mean
            running_var[c] = momentum * running_var[c] + (1 - momentum) * var
        else:
            mean, var = running_mean[c], running_var[c]
        out[:, c] = gamma[c] * (values - mean) / (var + eps) ** 0.5 + beta[c]
    return out, running_mean, running_var


# group_norm


@alternative("group_norm")
def group_by_group(x, num_groups, gamma, beta, eps=1e-5):
    size = x.shape[1] // num_groups
    groups = []
    for start in range(0, x.shape[1], size):
        group = x[:, start : start + size]
        mean = group.mean(axis=(1, 2, 3), keepdims=True)
        groups.append((group - mean) / np.sqrt(group.var(axis=(1, 2, 3), keepdims=True) + eps))
    return np.concatenate(groups, axis=1) * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)


@alternative("group_norm")
def layer_norm_of_groups(x, num_groups, gamma, beta, eps=1e-5):
    rows = x.reshape(x.shape[0] * num_groups, -1)
    ones, zeros = np.ones(rows.shape[1]), np.zeros(rows.shape[1])
    x_hat = layer_norm(rows, ones, zeros, eps).reshape(x.shape)
    return np.einsum("nchw,c->nchw", x_hat, gamma) + beta[:, np.newaxis, np.newaxis]


@alternative("group_norm")
def five_axes(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape((N, num_groups, C // num_groups, H, W))
    mean = groups.mean((2, 3, 4), keepdims=True)
    var = (groups**2).mean((2, 3, 4), keepdims=True) - mean**2
    x_hat = ((groups - mean) / np.sqrt(var + eps)).reshape((N, C, H, W))
    return (x_hat.transpose(0, 2, 3, 1) * gamma + beta).transpose(0, 3, 1, 2)


def logged(function):
    """A decorator that keeps the name, as students copy it from elsewhere."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        print(f"{function.__name__} was called")  # noqa: T201  (printing costs nothing)
        return function(*args, **kwargs)

    return call


@alternative("group_norm")
@logged
def decorated(x, num_groups, gamma, beta, eps=1e-5):
    return group_by_group(x, num_groups, gamma, beta, eps=eps)


# dropout


@alternative("dropout")
class binomial_masks:
    def dropout_train(x, p, rng):
        return np.where(rng.binomial(1, p, size=x.shape) == 1, x, 0.0)

    def dropout_predict(x, p):
        return p * x

    def dropout(x, p, rng, training):
        return np.where(rng.binomial(1, p, size=x.shape), x / p, 0.0) if training else x.copy()

    def log10_num_masks(units):
        return math.log10(2**units)


@alternative("dropout")
class chosen_masks:
    def dropout_train(x, p, rng):
        return x * rng.choice([0.0, 1.0], size=x.shape, p=[1 - p, p])

    def dropout(x, p, rng, training):
        if training is False:
            return x
        return x * rng.choice([1 / p, 0], size=x.shape, p=[p, 1 - p])

    def log10_num_masks(units):
        return units / np.log2(10)


@alternative("dropout")
class dropped_above:
    """A copy with holes; the draws run along the other axis."""

    def dropout_train(x, p, rng):
        out = x.copy()
        dropped = np.greater_equal(rng.uniform(size=x.T.shape).T, p)
        out[dropped] = 0
        return out

    def dropout(x, p, rng, training):
        if not training:
            return 1.0 * x
        out = x / p
        out[rng.random(x.size).reshape(x.shape) > p] = 0
        return out

    def log10_num_masks(units):
        return float(units * math.log(2) / math.log(10))


@alternative("dropout")
class unit_by_unit:
    def dropout_train(x, p, rng):
        out = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            if rng.random() < p:
                out[place] = x[place]
        return out

    def dropout(x, p, rng, training):
        if not training:
            return x
        scale = np.reshape([1 / p if rng.random() < p else 0 for _ in range(x.size)], x.shape)
        return x * scale


@alternative("dropout")
class small_floats:
    def dropout_train(x, p, rng):
        return (x * (rng.random(x.shape, dtype=np.float32) < p)).astype(np.float32)

    def dropout_predict(x, p):
        return np.float32(x * p)

    def dropout(x, p, rng, training):
        keep = rng.random(x.shape) < p if training else 1
        return (x * keep / (p if training else 1)).astype(np.float32)


# to_channels_last


@alternative("to_channels_last")
def moved_axes(x, w):
    return [np.moveaxis(x, 1, -1), np.moveaxis(w, (0, 1), (-1, -2))]


@alternative("to_channels_last")
def einsum_copies(x, w):
    return np.ascontiguousarray(np.einsum("nchw->nhwc", x)), np.einsum("fcij->ijcf", w).copy()


@alternative("to_channels_last")
def axes_swapped_in_steps(x, w):
    x = np.swapaxes(np.swapaxes(x, 1, 3), 1, 2)
    w = w.T.swapaxes(0, 1)
    return x, w
