"""`pip install keras-grader`, then `from grader import check`: NumPy only, and answers at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NUMPY_ONLY = """
import builtins, importlib, sys
real = builtins.__import__
def only(name, *args, **kwargs):
    top = name.partition(".")[0]
    if top in {"pydantic", "typer", "rich", "nbformat", "jinja2", "platformdirs", "pytest"}:
        raise ImportError(f"{top} is not installed for students")
    return real(name, *args, **kwargs)
builtins.__import__ = only
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as it is published."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "-w", str(folder), str(ROOT)],
        check=True,
    )  # fmt: skip
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture
def notebook_folder(tmp_path, wheel):
    """A folder with the released cases, and the wheel unpacked where Python finds it."""
    shutil.unpack_archive(wheel, tmp_path / "site", "zip")
    shutil.copy(ROOT / "assignments/layers/layers.cases.npz", tmp_path)
    return tmp_path


def run(folder, code):
    """Run code as a student's notebook would, with NumPy and our wheel."""
    script = f"import sys; sys.path.insert(0, {str(folder / 'site')!r})\n{NUMPY_ONLY}\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def test_check_needs_numpy_only_and_names_the_mistake(notebook_folder):
    """A wrong answer gets happened / expected / try, and its name, without any other package."""
    wrong = (
        "import numpy as np\nfrom grader import check\n"
        "def conv_output_shape(input_shape, num_filters, kernel_size, stride=1, padding=0):\n"
        "    C, H, W = input_shape\n"
        "    if min(H, W) + 2 * padding < kernel_size: raise ValueError\n"
        "    return (C, (H + 2 * padding - kernel_size) // stride + 1,\n"
        "            (W + 2 * padding - kernel_size) // stride + 1)\n"
        "def conv_num_params(in_channels, num_filters, kernel_size):\n"
        "    return num_filters * (in_channels * kernel_size**2 + 1)\n"
        "check('conv_shapes')\n"
    )

    done = run(notebook_folder, wrong)

    assert done.returncode == 0, done.stderr
    assert ":(" in done.stdout
    assert "happened" in done.stdout
    assert "depth_from_input" in done.stdout


def test_check_of_a_stub_says_so_and_does_not_raise(notebook_folder):
    """An unfilled cell is no error: Run all goes on."""
    stub = (
        "from grader import check\n"
        "def conv2d(x, w, b, stride=1, padding=0):\n"
        "    raise NotImplementedError('conv2d: your turn')\n"
        "check('conv2d')\n"
    )

    done = run(notebook_folder, stub)

    assert done.returncode == 0, done.stderr
    assert "not yet filled" in done.stdout
