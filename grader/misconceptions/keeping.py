"""Recordings in a file: an npz with a JSON document and the bytes of all its arrays in a row.

Thousands of small arrays as entries of their own would take half a second to read.
"""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.inside.wire import Opaque
from grader.misconceptions.recordings import Recorded, Recording, Recordings
from grader.records import Observation, Raised, Variant

VERSION = 1
Bytes = npt.NDArray[np.uint8]


def save(recordings: Recordings, path: Path) -> None:
    """Write the recordings; the file is there whole or not at all."""
    numbers = bytearray()
    document = {
        "version": VERSION,
        "recordings": [_recording(recording, numbers) for recording in recordings],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("wb") as file:
        text = np.frombuffer(json.dumps(document).encode(), np.uint8)
        np.savez_compressed(file, document=text, numbers=np.frombuffer(numbers, np.uint8))
    partial.replace(path)


def load(path: Path) -> Recordings | None:
    """What was saved; None where there is nothing that can be read, to be recorded again."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            numbers = file["numbers"]
            document = json.loads(file["document"].tobytes())
        if document["version"] != VERSION:
            return None
        return tuple(_read_recording(part, numbers) for part in document["recordings"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _recording(recording: Recording, numbers: bytearray) -> dict[str, Any]:
    tests = {
        name: {
            "passed": test.passed,
            "seen": [
                [seen.label, seen.tolerance, _written(seen.value, numbers)]
                for seen in test.observations
            ],
        }
        for name, test in recording.tests.items()
    }
    return {"variant": asdict(recording.variant), "tests": tests}


def _read_recording(document: dict[str, Any], numbers: Bytes) -> Recording:
    variant = document["variant"]
    tests = {
        name: Recorded(
            test["passed"],
            tuple(
                Observation(label, _read(value, numbers), tolerance)
                for label, tolerance, value in test["seen"]
            ),
        )
        for name, test in document["tests"].items()
    }
    return Recording(Variant(**{**variant, "replaces": tuple(variant["replaces"])}), tests)


def _written(value: Any, numbers: bytearray) -> Any:
    """The value as JSON: text and None as they are, all else as a one-entry object of its kind."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Raised):
        return {"raised": [value.type, value.message]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_written(part, numbers) for part in value]}
    if isinstance(value, Mapping):
        pairs = [[_written(key, numbers), _written(part, numbers)] for key, part in value.items()]
        return {"dict": pairs}
    if isinstance(value, bool | int | float | complex | np.ndarray | np.generic):
        return _written_number(value, numbers)
    return {"object": getattr(value, "type_name", type(value).__name__)}


def _written_number(value: Any, numbers: bytearray) -> dict[str, Any]:
    if type(value) is int:  # of any size, also beyond 64 bits
        return {"int": str(value)}
    array = np.asarray(value)
    place = len(numbers)
    numbers += array.tobytes("C")
    return {"array": [array.dtype.str, array.shape, place]}


def _read(value: Any, numbers: Bytes) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    return READERS[kind](content, numbers)


def _read_all(content: list[Any], numbers: Bytes) -> Iterator[Any]:
    return (_read(part, numbers) for part in content)


def _read_array(numbers: Bytes, dtype: str, shape: list[int], place: int) -> npt.NDArray[Any]:
    size = math.prod(shape) * np.dtype(dtype).itemsize
    return numbers[place : place + size].view(dtype).reshape(shape)


READERS: dict[str, Callable[[Any, Bytes], Any]] = {
    "array": lambda content, numbers: _read_array(numbers, *content),
    "dict": lambda content, numbers: dict(tuple(_read_all(pair, numbers)) for pair in content),
    "int": lambda content, _: int(content),
    "list": lambda content, numbers: list(_read_all(content, numbers)),
    "object": lambda content, _: Opaque(content),
    "raised": lambda content, _: Raised(*content),
    "tuple": lambda content, numbers: tuple(_read_all(content, numbers)),
}
