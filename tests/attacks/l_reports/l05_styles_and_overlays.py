"""L05: styles and overlays."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L05",
    tries="Styles the page, lays something over a grade, or loads a picture that tells who reads.",
    stopped_by="A content security policy that allows the page's own style and nothing else.",
    held_by=(
        "tests/unit/report/test_feedback.py::test_a_page_forbids_everything_but_its_own_style",
        "tests/flow/test_feedback_browser.py::test_the_policy_stops_what_would_slip_through",
    ),
)
