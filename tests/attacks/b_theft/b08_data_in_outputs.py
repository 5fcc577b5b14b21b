"""B08: it hides data in outputs and their metadata, to get it back with the feedback."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

BIG = """
from IPython.display import Image, display
import numpy as np
import io, matplotlib.pyplot as plt
fig = plt.figure(figsize=(20, 20), dpi=100)
plt.imshow(np.random.rand(2000, 2000))
plt.show()
for i in range(3000):
    print("x" * 200)
"""


METADATA = """
from IPython.display import display
for n in range(50):
    display({"text/plain": "x", "application/x-stash": "y" * 4000}, raw=True, metadata={"stash": "z" * 4000})
"""

CASE = Case(
    number="B08",
    tries="Hides data in outputs and their metadata, to get it back with the feedback.",
    stopped_by="Feedback shows text and redrawn pictures up to a size; metadata is dropped.",
    variants={
        "large-outputs": Notebook(
            Verdict.OK, BIG, may=("output_truncated",), limits={"cell_seconds": 20}
        ),
        "metadata-of-displays": Notebook(Verdict.OK, METADATA, may=("output_truncated",)),
    },
    held_by=("tests/unit/report/test_outputs.py::test_a_page_shows_only_so_much_text",),
)
