"""Engines that drop what they are asked for, as rootless ones and other runtimes do."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

# Not every engine refuses what it cannot give: some print a warning and start the container.
DROPPING = """\
#!{python} -I
import os, sys
given, kept = sys.argv[1:], []
while given:
    word = given.pop(0)
    whole = " ".join([word, *given[:1]])
    dropped = [each for each in {dropped!r} if whole.startswith(each) or word == each]
    if not dropped:
        kept.append(word)
    elif " " in dropped[0]:
        given.pop(0)
at = kept.index("run") + 1 if "run" in kept else 0
os.execv({docker!r}, ["docker", *kept[:at], *({added!r} if at else []), *kept[at:]])
"""


def drop(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    dropped: tuple[str, ...],
    added: tuple[str, ...] = (),
) -> None:
    """Put a `docker` before the real one that leaves these options out, and adds others."""
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("there is no Docker engine")
    program = folder / "docker"
    program.write_text(
        DROPPING.format(python=sys.executable, docker=docker, dropped=dropped, added=added)
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
