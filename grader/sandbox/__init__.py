"""The hardened box that runs a student's notebook, and the image it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from grader.sandbox.box import Box, Isolation
from grader.sandbox.session import Session

__all__ = ["Box", "Session", "open_box", "software"]


def open_box(
    kind: Literal["docker", "local"],
    runtime: Literal["numpy", "keras"],
    *,
    isolation: Isolation = "fork",
    announce: Callable[[str], None] = lambda _: None,
) -> Box:
    """A warm box that takes one submission after another.

    Args:
        kind: in a container, or as a plain process with less protection.
        runtime: with or without TensorFlow.
        isolation: `container` gives each submission a container of its own.
        announce: told whatever takes long, such as building the image.
    """
    if kind == "local":
        from grader.sandbox.local_box import LocalLauncher  # noqa: PLC0415

        return Box(LocalLauncher(runtime), isolation)
    from grader.sandbox.docker_box import DockerLauncher  # noqa: PLC0415
    from grader.sandbox.image import ensure_image  # noqa: PLC0415

    return Box(DockerLauncher(runtime, ensure_image(runtime, announce)), isolation)


def software(
    kind: Literal["docker", "local"],
    runtime: Literal["numpy", "keras"],
    announce: Callable[[str], None] = lambda _: None,
) -> tuple[str, tuple[str, ...]]:
    """What identifies the software in a box, made where it is missing, and what it lacks.

    The second are sentences: against what such a box does not protect.
    """
    if kind == "local":
        from grader.sandbox.local_box import LocalLauncher  # noqa: PLC0415

        launcher = LocalLauncher(runtime)
        return launcher.image_id, launcher.missing_protection
    from grader.sandbox.image import ensure_image  # noqa: PLC0415

    return ensure_image(runtime, announce), ()
