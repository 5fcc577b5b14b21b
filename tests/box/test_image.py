"""What the image holds and what it does not, and what its seccomp profile refuses."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox import recipe
from grader.sandbox.doctor import probe_seccomp, unexpected
from grader.sandbox.engine import run_docker
from grader.sandbox.image import ensure_image, image_facts
from grader.sandbox.recipe import Runtime, docker_folder, pins

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("image")]

RUNTIMES: tuple[Runtime, ...] = ("numpy", "keras")
# Each prints what should not be there.
SETUID = r"find / -xdev \( -type f -o -type d \) -perm /6000"
# /tmp is a tmpfs of the box; the others are the engine's own mounts.
WRITABLE = r"""
find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp \) -prune \
    -o ! -type l -perm /002 -print
find /opt /usr /etc -xdev ! -type l \( -perm /022 -o ! -user root \) -not -path '/usr/local/*'
"""
# One by one: the shell looks for the first of several names alone.
TOOLS = (
    "for tool in gcc g++ cc c++ clang tcc as ld make cmake go rustc javac "
    "apt dpkg pip pip3 conda uv perl su sudo mount ssh curl wget docker git; "
    "do command -v $tool; done"
)
COMPILERS = r"find / -xdev -type f \( -name cc1 -o -name cc1plus -o -name collect2 -o -name lto1 \)"
INSTALLERS = r"find / -xdev -regex '.*/\(site\|dist\)-packages/pip'"
LEFT = (
    "ls -d /usr/lib/python3*/ensurepip /usr/local/lib/python3*/ensurepip /usr/lib/apt 2>/dev/null; "
    "ls -A /root /tmp /home /var/cache /var/lib/apt /etc/apt /build /wheels 2>/dev/null | grep -v :"
)
# The last pattern is what an address with a password looks like.
CREDENTIALS = r"""
grep -rlE -e '-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{30}|AKIA[0-9A-Z]{16}' \
    -e 'pypi-AgEI|(index-url|_authToken) *=|https?://[^/ :]+:[^/ @]+@' \
    /etc /root /home /var /srv /usr/local/etc /opt/grader /opt/student 2>/dev/null
"""
SETTINGS = (
    "find / -xdev ( -name pip.conf -o -name .netrc -o -name .git -o -name *.whl -o -name .docker ) "
    "-not -path /proc/*"
)
KERNEL = """
import os
os.environ["MPLCONFIGDIR"] = os.environ["IPYTHONDIR"] = os.environ["HOME"] = "/tmp"
os.chdir("/tmp")
import ipykernel.kernelapp, nbformat
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec
from nbclient import NotebookClient

START = (
    "import ipykernel.kernelapp as k; T = k.IOPubThread; "
    "k.IOPubThread = lambda s, pipe, session: T(s, pipe=False, session=session); "
    "k.launch_new_instance()"
)

class Manager(KernelManager):
    kernel_spec = KernelSpec(
        argv=["/opt/venv/bin/python", "-c", START, "-f", "{connection_file}"], language="python"
    )

cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
notebook = nbformat.v4.new_notebook(cells=cells)
NotebookClient(notebook, km=Manager(transport="ipc"), timeout=120).execute()
print("".join(o.get("text", "") for c in cells for o in c.outputs if o.get("name") != "stderr"))
"""
ORDINARY = [
    "import numpy as np, scipy.signal; a = np.ones((200, 200)); print(int((a @ a)[0, 0]))",
    "print(int(scipy.signal.correlate(a, a[:3, :3])[5, 5]))",
    "%matplotlib inline\nimport matplotlib.pyplot as p; p.plot([1, 2]); p.close(); print('plot')",
    "import subprocess as s; print(s.run(['echo', 'run'], capture_output=True, text=True).stdout)",
    "import threading; t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()",
    "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p: print(p.map(abs, [-5]))",
    "import asyncio; await asyncio.sleep(0); print('awaited')",
    "import ctypes; print(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1)(6))",
]
TRAINING = [
    "import keras, numpy as np, tensorflow as tf; L = keras.layers",
    "m = keras.Sequential([L.Conv2D(2, 3), L.Flatten(), L.Dense(1)])",
    "m.compile('adam', 'mse'); x = np.ones((8, 6, 6, 1)); h = m.fit(x, np.ones((8, 1)), verbose=0)",
    "print('trained', len(h.history['loss']))",
    "m.save('/tmp/m.keras'); print(keras.models.load_model('/tmp/m.keras').count_params())",
    "d = tf.data.Dataset.range(9).map(lambda x: 2 * x, num_parallel_calls=2).prefetch(1)",
    "print(sum(int(x) for x in d))",
]


@pytest.fixture(scope="module", params=RUNTIMES)
def built(request: pytest.FixtureRequest) -> str:
    """The id of either image."""
    return ensure_image(request.param, print)


@pytest.fixture(scope="module")
def numpy_image() -> str:
    return ensure_image("numpy", print)


def shell(image: str, script: str) -> list[str]:
    """What a command prints in the image, as root with every capability that Docker gives."""
    command = ["docker", "run", "--rm", "--network", "none", image, "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout.split()


def boxed(image: str, source: str) -> str:
    """What a program prints in the box: no capabilities, nobody's uid, our profile, noexec /tmp."""
    command = ["docker", "run", "-i", "--rm", "--network", "none", "--cap-drop", "ALL"]
    command += ["--security-opt", "no-new-privileges", "--read-only", "--user", "54321:54321"]
    command += ["--security-opt", f"seccomp={docker_folder() / 'seccomp.json'}"]
    command += ["--tmpfs", "/tmp:size=64m,noexec,mode=1777", image]
    done = subprocess.run(
        [*command, "/opt/venv/bin/python", "-I", "-"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_image_that_is_there_is_not_built_again() -> None:
    """The second call says nothing and gives the same image."""
    first = ensure_image("numpy", print)

    assert ensure_image("numpy", pytest.fail) == first == image_facts("numpy")["digest"]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_facts_name_the_versions(runtime: Runtime) -> None:
    """What `grader image show` prints is what Python in the image says."""
    ensure_image(runtime, print)
    facts = image_facts(runtime)
    source = "import numpy, sys; print(numpy.__version__, '%d.%d.%d' % sys.version_info[:3])"

    assert boxed(facts["digest"], source).split() == [facts["numpy"], facts["python"]]
    assert ("keras" in facts) == (runtime == "keras")


@pytest.mark.parametrize(
    "script",
    [
        SETUID,
        WRITABLE,
        TOOLS,
        COMPILERS,
        INSTALLERS,
        LEFT,
        CREDENTIALS,
        SETTINGS.replace("(", r"\(").replace(")", r"\)"),
    ],
    ids=[
        "setuid",
        "writable",
        "tools",
        "compilers",
        "installers",
        "left",
        "credentials",
        "settings",
    ],
)
def test_nothing_is_there_that_only_an_attacker_would_use(built: str, script: str) -> None:
    """No setuid file, compiler, installer, wheel, setting, cache or key; all is root's alone."""
    assert shell(built, script) == []


def test_the_history_holds_nothing_of_the_host(built: str) -> None:
    """Neither the layers' commands nor the environment name a package index, a token or a path."""
    history = run_docker(["history", "--no-trunc", "--format", "{{.CreatedBy}}", built])
    environment = run_docker(["inspect", "--format", "{{json .Config.Env}}", built])
    home = str(Path.home())

    for secret in ("http", "index", "token", "proxy", home if home != "/root" else "/root"):
        assert secret not in (history + environment).lower()
    assert environment.count("=") == 2  # PATH and LANG


def test_the_student_s_module_and_the_zygote_s_are_apart(numpy_image: str) -> None:
    """What a notebook may import as `grader` holds nothing of what runs around it."""
    assert shell(numpy_image, "ls /opt") == ["grader", "matplotlib", "student", "venv"]
    assert shell(numpy_image, "ls /opt/grader/grader | grep -v __pycache__") == [
        "__init__.py",
        "inside",
    ]
    assert (
        shell(
            numpy_image,
            "cat /opt/grader/grader/__init__.py; ls -d /opt/grader/grader/inside/student_side",
        )
        == []
    )


def test_fonts_and_bytecode_are_ready(built: str) -> None:
    """No submission pays for what can be done once."""
    assert len(shell(built, "ls /opt/matplotlib/fontlist-*.json")) == 1
    source = "import numpy, os; print(os.path.exists(numpy.__cached__))"

    assert boxed(built, source).split() == ["True"]


def test_every_forbidden_call_is_refused(built: str) -> None:
    """About 80 system calls, each with the errno that the profile promises."""
    outcomes = probe_seccomp(built)

    assert unexpected(outcomes) == []
    assert len(outcomes) >= 75


def test_without_the_profile_the_probe_finds_open_calls(numpy_image: str) -> None:
    """The test above can fail: without seccomp most of these calls are open."""
    found = unexpected(probe_seccomp(numpy_image, "unconfined"))

    assert len(found) > 40
    assert {"ptrace", "keyctl", "shmget", "socket_inet", "unshare", "int_0x80"} <= set(found)


def test_a_notebook_runs_under_the_profile(numpy_image: str) -> None:
    """A kernel, arrays, plots, threads, processes: what students do works."""
    printed = boxed(numpy_image, f"CELLS = {ORDINARY!r}\n{KERNEL}")

    assert printed.split() == ["200", "9", "plot", "run", "thread", "[5]", "awaited", "7"]


def test_keras_trains_under_the_profile() -> None:
    """Training, saving, loading and input pipelines work without what the profile refuses."""
    printed = boxed(ensure_image("keras", print), f"CELLS = {TRAINING!r}\n{KERNEL}")

    assert printed.split() == ["trained", "1", "53", "72"]


@pytest.fixture
def own_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A grader whose image differs by one file, so that no other test uses it."""
    package = tmp_path / "package"
    shutil.copytree(docker_folder(), package / "docker")
    (package / "inside").mkdir()
    (package / "inside" / "own.py").write_text(f"# {tmp_path}\n")
    monkeypatch.setattr(recipe, "PACKAGE", package)
    yield package
    for base in recipe.BASES:
        with contextlib.suppress(MachineError):
            run_docker(["rmi", recipe.Recipe("numpy", base).tag])


def test_an_image_with_our_name_but_another_recipe_is_built_again(own_package: Path) -> None:
    """A wrong image behind the name is never graded with: the label must fit, too."""
    wrong = ensure_image("numpy", print)
    wrong_name = image_facts("numpy")["name"]
    (own_package / "inside" / "own.py").write_text(f"# changed {own_package}\n")
    ensure_image("numpy", print)
    name = image_facts("numpy")["name"]
    run_docker(["tag", wrong, name])
    run_docker(["rmi", wrong_name])
    said: list[str] = []

    assert ensure_image("numpy", said.append) != wrong
    assert image_facts("numpy")["name"] == name
    assert any(sentence.startswith("Building the numpy image") for sentence in said)


def test_a_deleted_image_is_built_once_for_all_who_ask(own_package: Path) -> None:
    """Four ask at the same time; one builds, the others wait and get the same."""
    ensure_image("numpy", print)
    run_docker(["rmi", image_facts("numpy")["name"]])
    said: list[str] = []

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: ensure_image("numpy", said.append), range(4)))

    assert ids == {image_facts("numpy")["digest"]}
    assert sum(sentence.startswith("Building") for sentence in said) == 1


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if os.geteuid() and not os.environ.get("CI"):
        pytest.skip("only root may mount a small file system")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], check=True)
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_is_one_sentence(
    full_disk: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the wheels do not fit, the user reads which disk is full and what to set."""
    package = tmp_path_factory.mktemp("package")
    shutil.copytree(docker_folder(), package / "docker")
    lock = package / "docker" / "requirements-numpy.lock"
    lock.write_text(f"{next(pin for pin in pins('numpy', 'x86_64') if pin[:6] == 'numpy=')}\n")
    (package / "inside").mkdir()
    monkeypatch.setattr(recipe, "PACKAGE", package)
    monkeypatch.setenv("GRADER_CACHE", str(full_disk))

    with pytest.raises(MachineError, match=r"disk of .* is full.*GRADER_CACHE"):
        ensure_image("numpy", print)
