"""B09: it looks up hidden data in a dataset that is in the image."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

DATASETS = """
import os
found = []
for folder, _, names in os.walk("/opt"):
    found += [n for n in names if "site-packages/scipy" not in folder and n.endswith((".npz", ".h5", ".keras", ".idx3-ubyte", ".tfrecord"))
              and os.path.getsize(os.path.join(folder, n)) > 1_000_000]
print("FOUND", found)
"""

CASE = Case(
    number="B09",
    tries="Looks up hidden data in a dataset that is in the image.",
    stopped_by="There is no dataset in the image.",
    variants={"datasets-in-the-image": Notebook(Verdict.OK, DATASETS)},
)
