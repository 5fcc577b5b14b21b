"""B03: called by a hidden test, it shows what it was given."""

from tests.attacks.case import Case, Notebook, Verdict

BACK = "\n\n\ndef linear_backward(*a, **k):\n    return linear(*a, **k)\n"


def showing(body: str) -> Notebook:
    """A function that shows its inputs somehow."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return Notebook(
        Verdict.ZERO, answer=f"import os, sys\n\n\ndef linear(*a, **k):\n{lines}" + BACK
    )


CASE = Case(
    number="B03",
    tries="Prints, plots, displays or returns the inputs of a hidden test.",
    stopped_by="Output during calls is thrown away, and feedback never shows a returned value.",
    variants={
        "prints": showing("print(a)\nprint(a, file=sys.stderr)\nreturn 0"),
        "writes-to-descriptors": showing(
            "for fd in (1, 2):\n    os.write(fd, str(a).encode())\nreturn 0"
        ),
        "writes-to-the-real-streams": showing(
            "print(a, file=sys.__stdout__)\nprint(a, file=sys.__stderr__)\nreturn 0"
        ),
        "displays": showing("from IPython.display import display\ndisplay(a)\nreturn 0"),
        "plots": showing(
            "import matplotlib.pyplot as plt\nplt.title(str(a)[:80])\nplt.show()\nreturn 0"
        ),
        "publishes": showing(
            "kernel = get_ipython().kernel\n"
            "kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': str(a)},\n"
            "                    parent=kernel.get_parent())\nreturn 0"
        ),
        "returns-them": showing("return a"),
        "returns-them-as-text": showing("return str([x.tolist() for x in a])"),
        "returns-them-as-keys": showing("return {str(float(a[0].ravel()[0])): 1}"),
        "logs-to-the-shell-later": showing(
            "import threading\nthreading.Timer(0.05, print, [str(a)]).start()\nreturn 0"
        ),
    },
    quick=("prints",),
)
