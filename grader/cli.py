"""The commands. Each is thin: it calls one room, and errors become a sentence and an exit code.

Exit codes: 0 fine, 1 some submissions need a person, 2 usage or a bad file, 3 the course,
4 the machine, 130 interrupted.
"""

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
    from grader.records import SubmissionResult

NEEDS_A_PERSON, BAD_FILE, MACHINE, INTERRUPTED = 1, 2, 4, 130

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
image_app = typer.Typer(no_args_is_help=True, help="The image that submissions run in.")
app.add_typer(image_app, name="image")


class Sandbox(enum.StrEnum):
    """Where student code runs."""

    DOCKER = "docker"
    LOCAL = "local"


class Isolation(enum.StrEnum):
    """What a submission shares with the one before it."""

    FORK = "fork"
    CONTAINER = "container"


class Runtime(enum.StrEnum):
    """What is imported in the box."""

    NUMPY = "numpy"
    KERAS = "keras"


# Each verifies in two boxes of up to 2 GB.
MOST_WORKERS = 4

CourseOption = Annotated[
    Path, typer.Option("--course", metavar="DIR", help="The course: a folder with solutions/.")
]
SandboxOption = Annotated[
    Sandbox,
    typer.Option(help="docker isolates; local protects less and says what is missing."),
]


def _announce(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _load(name: str, course: Path) -> Assignment:
    from grader.course import find_course, load_assignment

    return load_assignment(name, find_course(course))


def _names(names: list[str] | None, course: Path) -> tuple[str, ...]:
    from grader.course import assignment_names, find_course

    return tuple(names or assignment_names(find_course(course)))


@app.command(
    epilog="Examples: grader grade submissions/ --assignment layers --feedback out/   |   "
    "grader grade ada.ipynb --assignment layers --json result.json"
)
def grade(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Notebooks, or folders of them.")
    ],
    assignment: Annotated[str, typer.Option("--assignment", "-a", help="Its name.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the results as JSON.")
    ] = None,
    feedback: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a feedback page per student.")
    ] = None,
    sandbox: SandboxOption = Sandbox.DOCKER,
    isolation: Annotated[
        Isolation, typer.Option(help="fork: one warm container; container: a fresh one each.")
    ] = Isolation.FORK,
    course: CourseOption = Path(),
) -> None:
    """Grade notebooks: one file, a folder of them, or a folder per student."""
    from grader.intake import find_submissions
    from grader.pipeline import grade as grade_one
    from grader.pipeline import open_grading
    from grader.report import terminal

    task = _load(assignment, course)
    submissions = find_submissions(paths, task.name)
    for folder in (feedback, json_file.parent if json_file else None):
        _can_write(folder)
    interrupted = False
    with open_grading(task, sandbox.value, isolation.value, _announce) as grading:
        for sentence in grading.box.missing_protection:
            _announce(sentence)
        results: list[SubmissionResult] = []
        try:
            for student, path in terminal.progress(submissions, "Grading"):
                results.append(grade_one(path, student, grading))
        except KeyboardInterrupt:
            interrupted = True
        image = grading.box.image_id
    _show(task, image, results, json_file, feedback)
    if interrupted:
        left = len(submissions) - len(results)
        _announce(f"Interrupted: {left} of {len(submissions)} submissions were not graded.")
    raise typer.Exit(INTERRUPTED if interrupted else exit_code(results))


def exit_code(results: list[SubmissionResult]) -> int:
    """0 all graded, 1 some need a person, 2 no file could be read, 4 this machine failed some."""
    from grader.records import Status

    if any(result.status is Status.GRADER_ERROR for result in results):
        return MACHINE
    if all("unreadable" in result.flags for result in results):
        return BAD_FILE
    return NEEDS_A_PERSON if any(r.status is not Status.GRADED for r in results) else 0


