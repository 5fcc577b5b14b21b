"""A worker whose parent is gone ends, with its boxes, instead of working for nobody."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable


def end_with_parent(close: Callable[[], None] = lambda: None) -> None:
    """End this process when the one that started it has ended, however it did.

    Args:
        close: what is done before.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, close), daemon=True).start()


def _end_with(sentinel: int, close: Callable[[], None]) -> None:
    multiprocessing.connection.wait([sentinel])
    close()
    os._exit(1)
