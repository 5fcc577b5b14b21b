"""The operator's own attack on the sandbox tells a boundary that holds from one that does not."""

from __future__ import annotations

import re

import pytest

from grader.sandbox import launcher
from grader.selftest import selftest
from tests.box.engines import drop

# Each is broken below, but for the descriptors.
TRIED = ("network", "system calls", "descriptors", "disk", "memory of all")


@pytest.mark.docker
def test_each_broken_boundary_is_named(grader, tmp_path, monkeypatch):
    """On an engine that drops walls, what they held back gets through: exit code 4."""
    drop(
        tmp_path,
        monkeypatch,
        ("--security-opt seccomp", "--network none", "--tmpfs /tmp", "--memory ", "--memory-swap "),
        ("--security-opt", "seccomp=unconfined", "--network", "host", "--tmpfs", "/tmp:mode=1777"),
    )

    done = grader("doctor", "--selftest", *(f"--boundary={name}" for name in TRIED))

    assert done.returncode == 4, done.stderr
    held = dict(re.findall(r"^(?:✓|✗) (.{16}) .*(yes|NO) +[\d.]+$", done.stdout, re.MULTILINE))
    assert {name.strip(): word for name, word in held.items()} == {
        "container": "NO",
        "network": "NO",
        "system calls": "NO",
        "descriptors": "yes",
        "disk": "NO",
        "memory of all": "NO",
        "canary": "yes",
    }
    told = " ".join(done.stdout.split())
    assert "without the limit of memory" in told
    assert "ptrace" in told
    assert "5 of 7 do not hold: container, network, system calls, disk, memory of all." in told


def test_the_local_sandbox_is_tried_for_what_it_promises():
    """Nothing fails, and what is not promised is told apart from what holds."""
    names = ("network", "replies", "memory", "descriptors")

    rows = selftest(launcher("local", "numpy", print), local=True, only=names)

    assert {row.boundary: row.held for row in rows} == {
        "container": True,
        "network": None,
        "replies": True,
        "memory": True,
        "descriptors": True,
        "canary": True,
    }


def test_an_unknown_boundary_is_answered_with_the_known_ones(grader):
    """A name that is mistyped is a usage error, not a test that passes."""
    done = grader("doctor", "--selftest", "--sandbox", "local", "--boundary", "netwrok")

    assert done.returncode == 2
    assert "netwrok" in done.stderr
    assert "network" in done.stderr


@pytest.mark.docker
def test_without_a_box_nothing_is_said_of_its_boundaries(grader, tmp_path, monkeypatch):
    """A container that does not start is one sentence: no boundary was tried, so none is open."""
    drop(tmp_path, monkeypatch, ("--tmpfs /tmp",))

    done = grader("doctor", "--selftest")

    assert done.returncode == 4
    assert done.stderr.startswith("grader: ")
    assert "do not hold" not in done.stdout
