"""Rules for the feedback page and the index."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.records import Cell, CellRun, Diagnosis, Ending, Observation, Program, Raised
from grader.report import feedback
from grader.report.feedback import feedback_page, page_names, write_feedback
from tests.unit.report import builders

TEMPLATES = Path(feedback.__file__).parent / "templates"
VOID = {"meta", "img", "rect", "circle", "path", "br"}


def page(result) -> str:
    return feedback_page(builders.assignment(), result)


class Outline(HTMLParser):
    """Elements, headings, attributes and text of a page, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("result", builders.everyone(), ids=lambda result: result.student)
def test_a_page_is_well_formed_and_self_contained(result):
    """Every element is closed, nothing is loaded, no script stands in it, headings are in order."""
    outline = Outline(page(result))
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch(r"h[1-6]", tag)]

    assert not {"script", "iframe", "object", "embed", "form", "link", "base"} & set(outline.tags)
    assert ("html", "lang", "en") in outline.attributes
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    targets = [v for _, name, v in outline.attributes if name in {"src", "href", "action"}]
    assert all(target.startswith(("#", "data:image/png;base64,")) for target in targets)
    assert not [name for _, name, _ in outline.attributes if name.startswith("on")]


def test_a_page_forbids_everything_but_its_own_style():
    """Were something to slip through, the browser would still refuse it."""
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'" in page(
        builders.submission()
    ).replace("&#39;", "'")


def test_the_same_result_gives_the_same_page():
    """No date and no chance."""
    assert page(builders.mistaken()) == page(builders.mistaken())


@pytest.mark.parametrize("result", builders.everyone(), ids=lambda result: result.student)
def test_no_name_of_a_hidden_test_is_shown(result):
    """A student reads the sentence of a test, never its name."""
    text = page(result)

    names = {test.name for q in result.questions for test in q.tests if len(test.name) > 3}
    assert not [name for name in names if name in text]


def test_values_that_a_test_observed_are_not_shown():
    """Observations may be answers to hidden inputs: the page takes a line number from them."""
    seen = Observation("label-sentinel", Raised("Type-sentinel", "message-sentinel", 2, 3))
    other = Observation("label-sentinel", "value-sentinel")
    failed = builders.hidden_test("t", "conv2d", False, observations=(seen, other))
    text = page(
        builders.with_questions(
            builders.submission(), builders.question("conv2d", 16, score=0.0, tests=(failed,))
        )
    )

    assert "sentinel" not in text
    assert "an error arose at line 3" in text


def test_a_reason_is_said_once():
    """Four cases of one mistake are one card with a count."""
    text = Outline(page(builders.mistaken())).text

    assert text.count("Known mistake: bias per channel") == 1
    assert "4 tests, one reason" in text
    assert text.count(builders.BIAS.try_) == 1


def test_a_failure_says_happened_expected_try():
    """The three parts of a diagnosis stand under the sentence of the test."""
    text = Outline(page(builders.mistaken())).text

    assert (
        "A float32 input gives a float32 output. Happened got float64. "
        "Expected float32, as in the input. Try What makes zeros float64?"
    ) in text


def test_a_failure_without_diagnosis_is_still_told():
    """Something failed: the page does not stay silent."""
    failed = builders.hidden_test("t", "conv2d", False)
    made = builders.with_questions(
        builders.submission(), builders.question("conv2d", 16, score=0.0, tests=(failed,))
    )

    assert "The answer is not what was expected." in page(made)


def test_many_reasons_fold_away():
    """Four at once are enough to read."""
    failed = tuple(
        builders.hidden_test(f"t{n}", "conv2d", False, diagnosis=Diagnosis(f"reason {n}"))
        for n in range(9)
    )
    made = builders.with_questions(
        builders.submission(), builders.question("conv2d", 16, score=0.0, tests=failed)
    )

    assert "5 more reasons" in page(made)


def test_the_state_is_told_in_words():
    """Nobody needs to see colours."""
    text = Outline(page(builders.mistaken())).text

    assert "Convolution 6 of 16 partly right" in text
    assert "Dropout 0 of 10 not right yet" in text


def test_following_through_is_told():
    """A mistake costs once, and the page says so."""
    assert "Passed with the reference&#39;s conv2d in place of yours" in page(builders.mistaken())


