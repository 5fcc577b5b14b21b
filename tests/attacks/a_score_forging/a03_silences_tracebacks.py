"""A03: the two notebooks with which nbgrader was cheated, and their kin."""

from tests.attacks.case import Case, Notebook, Verdict

SHELL = "from IPython.core.interactiveshell import InteractiveShell\n"

CASE = Case(
    number="A03",
    tries="Replaces the function that shows an error, so that a failing cell looks well.",
    stopped_by="How a cell ended gives no points.",
    variants={
        "by-a-lambda": Notebook(
            Verdict.ZERO, "get_ipython().showtraceback = lambda *a, **k: None\n"
        ),
        "by-none": Notebook(
            Verdict.ZERO, "get_ipython().showtraceback = None\n", may=("protocol",)
        ),
        "of-the-class": Notebook(
            Verdict.ZERO, SHELL + "InteractiveShell.showtraceback = lambda *a, **k: None\n"
        ),
        "an-exception-hook": Notebook(
            Verdict.ZERO, "import sys\nsys.excepthook = lambda *a: None\nsys.exit = lambda *a: None"
        ),
    },
)
