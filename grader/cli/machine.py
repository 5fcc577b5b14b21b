"""This machine: the image, the data, and what is missing."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Annotated

import typer

from grader.cli.app import MACHINE, Sandbox, announce, app

image_app = typer.Typer(no_args_is_help=True, help="The image that submissions run in.")
app.add_typer(image_app, name="image")


class Runtime(enum.StrEnum):
    """What is imported in the box."""

    NUMPY = "numpy"
    KERAS = "keras"


@image_app.command("build", epilog="Example: grader image build --runtime numpy")
def image_build(
    runtime: Annotated[Runtime, typer.Option(help="Which of the two images.")] = Runtime.NUMPY,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build it even where it is there.")
    ] = False,
) -> None:
    """Build the image, and the Docker engine and base image where they are missing."""
    from grader.sandbox.image import ensure_image

    typer.echo(ensure_image(runtime.value, announce, fresh=fresh))


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
        typer.echo(f"{entry.name:<14} {fetch(entry, announce)}")


@app.command(epilog="Examples: grader doctor   |   grader doctor --selftest")
def doctor(
    selftest: Annotated[
        bool,
        typer.Option("--selftest", help="Attack the sandbox here, and say which boundaries hold."),
    ] = False,
    boundaries: Annotated[
        list[str] | None,
        typer.Option("--boundary", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    sandbox: Annotated[
        Sandbox, typer.Option(help="Which sandbox to attack; local promises less.")
    ] = Sandbox.DOCKER,
) -> None:
    """Say what this machine lacks for grading, and the remedy."""
    well = _attacked(sandbox, boundaries or ()) if selftest else _diagnosed()
    if not well:
        raise typer.Exit(MACHINE)


def _diagnosed() -> bool:
    from grader.report import terminal
    from grader.sandbox.doctor import diagnose

    checks = diagnose()
    terminal.show_checks(checks)
    return all(check.ok for check in checks)


def _attacked(sandbox: Sandbox, boundaries: Sequence[str]) -> bool:
    from grader.report import terminal
    from grader.sandbox import launcher
    from grader.selftest import selftest

    starts = launcher(sandbox.value, "numpy", announce)
    for sentence in starts.missing_protection:
        announce(sentence)
    local = sandbox is Sandbox.LOCAL
    return not terminal.show_tried(selftest(starts, local=local, only=boundaries))
