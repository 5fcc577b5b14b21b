"""An autograder for deep-learning notebooks: isolated, fast, and it explains the mistake.

In a student's notebook: `from grader import check`, then `check("conv2d")`.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check"]

if TYPE_CHECKING:
    from grader.selfcheck import check


def __getattr__(name: str) -> Any:
    """Import the student's side only when it is asked for: `grader --help` needs no NumPy."""
    if name in {"check", "load_ipython_extension"}:
        from grader import selfcheck  # noqa: PLC0415

        return getattr(selfcheck, name)
    raise AttributeError(f"module 'grader' has no attribute {name!r}")
