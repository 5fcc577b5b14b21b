"""Debian packages that grading needs, installed where this process may do so."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable

from grader.errors import MachineError

Announce = Callable[[str], None]

ELSEWHERE = "Or grade with --sandbox local, which protects less."


def can_install() -> bool:
    """Whether this process may install Debian packages here."""
    return (
        platform.system() == "Linux"
        and os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and "debian" in _system_kind()
    )


def _system_kind() -> str:
    """ID and ID_LIKE of this system, such as "ubuntu debian"."""
    facts = platform.freedesktop_os_release()
    return f"{facts.get('ID', '')} {facts.get('ID_LIKE', '')}".lower()


def install_packages(packages: list[str], announce: Announce, why: str) -> None:
    """Install Debian packages without asking, the package lists renewed beforehand."""
    announce(f"Installing {' and '.join(packages)} {why} (about 30 s) ...")
    _apt_get("update")
    _apt_get("install", "--no-install-recommends", *packages)
    # From Debian 13 on, docker.io brings the engine alone.
    if "docker.io" in packages and not shutil.which("docker"):
        _apt_get("install", "--no-install-recommends", "docker-cli")


def _apt_get(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": system_path()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    # A list that could not be renewed matters only if the package then cannot be had.
    if done.returncode and arguments[0] != "update":
        raise MachineError(
            f"`apt-get install {arguments[-1]}` failed ({last_line(done.stderr)}). "
            f"Install it by hand and run the same again. {ELSEWHERE}"
        )


def system_path() -> str:
    """The PATH with the folders of daemons, which not every user has on it."""
    return f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"


def last_line(text: str) -> str:
    """Where programs say what stopped them."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing."
