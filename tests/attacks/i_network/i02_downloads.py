"""I02: it downloads a page, a package or a dataset."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

LIBRARIES = """
import urllib.request, http.client, subprocess, sys
found = []
for attempt in (lambda: urllib.request.urlopen("http://example.com", timeout=1), lambda: urllib.request.urlopen("https://pypi.org/simple", timeout=1),
                lambda: http.client.HTTPConnection("1.1.1.1", timeout=1).request("GET", "/"),
                lambda: subprocess.run([sys.executable, "-m", "pip", "download", "six"], check=True, timeout=10, capture_output=True),
                lambda: subprocess.run(["curl", "http://example.com"], check=True), lambda: subprocess.run(["ping", "-c1", "1.1.1.1"], check=True)):
    try:
        attempt()
        found.append("done")
    except Exception:
        pass
print("FOUND", found)
"""

CASE = Case(
    number="I02",
    tries="Downloads a page, a package or a dataset.",
    stopped_by="As above; the cell fails at once, and costs only what it should have made.",
    variants={
        "libraries": Notebook(Verdict.OK, LIBRARIES, limits={"cell_seconds": 30}),
        "at-import": Notebook(
            Verdict.OK,
            "import urllib.request\nurllib.request.urlopen('http://example.com/data.npz')",
            ends=Ending.RAISED,
        ),
        "pip": Notebook(Verdict.OK, "!pip install six", limits={"cell_seconds": 30}),
    },
)
