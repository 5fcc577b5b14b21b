"""What is done once in the zygote so that no fork has to: imports, first traceback, font list.

Imports stand in functions here, since the first of matplotlib reads what `warm_up` sets before.
Measured: scipy and matplotlib 0.7 s each to import, nbclient 0.5 s, the first traceback 0.11 s,
an IPython shell 0.01 s. Nothing here starts a thread or runs a tensor operation.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MODULES = {
    "numpy": ("numpy", "scipy.signal", "scipy.ndimage", "matplotlib.pyplot", "tqdm.auto"),
    "keras": ("tensorflow", "keras"),
}
ALWAYS = (
    "grader.inside.kernel",
    "grader.inside.driver",
    "matplotlib_inline.backend_inline",
    "matplotlib.backends.backend_agg",
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
    """Import what notebooks import, and run once what is slow the first time."""
    folder = tempfile.mkdtemp()
    # Before the first import of matplotlib, which reads these once.
    os.environ["MPLCONFIGDIR"] = os.environ["IPYTHONDIR"] = os.environ["HOME"] = folder
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for fonts in FONT_LISTS.glob("fontlist-*.json"):
        shutil.copy(fonts, folder)
    names = (*MODULES["numpy"], *(MODULES["keras"] if runtime == "keras" else ()), *ALWAYS)
    # The first is not needed; the second, where it is installed, takes seconds to build a grammar
    # with which jsonschema would check IRIs, of which no notebook has any.
    with _without("debugpy"), _without("rfc3987_syntax"):
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    _first_traceback()
    _first_figure()
    _first_output()
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
    import matplotlib as mpl  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    np.random.seed()  # the legacy state, which many notebooks use
    mpl.get_configdir = mpl.get_cachedir = _matplotlib_folder
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
