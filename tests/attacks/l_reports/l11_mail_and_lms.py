"""L11: it injects headers into mail, or fields into an LMS's interface."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="L11",
    tries="Injects headers into mail, or fields into an LMS's interface.",
    stopped_by="The grader sends no mail and speaks to no LMS: it writes files to be uploaded.",
    not_applicable="There is no mail and no interface of an LMS; tables are case L08.",
)