def test_the_line_of_an_error_is_marked():
    """The student's own source is shown with the line at which a call raised."""
    (marked,) = re.findall(r"<mark>(.*?)</mark>", page(builders.mistaken()), re.DOTALL)

    assert marked.strip().startswith("patch = x[")


def test_a_marked_line_of_a_long_cell_is_among_those_shown():
    """A cell of thousands of lines is cut around the error."""
    made = builders.submission()
    cells = (*made.program.cells, Cell("\n".join(f"line_{n} = 0" for n in range(1, 5001))))
    run = CellRun(Ending.RAISED, raised=Raised("ValueError", "x", len(cells) - 1, 4000))
    made = replace(
        made,
        program=Program(cells),
        execution=replace(made.execution, cells=(*made.execution.cells, run)),
    )

    text = page(made)

    assert "<mark>line_4000 = 0" in text
    assert "4760 more lines are not shown." in text


def test_no_line_of_the_source_hides_another():
    """A carriage return ends a line for Python, so it does on the page; the numbers agree."""
    made = builders.submission()
    sources = ["a = 1\rb = 2  # \u2028 \u202e\r\n\tc = 3", *["x"] * 5]
    cells = tuple(Cell(source, "answer", "conv2d") for source in sources)

    text = page(replace(made, program=Program(cells)))

    assert "<code>a = 1\nb = 2  #  \u0020\n    c = 3\n</code>" in text
    assert ">1\n2\n3</pre>" in text


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending.OUT_OF_TIME, "had not ended after 10 seconds"),
        (Ending.OUT_OF_MEMORY, "more than 1024 MB of memory"),
        (Ending.EXITED, "ended the whole Python process"),
        (Ending.PROTOCOL, "could not be read as a result"),
        (Ending.SKIPPED, "was not run"),
        (Ending.RAISED, "stopped with an error"),
    ],
)
def test_how_a_cell_ended_is_told(ending: Ending, words: str):
    """A hang, a crash and a memory kill are told apart."""
    assert words in page(builders.with_run(builders.hanging(), 4, CellRun(ending)))


def test_an_extra_cell_that_stopped_is_shown():
    """An error outside the answers explains much."""
    text = Outline(page(builders.crashing())).text

    assert "Other cells that stopped" in text
    assert "This cell stopped at line 2 with NameError: name 'totl' is not defined" in text


def test_an_open_score_is_never_a_zero():
    """What waits for a person is open."""
    text = Outline(page(builders.waiting())).text

    assert "This score is not final. 14 points are open" in text
    assert "– of 10" in text


def test_our_fault_is_told_without_details_of_our_machine():
    """A student is not to wonder about our disk."""
    text = Outline(page(builders.machine_failed())).text

    assert "The grader failed, not you." in text
    assert "disk" not in text


def test_an_unreadable_file_is_told():
    """The student learns what to hand in again."""
    text = Outline(page(builders.unreadable())).text

    assert "gus.ipynb is not JSON" in text
    assert "no score yet" in text


HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{0.__class__}{% raw %}\x1b[31m"
)


def hostile(text: str = HOSTILE):
    """A submission in which every field of a stranger is hostile."""
    made = builders.mistaken()
    diagnosis = Diagnosis(text, text, text, text)
    questions = tuple(
        replace(
            q,
            title=q.title + text,
            note=text,
            score=1.0,
            tests=tuple(
                replace(t, title=text, passed=False, diagnosis=diagnosis) for t in q.tests[:1]
            ),
        )
        for q in made.questions
    )
    outputs = (
        builders.stream(text),
        builders.stream(text, "stderr"),
        builders.display(text_plain=text),
        builders.display(text_html=text),
        builders.display(image_svg=text),
        builders.display(image_png=text),
        {"output_type": "display_data", "data": {"text/vnd.mermaid": f"graph TD; A[{text}]"}},
        {"output_type": "display_data", "data": {text: text}},
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
    )
    cells = tuple(replace(cell, source=text + "\n" + cell.source) for cell in made.program.cells)
    runs = tuple(CellRun(Ending.RAISED, outputs, Raised(text, text, n, 1)) for n in range(6))
    return replace(
        made,
        student=text,
        file=text,
        flags=(text,),
        notes=(text,),
        questions=questions,
        program=replace(made.program, cells=cells),
        execution=replace(made.execution, cells=runs),
    )


