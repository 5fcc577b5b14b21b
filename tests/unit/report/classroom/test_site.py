"""The folder that is written: whole, linked, the same again, and nobody's markup in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.report.classroom import plots
from grader.report.classroom.alike import Compared
from grader.report.classroom.overview import MistakeRow
from grader.report.classroom.site import write_site
from grader.roster import Student
from grader.similarity import Answer, Likeness, Pair, Passage, Work
from tests.synthetic.grades import made_up_class

SIZE = 40


def compared(room) -> Compared:
    """One pair, in which both quote markup."""
    left, right = (Work(g.student.key, (Answer("conv2d", "<b>x</b>"),)) for g in room.grades[:2])
    lines = frozenset({1})
    passage = Passage("conv2d", "<b>x</b>\ny", "<b>x</b>", lines, lines)
    pair = Pair(left, right, 90.0, 0.8, 0.6, (passage,))
    return Compared(Likeness((pair,), 1, SIZE, {}), (("student-0003", "the file was not kept."),))


@pytest.fixture(scope="module")
def room():
    return made_up_class(SIZE)


@pytest.fixture(scope="module")
def site(room, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "new"
    write_site(folder, room, compared(room))
    return folder


def test_everyone_and_every_question_has_a_page(site, room):
    """One page per student, one per question, and the four for all."""
    assert len(list((site / "students").iterdir())) == SIZE
    assert {p.stem for p in (site / "questions").iterdir()} == {
        question.name for question in room.assignment.questions
    }
    names = ("index.html", "waiting.html", "students.html", "similarity.html", "pairs/001.html")
    assert all((site / name).is_file() for name in names)


def test_every_link_leads_to_a_page(site):
    """No link of any page leads nowhere, and none leaves the folder."""
    for page in site.rglob("*.html"):
        for target in re.findall(r'<a [^>]*?href="([^"#]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / target).resolve().is_relative_to(site.resolve())
            assert (page.parent / target).is_file(), f"{page.name}: {target}"


def test_ids_stand_once_and_labels_lead_to_them(site):
    """In a page with several plots no id is used twice."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), page.name
        assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= set(ids)


def test_the_same_class_gives_the_same_bytes(site, room, tmp_path):
    """Nothing in a page depends on when it was written."""
    write_site(tmp_path, room, compared(room))

    for page in site.rglob("*.html"):
        assert (tmp_path / page.relative_to(site)).read_bytes() == page.read_bytes()


def test_names_and_code_are_text(room, tmp_path):
    """Markup in a name, a key, an e-mail, a reason or code stays literal."""
    bad = "<script>alert(1)</script>\u202e"
    grade = replace(
        room.grades[0], student=Student(bad, bad, email=bad), reasons=(bad,), comment=bad
    )
    hostile = replace(room, grades=(grade, *room.grades[1:]))

    write_site(tmp_path, hostile)

    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "\u202e" not in text


def test_similarity_says_that_it_is_a_hint(site):
    """Each page on pairs says that it is no verdict, and who was not compared."""
    assert "never a verdict" in (site / "pairs" / "001.html").read_text()
    listed = (site / "similarity.html").read_text()
    assert "never a verdict" in listed
    assert "the file was not kept" in listed


def test_a_plot_is_an_image_with_words():
    """A screen reader is told what the plot shows; labels are escaped, colours the page's."""
    row = MistakeRow("<i>$x$</i>", False, "conv2d", "questions/conv2d.html", 12, 10.0)

    text = str(plots.mistakes([row], "m"))

    root = ET.fromstring(text.replace("xlink:", ""))
    assert root.get("role") == "img"
    assert "12 students" in root.get("aria-label", "")
    assert "<i>" not in text
    assert "var(--ink)" in text
    assert "#010203" not in text


@pytest.mark.parametrize("drawn", [plots.success, plots.mistakes, plots.times])
def test_nothing_to_plot_is_no_plot(drawn):
    """An empty class has no empty axes."""
    assert drawn([], "x") == ""
