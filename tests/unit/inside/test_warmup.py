"""What the zygote imports before the first fork."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

LOADED = """
import sys
from grader.inside.warmup import warm_up, warm_up_extra
names = "rfc3987_syntax", "debugpy", "nbclient", "scipy", "matplotlib", "keras"
def loaded():
    print(*[name for name in names if name in sys.modules])
warm_up("numpy")
loaded()
warm_up_extra("scipy")
loaded()
warm_up_extra("matplotlib")
loaded()
"""


def test_what_is_slow_to_import_waits_for_a_program_that_mentions_it():
    """A grammar of IRIs, which nbformat would build at its import, is never needed at all."""
    importlib.metadata.version("rfc3987-syntax")  # where it is missing this could not fail

    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == ["nbclient", "nbclient scipy", "nbclient scipy matplotlib"]
