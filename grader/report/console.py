"""How we write to a terminal or a pipe: no markup in a text, no line wider than the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.report.text import one_line


def make_console(file: IO[str] | None = None) -> Console:
    """A console that reads nothing into a text: no markup, no emoji names, no highlighting."""
    return Console(file=file or sys.stdout, markup=False, emoji=False, highlight=False)


def has_unicode(console: Console) -> bool:
    """Whether bars, ticks and names of any alphabet can be written."""
    return console.encoding.lower().replace("-", "").startswith("utf")


def indented(
    console: Console, sentence: str, style: str = "", left: int = 4, *, hanging: int = 0
) -> None:
    """A sentence wrapped under an indent, its later lines further in by `hanging`."""
    room = max(console.width - left - hanging, 20)
    head, rest = sentence[:hanging], sentence[hanging:]
    lines = Text(writable(console, one_line(rest, 2000)), style).wrap(console, room)
    for number, line in enumerate(lines):
        start = head if number == 0 else " " * hanging
        line.rstrip()
        print_line(console, (" " * left + start, style), (line.plain, style))


def print_line(console: Console, *parts: tuple[str, str]) -> None:
    """One line of (text, style) parts, as wide as they are."""
    assembled = Text.assemble(*((writable(console, text), style) for text, style in parts))
    console.print(assembled, soft_wrap=True)


def writable(console: Console, text: str) -> str:
    """The text in the letters that the terminal's encoding has."""
    if has_unicode(console):
        return text
    return text.encode(console.encoding, "replace").decode(console.encoding)


def flow(items: Sequence[str], width: int) -> list[str]:
    """The items three spaces apart, on as many lines as they need; none is broken."""
    lines: list[str] = []
    for item in items:
        if lines and cell_len(lines[-1]) + 3 + cell_len(item) <= width:
            lines[-1] += f"   {item}"
        else:
            lines.append(item)
    return lines
