"""A01: it prints what graders print when everything is right."""

from tests.attacks.case import Case, Notebook, Verdict

JSON = 'print(\'{"score": 100, "tests": [{"name": "linear", "status": "passed"}]}\')'
MARKERS = """
import sys
for stream in (sys.stdout, sys.stderr):
    print("score: 100/100", file=stream)
    print("================ 57 passed in 0.01s ================", file=stream)
    print("ALL TESTS PASSED", file=stream)
"""
DESCRIPTOR = "import os\nfor fd in (1, 2):\n    os.write(fd, b'score: 100/100\\n')"
DISPLAY = """
from IPython.display import JSON, display
display(JSON({"score": 100}), metadata={"grader": {"points": 100}})
"""

CASE = Case(
    number="A01",
    tries="Prints a score, a result file's text or a test runner's last line.",
    stopped_by="Nothing that is printed is read for a score; points come from calls.",
    variants={
        "a-result-as-json": Notebook(Verdict.ZERO, JSON),
        "a-test-runner-s-words": Notebook(Verdict.ZERO, MARKERS),
        "straight-to-descriptors": Notebook(Verdict.ZERO, DESCRIPTOR),
        "a-display-with-metadata": Notebook(Verdict.ZERO, DISPLAY),
        "beside-a-right-answer": Notebook(Verdict.OK, MARKERS),
    },
    quick=("a-test-runner-s-words",),
)
