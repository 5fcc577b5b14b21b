"""A02: it leaves files of the names that other graders read their results from."""

from tests.attacks.case import Case, Notebook, Verdict

WRITE = """
import json, os
names = ("results.json", "results.pkl", "junit.xml", "grades.csv", "gradebook.db", "feedback.html",
         "zq7planted.json")
for top in (".", os.environ["HOME"], "/tmp", "/dev/shm", "/autograder/results", "/", "/opt/grader", "/run"):
    for name in names:
        try:
            with open(os.path.join(top, name), "w") as file:
                json.dump({"score": 100}, file)
        except OSError:
            pass
"""
LINKS = """
import os
for target in ("/proc/1/root", "/", "..", "/etc/passwd"):
    name = "results-" + str(abs(hash(target)))
    os.symlink(target, name)
"""

CASE = Case(
    number="A02",
    tries="Writes result files of many names in every folder that can be written.",
    stopped_by="No folder of the host is mounted, and no file of the box is ever read.",
    variants={
        "files": Notebook(Verdict.ZERO, WRITE),
        "links": Notebook(Verdict.ZERO, LINKS),
        "while-it-is-called": Notebook(
            Verdict.ZERO,
            answer="def linear(x, w, b):\n    open('results.json', 'w').write('{\"score\": 100}')\n"
            "    return 0\n\n\nlinear_backward = linear\n",
        ),
    },
)
