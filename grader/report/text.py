"""Text of strangers made harmless to print: no escape codes, nothing invisible or reversing."""

from __future__ import annotations

import re
from typing import Any

# Colours and cursor moves; then titles, links and clipboard writes (OSC, DCS, ...), which run to
# their terminator or the end of the line; then every other two-character escape.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
_BREAKS = re.compile("\r\n|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, marks that reverse the reading direction, zero-width and tag characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_CUT = "\n… (cut here: too long to show) …\n"


def plain(text: str) -> str:
    r"""The text as a reader should see it; line breaks and tabs stay, `\r` overwrites its line."""
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", _ESCAPES.sub("", text))
    if "\r" in text:
        text = "\n".join(_last_writing(line) for line in text.split("\n"))
    text = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))
    return text if text.isascii() else _STACKED.sub(r"\1", text)


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line of at most `limit` characters."""
    words = " ".join(plain(text[: 8 * limit]).split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def block(text: str, limit: int) -> str:
    """Several lines, at most about `limit` characters: the beginning and the end are kept."""
    if len(text) > 8 * limit:
        text = text[: 4 * limit] + _CUT + text[-4 * limit :]
    text = plain(text)
    if len(text) <= limit:
        return text
    return text[: limit // 2] + _CUT + text[-limit // 2 :]


def identity(text: str) -> str:
    """A name that other programs look up: whole and distinct, but always valid Unicode."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def joined(value: Any, limit: int = 10_000_000) -> str:
    """The text of a notebook field, which may be a string or a list of lines; else nothing."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, (list, tuple)):
        return "".join(part for part in value[:100_000] if isinstance(part, str))[:limit]
    return ""


def _last_writing(line: str) -> str:
    written = [part for part in line.split("\r") if part]
    return written[-1] if written else ""
