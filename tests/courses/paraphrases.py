"""Known mistakes of `layers` in the words of other students: (question, name, answer)."""

PARAPHRASES = [
    (
        "conv_shapes",
        "true_division",
        """
def conv_output_shape(input_shape, num_filters, kernel_size, stride=1, padding=0):
    sizes = [(side + 2 * padding - kernel_size) / stride + 1 for side in input_shape[1:]]
    if min(sizes) < 1:
        raise ValueError
    return (num_filters, *sizes)
""",
    ),
    (
        "conv2d",
        "true_convolution",
        """
def conv2d(x, w, b, stride=1, padding=0):
    from scipy.signal import convolve
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = [[convolve(image, k[::-1], mode="valid")[0] for k in w] for image in x]
    return np.array(out)[:, :, ::stride, ::stride] + b[:, None, None]
""",
    ),
    (
        "conv2d",
        "bias_per_channel",
        """
def conv2d(x, w, b, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    v = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], (2, 3))[:, :, ::stride, ::stride]
    per_channel = np.einsum("nchwij,fcij->nfchw", v, w) + b[:, None, None, None]
    return per_channel.sum(axis=2)
""",
    ),
    (
        "conv2d",
        "edge_padding",
        """
def conv2d(x, w, b, stride=1, padding=0):
    for _ in range(padding):
        x = np.concatenate([x[:, :, :1], x, x[:, :, -1:]], axis=2)
        x = np.concatenate([x[..., :1], x, x[..., -1:]], axis=3)
    rows = range(0, x.shape[2] - w.shape[2] + 1, stride)
    columns = range(0, x.shape[3] - w.shape[3] + 1, stride)
    out = np.zeros((len(x), len(w), len(rows), len(columns)))
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            window = x[:, :, r:r + w.shape[2], c:c + w.shape[3]]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out
""",
    ),
    (
        "conv2d_backward",
        "empty_without_padding",
        """
def conv2d_backward(dout, x, w, stride=1, padding=0):
    pad = padding
    xp = np.pad(x, ((0,), (0,), (pad,), (pad,)), "constant")
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    N, F, HO, WO = dout.shape
    _, _, HH, WW = w.shape
    for n in range(N):
        for f in range(F):
            for i in range(HO):
                for j in range(WO):
                    h, v = i * stride, j * stride
                    dw[f] += dout[n, f, i, j] * xp[n, :, h:h + HH, v:v + WW]
                    dxp[n, :, h:h + HH, v:v + WW] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad:-pad, pad:-pad], dw, db
""",
    ),
    (
        "pool2d",
        "overwrites_overlap",
        """
def max_pool2d_backward(dout, x, size=2, stride=2):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            for n in range(len(x)):
                for c in range(x.shape[1]):
                    w = x[n, c, i * stride:i * stride + size, j * stride:j * stride + size]
                    r, k = np.where(w == np.max(w))
                    dx[n, c, i * stride + r[0], j * stride + k[0]] = dout[n, c, i, j]
    return dx
""",
    ),
    (
        "pool2d",
        "max_from_zero",
        """
def pool2d(x, size=2, stride=2, mode="max"):
    rows = (x.shape[2] - size) // stride + 1
    columns = (x.shape[3] - size) // stride + 1
    out = np.zeros(x.shape[:2] + (rows, columns))
    for k in range(size):
        for m in range(size):
            part = x[:, :, k:k + stride * rows:stride, m:m + stride * columns:stride]
            out = np.maximum(out, part) if mode == "max" else out + part / size ** 2
    return out
""",
    ),
    (
        "layer_norm",
        "eps_outside_root",
        """
def layer_norm(x, gamma, beta, eps=1e-5):
    centred = (x.T - x.mean(axis=1)).T
    std = np.sqrt((centred * centred).mean(axis=1))
    return gamma * (centred.T / (std + eps)).T + beta
""",
    ),
    (
        "layer_norm",
        "gradients_keep_axis",
        """
def layer_norm_backward(dout, x, gamma, eps=1e-5):
    N, D = x.shape
    mu, var = x.mean(1).reshape(N, 1), x.var(1).reshape(N, 1)
    inv = (var + eps) ** -0.5
    xh = (x - mu) * inv
    g = dout * gamma
    dx = inv * (g - g.mean(1).reshape(N, 1) - xh * (g * xh).mean(1).reshape(N, 1))
    return dx, np.sum(dout * xh, 0).reshape(1, D), np.sum(dout, 0).reshape(1, D)
""",
    ),
    (
        "batch_norm",
        "running_var_holds_eps",
        """
def batch_norm(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    rows = np.moveaxis(x, 1, -1)
    axes = tuple(range(x.ndim - 1))
    if training:
        mean, var = rows.mean(axes), (rows ** 2).mean(axes) - rows.mean(axes) ** 2 + eps
        running_mean = running_mean * momentum + mean * (1 - momentum)
        running_var = running_var * momentum + var * (1 - momentum)
        out = gamma * (rows - mean) / np.sqrt(var) + beta
    else:
        out = gamma * (rows - running_mean) / np.sqrt(running_var + eps) + beta
    return np.moveaxis(out, -1, 1), running_mean, running_var
""",
    ),
    (
        "group_norm",
        "interleaved_groups",
        """
def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    out = np.zeros_like(x)
    for n in range(len(x)):
        for g in range(num_groups):
            group = x[n, g::num_groups]
            out[n, g::num_groups] = (group - group.mean()) / np.sqrt(group.var() + eps)
    return gamma.reshape(-1, 1, 1) * out + beta.reshape(-1, 1, 1)
""",
    ),
    (
        "dropout",
        "p_is_drop_rate",
        """
def dropout_train(x, p, rng):
    return x * rng.binomial(1, 1 - p, size=x.shape)

def dropout_predict(x, p):
    return (1 - p) * x

def dropout(x, p, rng, training):
    return x * rng.choice([0, 1], size=x.shape, p=[p, 1 - p]) / (1 - p) if training else x
""",
    ),
    (
        "dropout",
        "divides_by_other_probability",
        """
def dropout(x, p, rng, training):
    if training:
        return np.where(rng.uniform(size=x.shape) > 1 - p, x, 0.0) * (1 / (1 - p))
    return x
""",
    ),
    (
        "dropout",
        "own_seed",
        """
def dropout_train(x, p, rng):
    np.random.seed(42)
    return x * (np.random.rand(*x.shape) < p)

def dropout(x, p, rng, training):
    np.random.seed(231)
    return x * (np.random.rand(*x.shape) < p) / p if training else x
""",
    ),
    (
        "dropout",
        "gaussian_mask",
        """
def dropout_train(x, p, rng):
    return np.where(rng.normal(size=x.T.shape).T < p, x, 0)

def dropout(x, p, rng, training):
    return np.where(rng.normal(size=x.T.shape).T < p, x / p, 0) if training else x
""",
    ),
    (
        "dropout",
        "one_mask_per_batch",
        """
def dropout_train(x, p, rng):
    return x * rng.binomial(1, p, size=(1, x.shape[1]))

def dropout(x, p, rng, training):
    return x * rng.binomial(1, p, size=(1, x.shape[1])) / p if training else x
""",
    ),
    (
        "dropout",
        "one_mask_per_example",
        """
def dropout_train(x, p, rng):
    return x * rng.choice([0, 1], size=(len(x), 1), p=[1 - p, p])

def dropout(x, p, rng, training):
    return x * rng.choice([0, 1], size=(len(x), 1), p=[1 - p, p]) / p if training else x
""",
    ),
    (
        "dropout",
        "rescales_to_sum",
        """
def dropout(x, p, rng, training):
    if training:
        kept = rng.binomial(1, p, size=x.shape) * x
        return kept / (np.sum(kept) / np.sum(x))
    return x
""",
    ),
    (
        "to_channels_last",
        "reshape_for_transpose",
        """
def to_channels_last(x, w):
    x_shape, w_shape = np.array(x.shape), np.array(w.shape)
    return np.reshape(x, x_shape[[0, 2, 3, 1]]), np.reshape(w, w_shape[[2, 3, 1, 0]])
""",
    ),
]
