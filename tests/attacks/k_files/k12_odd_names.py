"""K12: it gives a file a name that is an option, a device, a command or a path."""

from __future__ import annotations

from pathlib import Path

from grader.intake import display_name
from tests.attacks.case import Case, Host


def named(name: str) -> Host:
    """A file of this name, as it is shown."""

    def look(_: Path) -> None:
        shown = display_name(name)
        assert shown.isprintable()
        assert len(shown) <= 200

    return Host(look)


CASE = Case(
    number="K12",
    tries="Gives a file a name that is an option, a device, a command or a path.",
    stopped_by="Names are shown harmless, and files are written under names of our own.",
    variants={
        "a-parent": named(".."),
        "an-option": named("-rf"),
        "a-command": named("$(touch zq7planted)"),
        "a-device-of-windows": named("CON"),
        "a-line-end": named("a\nb\r\x00c"),
        "three-hundred-characters": named("x" * 300),
        "right-to-left": named("\u202excod.exe"),
        "escapes": named("\x1b]0;owned\x07\x1b[2J"),
        "markup": named("<img src=x onerror=alert(1)>"),
        "a-path-of-windows": named("..\\..\\boot.ini"),
        "half-a-character": named("\udcff\ud800"),
    },
    held_by=(
        "tests/unit/report/test_feedback.py::test_a_file_name_is_ours",
        "tests/unit/intake/test_discover.py::test_names_can_be_shown_anywhere",
    ),
)
