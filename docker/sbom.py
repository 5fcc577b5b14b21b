"""Write what an image holds as a CycloneDX document: `make sbom`, once the images are built.

The Python packages come from the lock, since the image is installed from it and nothing else, with
the hashes that were checked. The Debian packages are those that the image's own list names; files
of some of them were taken out of it again (`slim.sh`), so it rather says too much than too little.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

from grader.errors import MachineError
from grader.sandbox.engine import run_docker
from grader.sandbox.image import image_facts
from grader.sandbox.recipe import Runtime, parts, pins

RUNTIMES: tuple[Runtime, ...] = ("numpy", "keras")


def sbom(runtime: Runtime) -> str:
    """The document of one image, checked against the format's own schema."""
    facts = image_facts(runtime)
    document = _python_packages(runtime)
    document["metadata"]["component"] = {
        "type": "container",
        "bom-ref": "image",
        "name": facts["name"].partition(":")[0],
        "version": facts["digest"],
    }
    python = f"pkg:generic/python@{facts['python']}"
    document["components"] += [_component("python", facts["python"], python, "platform")]
    document["components"] += _debian_packages(facts["digest"])
    references = [component["bom-ref"] for component in document["components"]]
    document["dependencies"] = [{"ref": "image", "dependsOn": references}]
    text = json.dumps(document, indent=1)
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    if problem := validator.validate_str(text):
        raise SystemExit(f"The SBOM is not valid: {problem}")
    return text


def _python_packages(runtime: Runtime) -> dict[str, Any]:
    machine = platform.machine()
    locked = "\n".join(line for part in parts(runtime) for line in pins(part, machine))
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "-", "--sv", "1.6"]
    made = subprocess.run(
        [*command, "--output-reproducible"],
        input=locked,
        capture_output=True,
        text=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(made.stdout)
    return document


def _debian_packages(image: str) -> Iterator[dict[str, str]]:
    command = ["run", "--rm", "--network", "none", "--log-driver", "none", image]
    status = run_docker([*command, "cat", "/var/lib/dpkg/status"])
    for paragraph in status.strip().split("\n\n"):
        fields = HeaderParser().parsestr(paragraph)
        name, version = fields["Package"], fields["Version"]
        purl = f"pkg:deb/debian/{name}@{version}?arch={fields['Architecture']}&distro=debian-12"
        yield _component(name, version, purl, "library")


def _component(name: str, version: str, purl: str, kind: str) -> dict[str, str]:
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main(folder: Path) -> None:
    """Write a document for each image into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for runtime in RUNTIMES:
        path = folder / f"{runtime}.cdx.json"
        try:
            path.write_text(sbom(runtime), encoding="utf-8")
        except MachineError as error:
            sys.stderr.write(f"sbom: {error}\n")
            sys.exit(error.exit_code)
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the documents go")
    main(parser.parse_args().folder)
