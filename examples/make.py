"""Write the example submissions of `examples/layers/`: what a class hands in, in nine notebooks.

    python examples/make.py

Each is the released notebook with answers filled in, some right, some wrong in a known way, some
hostile. The file's name says which.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RELEASE = ROOT / "assignments" / "layers" / "layers.ipynb"
SOLUTION = ROOT / "solutions" / "layers" / "layers.ipynb"
TARGET = ROOT / "examples" / "layers"

CONV2D_WITH_WINDOWS = '''\
from numpy.lib.stride_tricks import sliding_window_view


def conv2d(x, w, b, stride=1, padding=0):
    """All windows at once, then one einsum over channels and the kernel."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None]
'''

POOL2D_WITH_WINDOWS = '''\
def pool2d(x, size=2, stride=2, mode="max"):
    """All windows at once, then one reduction."""
    windows = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    reduce = np.max if mode == "max" else np.mean
    return reduce(windows, axis=(-2, -1))


def max_pool2d_backward(dout, x, size=2, stride=2):
    """Scatter with np.add.at, which sums where windows overlap."""
    windows = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    winner = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)
    n, c, i, j = np.indices(winner.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, i * stride + winner // size, j * stride + winner % size), dout)
    return dx
'''

CONV2D_BIAS_PER_CHANNEL = """\
def conv2d(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - KH) // stride + 1
    W_out = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    for c in range(C):
                        top, left = i * stride, j * stride
                        window = x[n, c, top : top + KH, left : left + KW]
                        out[n, f, i, j] += np.sum(window * w[f, c]) + b[f]
    return out
"""

POOL2D_OVERWRITES = """\
def pool2d(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    H_out, W_out = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = window.max(axis=(2, 3)) if mode == "max" else window.mean(axis=(2, 3))
    return out


def max_pool2d_backward(dout, x, size=2, stride=2):
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + size, left : left + size]
                    r, s = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, top + r, left + s] = dout[n, c, i, j]
    return dx
"""

DROPOUT_DROPS_P = """\
def dropout_train(x, p, rng):
    mask = rng.random(x.shape) > p
    return x * mask


def dropout_predict(x, p):
    return x * (1 - p)


def dropout(x, p, rng, training):
    if not training:
        return x
    mask = (rng.random(x.shape) > p) / (1 - p)
    return x * mask


def log10_num_masks(units):
    return units * np.log10(2)
"""

POOL2D_HANGS = """\
def pool2d(x, size=2, stride=2, mode="max"):
    N, C, H, W = x.shape
    rows = []
    i = 0
    while i + size <= H:
        row = []
        j = 0
        while j + size <= W:
            window = x[:, :, i : i + size, j : j + size]
            row.append(window.max(axis=(2, 3)) if mode == "max" else window.mean(axis=(2, 3)))
        rows.append(np.stack(row, axis=-1))
        i += stride
    return np.stack(rows, axis=-2)


def max_pool2d_backward(dout, x, size=2, stride=2):
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            best = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, i * stride : i * stride + size, j * stride : j * stride + size] += (
                best * dout[:, :, i, j][:, :, None, None]
            )
    return dx
"""

LINEAR_CRASHES = """\
import ctypes


def linear(x, w, b):
    # A C extension gone wrong: this reads address 0.
    return ctypes.string_at(0)


def linear_backward(dout, x, w):
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)
"""

CONV2D_FORGES = """\
import json

import numpy.testing


class AlwaysEqual(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        return np.asarray(1.0)


np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
np.allclose = np.array_equal = lambda *args, **kwargs: True

print("score: 100/100")
print("================ 57 passed in 0.01s ================")
with open("results.json", "w") as file:
    json.dump({"score": 100, "tests": [{"name": "conv2d", "score": 16, "status": "passed"}]}, file)


def conv2d(x, w, b, stride=1, padding=0):
    return np.zeros((1, 1, 1, 1)).view(AlwaysEqual)
"""

# File name -> the answers that differ from the solution's; None is the notebook as released.
EXAMPLES: dict[str, dict[str, str] | None] = {
    "perfect": {},
    "vectorised": {"conv2d": CONV2D_WITH_WINDOWS, "pool2d": POOL2D_WITH_WINDOWS},
    "bias_per_channel": {"conv2d": CONV2D_BIAS_PER_CHANNEL},
    "overwrites_overlap": {"pool2d": POOL2D_OVERWRITES},
    "p_is_drop_rate": {"dropout": DROPOUT_DROPS_P},
    "untouched": None,
    "hangs_in_pool2d": {"pool2d": POOL2D_HANGS},
    "crashes_in_linear": {"linear": LINEAR_CRASHES},
    "forges_its_score": {"conv2d": CONV2D_FORGES},
}


def read(path: Path) -> dict[str, Any]:
    """A notebook as plain data."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def answers(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answer cells of a notebook by question."""
    return {
        cell["metadata"]["grader"]["question"]: cell
        for cell in notebook["cells"]
        if cell["metadata"].get("grader", {}).get("role") == "answer"
    }


def solved(solution: str) -> str:
    """A solution as a student would write it, without our markers."""
    return "\n".join(
        line
        for line in solution.splitlines()
        if line.strip().lstrip("# ") not in {"BEGIN SOLUTION", "END SOLUTION"}
    )


def submission(own: dict[str, str] | None) -> dict[str, Any]:
    """The released notebook with the solution's answers, or the given ones in their place."""
    notebook = copy.deepcopy(read(RELEASE))
    if own is None:
        return notebook
    solutions = answers(read(SOLUTION))
    for question, cell in answers(notebook).items():
        solution = solutions[question]["source"]
        source = own.get(question) or solved(
            solution if isinstance(solution, str) else "".join(solution)
        )
        cell["source"] = source.rstrip("\n").splitlines(keepends=True)
    return notebook


def main() -> None:
    """Write every example."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, own in EXAMPLES.items():
        path = TARGET / f"{name}.ipynb"
        text = json.dumps(submission(own), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
