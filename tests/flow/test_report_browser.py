"""The class report in a real browser: it sorts, finds, prints, fits, runs only its own script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.gradebook.grades import FinalGrade
from grader.report.classroom.site import write_site
from grader.roster import Student
from tests.flow.test_feedback_browser import VECTORS, Visit, browser
from tests.synthetic.grades import made_up_class

__all__ = ["browser"]
pytestmark = pytest.mark.browser
PAGES = ("index.html", "waiting.html", "students.html", "questions/conv2d.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    write_site(folder, made_up_class(60))
    return folder


def scores(page) -> list[float]:
    """The column of scores as the table shows it."""
    cells = page.locator("table.all tbody tr td:nth-child(2)")
    return [
        float(value) for value in cells.evaluate_all("cells => cells.map(c => c.dataset.value)")
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_and_says_nothing(width, browser, site):
    """Neither a phone nor a desk scrolls sideways, and the console stays empty."""
    student = next((site / "students").iterdir())
    for path in (*(site / name for name in PAGES), student):
        visit = Visit(browser, path, width)
        said: list[str] = []
        visit.page.on("console", lambda message, said=said: said.append(message.text))
        visit.page.reload()
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        assert said + visit.said == []
        assert set(visit.left) <= {path.as_uri()}
        visit.page.close()


def test_a_click_sorts_and_another_turns_it_round(browser, site):
    """Numbers start with the largest; the heading says how it is sorted."""
    page = Visit(browser, site / "students.html").page
    heading = page.get_by_role("columnheader", name="Score")

    heading.get_by_role("button").click()
    down = scores(page)
    said = heading.get_attribute("aria-sort")
    heading.get_by_role("button").click()

    assert down == sorted(down, reverse=True)
    assert said == "descending"
    assert scores(page) == sorted(down)
    assert heading.get_attribute("aria-sort") == "ascending"
    assert page.locator("[aria-sort]").count() == 1
    page.close()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_sorts_too(key, browser, site):
    """Without a mouse the same is done, and the focus stays where it was."""
    page = Visit(browser, site / "students.html").page
    button = page.get_by_role("columnheader", name="Student").get_by_role("button")

    button.focus()
    page.keyboard.press(key)

    names = page.locator("table.all tbody th").all_inner_texts()
    in_order = "names => names.every((x, i) => !i || names[i - 1].localeCompare(x) <= 0)"
    assert page.evaluate(in_order, [name.lower() for name in names])
    assert button.evaluate("button => button === document.activeElement")
    page.close()


def test_the_table_shrinks_to_what_is_looked_for(browser, site):
    """Typing leaves the rows that hold the words, and says how many."""
    page = Visit(browser, site / "students.html").page

    page.get_by_role("searchbox").fill("lovelace")

    assert page.locator("table.all tbody tr:visible").count() == 1
    assert page.get_by_role("status").inner_text() == "1 of 60"
    page.close()


def test_a_page_prints_whole(browser, site):
    """On paper the navigation is gone and nothing is cut off at the side."""
    page = Visit(browser, site / "index.html").page

    printed = page.pdf(format="A4")
    page.emulate_media(media="print")

    assert printed.startswith(b"%PDF")
    assert not page.locator("nav.site").is_visible()
    assert page.locator("svg.plot").first.is_visible()
    page.close()


def hostile(grade: FinalGrade, text: str) -> FinalGrade:
    """The text in every field that can come from a student or a roster."""
    assert grade.attempt
    result = replace(grade.attempt.result, file=text, flags=(text,), notes=(text,))
    return replace(
        grade,
        student=Student(text, text, email=text, section=text, group=text),
        reasons=(text,),
        comment=text,
        attempt=replace(grade.attempt, result=result, origin=text),
    )


def test_nothing_of_a_student_runs(browser, tmp_path):
    """No hostile name, key, address, reason or file runs anything or asks for anything."""
    room = made_up_class(2)
    grades = tuple(hostile(room.grades[0], text) for text in VECTORS.values())
    attempts = {g.student.key: (g.attempt,) for g in grades if g.attempt}
    write_site(tmp_path, replace(room, grades=grades, attempts=attempts, decisions={}))

    for path in sorted(tmp_path.rglob("*.html")):
        visit = Visit(browser, path)
        assert visit.left == []
        assert visit.said == []
        assert visit.page.title() != "owned"
        found = "iframe, form, object, embed, base, link, [onerror], [onload], [href^=javascript]"
        assert visit.page.locator(found).count() == 0
        visit.page.close()


def test_the_policy_lets_no_other_script_run(browser, site, tmp_path):
    """A script that slipped into a page does nothing, though the page has one of its own."""
    path = tmp_path / "students.html"
    text = (site / "students.html").read_text(encoding="utf-8")
    slipped = "<script>document.title='owned'</script>"
    path.write_text(text.replace("</main>", f"{slipped}</main>"), encoding="utf-8")

    page = Visit(browser, path).page

    assert page.title() != "owned"
    assert page.get_by_role("columnheader", name="Score").get_by_role("button").count() == 1
    page.close()
