"""A04: it patches the kernel so that every cell ends well."""

from tests.attacks.case import Case, Notebook, Verdict

KERNEL = """
from ipykernel.ipkernel import IPythonKernel
async def ok(self, *a, **k):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
IPythonKernel.do_execute = ok
"""
RUN_CELL = "get_ipython().__class__.run_cell = lambda *a, **k: None"
ANSWERING = """
import gc
kernel = get_ipython().kernel
async def ok(*a, **k):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}, "score": 100}
kernel.do_execute = ok
"""
# Where no later cell runs, no later answer exists.
EVERYTHING = ("conv_shapes", "pool2d", "linear", "layer_norm")

CASE = Case(
    number="A04",
    tries="Patches the shell or the kernel to answer every cell with success.",
    stopped_by="A cell that did not run defines no function: calls of it fail.",
    variants={
        "the-kernel-s-class": Notebook(Verdict.ZERO, KERNEL, loses=EVERYTHING),
        "the-kernel-itself": Notebook(Verdict.ZERO, ANSWERING, loses=EVERYTHING),
        "the-shell": Notebook(Verdict.ZERO, RUN_CELL, loses=EVERYTHING, may=("protocol",)),
    },
)
