"""Ask for known vulnerabilities of the images' packages: `make audit`, which pip-audit does.

It ends with 0 when every package was asked about and none is known to be vulnerable, 1 when some
are, 4 when the question could not be asked. pip-audit itself ends with 0 when a mirror of the
index answers that it knows nothing of a package, and says that no vulnerability was found.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
FINE, VULNERABLE, NOT_ASKED = 0, 1, 4


def main(locks: Sequence[Path]) -> int:
    """Audit these locks; the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--progress-spinner", "off"]
    command += ["--format", "json", *(f"--requirement={lock}" for lock in locks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return _could_not_ask(f"nobody answers ({done.stderr.strip().splitlines()[-1]})")
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        sys.stdout.write(_told(package))
    if unknown:
        return _could_not_ask(
            f"{len(unknown)} of {len(packages)} packages are unknown to the index used here"
        )
    if not vulnerable:
        sys.stdout.write(f"No vulnerability is known of {len(packages)} packages.\n")
    return VULNERABLE if vulnerable else FINE


def _told(package: dict[str, Any]) -> str:
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, "
        f"fixed in {', '.join(found['fix_versions']) or 'no version yet'}\n"
        for found in package["vulns"]
    ]
    return "".join(lines)


def _could_not_ask(why: str) -> int:
    sys.stderr.write(
        f"audit: the vulnerability service could not be asked: {why}. "
        "Run it where the Python package index itself is reached.\n"
    )
    return NOT_ASKED


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("locks", nargs="*", type=Path, help="requirements files; all of ours")
    sys.exit(main(parser.parse_args().locks or sorted(FOLDER.glob("*.lock"))))
