"""A few long pieces of work at a time, each in a process with boxes of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from grader.batch.orphans import end_with_parent

A = TypeVar("A")
B = TypeVar("B")


def side_by_side(work: Callable[[A], B], items: Sequence[A], workers: int) -> Iterator[B]:
    """What the work gives for each item, in their order, each as soon as it is there.

    `work` must be a function of a module, or a partial of one: it travels to the processes.
    """
    if min(workers, len(items)) < 2:  # noqa: PLR2004
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
        running = [pool.submit(work, item) for item in items]
        yield from (each.result() for each in running)
