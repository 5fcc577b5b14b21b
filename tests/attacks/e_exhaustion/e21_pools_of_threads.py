"""E21: it asks for thousands of threads."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.bodies import HOSTILE_FLAGS, called

POOL = """
import threading, time
kept = []
try:
    for _ in range(10_000):
        thread = threading.Thread(target=time.sleep, args=(60,), daemon=True)
        thread.start()
        kept.append(thread)
except RuntimeError:
    pass
"""


WORKERS = "import concurrent.futures as f\nwith f.ThreadPoolExecutor(10**4) as pool:\n    list(pool.map(time.sleep, [1] * 10**4))"

CASE = Case(
    number="E21",
    tries="Asks for thousands of threads.",
    stopped_by="A limit of processes per uid: what asks for more gets an error.",
    variants={
        "threads": Notebook(Verdict.OK, POOL, may=HOSTILE_FLAGS),
        "an-executor": called(WORKERS, Verdict.ZERO),
    },
)