def test_every_hostile_field_is_literal_text():
    """No field of a stranger becomes an element, an attribute, a template or an escape."""
    outline = Outline(page(hostile()))

    assert set(outline.tags) <= set(Outline(page(builders.mistaken())).tags)
    assert not [name for _, name, _ in outline.attributes if name.startswith("on")]
    assert "{{7*7}}{0.__class__}{% raw %}" in outline.text
    assert "\x1b" not in outline.text


def test_lone_surrogates_and_floods_make_a_page():
    """The page can be written whatever was in the notebook."""
    text = page(hostile("\ud800 \u202e" + "<b>" * 500_000))

    assert text.encode()
    assert len(text) < 3_000_000


def test_templates_never_vouch_for_text():
    """Nothing is marked as safe, and escaping is nowhere turned off."""
    for path in filter(Path.is_file, TEMPLATES.rglob("*")):
        assert not re.search(r"\|\s*safe|Markup|autoescape", path.read_text(encoding="utf-8"))


def test_the_pages_of_a_class_are_written(tmp_path):
    """One page for each student and an index that links them."""
    results = builders.everyone()

    index = write_feedback(tmp_path / "new" / "feedback", builders.assignment(), results)

    outline = Outline(index.read_text(encoding="utf-8"))
    links = {value for tag, name, value in outline.attributes if (tag, name) == ("a", "href")}
    assert index.name == "index.html"
    assert {path.name for path in index.parent.iterdir()} == links | {"index.html"}
    assert len(links) == len(results)
    assert "bias per channel conv2d 1" in outline.text
    assert "Fatima Zahra" in outline.text


def test_the_index_of_hostile_students_is_literal_text(tmp_path):
    """The instructor's browser is safe too."""
    index = write_feedback(tmp_path, builders.assignment(), [hostile(), hostile()])

    outline = Outline(index.read_text(encoding="utf-8"))
    assert not {"script", "img"} & set(outline.tags)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    "student",
    [
        "../../etc/passwd",
        "a/b",
        "..",
        "",
        "CON",
        "x" * 500,
        "Ø",
        "漢字",
        "a\udc80",
        "a\0b",
        "index",
        "-rf",
    ],
)
def test_a_file_name_is_ours(student: str):
    """No part of a path comes from a student."""
    (name,) = page_names([student])

    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}\.html", name)
    assert name != "index.html"


def test_no_two_students_share_a_page():
    """Names that look alike, and the same name twice, get pages of their own."""
    names = page_names(["Zoë", "Zoe", "zoe", "ada", "ada", "ada"])

    assert len(set(names)) == 6
    assert page_names(["Zoë"]) == names[:1]


def test_a_file_in_the_folders_place_is_one_sentence(tmp_path):
    """The command line named a place that cannot hold pages."""
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="is not a folder"):
        write_feedback(tmp_path / "file", builders.assignment(), [])


def test_an_empty_class_has_an_index(tmp_path):
    """Nothing to show is no error."""
    assert write_feedback(tmp_path, builders.assignment(), []).is_file()


def colours() -> list[dict[str, str]]:
    """The light and the dark palette."""
    css = (TEMPLATES / "feedback.css").read_text(encoding="utf-8")
    light, dark = (block for block in css.split(":root {")[1:3])
    found = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in (light, dark)]
    return [found[0], {**found[0], **found[1]}]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(palette: int):
    """Every colour of words has a contrast of 4.5 to 1 on every ground it stands on (WCAG AA)."""
    chosen = colours()[palette]
    states = ["full", "partial", "wrong", "untouched", "person", "error"]
    pairs = [(word, "card") for word in [*states, "quiet", "ink", "link"]]
    pairs += [(word, ground) for word in ("ink", "quiet") for ground in ("page", "code", "try")]
    pairs += [("ink", "known"), ("ink", "mark"), ("link", "page"), *(("on", s) for s in states)]

    for word, ground in pairs:
        light, dark = sorted((luminance(chosen[word]), luminance(chosen[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (word, ground)


def test_a_page_names_no_other_student(tmp_path):
    """A student who is given one page learns of nobody else."""
    results = [
        replace(builders.everyone()[0], student=f"student-{number}", file=f"{number}.ipynb")
        for number in range(3)
    ]

    write_feedback(tmp_path, builders.assignment(), results)

    names = page_names([result.student for result in results])
    for number, name in enumerate(names):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert f"student-{number}" in text
        assert not any(f"student-{other}" in text for other in range(3) if other != number)
