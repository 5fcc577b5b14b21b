"""What a submission can see, reach and leave behind: as little as a function of its own needs."""

# ruff: noqa: E501  (students write long lines)

from __future__ import annotations

import ctypes

import pytest

from grader.records import Ending
from tests.box.conftest import QUICK, opened, program

docker = pytest.mark.docker
IPC_PRIVATE, IPC_RMID, IPC_CREAT = 0, 0, 0o1000

STATUS = """
def status():
    return dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
"""
NETWORK = """
import socket
def tried():
    found = []
    for family, address in [(socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 80)),
                            (socket.AF_INET6, ("::1", 80)), (socket.AF_INET, ("169.254.169.254", 80))]:
        try:
            with socket.socket(family) as s:
                s.settimeout(0.3)
                s.connect(address)
            found.append(address[0])
        except OSError:
            pass
    try:
        socket.getaddrinfo("example.com", 443)
        found.append("dns")
    except OSError:
        pass
    return found
"""
WRITES = """
import os
def written():
    found = []
    for top in ("/", "/opt/venv", "/opt/grader", "/opt/student", "/usr", "/etc", "/run", "/root", "/var/tmp",
                "/proc", "/sys", "/dev", "/opt/venv/lib/python3.11/site-packages/numpy"):
        try:
            os.close(os.open(top + "/x", os.O_CREAT | os.O_WRONLY))
            found.append(top)
        except OSError:
            pass
    return found
"""
ROOT_AGAIN = """
import os, ctypes
def tried():
    found = []
    libc = ctypes.CDLL(None)
    for name, action in {
        "setuid": lambda: os.setuid(0), "setresuid": lambda: os.setresuid(0, 0, 0),
        "setgroups": lambda: os.setgroups([0]), "chroot": lambda: os.chroot("/"),
        "kill init": lambda: os.kill(1, 0), "environment of init": lambda: open("/proc/1/environ").read(),
        "memory of init": lambda: open("/proc/1/mem", "rb"), "files of init": lambda: os.listdir("/proc/1/fd"),
        "mknod": lambda: os.mknod("/tmp/x", 0o20666, os.makedev(1, 1)),
    }.items():
        try:
            action()
            found.append(name)
        except (OSError, PermissionError):
            pass
    for name, arguments in {"unshare": (0x10000000,), "mount": (b"x", b"/tmp", b"tmpfs", 0, 0)}.items():
        if getattr(libc, name)(*arguments) == 0:
            found.append(name)
    return found
"""
DEBRIS = """
import os, subprocess, sys
home = os.getcwd()
for name in ("plain", "new\\nline", "x" * 255, "-rf", "\\udcff"):
    open(os.fsencode(name), "w").close()
path = home
for _ in range({depth}):
    os.mkdir("d")
    os.chdir("d")
os.chdir(home)
os.mkdir("shut"); open("shut/x", "w").close(); os.chmod("shut", 0)
os.mkdir("sticky"); os.chmod("sticky", 0o1777)
try: os.mkfifo("sticky/fifo")
except PermissionError: pass
os.symlink("/", "root")
for top in {tops}:
    os.mkdir(top + "/left-behind"); os.chmod(top + "/left-behind", 0o1777)
    open(top + "/left-behind/x", "w").close()
    os.chmod(top + "/left-behind", 0o0500)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import signal, time
        for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
        f = open(home + "/kept-open", "w")
        while True: time.sleep(1)
    os._exit(0)
"""
LOOK = """
import os
def seen():
    mine = os.getuid()
    foreign = [p for p in os.listdir("/proc") if p.isdigit() and os.stat("/proc/" + p).st_uid not in (0, mine)]
    return sorted(os.listdir({scratch})), sorted(os.listdir("/dev/shm")), foreign
def me(): return os.getuid(), os.getpid()
"""


@docker
def test_a_submission_has_no_rights(docker_box):
    """Uid and gid of its own, no groups, no capability, no way to new ones, filtered system calls."""
    with docker_box.session(program(STATUS), QUICK) as session:
        status = {name: value.strip() for name, value in session.call("status").value.items()}

    ids = {*status["Uid"].split(), *status["Gid"].split()}
    assert len(ids) == 1
    assert int(ids.pop()) > 100_000
    assert status["Groups"] == ""
    nothing = "0000000000000000"
    assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Amb")} == {nothing}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@docker
def test_the_network_is_not_there(docker_box):
    """Neither the world, nor this machine, nor a name can be reached."""
    with docker_box.session(program(NETWORK), QUICK) as session:
        assert session.call("tried").value == []


@docker
def test_the_file_system_is_read_only(docker_box):
    """Nothing of the image can be changed, and no folder but its own is writable."""
    with docker_box.session(program(WRITES), QUICK) as session:
        assert session.call("written").value == []


@docker
def test_root_cannot_be_regained(docker_box):
    """No identity, namespace, mount or piece of PID 1 can be had."""
    with docker_box.session(program(ROOT_AGAIN), QUICK) as session:
        assert session.call("tried").value == []


def test_the_environment_is_small(run, monkeypatch):
    """At most eight variables, none of them the host's."""
    monkeypatch.setenv("GRADER_SENTINEL", "do-not-leak")
    session = run("import os\ndef names(): return sorted(os.environ)")

    names = session.call("names").value

    assert len(names) <= 8
    assert "GRADER_SENTINEL" not in names


