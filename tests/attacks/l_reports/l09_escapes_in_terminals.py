"""L09: it writes escapes that colour, erase, retitle or fill the clipboard."""

from __future__ import annotations

from pathlib import Path

from grader.report.text import one_line, plain
from tests.attacks.case import Case, Host


def harmless(*texts: str) -> Host:
    """In a terminal no escape, no line end, no character that nobody sees is left."""

    def check(_: Path) -> None:
        for text in texts:
            for shown in (plain(text), one_line(text)):
                assert all(char.isprintable() or char in "\n\t" for char in shown)

    return Host(check)


CASE = Case(
    number="L09",
    tries="Writes escapes that colour, erase, retitle or fill the clipboard.",
    stopped_by="Escapes and characters nobody sees are removed before anything is printed.",
    variants={
        "escapes": harmless(
            "\x1b[31mred",
            "\x1b]8;;http://example.com\x07link\x1b]8;;\x07",
            "\x1b]52;c;eA==\x07",
            "\x1b]0;title\x07",
            "100\rfake",
            "a\b\b\bb",
            "\x9b31m",
            "\u202eabc",
            "\u200b\u2066",
            "\x1bP1$r\x1b\\",
            "\x00\x07\x7f",
        ),
    },
    held_by=(
        "tests/unit/report/test_text.py::test_escapes_and_unseen_characters_are_gone",
        "tests/unit/report/test_terminal.py::test_a_hostile_name_prints_as_one_harmless_line",
    ),
)
