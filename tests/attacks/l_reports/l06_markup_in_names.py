"""L06: it writes markup into names of students, files and exceptions."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L06",
    tries="Writes markup into names of students, files and exceptions.",
    stopped_by="Escaping is on everywhere, and nothing is marked as safe.",
    held_by=(
        "tests/unit/report/test_feedback.py::test_the_index_of_hostile_students_is_literal_text",
        "tests/unit/report/test_feedback.py::test_templates_never_vouch_for_text",
        "tests/unit/report/classroom/test_site.py::test_names_and_code_are_text",
    ),
)
