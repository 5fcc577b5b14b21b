"""The known mistakes of `layers`, each as a student writes it (names: COURSE §1).

`conv2d` and the others mean the solution's functions where a mistake is theirs but for one thing.
A class replaces each function that it defines. Some names are read here in one of several senses:

- pool2d `spread_evenly` gives every pixel of the window the whole gradient: divided by their number
  it would be `gradient_of_average`, which has a name of its own; shared among equal maxima it would
  be right.
- pool2d `average_for_max` ignores the mode.
- dropout `rescales_to_sum` and `scales_in_both` are mistakes of inverted dropout,
  `inverted_in_vanilla` and `multiplies_by_p_in_training` of vanilla.
- layer_norm: the mistakes of the forward pass leave the backward pass right, and the reverse.
"""

import math

import numpy as np

# conv_shapes


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="Padding is added on both sides: how many rows does the image have then?",
)
def padding_once(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    if H + padding < kernel_size or W + padding < kernel_size:
        raise ValueError("the kernel does not fit")
    H_out = (H + padding - kernel_size) // stride + 1
    W_out = (W + padding - kernel_size) // stride + 1
    return num_filters, H_out, W_out


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="Count the first position too: a kernel as large as the image fits once, not zero times.",
)
def no_plus_one(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    if H + 2 * padding < kernel_size or W + 2 * padding < kernel_size:
        raise ValueError("the kernel does not fit")
    H_out = (H + 2 * padding - kernel_size) // stride
    W_out = (W + 2 * padding - kernel_size) // stride
    return num_filters, H_out, W_out


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="The last, incomplete step is dropped, and a size is a whole number: which division does that?",
)
def true_division(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    if H + 2 * padding < kernel_size or W + 2 * padding < kernel_size:
        raise ValueError("the kernel does not fit")
    H_out = (H + 2 * padding - kernel_size) / stride + 1
    W_out = (W + 2 * padding - kernel_size) / stride + 1
    return num_filters, H_out, W_out


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="Each filter gives one map. How many maps come out, whatever the depth of the input?",
)
def depth_from_input(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    if H + 2 * padding < kernel_size or W + 2 * padding < kernel_size:
        raise ValueError("the kernel does not fit")
    H_out = (H + 2 * padding - kernel_size) // stride + 1
    W_out = (W + 2 * padding - kernel_size) // stride + 1
    return C, H_out, W_out


@misconception(
    "conv_shapes",
    replaces="conv_num_params",
    hint="A filter reaches through all input channels: how many weights has a 5x5 filter on a colour image?",
)
def no_depth_in_params(in_channels, num_filters, kernel_size):
    return num_filters * (kernel_size * kernel_size + 1)


@misconception(
    "conv_shapes",
    replaces="conv_num_params",
    hint="Each filter has one more number than its weights, which is added to its whole map.",
)
def bias_missing(in_channels, num_filters, kernel_size):
    return num_filters * in_channels * kernel_size**2


@misconception(
    "conv_shapes",
    replaces="conv_num_params",
    hint="A filter has a single bias, not one for each channel that it reaches through.",
)
def bias_per_weight_channel(in_channels, num_filters, kernel_size):
    return num_filters * in_channels * (kernel_size**2 + 1)


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="What should happen when the kernel is larger than the padded image? Raise ValueError there.",
)
def too_large_kernel_accepted(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    H_out = (H + 2 * padding - kernel_size) // stride + 1
    W_out = (W + 2 * padding - kernel_size) // stride + 1
    return num_filters, H_out, W_out


@misconception(
    "conv_shapes",
    replaces="conv_output_shape",
    hint="Images need not be square: the width of the output comes from the width of the input.",
)
def square_output(input_shape, num_filters, kernel_size, stride=1, padding=0):
    C, H, W = input_shape
    if H + 2 * padding < kernel_size or W + 2 * padding < kernel_size:
        raise ValueError("the kernel does not fit")
    size = (H + 2 * padding - kernel_size) // stride + 1
    return num_filters, size, size


# conv2d


@misconception(
    "conv2d",
    hint='Deep learning\'s "convolution" does not flip the kernel: lay it on the window as it stands.',
)
def true_convolution(x, w, b, stride=1, padding=0):
    return conv2d(x, w[:, :, ::-1, ::-1], b, stride, padding)


@misconception(
    "conv2d",
    hint="Something is added to every number of a filter's map. Which argument is not used?",
)
def no_bias(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f])
    return out


@misconception("conv2d", hint="The bias is added once per filter, after the sum over channels.")
def bias_per_channel(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for ch in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        r, c = i * stride, j * stride
                        window = xp[n, ch, r : r + KH, c : c + KW]
                        out[n, f, i, j] += np.sum(window * w[f, ch]) + b[f]
    return out


@misconception(
    "conv2d", hint="A filter reaches through all channels: what happens to the second and third?"
)
def first_channel_only(x, w, b, stride=1, padding=0):
    return conv2d(x[:, :1], w[:, :1], b, stride, padding)


@misconception(
    "conv2d", hint="A window's weighted pixels are added up; nothing divides by their number."
)
def mean_over_window(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = xp[:, None, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
            out[:, :, i, j] = (window * w).mean(axis=(2, 3, 4)) + b
    return out


@misconception(
    "conv2d",
    hint="The window moves by the stride, not by one pixel: how many places are left then?",
)
def ignores_stride(x, w, b, stride=1, padding=0):
    return conv2d(x, w, b, 1, padding)


@misconception(
    "conv2d",
    hint="The stride counts along both axes: where does the window start in row i, and where in column j?",
)
def stride_one_axis(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, :, i * stride : i * stride + KH, j : j + KW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The stride is the step from window to window; the pixels within a window stay neighbours.",
)
def stride_as_dilation(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    reach_h, reach_w = stride * (KH - 1) + 1, stride * (KW - 1) + 1
    H_out, W_out = xp.shape[2] - reach_h + 1, xp.shape[3] - reach_w + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, :, i : i + reach_h : stride, j : j + reach_w : stride]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out


@misconception("conv2d", hint="Put zeros around the image first: which argument is not used?")
def ignores_padding(x, w, b, stride=1, padding=0):
    return conv2d(x, w, b, stride, 0)


@misconception("conv2d", hint="Zeros go on all four sides, also below and to the right.")
def padding_one_side(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, 0), (padding, 0)))
    return conv2d(xp, w, b, stride, 0)


@misconception(
    "conv2d", hint="Which axes get zeros? Height and width only: tell np.pad so, axis by axis."
)
def padding_channels_too(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, padding)
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d", hint="The image is padded with zeros; your border repeats its outermost pixels."
)
def edge_padding(x, w, b, stride=1, padding=0):
    border = (padding, padding)
    return conv2d(np.pad(x, ((0, 0), (0, 0), border, border), mode="edge"), w, b, stride, 0)


