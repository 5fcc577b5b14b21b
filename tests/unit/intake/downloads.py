"""Downloads as Canvas, Moodle, Gradescope and students pack them, written by the tests."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})


def make_zip(path: Path, members: Mapping[str, str | bytes] | list[str]) -> Path:
    """A zip of members with their content, or of names alone, each a notebook."""
    given = members if isinstance(members, Mapping) else dict.fromkeys(members, NOTEBOOK)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in given.items():
            archive.writestr(name, content)
    return path


def zip_bytes(*names: str) -> bytes:
    """A zip as a file in another one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, NOTEBOOK)
    return buffer.getvalue()


def tar_bytes(*names: str, mode: str = "w:gz") -> bytes:
    """A tar archive of notebooks as a file in another one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(NOTEBOOK)
            archive.addfile(member, io.BytesIO(NOTEBOOK.encode()))
    return buffer.getvalue()


def make_tree(folder: Path, members: Mapping[str, str | bytes] | list[str]) -> Path:
    """The same as a folder."""
    given = members if isinstance(members, Mapping) else dict.fromkeys(members, NOTEBOOK)
    for name, content in given.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
