"""What the zygote imports before the first fork."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

LOADED = """
import sys
from grader.inside.warmup import warm_up
warm_up("numpy")
names = "rfc3987_syntax", "debugpy", "nbclient", "scipy.signal"
print([name for name in names if name in sys.modules])
"""


def test_no_grammar_is_built_that_nothing_asks_for():
    """Importing nbformat builds one for IRIs where it can, which takes as long as all the rest."""
    importlib.metadata.version("rfc3987-syntax")  # where it is missing this could not fail

    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "['nbclient', 'scipy.signal']"
