"""Networks for notebooks with weights that others have trained, fetched by `grader data`.

    from grader.data import mobilenet_v2

    network = mobilenet_v2()  # None where the weights are not on this machine

Nothing here is used in grading: no hidden test depends on a large file.
"""

from typing import TYPE_CHECKING, Any

__all__ = ["mobilenet_v2", "weights"]

if TYPE_CHECKING:
    from grader.data.mobilenet import mobilenet_v2
    from grader.data.store import weights


def __getattr__(name: str) -> Any:
    """Import what is asked for: reading the weights needs no Keras, building the network does."""
    if name not in __all__:
        raise AttributeError(f"module 'grader.data' has no attribute {name!r}")
    from grader.data import mobilenet, store  # noqa: PLC0415

    return getattr(mobilenet if name == "mobilenet_v2" else store, name)
