"""L01: it writes scripts, links, forms and frames into prose and headings."""

from __future__ import annotations

from typing import Any

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.l_reports.payloads import PAYLOADS
from tests.builders import markdown_cell


def with_prose(notebook: dict[str, Any]) -> dict[str, Any]:
    """Markup in prose, in titles and in metadata."""
    for number, payload in enumerate(PAYLOADS):
        notebook["cells"].append(
            markdown_cell(f"# {payload}", id=f"prose-{number}", tags=[payload], name=payload)
        )
    notebook["metadata"] |= {"title": PAYLOADS[0], "kernelspec": {"name": PAYLOADS[1]}}
    return notebook


CASE = Case(
    number="L01",
    tries="Writes scripts, links, forms and frames into prose and headings.",
    stopped_by="Prose is not shown; all else is escaped, under a policy that loads nothing.",
    variants={"prose": Notebook(Verdict.OK, edit=with_prose)},
    held_by=(
        "tests/flow/test_feedback_browser.py::test_nothing_of_a_student_runs_or_leaves_the_page",
        "tests/unit/report/test_feedback.py::test_every_hostile_field_is_literal_text",
    ),
)
