"""Nothing hidden is found where students can look: sentinels are planted, and searched for."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from examples.make import submission
from grader.authoring.publish import publish
from grader.course import load_assignment
from grader.pipeline import grade, open_grading
from grader.report.feedback import feedback_page
from grader.sandbox.image import ensure_image

pytestmark = pytest.mark.docker

SENTINEL = "zq7sentinel"
NUMBER = 918273.645546

HIDDEN_TEST = f'''

@pytest.mark.question("linear")
def test_{SENTINEL}(student, reference):
    """The layer is right for one more input."""
    secret = "{SENTINEL}"
    x = np.full((2, 3), {NUMBER})
    assert_matches(student.linear, reference.linear, x, np.full((3, 2), {NUMBER}), np.zeros(2))
'''

# The sentinel is put together at run time, or the search would find itself.
SPY = """
import os, subprocess, sys
word = "zq7" + "sentinel"
found = []
for root in "/opt/grader /opt/student /etc /run /tmp /home /root /var /dev/shm".split():
    for folder, _, files in os.walk(root):
        for name in files:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    if word.encode() in file.read(10**7):
                        found.append(os.path.join(folder, name))
            except OSError:
                pass
for pid in filter(str.isdigit, os.listdir("/proc")):
    for what in ("environ", "cmdline", "maps"):
        try:
            with open(f"/proc/{pid}/{what}", "rb") as file:
                if word.encode() in file.read(10**6):
                    found.append(f"{pid} {what}")
        except OSError:
            pass
found += [name for name, value in os.environ.items() if word in value]
print("SPY", found, sorted(os.environ))
"""

LEAKS = """
def linear(x, w, b):
    print("HIDDEN", x, w)
    raise ValueError(f"the input was {x} and {w}")


def linear_backward(dout, x, w):
    class Hidden(Exception):
        pass

    Hidden.__name__ = str(float(x.ravel()[0])).replace(".", "_")
    raise Hidden(x)
"""


@pytest.fixture
def sentinels(course, monkeypatch):
    """A course with a sentinel in its solution, its hidden tests and the host's environment."""
    monkeypatch.setenv("GRADER_SENTINEL", SENTINEL)
    tests = course / "solutions/layers/test_layers.py"
    tests.write_text(tests.read_text() + HIDDEN_TEST)
    source = course / "solutions/layers/layers.ipynb"
    notebook = json.loads(source.read_text())
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if "# BEGIN SOLUTION" in text:
            cell["source"] = text.replace(
                "# BEGIN SOLUTION", f'# BEGIN SOLUTION\n    note = "{SENTINEL}"', 1
            )
    source.write_text(json.dumps(notebook))
    return course


def test_no_sentinel_is_where_students_look(sentinels, tmp_path):
    """Not in the release, the box, the image's history, the feedback page or shown outputs."""
    assignment = load_assignment("layers", sentinels)
    for path in publish(assignment, "docker", print):
        assert SENTINEL.encode() not in path.read_bytes()

    notebook = submission({"linear": LEAKS})
    notebook["cells"].insert(
        3,
        {
            "cell_type": "code",
            "id": "spy",
            "metadata": {},
            "source": SPY,
            "outputs": [],
            "execution_count": None,
        },
    )
    path = tmp_path / "spy.ipynb"
    path.write_text(json.dumps(notebook))
    with open_grading(assignment) as grading:
        result = grade(path, "spy", grading)
    outputs = json.dumps([cell.outputs for cell in result.execution.cells])
    page = feedback_page(assignment, result)

    spied = re.search(r"SPY \[(.*?)\] \[(.*?)\]", outputs)
    assert spied, outputs
    assert spied[1] == ""
    assert len(spied[2].split(",")) <= 8
    for hidden in (SENTINEL, str(NUMBER), "918273"):
        assert hidden not in outputs
        assert hidden not in page


def test_no_sentinel_is_in_the_image(sentinels):
    """The image is made of public things: neither its files' history nor its labels tell."""
    image = ensure_image("numpy", print)
    told = subprocess.run(
        ["docker", "history", "--no-trunc", image], capture_output=True, text=True, check=True
    ).stdout
    told += subprocess.run(
        ["docker", "inspect", image], capture_output=True, text=True, check=True
    ).stdout

    assert SENTINEL not in told
