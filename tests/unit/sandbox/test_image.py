"""What an image is named after, and which wheels may go into it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.sandbox import recipe, wheels
from grader.sandbox.recipe import BASES, Recipe

LOCKS = ["numpy", "keras"]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> Path:
    """A package of our own to change: grader/docker and grader/inside."""
    for name in ("Dockerfile", "slim.sh", "finish.sh", *(f"requirements-{x}.lock" for x in LOCKS)):
        target = tmp_path / "docker" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((root / "docker" / name).read_bytes())
    (tmp_path / "inside" / "student_side").mkdir(parents=True)
    (tmp_path / "inside" / "zygote.py").write_text("fork()\n")
    monkeypatch.setattr(recipe, "PACKAGE", tmp_path)
    return tmp_path


def name(runtime: recipe.Runtime = "numpy") -> str:
    return Recipe(runtime, BASES[0]).tag


def test_the_name_changes_with_whatever_goes_in(copied: Path) -> None:
    """Dockerfile, scripts, lock, and every file of grader/inside decide the name."""
    names = [name()]
    for file in ("docker/Dockerfile", "docker/slim.sh", "docker/requirements-numpy.lock"):
        (copied / file).write_text((copied / file).read_text() + "\n# changed\n")
        names.append(name())
    (copied / "inside" / "zygote.py").write_text("fork(); fork()\n")
    names.append(name())
    (copied / "inside" / "zygote.py").rename(copied / "inside" / "driver.py")
    names.append(name())
    names.append(Recipe("numpy", BASES[1]).tag)

    assert len(set(names)) == len(names) == 7
    assert all(re.fullmatch(r"keras-grader-numpy:[0-9a-f]{16}", each) for each in names)


def test_the_name_ignores_what_does_not_go_in(copied: Path) -> None:
    """Bytecode, and the packages of the other image, leave the name as it is."""
    before = name()
    (copied / "inside" / "__pycache__").mkdir()
    (copied / "inside" / "__pycache__" / "zygote.cpython-311.pyc").write_bytes(b"x")
    (copied / "docker" / "requirements-keras.lock").write_text("keras==3.15.1\n")

    assert name() == before


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_locked_package_has_a_version_and_a_hash(machine: str) -> None:
    """No package of an image is left to chance."""
    for part in recipe.parts("keras"):
        for pin in recipe.pins(part, machine):
            assert re.fullmatch(r"[a-z0-9.-]+==\S+( +--hash=sha256:[0-9a-f]{64}){1,2}", pin)


def test_a_package_is_locked_once() -> None:
    """So that both images have the same numpy."""
    names = [
        pin.split("==")[0] for part in recipe.parts("keras") for pin in recipe.pins(part, "x86_64")
    ]

    assert len(names) == len(set(names))
    assert {"numpy", "scipy", "ipykernel", "nbclient", "keras", "tensorflow-cpu"} <= set(names)
    assert not [each for each in recipe.pins("numpy", "x86_64") if each.startswith("tensorflow")]


def test_each_processor_gets_its_own_tensorflow() -> None:
    """The marker of the lock is settled here, for the engine's processor and not the host's."""
    found = {machine: recipe.versions("keras", machine) for machine in ("x86_64", "aarch64")}

    assert "tensorflow-cpu" in found["x86_64"]
    assert "tensorflow-cpu" not in found["aarch64"]
    assert found["x86_64"]["numpy"] == found["aarch64"]["numpy"]


def test_wheels_are_complete_when_each_pin_has_its_own(tmp_path: Path) -> None:
    """A missing wheel is noticed; one cut short or of another lock is thrown away."""
    whole, cut = b"a whole wheel", b"a who"
    pin = f"a==1 --hash=sha256:{hashlib.sha256(whole).hexdigest()}"
    other = f"b==1 --hash=sha256:{'0' * 64}"
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(whole)
    (tmp_path / "b-1-py3-none-any.whl").write_bytes(cut)

    assert wheels.complete(tmp_path, [pin])
    assert not wheels.complete(tmp_path, [pin, other])
    assert [path.name for path in tmp_path.iterdir()] == ["a-1-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device: 'x'", "disk.*is full"),
        ("/usr/bin/python3: No module named pip", "has no pip.*ensurepip"),
        (
            "WARNING: x\nERROR: No matching distribution found for a==1",
            "cannot be downloaded: ERROR: No matching distribution found for a==1",
        ),
    ],
    ids=["full disk", "no pip", "no index"],
)
def test_pip_s_complaint_becomes_a_sentence(printed: str, sentence: str, tmp_path: Path) -> None:
    """What pip printed is turned into what happened and what to do."""
    assert re.search(sentence, wheels.explain(printed, tmp_path), re.DOTALL)


def test_the_profile_refuses_what_it_does_not_list(root: Path) -> None:
    """Deny by default, two processors, no 32-bit calls, and every group says what it is for."""
    profile = json.loads((root / "docker" / "seccomp.json").read_text())
    allowed = [call for rule in profile["syscalls"] for call in rule["names"]]

    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert [arch["architecture"] for arch in profile["archMap"]] == [
        "SCMP_ARCH_X86_64",
        "SCMP_ARCH_AARCH64",
    ]
    assert not any(arch["subArchitectures"] for arch in profile["archMap"])
    assert len(allowed) == len(set(allowed))
    assert all(rule["comment"] for rule in profile["syscalls"])


def test_a_missing_image_is_a_fault_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grader image show` before any build names the command that builds."""
    from grader.sandbox.image import image_facts

    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MachineError, match="grader image build --runtime keras"):
        image_facts("keras")
