"""L07: it writes a template into a text that becomes part of a page."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L07",
    tries="Writes a template into a text that becomes part of a page.",
    stopped_by="Texts are values of templates, never templates.",
    held_by=("tests/unit/report/test_feedback.py::test_every_hostile_field_is_literal_text",),
)
