"""The grader that is running, packed as a wheel, for a machine that has no other way to get it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from grader.errors import MachineError

DISTRIBUTION = "keras-grader"
PACKAGE = Path(__file__).parent.parent
MODE = 0o644
# The oldest time that a zip file knows, so that the same files make the same archive.
TIME = (1980, 1, 1, 0, 0, 0)


def wheel() -> tuple[str, bytes]:
    """Its file name and its content."""
    described = _described()
    name = f"{DISTRIBUTION.replace('-', '_')}-{described.version}"
    folder = f"{name}.dist-info"
    files = dict(_package_files())
    files[f"{folder}/METADATA"] = _text(described, "METADATA")
    files[f"{folder}/entry_points.txt"] = _text(described, "entry_points.txt")
    files[f"{folder}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: keras-grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD")
    return f"{name}-py3-none-any.whl", packed(files)


def requirements(*names: str) -> tuple[str, ...]:
    """What the grader asks of these packages, as it says itself ("keras>=3.11")."""
    found = [line.partition(";")[0].strip() for line in _described().requires or []]
    return tuple(dict.fromkeys(line for line in found if re.split(r"[\[<>=!~ ]", line)[0] in names))


def packed(files: dict[str, bytes], executable: frozenset[str] = frozenset()) -> bytes:
    """A zip file of these files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in executable else 0o100000 | MODE) << 16
            archive.writestr(entry, content)
    return sink.getvalue()


def _described() -> metadata.Distribution:
    try:
        return metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise MachineError(
            f"{DISTRIBUTION} is not installed here, so it cannot be packed: pip install it first "
            "(pip install --editable . in its repository)."
        ) from error


def _text(described: metadata.Distribution, name: str) -> bytes:
    return (described.read_text(name) or "").encode()


def _package_files() -> Iterator[tuple[str, bytes]]:
    for path in sorted(PACKAGE.rglob("*")):
        inner = path.relative_to(PACKAGE.parent)
        if path.is_file() and "__pycache__" not in inner.parts:
            yield inner.as_posix(), path.read_bytes()


def _record(files: dict[str, bytes], own: str) -> bytes:
    lines = [f"{name},sha256={_hash(content)},{len(content)}" for name, content in files.items()]
    return "\n".join([*lines, f"{own},,", ""]).encode()


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
