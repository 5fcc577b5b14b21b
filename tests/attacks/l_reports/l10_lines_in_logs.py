"""L10: it writes lines into a log that look like another's."""

from __future__ import annotations

from pathlib import Path

from grader.exports import workflow
from tests.attacks.case import Case, Host


def no_command(*texts: str) -> Host:
    """In a log of a platform no text is a command."""

    def check(_: Path) -> None:
        for text in texts:
            first, *shown, last = workflow.quiet(text).splitlines()
            assert first == f"::stop-commands::{last.strip(':')}"
            assert last not in shown

    return Host(check)


CASE = Case(
    number="L10",
    tries="Writes lines into a log that look like another's.",
    stopped_by="A text is one line without commands.",
    variants={
        "commands-of-a-platform": no_command(
            "::set-output name=score::100", "x\n::add-mask::x", "x\r::error::x", "  ::debug::x"
        ),
    },
    held_by=(
        "tests/unit/exports/test_github_log.py::test_no_text_is_a_command",
        "tests/unit/exports/test_github_log.py::test_commands_in_a_log_do_nothing",
    ),
)
