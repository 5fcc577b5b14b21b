"""F07: it changes the state of its process, so that the next one inherits it."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

STATE = """
import locale, os, resource, sys
import numpy as np
os.umask(0)
os.chdir("/tmp")
os.environ.clear()
np.random.seed(1)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
sys.path.clear()
sys.setrecursionlimit(400)
import warnings
warnings.simplefilter("error")
np.seterr(all="raise")
"""


FIND_STATE = """
import os, resource, sys
found = []
mask = os.umask(0o77); os.umask(mask)
if mask != 0o77: found.append("umask")
if os.getcwd() == "/tmp": found.append("cwd")
if "PATH" not in os.environ: found.append("environment")
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 512: found.append("limits")
if not sys.path or sys.getrecursionlimit() < 500: found.append("sys")
print("FOUND", found)
"""

CASE = Case(
    number="F07",
    tries="Changes the state of its process, so that the next one inherits it.",
    stopped_by="The next one is a fork of the zygote, not of it.",
    variants={"state": Notebook(Verdict.OK, STATE, heir=FIND_STATE)},
)
