"""Halts a grader's process at a named point of its own code, until a fault has been done to it.

Python imports this module at its start, in the command and in each of its workers, when this folder
is on PYTHONPATH. `FAULT_AT=module:qualified.name:before:2` halts the second call of that function
before it begins (or `after` it), once in a run whatever process comes there first: it leaves its
process id in `$FAULT_FOLDER/reached` and goes on when `$FAULT_FOLDER/go` is there. Nothing else is
changed: what is then done to the process, its files or its servers is done from outside.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import os
import select
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any


def _halt(folder: Path) -> None:
    try:
        (folder / "claimed").touch(exist_ok=False)
    except FileExistsError:  # another call was first
        return
    (folder / "reached.part").write_text(str(os.getpid()), encoding="ascii")
    (folder / "reached.part").rename(folder / "reached")
    while not (folder / "go").exists():
        select.select([], [], [], 0.005)  # a sleep until a moment fails where the clock is faked


def _halting(function: Callable[..., Any], when: str, turn: int, folder: Path) -> Any:
    calls = itertools.count(1)

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        mine = next(calls) == turn
        if mine and when == "before":
            _halt(folder)
        result = function(*args, **kwargs)
        if mine and when == "after":
            _halt(folder)
        return result

    return wrapper


class _Loader(importlib.abc.Loader):
    """Loads the module as it is, then puts the halt around one function of it."""

    def __init__(self, loader: Any, place: Callable[[ModuleType], None]) -> None:
        self._loader, self._place = loader, place

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._place(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, place: Callable[[ModuleType], None]) -> None:
        self._module, self._place = module, place

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._place)
        return spec


def _install(where: str, folder: Path) -> None:
    module_name, name, when, turn = where.split(":")

    def place(module: ModuleType) -> None:
        *owners, last = name.split(".")
        owner = functools.reduce(getattr, owners, module)
        setattr(owner, last, _halting(getattr(owner, last), when, int(turn), folder))

    if module_name in sys.modules:
        place(sys.modules[module_name])
    else:
        sys.meta_path.insert(0, _Finder(module_name, place))


if "FAULT_AT" in os.environ:
    _install(os.environ["FAULT_AT"], Path(os.environ["FAULT_FOLDER"]))
