"""L02: it displays HTML, JavaScript, Mermaid, SVG and widgets."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.l_reports.payloads import PAYLOADS

DISPLAYS = f"""
from IPython.display import display
payloads = {PAYLOADS!r}
for kind in ("text/html", "application/javascript", "text/markdown", "text/vnd.mermaid", "text/latex", "image/svg+xml",
             "application/vnd.jupyter.widget-view+json", "application/vnd.plotly.v1+json"):
    for payload in payloads:
        display({{kind: payload, "text/plain": payload}}, raw=True)
        display({{kind: payload}}, raw=True)
display({{"image/png": '" onerror="alert(1)', "image/jpeg": "' onload='x"}}, raw=True)
for payload in payloads:
    print(payload)
raise type("<script>alert(1)</script>", (Exception,), {{}})("<img src=x onerror=alert(1)>")
"""


ANSWER = """
class Shout(Exception): pass
Shout.__name__ = Shout.__qualname__ = "<script>alert(1)</script>"
def linear(x, w, b):
    # <script>alert(1)</script> {{ 7 * 7 }}
    raise Shout("<img src=x onerror=alert(1)>")


def linear_backward(dout, x, w):
    return {"<script>alert(1)</script>": "{{ 7 * 7 }}"}
"""

CASE = Case(
    number="L02",
    tries="Displays HTML, JavaScript, Mermaid, SVG and widgets.",
    stopped_by="Text and redrawn pictures alone are shown.",
    variants={
        "displays": Notebook(Verdict.OK, DISPLAYS, ends=Ending.RAISED, may=("output_truncated",)),
        "an-answer": Notebook(Verdict.ZERO, answer=ANSWER),
    },
    held_by=("tests/unit/report/test_outputs.py::test_any_other_type_is_named_and_not_shown",),
)
