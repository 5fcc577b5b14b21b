"""What is done once in the zygote so that no fork has to: imports, first traceback, font list.

Imports stand in functions here, since the first of matplotlib reads what is set before. Measured:
scipy.signal 0.7 s to import, pyplot 0.4 s, all the rest 0.5 s, the first traceback 0.15 s, an
IPython shell 0.01 s. Most answers need neither of the first two, so they are imported when the
first program comes that mentions them. Nothing here starts a thread or runs a tensor operation.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from grader.inside.extras import EXTRAS

MODULES = {"numpy": ("numpy", "tqdm.auto"), "keras": ("tensorflow", "keras")}
ALWAYS = (
    "grader.inside.kernel",
    "grader.inside.driver",
    "PIL.PngImagePlugin",
    "IPython.core.completer",
    "IPython.core.magics",
    "nbformat.v4",
    "nbclient.client",
    "pygments.formatters.terminal256",
    "sqlite3",
    "unittest.mock",
    "numpy.testing",
)
FONT_LISTS = Path("/opt/matplotlib")


def warm_up(runtime: str) -> None:
    """Import what every notebook needs, and run once what is slow the first time."""
    names = (*MODULES["numpy"], *(MODULES["keras"] if runtime == "keras" else ()), *ALWAYS)
    with _home():
        # The first is not needed; the second, where it is installed, takes seconds to build a
        # grammar with which jsonschema would check IRIs, of which no notebook has any.
        with _without("debugpy"), _without("rfc3987_syntax"):
            _import(names)
        _first_traceback()
        _first_output()
    _settle()


@cache
def warm_up_extra(name: str) -> None:
    """Import one of `EXTRAS`, once: what a program mentions decides when, and nothing else."""
    with _home():
        _import(EXTRAS[name])
        if name == "matplotlib":
            _first_figure()
    _settle()


def _settle() -> None:
    gc.collect()
    gc.freeze()  # so that a fork's garbage collection touches, and copies, no inherited page


def _import(names: Iterable[str]) -> None:
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


@contextlib.contextmanager
def _home() -> Iterator[None]:
    """A home with the list of fonts, which takes matplotlib seconds to make."""
    folder = tempfile.mkdtemp()
    os.environ["MPLCONFIGDIR"] = os.environ["IPYTHONDIR"] = os.environ["HOME"] = folder
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for fonts in FONT_LISTS.glob("fontlist-*.json"):
        shutil.copy(fonts, folder)
    yield
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _without(name: str) -> Iterator[None]:
    """Let a module be found missing: the kernel then does without it."""
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _first_traceback() -> None:
    from IPython.core.ultratb import VerboseTB  # noqa: PLC0415

    try:
        importlib.import_module("grader.inside.no_such_module")
    except ImportError:
        kind, error, trace = sys.exc_info()
        VerboseTB(theme_name="linux").structured_traceback(kind, error, trace)


def _first_output() -> None:
    import nbformat.v4  # noqa: PLC0415

    nbformat.v4.new_output("stream", text="")  # compiles the schema of notebooks


def _first_figure() -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots()
    axes.plot([0, 1])
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def renew() -> None:
    """In a fork: random states and folders of its own in place of the inherited ones."""
    import numpy as np  # noqa: PLC0415

    np.random.seed()  # the legacy state, which many notebooks use
    if mpl := sys.modules.get("matplotlib"):
        mpl.get_configdir = mpl.get_cachedir = _matplotlib_folder  # type: ignore[attr-defined]
    tempfile.tempdir = None


def _matplotlib_folder() -> str:
    """In place of matplotlib's own, which remembers the zygote's folder."""
    folder = Path(os.environ["MPLCONFIGDIR"])
    folder.mkdir(exist_ok=True)
    return str(folder)


def forget_ourselves(student_side: str) -> None:
    """In a fork: let `import grader` find the stub for students, and nothing of ours."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    sys.path.insert(0, student_side)
