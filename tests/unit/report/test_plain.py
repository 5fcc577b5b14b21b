"""A page that cannot be rendered is a plain one, and the grade stands."""

from __future__ import annotations

from dataclasses import replace

from grader.report.plain import page_or_plain
from tests.unit.report import builders


def test_a_page_that_can_be_made_is_the_feedback_page():
    """Nothing is said then."""
    page, said = page_or_plain(builders.assignment(), builders.submission())

    assert said == ""
    assert page.rstrip().endswith("</html>")


def test_a_page_that_cannot_be_made_is_plain():
    """Points and title, escaped, and a sentence for the instructor that says why."""
    broken = replace(builders.submission("<b>Ada</b>"), execution=object())  # type: ignore[arg-type]
    page, said = page_or_plain(builders.assignment(), broken)

    assert "could not be made" in said
    assert "&lt;b&gt;Ada" in page
    assert f"of {broken.max_score:g} points" in page
    assert page.rstrip().endswith("</html>")
