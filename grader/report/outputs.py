"""What of a notebook's output may be shown: text without escape codes, PNG pictures drawn anew."""

from __future__ import annotations

import base64
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from PIL import Image

from grader.report.text import block, joined, one_line

TEXT_LIMIT = 8_000  # characters of one output
OUTPUT_LIMIT = 24  # outputs of one cell
_MIME = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}", re.ASCII)
_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER = 33  # bytes: the signature and the first chunk
_ENCODED_LIMIT = 8_000_000
_PIXEL_LIMIT = 8_000_000
_SHOWN_SIDE = 1200
_TOO_MANY = "More pictures are not shown: the page would be too large."


@dataclass(frozen=True)
class Shown:
    """One piece of output as the page prints it; a picture's `text` is its base64 PNG."""

    kind: Literal["text", "stderr", "error", "picture", "note"]
    text: str
    width: int = 0
    height: int = 0


@dataclass
class Allowance:
    """How much output one page may still show. Each piece takes its share."""

    characters: int = 120_000
    pictures: int = 12
    picture_bytes: int = 6_000_000


def show_outputs(outputs: Sequence[Mapping[str, Any]], allowance: Allowance) -> tuple[Shown, ...]:
    """The outputs of one cell that a reader's browser may get; the rest is named, not shown."""
    shown: list[Shown] = []
    for whole in _merged(islice(outputs, OUTPUT_LIMIT)):
        piece = _within(whole, allowance)
        if piece not in shown or piece.kind != "note":
            shown.append(piece)
    if len(outputs) > OUTPUT_LIMIT:
        shown.append(Shown("note", f"{len(outputs) - OUTPUT_LIMIT} more outputs are not shown."))
    return tuple(shown)


def _merged(outputs: Iterator[Mapping[str, Any]]) -> Iterator[Shown]:
    """Neighbouring pieces of one stream as one."""
    previous: Shown | None = None
    for piece in (shown for output in outputs if (shown := _show(output))):
        if previous and previous.kind == piece.kind and piece.kind in {"text", "stderr"}:
            previous = Shown(piece.kind, previous.text + piece.text)
            continue
        if previous:
            yield previous
        previous = piece
    if previous:
        yield previous


def _show(output: Mapping[str, Any]) -> Shown | None:
    kind = output.get("output_type")
    if kind == "stream":
        text = joined(output.get("text"))
        return Shown("stderr" if output.get("name") == "stderr" else "text", text)
    if kind == "error":
        name, message = joined(output.get("ename")), joined(output.get("evalue"))
        return Shown("error", f"{one_line(name, 80)}: {one_line(message, 400)}".rstrip(": "))
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, Mapping):
        return _show_display(data)
    return None


def _show_display(data: Mapping[str, Any]) -> Shown | None:
    if "image/png" in data:
        return Shown("picture", joined(data["image/png"], _ENCODED_LIMIT + 1))
    if "text/plain" in data:
        return Shown("text", joined(data["text/plain"]) + "\n")
    mime = str(next(iter(data), ""))
    known = mime if _MIME.fullmatch(mime) else "unknown"
    return Shown("note", f"An output of type {known} is not shown.") if data else None


def _within(piece: Shown, allowance: Allowance) -> Shown:
    if piece.kind == "picture":
        return _picture_within(piece, allowance)
    if piece.kind == "note":
        return piece
    text = block(piece.text, min(TEXT_LIMIT, max(allowance.characters, 0))).rstrip()
    if allowance.characters <= 0:
        return Shown("note", "More text is not shown: the page would be too long.")
    allowance.characters -= len(text)
    return Shown(piece.kind, text)


def _picture_within(piece: Shown, allowance: Allowance) -> Shown:
    """The picture drawn anew; one that is not shown is not even decoded."""
    if allowance.pictures <= 0:
        return Shown("note", _TOO_MANY)
    allowance.pictures -= 1
    drawn = draw_again(piece.text)
    if drawn.kind == "picture":
        allowance.picture_bytes -= len(drawn.text)
    return drawn if allowance.picture_bytes >= 0 else Shown("note", _TOO_MANY)


def draw_again(encoded: str) -> Shown:
    """A PNG decoded under a pixel limit and encoded anew: pixels survive, nothing else does."""
    if len(encoded) > _ENCODED_LIMIT:
        return Shown("note", "A picture is not shown: its file is too large.")
    try:
        raw = base64.b64decode("".join(encoded.split()), validate=True)
        if not _has_fair_size(raw):
            return Shown("note", "A picture is not shown: it has too many pixels or is no PNG.")
        picture = _pixels(raw)
        file = io.BytesIO()
        picture.save(file, "PNG")
    except Exception:  # noqa: BLE001  (a decoder fed by a stranger may raise anything)
        return Shown("note", "A picture is not shown: it could not be read.")
    text = base64.b64encode(file.getvalue()).decode("ascii")
    return Shown("picture", text, picture.width, picture.height)


def _has_fair_size(raw: bytes) -> bool:
    """Looked up in the header, before a decoder sees the file."""
    if raw[:8] != _PNG or raw[12:16] != b"IHDR" or len(raw) < _HEADER:
        return False
    size: tuple[int, int] = struct.unpack(">II", raw[16:24])
    width, height = size
    return 0 < width * height <= _PIXEL_LIMIT


def _pixels(raw: bytes) -> Image.Image:
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as opened:
        opened.load()
        transparent = "transparency" in opened.info or opened.mode in {"LA", "PA", "RGBA"}
        picture = opened.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE))
    picture.info.clear()
    return picture
