"""What the kernel says of a submission's process, and Docker of its container: each limit is set.

Attacks show that the walls hold together. Here each is looked at by itself, so that one that is
gone is seen even where another one stands behind it.
"""

from __future__ import annotations

import json
import subprocess

import pytest

from grader.sandbox.docker_box import MEETING
from tests.box.conftest import QUICK, program

docker = pytest.mark.docker
SETUID_AND_SETGID = "00000000000000c0"

# Nothing is timed here.
PATIENT = QUICK.model_copy(update={"cell_seconds": 30.0, "call_seconds": 30.0})
LOOK = """
import ctypes, os, resource
def status(pid):
    lines = open(f"/proc/{pid}/status").read().split("\\n")
    return dict(line.split(":\\t", 1) for line in lines if ":\\t" in line)
def limits(): return {number: resource.getrlimit(number) for number in range(16)}
def signal_at_death():
    number = ctypes.c_int()
    ctypes.CDLL(None).prctl(2, ctypes.byref(number), 0, 0, 0)
    return number.value
def process():
    mask = os.umask(0)
    os.umask(mask)
    return {
        "mask": mask, "leads its session": os.getsid(0) == os.getpid(),
        "dies with the zygote": signal_at_death() == 9,
        "dies first": open("/proc/self/oom_score_adj").read().strip() == "1000",
    }
def place(path):
    sizes = os.statvfs(path)
    options = [line.split()[3] for line in open("/proc/self/mounts") if line.split()[1] == path]
    return sizes.f_blocks * sizes.f_frsize, sizes.f_files, sorted(options[-1].split(","))
"""


def test_each_limit_of_a_process_is_set(run):
    """By the numbers of asm-generic/resource.h; neither can be raised again."""
    limits = run(LOOK, limits=PATIENT).call("limits").value

    assert all(soft == hard for soft, hard in (limits[number] for number in (1, 2, 4, 6, 7, 8)))
    assert limits[1][0] == QUICK.disk_mb * 1_000_000  # FSIZE
    assert (
        0 < limits[2][0] - QUICK.memory_mb * 1_000_000 < 4_000_000_000
    )  # DATA, above the zygote's
    assert limits[4][1] == 0  # CORE
    assert limits[6][1] == QUICK.processes  # NPROC
    assert limits[7][1] == 512  # NOFILE
    assert limits[8][1] == 0  # MEMLOCK
    assert 0 <= limits[11][1] <= 512  # SIGPENDING
    assert limits[12][1] == 0  # MSGQUEUE


def test_a_process_is_apart_from_the_zygote(run):
    """A session and a mask of its own; it dies with the zygote, and before it."""
    assert run(LOOK, limits=PATIENT).call("process").value == {
        "mask": 0o77,
        "leads its session": True,
        "dies with the zygote": True,
        "dies first": True,
    }


def test_no_program_gives_new_rights(run):
    """Setuid programs and file capabilities are void."""
    assert run(LOOK, limits=PATIENT).call("status", ("self",)).value["NoNewPrivs"] == "1"


@docker
def test_the_zygote_has_two_rights(docker_box):
    """SETUID and SETGID, to become the student; it has no other to lose, and can get none."""
    with docker_box.session(program(LOOK), PATIENT) as session:
        status = session.call("status", ("1",)).value

    assert {status[f"Cap{kind}"] for kind in ("Prm", "Eff", "Bnd")} == {SETUID_AND_SETGID}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@docker
@pytest.mark.parametrize(
    ("path", "megabytes", "inodes"),
    [("/tmp", QUICK.disk_mb, 20_000), ("/dev/shm", 16, 20_000), ("/run", 1, None)],
)
def test_each_writable_place_is_small_and_runs_nothing(docker_box, path, megabytes, inodes):
    """Bytes and files are counted, and nothing in it is a program or a device."""
    with docker_box.session(program(LOOK), PATIENT) as session:
        size, files, options = session.call("place", (path,)).value

    assert size == megabytes << 20
    assert inodes is None or files == inodes
    assert {"nosuid", "nodev", "noexec"} <= set(options)


@docker
def test_the_container_is_as_promised(docker_box):
    """What Docker itself says of it: no network, one mount, nothing kept, limits for all."""
    with docker_box.session(program("x = 1"), PATIENT):
        (name,) = docker_box._launcher.containers
        asked = subprocess.run(["docker", "inspect", name], capture_output=True, check=True)
    (facts,) = json.loads(asked.stdout)
    host = facts["HostConfig"]

    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"]
    assert not host["Privileged"]
    assert host["Devices"] == []
    mounts = [(mount["Destination"], mount["RW"]) for mount in facts["Mounts"]]
    assert mounts == [(MEETING, False)]  # an empty folder (tests/box/test_door.py)
    assert (host["IpcMode"], host["PidMode"]) == ("private", "")
    assert host["LogConfig"]["Type"] == "none"
    assert 0 < host["Memory"] < 2 << 30
    assert host["MemorySwap"] == host["Memory"]
    assert host["PidsLimit"] == 2 * QUICK.processes + 64
    assert host["AutoRemove"]
    assert facts["Config"]["Hostname"] == "box"
