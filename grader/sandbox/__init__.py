"""The hardened box that runs a student's notebook, and the image it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from grader.sandbox.box import Box, Isolation, Launcher
from grader.sandbox.recipe import Runtime
from grader.sandbox.session import Session
from grader.settings import Limits

__all__ = ["Box", "Session", "launcher", "open_box", "software"]


Kind = Literal["docker", "local"]
Announce = Callable[[str], None]


def open_box(
    kind: Kind,
    runtime: Runtime,
    *,
    isolation: Isolation = "fork",
    limits: Limits | None = None,
    announce: Announce = lambda _: None,
) -> Box:
    """A warm box that takes one submission after another.

    Args:
        kind: in a container, or as a plain process with less protection.
        runtime: with or without TensorFlow.
        isolation: `container` gives each submission a container of its own.
        limits: of the submissions to come; a box that turns out too small is replaced.
        announce: told whatever takes long, such as building the image.
    """
    return Box(launcher(kind, runtime, announce), isolation, limits=limits)


def software(
    kind: Kind, runtime: Runtime, announce: Announce = lambda _: None
) -> tuple[str, tuple[str, ...]]:
    """What identifies the software in a box, made where it is missing, and what it lacks.

    The second are sentences: against what such a box does not protect.
    """
    starts = launcher(kind, runtime, announce)
    return starts.image_id, starts.missing_protection


def launcher(kind: Kind, runtime: Runtime, announce: Announce) -> Launcher:
    """What starts boxes of this kind, their image built where it is missing."""
    if kind == "local":
        from grader.sandbox.local_box import LocalLauncher  # noqa: PLC0415

        return LocalLauncher(runtime)
    from grader.sandbox.docker_box import DockerLauncher  # noqa: PLC0415
    from grader.sandbox.image import ensure_image  # noqa: PLC0415

    return DockerLauncher(runtime, ensure_image(runtime, announce))