def _can_write(folder: Path | None) -> None:
    """Find out before an hour of grading, not after it, that results cannot be kept."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{folder} cannot be written: no permission. Name another folder.")


def _show(
    task: Assignment,
    image: str,
    results: list[SubmissionResult],
    json_file: Path | None,
    feedback: Path | None,
) -> None:
    from grader.report import document, terminal
    from grader.report.feedback import write_feedback

    if json_file:
        document.write_json(json_file, document.document(task.name, image, results))
    terminal.show(task, results)
    if feedback:
        index = write_feedback(feedback, task, results)
        typer.echo(f"Feedback pages: {index}")


@app.command(epilog="Example: grader verify layers --json verify.json")
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers as JSON.")
    ] = None,
    repetitions: Annotated[int, typer.Option(min=1, help="Runs that must be identical.")] = 20,
    questions: Annotated[
        list[str] | None,
        typer.Option("--question", metavar="NAME", help="Only this question; may be repeated."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Assignments at a time; by default one per core.")
    ] = None,
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Test the tests: reference, stub, known mistakes, alternatives, repetitions."""
    from grader.report import terminal
    from grader.report.document import write_json
    from grader.verify import verify_all

    reports = []
    for report in verify_all(
        [_load(name, course) for name in _names(names, course)],
        sandbox.value,
        workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
        repetitions=repetitions,
        questions=questions,
        announce=_announce,
    ):
        terminal.show_verification(report)
        reports.append(report)
    if json_file:
        _can_write(json_file.parent)
        write_json(json_file, {"assignments": [report.as_json() for report in reports]})
    if not all(report.ok for report in reports):
        raise typer.Exit(3)


@app.command(epilog="Example: grader release layers --check")
def release(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where assignments/ is stale.")
    ] = False,
    sandbox: SandboxOption = Sandbox.DOCKER,
    course: CourseOption = Path(),
) -> None:
    """Write assignments/NAME from solutions/NAME: the stubs and the public check cases."""
    from grader.authoring.publish import check_published, publish

    stale: list[str] = []
    for name in _names(names, course):
        task = _load(name, course)
        if check:
            stale += check_published(task, sandbox.value, _announce)
        else:
            for path in publish(task, sandbox.value, _announce):
                typer.echo(f"Wrote {path}")
    for sentence in stale:
        typer.echo(sentence, err=True)
    if stale:
        raise typer.Exit(3)
    if check:
        typer.echo("assignments/ is what solutions/ makes.")


@app.command(epilog="Example: grader syllabus > docs/course.md")
def syllabus(course: CourseOption = Path()) -> None:
    """Print the course on one page: its assignments, their goals, what each question covers."""
    from grader.authoring.syllabus import syllabus as page
    from grader.course import find_course

    typer.echo(page(find_course(course)), nl=False)


@app.command(epilog="Example: grader new pooling && grader verify pooling")
def new(name: str, course: CourseOption = Path()) -> None:
    """Start an assignment: a small one that verifies as it stands, for you to change."""
    from grader.authoring.new import new_assignment
    from grader.course import find_course

    folder = new_assignment(name, find_course(course))
    typer.echo(f"Wrote {folder}. Next: grader release {name} && grader verify {name}")


@image_app.command("build", epilog="Example: grader image build --runtime numpy")
def image_build(
    runtime: Annotated[Runtime, typer.Option(help="Which of the two images.")] = Runtime.NUMPY,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build it even where it is there.")
    ] = False,
) -> None:
    """Build the image, and the Docker engine and base image where they are missing."""
    from grader.sandbox.image import ensure_image

    typer.echo(ensure_image(runtime.value, _announce, fresh=fresh))


@image_app.command("show", epilog="Example: grader image show --runtime keras")
def image_show(
    runtime: Annotated[Runtime, typer.Option(help="Which of the two images.")] = Runtime.NUMPY,
) -> None:
    """Print the image's digest and the versions in it."""
    from grader.sandbox.image import image_facts

    for fact, value in image_facts(runtime.value).items():
        typer.echo(f"{fact:<16} {value}")


@app.command(epilog="Example: grader data")
def data() -> None:
    """Fetch the pretrained weights that notebooks use, once, into your cache."""
    from grader.data.catalogue import CATALOGUE
    from grader.data.fetch import fetch

    for entry in CATALOGUE.values():
        typer.echo(f"{entry.name:<14} {fetch(entry, _announce)}")


@app.command(epilog="Example: grader doctor")
def doctor() -> None:
    """Say what this machine lacks for grading, and the remedy."""
    from grader.report import terminal
    from grader.sandbox.doctor import diagnose

    checks = diagnose()
    terminal.show_checks(checks)
    if any(not check.ok for check in checks):
        raise typer.Exit(MACHINE)


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


if __name__ == "__main__":
    main()
