"""L04: it uses macros of MathJax that load, link or never end."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L04",
    tries="Uses macros of MathJax that load, link or never end.",
    stopped_by="There is no MathJax, and no script at all.",
    held_by=("tests/unit/report/test_feedback.py::test_a_page_is_well_formed_and_self_contained",),
)
