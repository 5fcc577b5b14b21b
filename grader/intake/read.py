"""A submitted file, read under limits: bytes that may be hostile become plain JSON data.

Nothing is parsed before its size, its nesting and its number of values are known, and the parser
never meets what could make it recurse. Whatever the file holds, what comes out is a `Submission`
or a `SubmissionError` with one sentence for the student.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError
from grader.intake.discover import display_name
from grader.intake.repair import repair
from grader.records import Submission

MAX_MB = 20.0
MAX_DEPTH = 64
MAX_VALUES = 2_000_000  # brackets and commas: 50 MB of `[]` would become 2 GB of lists

_AGAIN = "save the notebook in Jupyter (File > Save) and submit the .ipynb file again."
_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89HDF", "an HDF5 file"),
    (b"{\\rtf", "a text document"),
    (b"version https://git-lfs", "a Git LFS pointer"),
    (b"<<<<<<< ", "a file with an unresolved merge conflict"),
    (b"<", "a web page (HTML)"),
)
# A string, closed or cut off at the end of the file, else one structural character. Possessive,
# so that no input makes it go back.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))|,(?=\s*+[\]}])', re.DOTALL)


@dataclass
class _Keys:
    """The keys that stood twice in an object: the last one counts, as it does in Jupyter."""

    twice: set[str] = field(default_factory=set)

    def collect(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.twice |= {name for name, count in counts.items() if count > 1}
        return found


def read_submission(
    path: Path, student: str | None = None, *, max_mb: float = MAX_MB
) -> Submission:
    """Read, validate and repair one file; `SubmissionError` says what a student can do about it."""
    name = display_name(path.name)
    content = _read_bytes(path, name, int(max_mb * 1e6))
    notes: list[str] = []
    data = _parse(_text(content, name), name, notes)
    notebook, more, flags = repair(data, name)
    return Submission(
        student=student or display_name(path.stem),
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        notebook=notebook,
        repairs=(*notes, *more),
        flags=flags,
    )


def _read_bytes(path: Path, name: str, limit: int) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        _check_kind(path.lstat(), name)  # before opening: to open a device can have effects
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            _check_kind(os.fstat(descriptor), name)
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"{name} cannot be read: {reason}.") from error
    if len(content) > limit:
        raise SubmissionError(
            f"{name} is larger than {limit / 1e6:g} MB: clear the outputs (Kernel > Restart and "
            "Clear All Outputs), save and submit it again."
        )
    return content


def _check_kind(status: os.stat_result, name: str) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    kinds = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    kind = kinds.get(stat.S_IFMT(status.st_mode), "a device")
    raise SubmissionError(f"{name} is {kind}, not a file: submit the notebook file itself.")


def _text(content: bytes, name: str) -> str:
    _check_format(content, name)
    _check_structure(content, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"{name} is not UTF-8 text (byte {error.start + 1} looks like Latin-1): open it "
            " in Jupyter, save and submit it again."
        ) from error


def _check_format(content: bytes, name: str) -> None:
    bare = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare and not content.strip():
        raise SubmissionError(f"{name} is empty ({len(content)} bytes): {_AGAIN}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:64]:
        raise SubmissionError(
            f"{name} is stored as UTF-16 or holds binary data, not UTF-8 text: open it in Jupyter, "
            "save and submit it again."
        )
    for start, what in _FORMATS:
        if bare.startswith(start):
            raise SubmissionError(f"{name} is {what}, not a notebook: {_AGAIN}")


def _check_structure(content: bytes, name: str) -> None:
    """Count what a parser would have to build, without building it."""
    depth = count = 0
    for token in _TOKEN.finditer(content):
        first = content[token.start()]
        depth += (first in b"[{") - (first in b"]}")
        count += first != ord('"')
        if depth > MAX_DEPTH:
            raise SubmissionError(
                f"{name} is nested deeper than {MAX_DEPTH} levels; no notebook is: {_AGAIN}"
            )
        if count > MAX_VALUES:
            raise SubmissionError(
                f"{name} holds more than {MAX_VALUES} values: clear the outputs, save and submit "
                "it again."
            )


def _parse(text: str, name: str, notes: list[str]) -> object:
    keys = _Keys()
    try:
        data = _loads(text, keys)
    except ValueError as error:
        mended = _TRAILING_COMMA.sub(lambda found: found[1] or "", text)
        keys = _Keys()
        try:
            data = _loads(mended, keys)
        except ValueError:
            raise SubmissionError(_json_fault(error, text, name)) from error
        notes.append(
            "The file had commas before closing brackets, as no JSON has; they were removed."
        )
    if keys.twice:
        names = ", ".join(display_name(key[:100], 40) for key in sorted(keys.twice)[:3])
        notes.append(f"The file names a field twice ({names}); as in Jupyter, the last one counts.")
    return data


def _loads(text: str, keys: _Keys) -> object:
    try:
        return json.loads(text, object_pairs_hook=keys.collect, parse_constant=lambda _: None)
    except RecursionError as error:  # the depth was checked before: belt and braces
        raise ValueError("nested too deeply") from error


def _json_fault(error: ValueError, text: str, name: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return f"{name} is not valid JSON ({error}): {_AGAIN}"
    if error.pos == 0 and not text.startswith(("{", "[")):
        return f"{name} is not JSON, and so not a notebook: {_AGAIN}"
    unfinished = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
    if unfinished:
        return f"{name} is cut off: it ends in line {text.count(chr(10)) + 1}, unfinished: {_AGAIN}"
    return f"{name} is not valid JSON (line {error.lineno}: {error.msg.lower()}): {_AGAIN}"