def test_no_descriptor_is_inherited(run):
    """A submission holds its own sockets and nothing of the zygote's."""
    session = run(
        "import os\ndef kinds():\n  found = []\n  for fd in range(256):\n"
        "    try: found.append(os.readlink(f'/proc/self/fd/{fd}'))\n"
        "    except OSError:\n"
        "      try: os.fstat(fd); found.append('?')\n      except OSError: pass\n  return found"
    )

    kinds = session.call("kinds").value

    assert len(kinds) < 30
    assert not [kind for kind in kinds if kind.startswith("/") and kind != "/dev/null"]
    assert not [kind for kind in kinds if kind.startswith("pipe:")]  # the zygote's own


@docker
def test_nothing_of_the_course_is_in_the_box(docker_box):
    """The container's files, arguments and environment hold no solution and no test."""
    look = """
import os
def found():
    hits = []
    for top in ("/opt/grader", "/opt/student", "/tmp", "/run", "/etc", "/root", "/home", "/mnt", "/srv"):
        for folder, _, names in os.walk(top):
            hits += [n for n in names if "solution" in n or n.startswith("test_") or n == "misconceptions.py"]
    return hits, open("/proc/1/cmdline").read()
"""
    with docker_box.session(program(look), QUICK) as session:
        hits, command = session.call("found").value

    assert hits == []
    assert "solutions" not in command


@pytest.mark.parametrize("kind", ["local", pytest.param("docker", marks=docker)])
def test_nothing_is_left_for_the_next_submission(kind):
    """Files, however odd, and processes, however stubborn, are gone when the next one starts."""
    tops = '["/tmp", "/dev/shm"]' if kind == "docker" else "[os.path.dirname(home)]"
    with opened(kind) as box:
        with box.session(
            program(DEBRIS.format(depth=1500, tops=tops), LOOK.format(scratch="'.'")), QUICK
        ) as s:
            assert s.execution.cells[0].ending is Ending.FINISHED, s.execution.cells[0]
            first_uid, first_pid = s.call("me").value
        assert s.flags == ()
        scratch = "'/tmp'" if kind == "docker" else "os.path.dirname(os.environ['HOME'])"
        with box.session(program(LOOK.format(scratch=scratch)), QUICK) as s:
            files, shared, foreign = s.call("seen").value
            uid, pid = s.call("me").value

    homes = sorted(name.partition("-")[0] for name in files)  # the driver's may still be made
    assert homes in (["driver", "kernel"], ["kernel"])
    assert uid != first_uid
    assert pid != first_pid
    if kind == "docker":
        assert shared == []
        assert len(foreign) <= 1  # the driver


SEGMENT = """
import ctypes
segment = ctypes.CDLL(None, use_errno=True).shmget(0, 4096, 0o1600)
def made(): return segment
"""


def test_a_shared_memory_segment_that_is_left_replaces_the_local_box():
    """System V objects outlive every process, and files in no folder show them."""
    with opened("local") as box, box.session(program(SEGMENT), QUICK) as session:
        segment = session.call("made").value
    assert ctypes.CDLL(None).shmctl(segment, IPC_RMID, None) == 0

    assert session.flags == ("container_replaced",)


def test_a_shared_memory_segment_of_somebody_else_is_not_a_submissions():
    """Without a container a PostgreSQL server's segment lies beside; nothing is replaced for it."""
    libc = ctypes.CDLL(None, use_errno=True)
    segment = libc.shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0o600)
    assert segment >= 0
    try:
        with opened("local") as box, box.session(program("x = 1"), QUICK) as session:
            assert session.execution.cells[0].ending is Ending.FINISHED
    finally:
        libc.shmctl(segment, IPC_RMID, None)

    assert session.flags == ()


def test_no_answer_of_an_earlier_submission_is_in_memory(run, box):
    """The memory that a submission inherits holds nothing that an earlier one sent or received."""
    scan = """
def hits(marker):
    needle, count = bytes(reversed(marker)), 0
    try:
        maps, memory = open("/proc/self/maps"), open("/proc/self/mem", "rb", 0)
    except PermissionError:
        import ctypes
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
        maps, memory = open("/proc/self/maps"), open("/proc/self/mem", "rb", 0)
    for line in maps:
        span, mode = line.split()[:2]
        if "rw" in mode:
            low, high = (int(x, 16) for x in span.split("-"))
            try:
                memory.seek(low)
                count += memory.read(high - low).count(needle)
            except (OSError, ValueError, OverflowError):
                pass
    return count
"""
    secret = "sentinel-4711-of-a-hidden-input"
    marker = tuple(reversed(secret.encode()))
    first = run("kept = []\ndef echo(x):\n    kept.append(x)\n    return [x] * 20", scan)
    assert first.call("echo", ([secret] * 500,)).ending is Ending.FINISHED
    assert first.call("hits", (marker,)).value > 100
    first.close()
    second = run(scan)

    reply = second.call("hits", (marker,))

    assert reply.value <= 1  # what it looks for


@docker
def test_each_submission_may_have_a_container_of_its_own():
    """With isolation `container`, the next submission starts in a fresh one."""
    with opened("docker", isolation="container") as box:
        pids = []
        for _ in range(2):
            with box.session(program(LOOK.format(scratch="'.'")), QUICK) as session:
                pids.append(session.call("me").value)
            assert session.flags == ()

    assert pids[0][0] // 16384 != pids[1][0] // 16384
