"""E14: it hands in prose, or prints escapes, over which a renderer takes ages."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.builders import markdown_cell


def with_prose(text: str):
    """A notebook with this prose, many times."""

    def edit(notebook):
        notebook["cells"].append(markdown_cell(text, id="bomb"))
        return notebook

    return edit


CASE = Case(
    number="E14",
    tries="Hands in prose, or prints escapes, over which a renderer takes ages.",
    stopped_by="Prose is not rendered at all, and text is cut before it is shown.",
    variants={
        "links": Notebook(Verdict.OK, edit=with_prose("[a](<b" * 20_000)),
        "pictures": Notebook(Verdict.OK, edit=with_prose("![" * 20_000)),
        "escapes": Notebook(
            Verdict.OK,
            "print('\\x1b[31m' * 20_000)\nprint('\\x08' * 20_000)\nprint('\\r' * 20_000)",
            may=("output_truncated",),
        ),
    },
    held_by=("tests/unit/report/test_outputs.py::test_ten_megabytes_of_text_are_cut",),
)
