"""N02: it reads tokens of the build, or the course's name, in the image."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

CONFIGURATION = """
import os
found = []
for top in ("/", "/root", "/home", "/etc", "/opt", "/usr/local", "/usr/lib/python3", "/var"):
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys") and f not in ("site-packages", "share")]
        found += [os.path.join(folder, n) for n in names if n in ("pip.conf", ".netrc", ".npmrc", ".gitconfig", ".pypirc", "course.toml",
                  "assignment.toml", "id_rsa", "config.json", ".dockerconfigjson")]
        found += [os.path.join(folder, f) for f in folders if f in (".git", ".ssh", ".docker", ".aws", "solutions", "assignments")]
print("FOUND", found)
"""

CASE = Case(
    number="N02",
    tries="Reads tokens of the build, or the course's name, in the image.",
    stopped_by="The image is built of public things; the host alone spoke to an index.",
    variants={"configuration": Notebook(Verdict.OK, CONFIGURATION, limits={"cell_seconds": 20})},
    held_by=(
        "tests/box/test_image.py::test_the_history_holds_nothing_of_the_host",
        "tests/flow/test_secrets.py::test_no_sentinel_is_in_the_image",
    ),
)
