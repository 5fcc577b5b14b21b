"""The doctor says what is wrong and what to do, and never fails itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.sandbox.doctor import diagnose, unexpected

INFO = {
    "Driver": "overlay2",
    "CgroupVersion": "2",
    "MemoryLimit": True,
    "PidsLimit": True,
    "MemTotal": 16_000_000_000,
}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A program called `docker` that answers as an engine with these facts and no image."""

    def write(version: str = "28.0.1", containers: str = "", **facts: object) -> None:
        info = json.dumps(INFO | facts)
        program = tmp_path / "docker"
        program.write_text(
            "#!/bin/sh\ncase $1 in\n"
            f"version) echo '{version}';;\ninfo) echo '{info}';;\nps) printf '{containers}';;\n"
            "*) echo 'No such image' >&2; exit 1;;\nesac\n"
        )
        program.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return write


def failed() -> dict[str, str]:
    return {check.name: f"{check.found} {check.remedy}" for check in diagnose() if not check.ok}


def test_without_an_engine_the_doctor_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that needs an engine is looked at, and nothing is raised."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "grader image build" in failed()["engine"]


@pytest.mark.parametrize(
    ("facts", "name", "sentence"),
    [
        ({"version": "19.3.0"}, "engine", "Install Docker 20"),
        ({"Driver": "vfs"}, "storage", "ext4"),
        ({"MemoryLimit": False}, "limits", "without memory"),
        ({"PidsLimit": False, "CgroupVersion": "1"}, "limits", "cgroup v1 without processes"),
        ({"MemTotal": 10**9}, "memory", "2048 MB"),
        ({"containers": "abc\\ndef\\n"}, "containers", "2 containers"),
    ],
    ids=["old engine", "vfs", "no memory limit", "no pids limit", "little memory", "left over"],
)
def test_each_lack_is_named_with_its_remedy(engine, facts, name: str, sentence: str) -> None:
    """One thing is wrong; that check alone fails, beside the box that cannot be tried."""
    engine(**facts)

    problems = failed()

    assert set(problems) - {"seccomp"} == {name}
    assert sentence in problems[name]


def test_a_missing_image_is_no_fault(engine) -> None:
    """It is built when it is needed; only the probe of the box has to wait for it."""
    engine()

    assert set(failed()) == {"seccomp"}


def test_an_open_system_call_is_found() -> None:
    """Everything but the expected refusal counts as open, another refusal too."""
    outcomes = {
        "ptrace": "EPERM",
        "clone3": "ENOSYS",
        "int_0x80": "signal 31",
        "bpf": "EINVAL",
        "x32": "allowed",
    }

    assert unexpected(outcomes) == ["bpf", "x32"]
