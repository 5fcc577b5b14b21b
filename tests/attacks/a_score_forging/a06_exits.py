"""A06: it ends its process, or means to, in the middle of a call or a cell."""

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict


def answering(body: str) -> Notebook:
    """Both functions of the question end like this."""
    return Notebook(
        Verdict.ZERO,
        answer=f"import os, sys\n\n\ndef linear(*a):\n    {body}\n\n\nlinear_backward = linear\n",
    )


CASE = Case(
    number="A06",
    tries="Exits with success in a call, so that what comes after it is never checked.",
    stopped_by="Only a reply with a value can earn points; the kernel is made anew for the rest.",
    variants={
        "sys-exit": answering("sys.exit(0)"),
        "os-exit": answering("os._exit(0)"),
        "system-exit": answering("raise SystemExit"),
        "keyboard-interrupt": answering("raise KeyboardInterrupt"),
        "generator-exit": answering("raise GeneratorExit"),
        "base-exception": answering("raise BaseException('passed')"),
        "abort": answering("os.abort()"),
        "in-a-cell": Notebook(Verdict.OK, "import os\nos._exit(0)", ends=Ending.EXITED),
        "quit-in-a-cell": Notebook(Verdict.OK, "quit()"),
        "sys-exit-in-a-cell": Notebook(Verdict.OK, "import sys; sys.exit(0)", ends=Ending.EXITED),
        "exec-of-another-program": Notebook(
            Verdict.OK, "import os\nos.execv('/bin/true', ['true'])", ends=Ending.EXITED
        ),
    },
    quick=("sys-exit",),
)
