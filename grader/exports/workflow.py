"""GitHub's log and files: no line of a student's is ever read as a command of the workflow."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

from grader.report.text import plain


def quiet(text: str, token: str = "") -> str:
    """The text for the log, with GitHub's commands switched off around it.

    The word that switches them on again is drawn anew each time, so that nobody can know it.
    """
    token = token or secrets.token_hex(16)
    return f"::stop-commands::{token}\n{plain(text).rstrip()}\n::{token}::\n"


def harmless(text: str) -> str:
    """The text for the log of a platform whose marks are escape codes: there are none in it."""
    return f"{plain(text).rstrip()}\n"


def outputs(values: Mapping[str, str]) -> str:
    """Lines for `$GITHUB_OUTPUT`; values are of our making and hold no line break."""
    return "".join(_output(values))


def _output(values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f"{name}={' '.join(value.split())}\n"
