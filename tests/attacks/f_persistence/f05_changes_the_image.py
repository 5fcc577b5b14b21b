"""F05: it changes files of the image: packages, bytecode, the grader's own."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

CORRUPTS = """
import os, sys
found = []
for folder in ("/opt/venv/lib/python3.11/site-packages/numpy", "/opt/grader/grader/inside", "/opt/student", "/usr/bin"):
    for name in (os.listdir(folder)[:20] if os.path.isdir(folder) else ()):
        path = os.path.join(folder, name)
        for attempt in (lambda: os.close(os.open(path, os.O_WRONLY)), lambda: os.chmod(path, 0o777),
                        lambda: os.utime(path), lambda: os.rename(path, path + "x")):
            try:
                attempt()
                found.append(path)
            except OSError:
                pass
print("FOUND", found)
"""

CASE = Case(
    number="F05",
    tries="Changes files of the image: packages, bytecode, the grader's own.",
    stopped_by="The root file system is read-only, and all of it is root's.",
    variants={"the-image": Notebook(Verdict.OK, CORRUPTS)},
    held_by=("tests/box/test_walls.py::test_the_file_system_is_read_only",),
)
