"""B07: it uses the places where tools remember things between two starts."""

from tests.attacks.case import Case, Notebook, Verdict

WRITE = """
import os
for top in {os.environ["HOME"], os.path.expanduser("~"), "/root", "/home", "/opt/venv/share", "/etc"}:
    for name in (".ipython/profile_default/startup/00-stash.py", ".ipython/profile_default/history.sqlite",
                 ".keras/keras.json", ".matplotlib/fontlist.json", ".config/matplotlib/matplotlibrc",
                 ".cache/numba/x", ".cache/joblib/x", ".bashrc", ".profile", ".jupyter/jupyter_config.py"):
        path = os.path.join(top, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write("stash_of_before = 1\\n")
        except OSError:
            pass
"""
FIND = """
import os
found = [n for n in ("stash_of_before",) if n in globals()]
for folder, _, names in os.walk(os.environ["HOME"]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            if b"stash_of_" + b"before" in file.read():
                found.append(name)
print("FOUND", found)
"""
HISTORY = """
get_ipython().history_manager.store_inputs(1, "stash_of_before = 2")
print("FOUND", [os.path.exists(p) for p in ()] if (os := __import__("os")) else [])
"""

CASE = Case(
    number="B07",
    tries="Writes into IPython's startup folder and history, and into the caches of libraries.",
    stopped_by="Home and all caches lie in a folder of the submission's own, which is wiped.",
    variants={
        "startup-files-and-caches": Notebook(Verdict.OK, WRITE, heir=FIND),
        "ipython-s-history": Notebook(Verdict.OK, HISTORY, heir=FIND),
    },
)
