"""What all commands share: the program itself, common options, errors as sentences."""

from __future__ import annotations

import enum
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from grader import __version__
from grader.errors import GraderError, MachineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course import Assignment

NEEDS_A_PERSON, BAD_FILE, COURSE, MACHINE, INTERRUPTED = 1, 2, 3, 4, 130

app = typer.Typer(
    name="grader",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    help="Grade Keras and NumPy notebooks in a sandbox, and explain the mistakes.\n\n"
    "Exit codes: 0 fine, 1 some submissions need a person, 2 usage or a bad file, "
    "3 a mistake in the course, 4 the machine lacks something, 130 interrupted.",
)


class Sandbox(enum.StrEnum):
    """Where student code runs."""

    DOCKER = "docker"
    LOCAL = "local"


CourseOption = Annotated[
    Path, typer.Option("--course", metavar="DIR", help="The course: a folder with solutions/.")
]
SandboxOption = Annotated[
    Sandbox,
    typer.Option(help="docker isolates; local protects less and says what is missing."),
]


def announce(sentence: str) -> None:
    typer.echo(sentence, err=True)


def load(name: str, course: Path) -> Assignment:
    from grader.course import find_course, load_assignment

    return load_assignment(name, find_course(course))


def names_or_all(names: list[str] | None, course: Path) -> tuple[str, ...]:
    from grader.course import assignment_names, find_course

    return tuple(names or assignment_names(find_course(course)))


def can_write(folder: Path | None) -> None:
    """Find out before an hour of grading, not after it, that results cannot be kept."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{folder} cannot be written: no permission. Name another folder.")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"keras-grader {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: ARG001  (the callback prints it)
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    if debug:
        os.environ["GRADER_DEBUG"] = "1"


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn every error into one sentence and its exit code, unless `--debug`."""
    try:
        yield
    except GraderError as error:
        _end(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _end("Interrupted; no container is left.", INTERRUPTED)
    except TyperException as error:
        _end(_usage(error), UsageError.exit_code)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _end(f"{place}{error.strerror or error}.", MachineError.exit_code)
    except Exception as error:  # noqa: BLE001  (the last border before the user)
        _end(
            f"The grader itself failed ({type(error).__name__}: {error}). "
            "Please report it with the output of the same command after: grader --debug.",
            MachineError.exit_code,
        )


def _usage(error: TyperException) -> str:
    message = str(getattr(error, "format_message", error.__str__)())
    # A group called without a command answers with its help text.
    return message if message.startswith("Usage:") else f"{message} See: grader --help"


def _end(sentence: str, code: int) -> NoReturn:
    if os.environ.get("GRADER_DEBUG"):
        raise  # noqa: PLE0704  (called from an except clause only)
    typer.echo(f"grader: {sentence}", err=True)
    sys.exit(code)


def main() -> None:
    """The console script."""
    with _sentences():
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
