"""K13: it puts a link, a pipe, a socket, a device or a folder in a file's place."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.attacks.case import Case
from tests.attacks.k_files.making import made


def listening(path: Path) -> None:
    """A socket where a file should be."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


CASE = Case(
    number="K13",
    tries="Puts a link, a pipe, a socket, a device or a folder in a file's place.",
    stopped_by="What it is, is looked at before and after opening, without following links.",
    variants={
        "a-link-to-a-secret": made(lambda path: path.symlink_to("/etc/passwd"), "symbolic link"),
        "a-link-to-itself": made(lambda path: path.symlink_to(path), "symbolic link"),
        "a-pipe": made(os.mkfifo, "named pipe"),
        "a-socket": made(listening, "socket"),
        "a-folder": made(lambda path: path.mkdir(), "folder"),
        "a-link-to-a-device": made(lambda path: path.symlink_to("/dev/zero"), "symbolic link"),
    },
    held_by=("tests/unit/intake/test_discover.py::test_a_device_is_not_read",),
)
