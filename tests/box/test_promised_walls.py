"""What was asked of the engine is looked at in each container before a submission runs in it."""

from __future__ import annotations

import pytest

from grader.errors import UnsafeError
from tests.box.conftest import QUICK, opened, program
from tests.box.engines import drop

pytestmark = pytest.mark.docker

# All at once, since a container takes seconds; that each is named alone is a unit test's.
DROPPED = ("--security-opt seccomp", "--security-opt no-new-privileges", "--cap-drop ALL")
DROPPED += ("--read-only", "--network none", "--memory ")
DROPPED += ("--memory-swap ", "--pids-limit ", "--tmpfs /dev/shm")
ADDED = ("--security-opt", "seccomp=unconfined", "--network", "host")


def test_without_its_walls_no_submission_runs(tmp_path, monkeypatch):
    """An engine that drops what it is asked for is found out, wall by wall."""
    drop(tmp_path, monkeypatch, DROPPED, ADDED)

    with opened("docker") as box, pytest.raises(UnsafeError) as refused:
        box.session(program("x = 1"), QUICK)

    assert str(refused.value).startswith(
        "The box was started with walls, and lacks: the filter of system calls, "
        "no new privileges, the drop of capabilities, the read-only file system, "
        "being without a network, the limit of memory, the limit of processes, "
        "the limit of its temporary files. "
    )


def test_grading_refuses_to_start(grader, tmp_path, monkeypatch):
    """Exit code 4, one sentence, and no row that could be taken for a grade."""
    drop(
        tmp_path, monkeypatch, ("--security-opt seccomp",), ("--security-opt", "seccomp=unconfined")
    )
    files = ("examples/layers/perfect.ipynb", "examples/layers/forges_its_score.ipynb")
    results = tmp_path / "results.json"

    done = grader("grade", *files, "--assignment", "layers", "--json", results)

    assert done.returncode == 4
    assert done.stderr.count("lacks: the filter of system calls.") == 1
    assert "Traceback" not in done.stderr
    assert "perfect" not in done.stdout
    assert not results.exists()