@misconception(
    "conv2d", hint="w has the axes (F, C, KH, KW): which of the last two runs down the image?"
)
def transposed_filter(x, w, b, stride=1, padding=0):
    return conv2d(x, w.transpose(0, 1, 3, 2), b, stride, padding)


@misconception(
    "conv2d",
    hint="The first of the two indices counts rows: does your window move down when i grows?",
)
def swapped_height_width(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = j * stride, i * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d", hint="The last place of the window is missed: is the end of your range one too early?"
)
def last_window_missed(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for r in range(0, H + 2 * padding - KH, stride):
                for c in range(0, W + 2 * padding - KW, stride):
                    window = xp[n, :, r : r + KH, c : c + KW]
                    out[n, f, r // stride, c // stride] = np.sum(window * w[f]) + b[f]
    return out


@misconception(
    "conv2d", hint="Only the first example of the batch is computed: which index should run over N?"
)
def first_example_only(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for f in range(F):
        for i in range(H_out):
            for j in range(W_out):
                r, c = i * stride, j * stride
                out[0, f, i, j] = np.sum(xp[0, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The output array holds whole numbers only, so everything after the point is cut off. What dtype has it?",
)
def integer_output(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out), dtype=int)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="Kernels need not be square: KH and KW are two numbers, w.shape[2] and w.shape[3].",
)
def square_only(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - K) // stride + 1
    W_out = (W + 2 * padding - K) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + K, c : c + K] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="Images need not be square: compute W' from the width, as you compute H' from the height.",
)
def width_from_height(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = (H + 2 * padding - KH) // stride + 1
    out = np.zeros((N, F, size, size))
    for n in range(N):
        for f in range(F):
            for i in range(size):
                for j in range(size):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="Sizes are whole numbers: divide with //, for / gives a float, and no array has 3.0 rows.",
)
def float_sizes(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) / stride + 1
    W_out = (W + 2 * padding - KW) / stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The first axis of w counts the filters; the size of the kernel stands in its last two.",
)
def filter_count_as_size(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F = K = w.shape[0]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - K) // stride + 1
    W_out = (W + 2 * padding - K) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + K, c : c + K] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The window moves by the stride: yours jumps by its own size, so that no two windows overlap.",
)
def window_step_is_kernel(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // KH + 1
    W_out = (W + 2 * padding - KW) // KW + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * KH, j * KW
                    out[n, f, i, j] = np.sum(xp[n, :, r : r + KH, c : c + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The loops end where the image ended before padding: which array's size should they run over?",
)
def unpadded_bounds(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros(
        (N, F, (H + 2 * padding - KH) // stride + 1, (W + 2 * padding - KW) // stride + 1)
    )
    for n in range(N):
        for f in range(F):
            for r in range(0, H - KH + 1, stride):
                for c in range(0, W - KW + 1, stride):
                    window = xp[n, :, r : r + KH, c : c + KW]
                    out[n, f, r // stride, c // stride] = np.sum(window * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="Which index chooses the filter? The one over filters, not the one over examples.",
)
def example_index_for_filter(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for i in range(N):
        for f in range(F):
            for r in range(H_out):
                for c in range(W_out):
                    top, left = r * stride, c * stride
                    window = xp[i, :, top : top + KH, left : left + KW]
                    out[i, f, r, c] = np.sum(window * w[i]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="The window of output (i, j) begins at stride times i and stride times j: where does yours begin?",
)
def stride_missing_in_window(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    out[n, f, i, j] = np.sum(xp[n, :, i : i + KH, j : j + KW] * w[f]) + b[f]
    return out


@misconception(
    "conv2d",
    hint="Each channel adds its part to the output: does your loop over channels add, or overwrite? Is it = or +=?",
)
def last_channel_only(x, w, b, stride=1, padding=0):
    return conv2d(x[:, -1:], w[:, -1:], b, stride, padding)


# conv2d_backward


@misconception(
    "conv2d_backward",
    hint="The bias is added at every place of every example: its gradient is a sum over them, not a mean.",
)
def db_mean(dout, x, w, stride=1, padding=0):
    dx, dw, _ = conv2d_backward(dout, x, w, stride, padding)
    return dx, dw, dout.mean(axis=(0, 2, 3))


@misconception(
    "conv2d_backward", hint="All examples share the bias: over which axes of dout do you sum?"
)
def db_first_example(dout, x, w, stride=1, padding=0):
    dx, dw, _ = conv2d_backward(dout, x, w, stride, padding)
    return dx, dw, dout[0].sum(axis=(1, 2))


@misconception(
    "conv2d_backward",
    hint="Each window adds its share to dw: does your loop add, or does it overwrite what was there?",
)
def dw_overwritten(dout, x, w, stride=1, padding=0):
    dx, dw, db = conv2d_backward(dout, x, w, stride, padding)
    N, F, H_out, W_out = dout.shape
    KH, KW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dw = np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    dw[f] = dout[n, f, i, j] * xp[n, :, r : r + KH, c : c + KW]
    return dx, dw, db


@misconception(
    "conv2d_backward",
    hint="Windows overlap, and filters share pixels: each adds its share to dx. Is it = or +=?",
)
def dx_overwritten(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    r, c = i * stride, j * stride
                    dxp[n, :, r : r + KH, c : c + KW] = dout[n, f, i, j] * w[f]
    return dxp[:, :, padding : padding + H, padding : padding + W], dw, db


@misconception(
    "conv2d_backward",
    hint="Windows overlap, and filters share pixels: each adds its share to dx. Is it = or +=?",
)
def dx_overwritten_by_windows(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    N, C, H, W = x.shape
    KH, KW = w.shape[2:]
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            dxp[:, :, r : r + KH, c : c + KW] = np.tensordot(dout[:, :, i, j], w, axes=1)
    return dxp[:, :, padding : padding + H, padding : padding + W], dw, db


@misconception(
    "conv2d_backward", hint="dx has the shape of x: cut the border of zeros off again at the end."
)
def dx_keeps_padding(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, _, _ = conv2d_backward(dout, xp, w, stride, 0)
    return dxp, dw, db


@misconception(
    "conv2d_backward",
    hint="dw is the sum over the examples. If the loss is a mean, dout holds the division already.",
)
def dw_mean_over_batch(dout, x, w, stride=1, padding=0):
    dx, dw, db = conv2d_backward(dout, x, w, stride, padding)
    return dx, dw / len(x), db


@misconception(
    "conv2d_backward",
    hint="Where pixel and weight met in the forward pass, weight and gradient meet again: which way round lies the kernel in dx?",
)
def dx_filter_not_flipped(dout, x, w, stride=1, padding=0):
    dx, _, _ = conv2d_backward(dout, x, w[:, :, ::-1, ::-1], stride, padding)
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    return dx, dw, db


@misconception(
    "conv2d_backward",
    hint="In dx the window of output (i, j) begins where it began in the forward pass: at stride times i and j.",
)
def stride_ignored_in_dx(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    dx, _, _ = conv2d_backward(dout, x, w, 1, padding)
    return dx, dw, db


@misconception(
    "conv2d_backward",
    hint="The window of output (i, j) begins where it began in the forward pass: at stride times i and j.",
)
def stride_ignored(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    KH, KW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = xp[:, :, i : i + KH, j : j + KW]
            dw += np.tensordot(dout[:, :, i, j], window, axes=(0, 0))
            dxp[:, :, i : i + KH, j : j + KW] += np.tensordot(dout[:, :, i, j], w, axes=1)
    dx = dxp[:, :, padding : padding + H, padding : padding + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@misconception(
    "conv2d_backward",
    hint="Each filter has its own map in dout: which index should run over the filters?",
)
def uses_dout_first_filter(dout, x, w, stride=1, padding=0):
    dout = np.repeat(dout[:, :1], dout.shape[1], axis=1)
    return conv2d_backward(dout, x, w, stride, padding)


@misconception(
    "conv2d_backward",
    hint="What is dx[..., p:-p, p:-p] for p = 0? Nothing at all: cut at p + H and p + W instead.",
)
def empty_without_padding(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    p = padding
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp, _, _ = conv2d_backward(dout, xp, w, stride, 0)
    return dxp[:, :, p:-p, p:-p], dw, db


@misconception(
    "conv2d_backward",
    hint="Only the last example has left a trace: are the arrays of zeros made inside the loop over examples?",
)
def last_example_only(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    for n in range(N):
        dxp, dw, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(F)
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    r, c = i * stride, j * stride
                    dxp[n, :, r : r + KH, c : c + KW] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * xp[n, :, r : r + KH, c : c + KW]
                    db[f] += dout[n, f, i, j]
    return dxp[:, :, padding : padding + H, padding : padding + W], dw, db


@misconception(
    "conv2d_backward",
    hint="Images need not be square: dout has its own number of rows and its own number of columns.",
)
def columns_from_rows(dout, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    size = dout.shape[2]
    for n in range(N):
        for f in range(F):
            for i in range(size):
                for j in range(size):
                    r, c = i * stride, j * stride
                    dxp[n, :, r : r + KH, c : c + KW] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * xp[n, :, r : r + KH, c : c + KW]
    dx = dxp[:, :, padding : padding + H, padding : padding + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@misconception(
    "conv2d_backward",
    hint="dx is the gradient for the image without its border of zeros: which rows of the padded array are the image's?",
)
def cuts_the_wrong_corner(dout, x, w, stride=1, padding=0):
    _, dw, db = conv2d_backward(dout, x, w, stride, padding)
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, _, _ = conv2d_backward(dout, xp, w, stride, 0)
    return dxp[:, :, :H, :W], dw, db


# pool2d


@misconception(
    "pool2d",
    hint="What is the largest of -3 and -2 if you start from 0? Start from minus infinity, or from the first pixel.",
)
def max_from_zero(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for ch in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[
                        n, ch, i * stride : i * stride + size, j * stride : j * stride + size
                    ]
                    if mode == "max":
                        best = 0
                        for value in window.flat:
                            best = max(best, value)
                        out[n, ch, i, j] = best
                    else:
                        out[n, ch, i, j] = window.mean()
    return out


@misconception(
    "pool2d", hint="The mode decides between the largest and the mean: is it ever asked?"
)
def average_for_max(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.mean(axis=(2, 3))
    return out


@misconception(
    "pool2d", hint="An average is a sum divided by something: by how many pixels of the window?"
)
def sum_for_average(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.max(axis=(2, 3)) if mode == "max" else window.sum(axis=(2, 3))
    return out


@misconception(
    "pool2d", hint="Each channel is pooled on its own: should the window reach through all of them?"
)
def over_channels(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for i in range(H_out):
            for j in range(W_out):
                window = x[n, :, i * stride : i * stride + size, j * stride : j * stride + size]
                out[n, :, i, j] = window.max() if mode == "max" else window.mean()
    return out


@misconception(
    "pool2d", hint='What does your function do with mode? For "average" the mean is asked for.'
)
def max_for_average(x, size=2, stride=2, mode="max"):
    return pool2d(x, size, stride)


@misconception(
    "pool2d",
    hint="The window moves by the stride, not by its own size: the two differ where windows overlap.",
)
def window_moves_by_size(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - size) // stride + 1, (W - size) // stride + 1))
    for n in range(N):
        for ch in range(C):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    r, c = i * size, j * size
                    window = x[n, ch, r : r + size, c : c + size]
                    if window.size:
                        out[n, ch, i, j] = window.max() if mode == "max" else window.mean()
    return out


@misconception("pool2d", hint="The window moves by the stride: how many places are there then?")
def stride_is_one(x, size=2, stride=2, mode="max"):
    return pool2d(x, size=size, stride=1, mode=mode)


@misconception(
    "pool2d", hint="A window that does not fit is left out: round the number of places down."
)
def ceil_output(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out = math.ceil((H - size) / stride) + 1
    W_out = math.ceil((W - size) / stride) + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.max(axis=(2, 3)) if mode == "max" else window.mean(axis=(2, 3))
    return out


@misconception(
    "pool2d",
    hint="Cutting the image into tiles is right only where the stride equals the size: what about overlapping windows?",
)
def non_overlapping_reshape(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    rows, columns = H // size, W // size
    tiles = x[:, :, : rows * size, : columns * size].reshape(N, C, rows, size, columns, size)
    return tiles.max(axis=(3, 5)) if mode == "max" else tiles.mean(axis=(3, 5))


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="A pixel that is not the largest can move a little without changing the output: what is its gradient?",
)
def spread_evenly(dout, x, size=2, stride=2):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            dx[:, :, r : r + size, c : c + size] += dout[:, :, i, j][:, :, None, None]
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="Where windows overlap, one pixel may win several: its gradients add up. Is it = or +=?",
)
def overwrites_overlap(dout, x, size=2, stride=2):
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for ch in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    window = x[n, ch, r : r + size, c : c + size]
                    row, column = np.unravel_index(window.argmax(), window.shape)
                    dx[n, ch, r + row, c + column] = dout[n, ch, i, j]
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="The gradient goes to the largest pixel of the window: where is it? Not always in the corner.",
)
def routes_to_first(dout, x, size=2, stride=2):
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for i in range(H_out):
        for j in range(W_out):
            dx[:, :, i * stride, j * stride] += dout[:, :, i, j]
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="That is the gradient of average pooling: in max pooling only the largest pixel counts.",
)
def gradient_of_average(dout, x, size=2, stride=2):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, c = i * stride, j * stride
            dx[:, :, r : r + size, c : c + size] += dout[:, :, i, j][:, :, None, None] / size**2
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="The stride says where a window begins, the size how far it reaches: which one ends your slice?",
)
def window_is_stride(dout, x, size=2, stride=2):
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for ch in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    window = x[n, ch, r : r + stride, c : c + stride]
                    row, column = np.unravel_index(window.argmax(), window.shape)
                    dx[n, ch, r + row, c + column] += dout[n, ch, i, j]
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="Images need not be square: dout has its own number of rows and its own number of columns.",
)
def square_assumed(dout, x, size=2, stride=2):
    N, C, H_out, _ = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for ch in range(C):
            for i in range(H_out):
                for j in range(H_out):
                    r, c = i * stride, j * stride
                    window = x[n, ch, r : r + size, c : c + size]
                    row, column = np.unravel_index(window.argmax(), window.shape)
                    dx[n, ch, r + row, c + column] += dout[n, ch, i, j]
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="What flows back is dout, the gradient from above, not the pixel's own value.",
)
def upstream_ignored(dout, x, size=2, stride=2):
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for ch in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, c = i * stride, j * stride
                    window = x[n, ch, r : r + size, c : c + size]
                    dx[n, ch, r : r + size, c : c + size] += window * (window == window.max())
    return dx


@misconception(
    "pool2d",
    replaces="max_pool2d_backward",
    hint="The largest entry says where the gradient goes, not how large it is.",
)
def gradient_times_maximum(dout, x, size=2, stride=2):
    return max_pool2d_backward(dout * pool2d(x, size, stride), x, size, stride)


# linear


@misconception(
    "linear", hint="An image has several axes and w only two: make one row of each example first."
)
def no_flatten(x, w, b):
    return x @ w + b


@misconception(
    "linear", hint="The batch stays a batch: flatten each example, not all of them into one."
)
def flatten_all(x, w, b):
    return x.reshape(-1) @ w + b


@misconception("linear", hint="Something is added to every output. Which argument is not used?")
def bias_missing(x, w, b):  # noqa: F811  (two questions share the name)
    return x.reshape(x.shape[0], -1) @ w


@misconception(
    "linear",
    hint="In which order do the pixels of an image become a row? The last index runs fastest, as NumPy does it unasked.",
)
def fortran_flatten(x, w, b):
    return x.reshape(x.shape[0], -1, order="F") @ w + b


@misconception(
    "linear",
    replaces="linear_backward",
    hint="dx has the shape of x: turn the rows back into images at the end.",
)
def dx_flat(dout, x, w):
    rows = x.reshape(x.shape[0], -1)
    return dout @ w.T, rows.T @ dout, dout.sum(axis=0)


@misconception(
    "linear",
    replaces="linear_backward",
    hint="dw has the shape of w, (D, M): which of the two factors is transposed?",
)
def dw_transposed(dout, x, w):
    rows = x.reshape(x.shape[0], -1)
    return (dout @ w.T).reshape(x.shape), dout.T @ rows, dout.sum(axis=0)


@misconception(
    "linear",
    replaces="linear_backward",
    hint="The bias is added to every example: its gradient is a sum over them, not a mean.",
)
def db_mean(dout, x, w):  # noqa: F811  (two questions share the name)
    rows = x.reshape(x.shape[0], -1)
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.mean(axis=0)


@misconception(
    "linear",
    replaces="linear_backward",
    hint="All examples share one bias of shape (M,): what happens to the axis of the examples?",
)
def db_not_summed(dout, x, w):
    rows = x.reshape(x.shape[0], -1)
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout


@misconception(
    "linear",
    replaces="linear_backward",
    hint="The values are right; db has the shape (M,) of b, so leave keepdims out.",
)
def db_keeps_axis(dout, x, w):
    rows = x.reshape(x.shape[0], -1)
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0, keepdims=True)


# layer_norm


@misconception(
    "layer_norm",
    hint="That is batch normalisation: layer normalisation looks along one example, not down the batch.",
)
def over_batch(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0, keepdims=True)
    var = x.var(axis=0, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    hint="Each example has a mean and a variance of its own: along which axis do you take them?",
)
def over_everything(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta


@misconception("layer_norm", hint="eps is added to the variance, before the root is taken.")
def eps_outside_root(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    std = x.std(axis=1, keepdims=True)
    return gamma * (x - mean) / (std + eps) + beta


@misconception(
    "layer_norm",
    hint="What if all features of an example are equal? Something small keeps you from dividing by 0.",
)
def no_eps(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    return gamma * (x - mean) / x.std(axis=1, keepdims=True) + beta


@misconception(
    "layer_norm", hint="Divide by the standard deviation: what is missing around the variance?"
)
def divides_by_variance(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / (var + eps) + beta


@misconception(
    "layer_norm", hint="The variance is a mean of D squares: divide by D, not by D - 1 (ddof=0)."
)
def sample_std(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, ddof=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


@misconception(
    "layer_norm", hint="After scaling, each feature is shifted. Which argument is not used?"
)
def no_beta(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps)


@misconception(
    "layer_norm",
    hint="The normalised features are scaled, each by its own factor. Which argument is not used?",
)
def no_gamma(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    hint="First normalise, then scale and shift: the other way round, the normalisation takes it away again.",
)
def scale_before_normalizing(x, gamma, beta, eps=1e-5):
    x = gamma * x + beta
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


@misconception(
    "layer_norm",
    hint="A mean of shape (N,) lines up with the features, not with the examples: keepdims=True makes it a column.",
)
def no_keepdims(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1)
    var = x.var(axis=1)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def normalized(x, eps):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return (x - x.mean(axis=1, keepdims=True)) / std, std


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="The mean depends on every feature too: one term takes the average of the gradient off.",
)
def mean_path_missing(dout, x, gamma, eps=1e-5):
    x_hat, std = normalized(x, eps)
    dx_hat = dout * gamma
    dx = (dx_hat - x_hat * (dx_hat * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="The variance depends on every feature too: one term is x_hat times a mean.",
)
def variance_path_missing(dout, x, gamma, eps=1e-5):
    x_hat, std = normalized(x, eps)
    dx_hat = dout * gamma
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="Mean and variance are computed from x: if one feature moves, they move too, and so do all outputs of the row.",
)
def treats_statistics_as_constants(dout, x, gamma, eps=1e-5):
    x_hat, std = normalized(x, eps)
    return dout * gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="gamma multiplies the normalised features: those, not x, stand in its gradient.",
)
def dgamma_from_x(dout, x, gamma, eps=1e-5):
    dx, _, dbeta = layer_norm_backward(dout, x, gamma, eps)
    return dx, (dout * x).sum(axis=0), dbeta


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="Each feature has its own gamma, shared by all examples: over which axis do you sum?",
)
def dgamma_over_features(dout, x, gamma, eps=1e-5):
    dx, _, dbeta = layer_norm_backward(dout, x, gamma, eps)
    x_hat, _ = normalized(x, eps)
    return dx, (dout * x_hat).sum(axis=1), dbeta


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="beta is added to every example: its gradient is a sum over them, not a mean.",
)
def dbeta_mean(dout, x, gamma, eps=1e-5):
    dx, dgamma, _ = layer_norm_backward(dout, x, gamma, eps)
    return dx, dgamma, dout.mean(axis=0)


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="gamma scales what flows back to x as well: where does it enter dx?",
)
def dx_without_gamma(dout, x, gamma, eps=1e-5):
    dx, _, _ = layer_norm_backward(dout, x, np.ones_like(gamma), eps)
    _, dgamma, dbeta = layer_norm_backward(dout, x, gamma, eps)
    return dx, dgamma, dbeta


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="The backward pass divides by the same root as the forward pass: where is eps?",
)
def no_eps_in_gradients(dout, x, gamma, eps=1e-5):
    x_hat, std = normalized(x, 0.0)
    dx_hat = dout * gamma
    through_variance = x_hat * (dx_hat * x_hat).mean(axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - through_variance) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="The values are right; dgamma and dbeta have the shape (D,), so leave keepdims out of their sums.",
)
def gradients_keep_axis(dout, x, gamma, eps=1e-5):
    dx, dgamma, dbeta = layer_norm_backward(dout, x, gamma, eps)
    return dx, dgamma[None, :], dbeta[None, :]


@misconception(
    "layer_norm",
    replaces="layer_norm_backward",
    hint="That is the gradient of batch normalisation: the means in dx run along a row, as mu and sigma do.",
)
def dx_over_batch(dout, x, gamma, eps=1e-5):
    x_hat, std = normalized(x, eps)
    dx_hat = dout * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


# batch_norm: `batch_statistics` and `as_row` shorten what every mistake has in common.


def as_row(values, x):
    """Per-feature values in a shape that lines up with x."""
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def batch_statistics(x, ddof=0):
    axes = 0 if x.ndim == 2 else (0, 2, 3)
    return x.mean(axis=axes), x.var(axis=axes, ddof=ddof)


def scaled(x, mean, var, gamma, beta, eps):
    x_hat = (x - as_row(mean, x)) / np.sqrt(as_row(var, x) + eps)
    return as_row(gamma, x) * x_hat + as_row(beta, x)


@misconception(
    "batch_norm",
    hint="That is layer normalisation: batch normalisation looks down the batch, feature by feature.",
)
def over_features(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    axes = tuple(range(1, x.ndim))
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    out = as_row(gamma, x) * (x - mean) / np.sqrt(var + eps) + as_row(beta, x)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="With momentum 0.9 the old value keeps 0.9 of its weight: which of the two does your momentum multiply?",
)
def momentum_swapped(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    out = scaled(x, mean, var, gamma, beta, eps)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="In training the batch is normalised with its own mean and variance; the running values are for later.",
)
def running_in_training(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if training:
        mean, var = batch_statistics(x)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var


@misconception(
    "batch_norm",
    hint="At test time there may be a single example: the running values take the place of the batch's.",
)
def batch_in_test(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = batch_statistics(x)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return scaled(x, mean, var, gamma, beta, eps), running_mean, running_var


@misconception(
    "batch_norm", hint="At test time nothing is learned: the running values come back as they were."
)
def updates_in_test(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    mean, var = batch_statistics(x)
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * var
    if not training:
        mean, var = running_mean, running_var
    return scaled(x, mean, var, gamma, beta, eps), new_mean, new_var


@misconception(
    "batch_norm", hint="running_var is a variance: you mix the standard deviation into it."
)
def running_std(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    out = scaled(x, mean, var, gamma, beta, eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * np.sqrt(var)
    return out, running_mean, running_var


@misconception(
    "batch_norm", hint="running_var is a variance: you mix the standard deviation into it."
)
def running_std_for_variance(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    mean, std = running_mean, running_var
    if training:
        mean, var = batch_statistics(x)
        std = np.sqrt(var + eps)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * std
    return scaled(x, mean, std**2, gamma, beta, 0), running_mean, running_var


@misconception(
    "batch_norm",
    hint="The variance of the batch is a mean of squares: divide by their number, not by one less (ddof=0).",
)
def sample_variance(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x, ddof=1)
    out = scaled(x, mean, var, gamma, beta, eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="PyTorch keeps the variance with N - 1 in its running value; Keras, and we, keep the one that normalises (ddof=0).",
)
def sample_running_variance(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    out = scaled(x, mean, var, gamma, beta, eps)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * batch_statistics(x, ddof=1)[1]
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="A channel has one mean for all its pixels: over which axes of (N, C, H, W) do you average?",
)
def per_position(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = x.mean(axis=0), x.var(axis=0)
    out = as_row(gamma, x) * (x - mean) / np.sqrt(var + eps) + as_row(beta, x)
    running_mean = momentum * as_row(running_mean, x)[0] + (1 - momentum) * mean
    running_var = momentum * as_row(running_var, x)[0] + (1 - momentum) * var
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="The arrays that come in are the caller's: make new ones instead of changing them with *= and +=.",
)
def updates_in_place(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    running_mean *= momentum
    running_mean += (1 - momentum) * mean
    running_var *= momentum
    running_var += (1 - momentum) * var
    return scaled(x, mean, var, gamma, beta, eps), running_mean, running_var


@misconception(
    "batch_norm",
    hint="In training the running values move towards the batch's: do you return the new ones?",
)
def returns_old_running(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    new_mean = momentum * running_mean + (1 - momentum) * mean
    new_var = momentum * running_var + (1 - momentum) * var
    del new_mean, new_var  # computed and forgotten
    return scaled(x, mean, var, gamma, beta, eps), running_mean, running_var


@misconception(
    "batch_norm",
    hint="At test time, as in training, eps is added to the variance before the root is taken.",
)
def eps_outside_root_at_test(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if training:
        return batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps, training)
    x_hat = (x - as_row(running_mean, x)) / (np.sqrt(as_row(running_var, x)) + eps)
    return as_row(gamma, x) * x_hat + as_row(beta, x), running_mean, running_var


@misconception("batch_norm", hint="At test time a running variance can be 0 too: where is eps?")
def no_eps_at_test(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if training:
        return batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps, training)
    return scaled(x, running_mean, running_var, gamma, beta, 0.0), running_mean, running_var


@misconception(
    "batch_norm",
    hint="The running variance is the variance alone: eps is added where you divide, not where you remember.",
)
def running_var_holds_eps(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    mean, var = batch_statistics(x)
    var = var + eps
    out = scaled(x, mean, var, gamma, beta, 0.0)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return out, running_mean, running_var


@misconception(
    "batch_norm",
    hint="At test time too you divide by the standard deviation: what is missing around running_var?",
)
def divides_by_variance_at_test(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if training:
        return batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps, training)
    x_hat = (x - as_row(running_mean, x)) / (as_row(running_var, x) + eps)
    return as_row(gamma, x) * x_hat + as_row(beta, x), running_mean, running_var


@misconception(
    "batch_norm",
    hint="gamma and beta were learned to be used: scale and shift at test time as well.",
)
def no_affine_at_test(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    if training:
        return batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps, training)
    x_hat = (x - as_row(running_mean, x)) / np.sqrt(as_row(running_var, x) + eps)
    return x_hat, running_mean, running_var


@misconception(
    "batch_norm",
    hint="A reshape of (N, C, H, W) to (-1, C) mixes channels and pixels: move the channels to the end first.",
)
def reshape_without_transpose(
    x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True
):
    rows = x.reshape(-1, x.shape[1])
    out, running_mean, running_var = batch_norm(
        rows, gamma, beta, running_mean, running_var, momentum, eps, training
    )
    return out.reshape(x.shape), running_mean, running_var


@misconception(
    "batch_norm",
    hint="The values are right; the running values have the shape (D,) of those that came in: where did the extra axis come from?",
)
def keeps_axis(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return scaled(x, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    axes = 0 if x.ndim == 2 else (0, 2, 3)
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    out = as_row(gamma, x) * (x - mean) / np.sqrt(var + eps) + as_row(beta, x)
    running_mean = momentum * as_row(running_mean, x) + (1 - momentum) * mean
    running_var = momentum * as_row(running_var, x) + (1 - momentum) * var
    return out, running_mean, running_var


# group_norm


def by_channel(x_hat, gamma, beta):
    return gamma[None, :, None, None] * x_hat + beta[None, :, None, None]


@misconception(
    "group_norm",
    hint="A group is a run of neighbouring channels: in which order do the groups and their channels stand in your reshape?",
)
def interleaved_groups(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape(N, C // num_groups, num_groups, H, W)
    mean = groups.mean(axis=(1, 3, 4), keepdims=True)
    var = groups.var(axis=(1, 3, 4), keepdims=True)
    x_hat = ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return by_channel(x_hat, gamma, beta)


@misconception(
    "group_norm",
    hint="That is instance normalisation, each channel on its own: the channels of a group share mean and variance.",
)
def instance_norm_always(x, num_groups, gamma, beta, eps=1e-5):
    mean = x.mean(axis=(2, 3), keepdims=True)
    var = x.var(axis=(2, 3), keepdims=True)
    return by_channel((x - mean) / np.sqrt(var + eps), gamma, beta)


@misconception(
    "group_norm",
    hint="That is layer normalisation, all channels together: where does num_groups come in?",
)
def layer_norm_always(x, num_groups, gamma, beta, eps=1e-5):
    mean = x.mean(axis=(1, 2, 3), keepdims=True)
    var = x.var(axis=(1, 2, 3), keepdims=True)
    return by_channel((x - mean) / np.sqrt(var + eps), gamma, beta)


@misconception(
    "group_norm",
    hint="Each example is normalised on its own: the axis of the batch takes no part in the mean.",
)
def over_batch(x, num_groups, gamma, beta, eps=1e-5):  # noqa: F811  (two questions share the name)
    N, C, H, W = x.shape
    groups = x.reshape(N, num_groups, C // num_groups, H, W)
    mean = groups.mean(axis=(0, 2, 3, 4), keepdims=True)
    var = groups.var(axis=(0, 2, 3, 4), keepdims=True)
    return by_channel(((groups - mean) / np.sqrt(var + eps)).reshape(x.shape), gamma, beta)


@misconception("group_norm", hint="eps is added to the variance, before the root is taken.")
def eps_outside_root(x, num_groups, gamma, beta, eps=1e-5):  # noqa: F811  (shared by two questions)
    groups = x.reshape(len(x), num_groups, -1)
    mean, std = groups.mean(axis=2, keepdims=True), groups.std(axis=2, keepdims=True)
    return by_channel(((groups - mean) / (std + eps)).reshape(x.shape), gamma, beta)


@misconception(
    "group_norm",
    hint="After normalising, each channel is scaled and shifted. Which two arguments are not used?",
)
def no_affine(x, num_groups, gamma, beta, eps=1e-5):
    return group_norm(x, num_groups, np.ones_like(gamma), np.zeros_like(beta), eps)


@misconception(
    "group_norm",
    hint="gamma and beta belong to the channels, not to the groups: index them with the channel.",
)
def gamma_per_group(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    size = C // num_groups
    out = np.zeros(x.shape)
    for n in range(N):
        for g in range(num_groups):
            group = x[n, g * size : (g + 1) * size]
            x_hat = (group - group.mean()) / np.sqrt(group.var() + eps)
            out[n, g * size : (g + 1) * size] = gamma[g] * x_hat + beta[g]
    return out


@misconception(
    "group_norm", hint="num_groups says how many groups there are, not how many channels each has."
)
def group_size_for_count(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape(N, C // num_groups, num_groups, H, W)
    mean = groups.mean(axis=(2, 3, 4), keepdims=True)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    return by_channel(((groups - mean) / np.sqrt(var + eps)).reshape(x.shape), gamma, beta)


@misconception(
    "group_norm",
    hint="An array of shape (C,) lines up with the last axis, the width: give it the shape (1, C, 1, 1).",
)
def last_axis_gamma(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape(N, num_groups, -1)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    x_hat = ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return gamma * x_hat + beta


@misconception(
    "group_norm",
    hint="A group's mean runs over its pixels as well as over its channels: which axes are left out?",
)
def per_pixel(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape(N, num_groups, C // num_groups, H, W)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    return by_channel(((groups - mean) / np.sqrt(var + eps)).reshape(x.shape), gamma, beta)


@misconception(
    "group_norm",
    hint="The output has four axes like x: gamma of shape (1, C, 1, 1) lines up, one axis more adds one to the output.",
)
def too_many_axes(x, num_groups, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    groups = x.reshape(N, num_groups, -1)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    x_hat = ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return gamma.reshape(1, 1, C, 1, 1) * x_hat + beta.reshape(1, 1, C, 1, 1)


# dropout


@misconception(
    "dropout",
    hint="p is the probability of keeping a unit, as on the slide. Yours is the probability of dropping it.",
)
class p_is_drop_rate:
    def dropout_train(x, p, rng):
        mask = rng.random(x.shape) >= p
        return x * mask

    def dropout_predict(x, p):
        return x * (1 - p)

    def dropout(x, p, rng, training):
        if not training:
            return x
        mask = rng.random(x.shape) >= p
        return x * mask / (1 - p)


@misconception(
    "dropout",
    replaces="dropout_predict",
    hint="With all units on, the next layer gets more than it was trained for: by which factor?",
)
def no_scaling_at_test(x, p):
    return x


@misconception(
    "dropout",
    hint="Inverted dropout has divided by p in training: is there anything left to scale at test time?",
)
class scales_in_both:
    def dropout(x, p, rng, training):
        if not training:
            return x * p
        return x * (rng.random(x.shape) < p) / p


@misconception(
    "dropout",
    hint="Vanilla dropout leaves kept values as they are and scales at test time; dividing by p is the inverted kind.",
)
class inverted_in_vanilla:
    def dropout_train(x, p, rng):
        return x * (rng.random(x.shape) < p) / p

    def dropout_predict(x, p):
        return x


@misconception(
    "dropout",
    hint="In training the mask alone makes the mean smaller by p: multiply by p at test time, not before.",
)
class multiplies_by_p_in_training:
    def dropout_train(x, p, rng):
        return x * (rng.random(x.shape) < p) * p

    def dropout_predict(x, p):
        return x


@misconception("dropout", hint="At test time every unit takes part: is `training` ever asked?")
class drops_at_test:
    def dropout(x, p, rng, training):
        return x * (rng.random(x.shape) < p) / p


@misconception(
    "dropout",
    hint="Each example gets a mask of its own: what shape has your array of random numbers?",
)
class one_mask_per_batch:
    def dropout_train(x, p, rng):
        mask = rng.random(x.shape[1:]) < p
        return x * mask

    def dropout(x, p, rng, training):
        if not training:
            return x
        mask = rng.random(x.shape[1:]) < p
        return x * mask / p


@misconception(
    "dropout",
    hint="Each unit is dropped on its own; yours all share the fate of their example. What shape has your array of random numbers?",
)
class one_mask_per_example:
    def dropout_train(x, p, rng):
        mask = rng.random((x.shape[0], 1)) < p
        return x * mask

    def dropout(x, p, rng, training):
        if not training:
            return x
        mask = rng.random((x.shape[0], 1)) < p
        return x * mask / p


@misconception(
    "dropout",
    hint="Divide by p itself: it makes the sum right on average, and needs not make it right in every single batch.",
)
class rescales_to_sum:
    def dropout(x, p, rng, training):
        if not training:
            return x
        out = x * (rng.random(x.shape) < p)
        return out * x.sum() / out.sum()


@misconception(
    "dropout",
    hint="The mask is the same in every call: where is the generator made, or seeded? Use the one that is passed in.",
)
class own_seed:
    def dropout_train(x, p, rng):
        rng = np.random.default_rng(0)
        return x * (rng.random(x.shape) < p)

    def dropout(x, p, rng, training):
        if not training:
            return x
        rng = np.random.default_rng(0)
        return x * (rng.random(x.shape) < p) / p


@misconception(
    "dropout",
    hint="A normal draw is below p with another probability than p: which draw is uniform between 0 and 1?",
)
class gaussian_mask:
    def dropout_train(x, p, rng):
        return x * (rng.standard_normal(x.shape) < p)

    def dropout(x, p, rng, training):
        if not training:
            return x
        return x * (rng.standard_normal(x.shape) < p) / p


@misconception(
    "dropout", hint="You keep with probability p but divide by 1 - p: the two agree at 0.5 only."
)
class divides_by_other_probability:
    def dropout(x, p, rng, training):
        if not training:
            return x
        return x * (rng.random(x.shape) < p) / (1 - p)


@misconception(
    "dropout",
    replaces="log10_num_masks",
    hint="That is the logarithm to base 2: each unit doubles the number of masks, and adds log10(2).",
)
def log2_masks(units):
    return units * np.log2(2)


@misconception(
    "dropout",
    replaces="log10_num_masks",
    hint="That is the natural logarithm: np.log10 is the one to base 10.",
)
def natural_log_masks(units):
    return units * np.log(2)


@misconception(
    "dropout",
    replaces="log10_num_masks",
    hint="2 to the power of 4096 is too large for a float: what is the logarithm of a power, without computing the power?",
)
def overflowing_masks(units):
    return math.log10(2.0**units)


@misconception(
    "dropout",
    replaces="log10_num_masks",
    hint="2 to the power of 4096 is too large for a float: what is the logarithm of a power, without computing the power?",
)
def infinite_masks(units):
    return np.log10(np.exp2(units))


@misconception(
    "dropout",
    hint="Each unit has a coin of its own, so how many are kept varies from call to call: yours keeps the same number each time.",
)
class fixed_number_kept:
    def dropout_train(x, p, rng):
        mask = rng.permutation(x.size) < round(p * x.size)
        return x * mask.reshape(x.shape)

    def dropout(x, p, rng, training):
        if not training:
            return x
        mask = rng.permutation(x.size) < round(p * x.size)
        return x * mask.reshape(x.shape) / p


@misconception(
    "dropout",
    hint="Draw from the generator that is passed in: numbers from np.random cannot be repeated.",
)
class global_generator:
    def dropout_train(x, p, rng):
        return x * (np.random.rand(*x.shape) < p)

    def dropout(x, p, rng, training):
        if not training:
            return x
        return x * (np.random.rand(*x.shape) < p) / p


@misconception(
    "dropout",
    hint="The activations that come in are the caller's: write x = x * mask instead of x *= mask.",
)
class masks_in_place:
    def dropout_train(x, p, rng):
        x *= rng.random(x.shape) < p
        return x

    def dropout(x, p, rng, training):
        if training:
            x *= (rng.random(x.shape) < p) / p
        return x


# to_channels_last


@misconception(
    "to_channels_last",
    hint="Moving axes is a transpose; a reshape keeps the numbers in their order and mixes pixels.",
)
def reshape_for_transpose(x, w):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    return x.reshape(N, H, W, C), w.reshape(KH, KW, C, F)


@misconception(
    "to_channels_last",
    hint="Height comes before width in both layouts: .T turns them round as well.",
)
def height_width_swapped(x, w):
    return x.transpose(0, 3, 2, 1), w.T


@misconception(
    "to_channels_last",
    hint="Keras' kernels end with (C, F), the input channels before the filters.",
)
def in_out_swapped(x, w):
    return x.transpose(0, 2, 3, 1), w.transpose(2, 3, 0, 1)


@misconception(
    "to_channels_last", hint="The weights move as well: (F, C, KH, KW) becomes (KH, KW, C, F)."
)
def kernel_untouched(x, w):
    return x.transpose(0, 2, 3, 1), w
