"""E11: it prints a gigabyte, one huge line, or a hundred thousand displays and updates."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS, called
from tests.attacks.e_exhaustion.floods import FLOOD, flood

CASE = Case(
    number="E11",
    tries="Prints a gigabyte, one huge line, or a hundred thousand displays and updates.",
    stopped_by="Bytes and messages are counted in the kernel, in the driver and on the host.",
    variants={
        "many-lines": flood("for _ in range(300_000): print('x' * 1000)"),
        "one-line": flood("print('x' * 50_000_000)"),
        "to-stderr": flood(
            "import sys\nfor _ in range(100_000): print('x' * 1000, file=sys.stderr)"
        ),
        "displays": flood("from IPython.display import display\nfor i in range(5000): display(i)"),
        "updates": flood(
            "from IPython.display import display\nd = display(0, display_id=True)\nfor i in range(5000): d.update(i)"
        ),
        "clears": flood(
            "from IPython.display import clear_output\nfor i in range(5000):\n    clear_output()\n    print(i)"
        ),
        "descriptors": Notebook(
            Verdict.OK,
            "import os\nfor _ in range(100_000): os.write(1, b'x' * 1000)",
            limits=FLOOD,
        ),
        "in-a-call": called("while True: print('x' * 10_000)", Verdict.TIME),
        "for-ever": Notebook(
            Verdict.OK,
            "while True: print('x' * 10_000)",
            ends=None,
            more=True,  # what is queued still slows its own process
            may=HOSTILE_FLAGS,
        ),
    },
    quick=("one-line",),
    held_by=("tests/box/test_endings.py::test_a_flood_of_output_is_cut",),
)
