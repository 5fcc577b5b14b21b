"""This machine: the image, the data, and what is missing."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from grader.cli.app import MACHINE, announce, app

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


@app.command(epilog="Example: grader doctor")
def doctor() -> None:
    """Say what this machine lacks for grading, and the remedy."""
    from grader.report import terminal
    from grader.sandbox.doctor import diagnose

    checks = diagnose()
    terminal.show_checks(checks)
    if any(not check.ok for check in checks):
        raise typer.Exit(MACHINE)
