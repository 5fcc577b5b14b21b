"""The fixtures of hidden tests: `student`, `reference` and `rng`."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course import Assignment
from grader.harness.collected import name_of
from grader.harness.outcome import Watch, current_watch
from grader.harness.proxies import Proxy, Target
from grader.harness.student import Student

WATCH = pytest.StashKey[Watch]()


@dataclass
class Bench:
    """One answer set to be tested, beside the reference. Hangs are counted for each question."""

    assignment: Assignment
    student: Target
    reference: Target
    hangs: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @cached_property
    def seed(self) -> bytes:
        """The assignment's seed, which is a hash over its files, read once."""
        return self.assignment.seed()


class Fixtures:
    """A pytest plugin: what hidden tests ask for, from the bench of the file they stand in."""

    def __init__(self, bench_of: Callable[[Path], Bench]) -> None:
        self._bench_of = bench_of

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The student's functions."""
        bench = self._bench_of(request.path)
        mark = request.node.get_closest_marker("question")
        target = begun(bench.student, bench.seed, name_of(request.node))
        return Student(target, request.node.stash[WATCH], bench.hangs[str(mark.args[0])])

    @pytest.fixture
    def reference(self, request: pytest.FixtureRequest) -> Proxy:
        """The functions of the solution notebook."""
        bench = self._bench_of(request.path)
        return Proxy(begun(bench.reference, bench.seed, name_of(request.node)))

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Random numbers that are the same for the whole class and unknown to it."""
        return generator(self._bench_of(request.path).seed, name_of(request.node))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Give each run of a test a watch of its own."""
        item.stash[WATCH] = Watch()
        token = current_watch.set(item.stash[WATCH])
        try:
            return (yield)
        finally:
            current_watch.reset(token)


def begun(target: Target, seed: bytes, test: str) -> Target:
    """The target's side of one test, for targets that keep objects for it."""
    own = hashlib.sha256(seed + b"box " + test.encode()).digest()
    begin = getattr(target, "begin", None)
    return begin(int.from_bytes(own[:8], "little")) if begin else target


def generator(seed: bytes, test: str) -> np.random.Generator:
    """The generator of a test: the same on every machine, from the course's secret."""
    own = hashlib.sha256(seed + test.encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(own, "big")))
