"""The folder of pages, written file by file; a page is whole or not there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from grader.report.classroom import plots
from grader.report.classroom.alike import AlikeView, Compared, alike_view
from grader.report.classroom.clusters import clusters
from grader.report.classroom.material import Classroom
from grader.report.classroom.overview import TONE_WORDS, TONES, Overview, overview
from grader.report.classroom.question import QuestionPage, question_page
from grader.report.classroom.students import moment, student_page, student_rows
from grader.report.classroom.waiting import waiting
from grader.report.files import make_folder, write_atomically
from grader.report.rendering import render, template_source
from grader.report.text import one_line

Pages = dict[str, str]


@dataclass(frozen=True)
class Site:
    """What stands on every page."""

    title: str
    links: tuple[tuple[str, str], ...]
    made: str


def write_site(folder: Path, room: Classroom, compared: Compared | None = None) -> Path:
    """Write all pages into the folder; return the first one."""
    for place in ("", "questions", "students", *(["pairs"] if compared else [])):
        make_folder(folder / place)
    site = _site(room, compared)
    found = {q.name: clusters(q.name, room.grades) for q in room.assignment.questions}
    seen = overview(room, found)
    _write(folder, _class_pages(site, room, seen))
    for asked, row in zip(room.assignment.questions, seen.questions, strict=True):
        page = question_page(room, asked, row, found[asked.name])
        _write(folder, _question_pages(site, page))
    for grade in room.grades:
        target = f"students/{room.pages[grade.student.key]}"
        shown = student_page(room, grade)
        _write(folder, {target: _page(site, "student", target, page=shown, scripted=False)})
    if compared:
        _write(folder, _pair_pages(site, alike_view(room, compared)))
    return folder / "index.html"


def _site(room: Classroom, compared: Compared | None) -> Site:
    questions = [
        (one_line(question.title, 60), f"questions/{question.name}.html")
        for question in room.assignment.questions
    ]
    links = [("Overview", "index.html"), ("Needs a person", "waiting.html")]
    links += [("Students", "students.html")]
    links += [("Similarity", "similarity.html")] if compared else []
    graded = [attempt.graded_at for own in room.attempts.values() for attempt in own]
    made = f"Gradings up to {moment(max(graded))}." if graded else "Nothing was graded yet."
    return Site(one_line(room.assignment.title, 200), (*links, *questions), made)


def _class_pages(site: Site, room: Classroom, seen: Overview) -> Pages:
    queue = waiting(room)
    rows = student_rows(room)
    words = [TONE_WORDS[tone] for tone in TONES]
    titles = [one_line(question.title, 80) for question in room.assignment.questions]
    sections = any(row.section for row in rows)
    first = _page(
        site,
        "overview",
        "index.html",
        page=seen,
        waiting=len(queue),
        tones=words,
        plots=_plots(seen),
    )
    return {
        "index.html": first,
        "waiting.html": _page(site, "waiting", "waiting.html", page=queue, scripted=False),
        "students.html": _page(
            site, "students", "students.html", page=rows, titles=titles, sections=sections
        ),
    }


def _question_pages(site: Site, page: QuestionPage) -> Pages:
    target = f"questions/{page.row.name}.html"
    drawn = {"distribution": plots.distribution(page.scores, page.max_score, "points-plot")}
    return {target: _page(site, "question", target, page=page, plots=drawn)}


def _plots(seen: Overview) -> Mapping[str, Markup]:
    return {
        "distribution": plots.distribution(seen.scores, seen.max_score, "scores-plot"),
        "success": plots.success(seen.questions, "success-plot"),
        "mistakes": plots.mistakes(seen.mistakes, "mistakes-plot"),
        "times": plots.times(seen.seconds, "times-plot"),
    }


def _pair_pages(site: Site, seen: AlikeView) -> Pages:
    pages = {
        pair.page: _page(site, "pair", pair.page, page=pair, scripted=False) for pair in seen.pairs
    }
    return {**pages, "similarity.html": _page(site, "similarity", "similarity.html", page=seen)}


def _page(site: Site, template: str, target: str, *, scripted: bool = True, **values: Any) -> str:
    text, policy = _script() if scripted else ("", "")
    return render(
        f"classroom/{template}.html.j2",
        site=site,
        current=target,
        root="../" * target.count("/"),
        script=text,
        script_policy=policy,
        **values,
    )


@cache
def _script() -> tuple[Markup, str]:
    """Our few lines, and the policy that lets the browser run them and nothing else."""
    text = template_source("classroom/class.js")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"script-src 'sha256-{digest}'; "  # noqa: S704  (our own file)


def _write(folder: Path, pages: Pages) -> None:
    for name, text in pages.items():
        write_atomically(folder / name, text)
