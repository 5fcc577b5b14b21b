"""A box without a container begins only where its processes have what they need."""

from __future__ import annotations

import subprocess
import sys

OPEN = """\
import resource, sys, tempfile
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from grader.errors import MachineError
from grader.sandbox.box import Size
from grader.sandbox.local_box import LocalLauncher
try:
    LocalLauncher("numpy").start(Size(400, 8, 32), tempfile.TemporaryFile())
except MachineError as error:
    print(error)
"""


def test_a_low_limit_on_open_files_is_said_and_no_student_pays_for_it():
    """A kernel that could not open its sockets died, which looked like its student's doing."""
    done = subprocess.run([sys.executable, "-c", OPEN], capture_output=True, text=True, check=True)

    assert "may open 64 files here" in done.stdout
