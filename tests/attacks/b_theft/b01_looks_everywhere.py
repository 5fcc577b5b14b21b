"""B01: it walks through files, processes, modules, objects and frames in search of the solution."""

from tests.attacks.case import Case, Notebook, Verdict

# The word is put together as the code runs, or it would find itself.
WORD = 'word = "zq7" + "sentinel"\nfound = []\n'
FILES = (
    WORD
    + """
import os
for root in "/opt /etc /run /tmp /home /root /var /dev/shm /mnt /srv /media".split():
    for folder, _, files in os.walk(root):
        if "site-packages" in folder:
            continue
        for name in files:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    if word.encode() in file.read(10**6):
                        found.append(os.path.join(folder, name))
            except OSError:
                pass
print("FOUND", found)
"""
)
PROCESSES = (
    WORD
    + """
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    for what in ("environ", "cmdline", "maps", "status", "stack", "syscall", "wchan", "mountinfo"):
        try:
            with open(f"/proc/{pid}/{what}", "rb") as file:
                if word.encode() in file.read(10**6):
                    found.append(f"{pid} {what}")
        except OSError:
            pass
print("FOUND", found)
"""
)
MODULES = (
    WORD
    + """
import sys
for name, module in list(sys.modules.items()):
    for key, value in list(vars(module).items()) if module else ():
        if isinstance(value, (str, bytes)) and word in str(value) and key != "word" and value != word:
            found.append(f"{name}.{key}")
    if name.split(".")[-1] in ("test_layers", "misconceptions", "solutions", "pytest", "harness", "pipeline"):
        found.append(name)
print("FOUND", found)
"""
)
OBJECTS = (
    WORD
    + """
import gc
for thing in gc.get_objects():
    if isinstance(thing, (dict, list, tuple)) and len(thing) < 10_000 and thing is not globals():
        for value in (thing.values() if isinstance(thing, dict) else thing):
            if isinstance(value, str) and word in value and value is not word and len(value) < 10_000:
                if "zq7" + '" + "' not in value:
                    found.append(type(thing).__name__)
print("FOUND", found)
"""
)
FRAMES = (
    WORD
    + """
import inspect, sys
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if name not in ("word", "found") and isinstance(value, str) and word in value:
            found.append(name)
    try:
        if word in inspect.getsource(frame.f_code) and "get_ipython" not in frame.f_globals:
            found.append(frame.f_code.co_name)
    except (OSError, TypeError):
        pass
    frame = frame.f_back
print("FOUND", found)
"""
)
IMPORTS = (
    WORD
    + """
import importlib
for name in ("test_layers", "solutions", "misconceptions", "grader.harness", "grader.compare", "grader.course",
             "grader.misconceptions", "tests", "conftest", "grader.pipeline"):
    try:
        importlib.import_module(name)
        found.append(name)
    except ImportError:
        pass
print("FOUND", found)
"""
)
IN_A_CALL = """
import gc, os, sys
seen = []
def linear(x, w, b):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if isinstance(value, dict) and "expected" in value:
                return value["expected"]
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, dict) and ("expected" in thing or "reference" in thing):
            return thing.get("expected")
    return 0


linear_backward = linear
"""

CASE = Case(
    number="B01",
    tries="Searches files, processes, modules, objects and frames for the solution or the tests.",
    stopped_by="Neither of them is ever in the box.",
    variants={
        "files": Notebook(Verdict.OK, FILES, limits={"cell_seconds": 20}),
        "processes": Notebook(Verdict.OK, PROCESSES),
        "modules": Notebook(Verdict.OK, MODULES),
        "objects": Notebook(Verdict.OK, OBJECTS),
        "frames": Notebook(Verdict.OK, FRAMES),
        "imports": Notebook(Verdict.OK, IMPORTS),
        "expected-values-in-a-call": Notebook(Verdict.ZERO, answer=IN_A_CALL),
    },
    quick=("processes",),
    held_by=("tests/flow/test_secrets.py::test_no_sentinel_is_where_students_look",),
)
