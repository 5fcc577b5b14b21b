"""What the images are made of is written down truly, and asked about honestly."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from docker import audit
from docker import sbom as bill
from docker.sbom import sbom
from grader.sandbox.image import ensure_image
from tests.box.test_image import boxed, shell

INSTALLED = (
    "from importlib.metadata import distributions as d; "
    'print(*sorted(f\'{x.name.lower().replace("_", "-")}=={x.version}\' for x in d()))'
)


@pytest.mark.docker
@pytest.mark.parametrize("runtime", ["numpy", "keras"])
def test_the_sbom_names_what_is_in_the_image(runtime):
    """Each Python and each Debian package, in its version, and no other."""
    image = ensure_image(runtime, print)
    packages = boxed(image, INSTALLED).split()
    debian = shell(image, "sed -n 's/^Package: //p' /var/lib/dpkg/status")

    document = json.loads(sbom(runtime))

    named = {kind: [] for kind in ("pypi", "deb", "generic")}
    for component in document["components"]:
        kind = component["purl"].removeprefix("pkg:").partition("/")[0]
        named[kind].append(component)
    assert sorted(f"{c['name'].lower()}=={c['version']}" for c in named["pypi"]) == packages
    assert sorted(c["name"] for c in named["deb"]) == sorted(debian)
    assert document["metadata"]["component"]["version"] == image


@pytest.mark.docker
def test_each_python_package_of_the_sbom_has_its_hashes():
    """So that whoever reads it can tell the same version from the same file."""
    ensure_image("numpy", print)

    components = json.loads(sbom("numpy"))["components"]

    python = [each for each in components if each["purl"].startswith("pkg:pypi/")]
    references = [each.get("externalReferences", []) for each in python]
    assert all(any(one.get("hashes") for one in each) for each in references)


def test_an_audit_that_nobody_answers_is_no_good_news(tmp_path):
    """Without the service there is one sentence and exit code 4, and no word of safety."""
    lock = tmp_path / "one.lock"
    lock.write_text(f"tqdm==4.70.1 --hash=sha256:{'0' * 64}\n")
    nowhere = "http://127.0.0.1:9"

    done = subprocess.run(
        [sys.executable, audit.__file__, lock],
        env={**os.environ, "HTTPS_PROXY": nowhere, "https_proxy": nowhere, "NO_PROXY": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == audit.NOT_ASKED == 4
    assert done.stdout == ""
    assert done.stderr.startswith("audit: the vulnerability service could not be asked: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("script", [audit.__file__, bill.__file__], ids=["audit", "sbom"])
def test_help_is_no_name_of_a_file(script, tmp_path):
    """`--help` explains and writes nothing."""
    command = [sys.executable, script, "--help"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("usage: ")
    assert list(tmp_path.iterdir()) == []
