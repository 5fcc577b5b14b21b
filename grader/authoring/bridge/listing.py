"""The list of what a person must decide: a Markdown file, and a line each for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.bridge.draft import Decision
from grader.authoring.bridge.written import fenced
from grader.report.text import block, one_line

MOST_CODE = 4_000
LONGEST = 600


def lines(decisions: Sequence[Decision]) -> Iterator[str]:
    """One line for each decision, those that must be taken first."""
    for decision in in_order(decisions):
        mark = "must " if decision.must else "note "
        todo = one_line(decision.what_to_do, LONGEST)
        yield f"{mark}{_place(decision)}: {one_line(decision.why, LONGEST)} {todo}"


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """What must be decided before what should be known, each in the order of the notebook."""
    return sorted(decisions, key=lambda each: (not each.must, each.cell or 0))


def markdown(name: str, source: str, decisions: Sequence[Decision]) -> str:
    """The whole list, each with the code that it is about."""
    must = [each for each in in_order(decisions) if each.must]
    notes = [each for each in in_order(decisions) if not each.must]
    text = [
        f"# {name}: what a person decides",
        "",
        f"Imported from {_inline(source)}. Cell numbers count all cells of that notebook from 1.",
        "Delete an entry when it is settled, and this file when it is empty; the grader does not "
        "read it.",
    ]
    for title, chosen in (("Must be decided", must), ("Good to know", notes)):
        if chosen:
            text += ["", f"## {title}"]
            for decision in chosen:
                text += ["", *_entry(decision)]
    return "\n".join(text) + "\n"


def _entry(decision: Decision) -> Iterator[str]:
    yield f"### {_place(decision)[:1].upper()}{_place(decision)[1:]}"
    yield ""
    yield f"**Why** {_inline(decision.why)}"
    yield ""
    yield f"**What to do** {_inline(decision.what_to_do)}"
    if decision.code:
        yield ""
        yield fenced(block(decision.code, MOST_CODE))


def _place(decision: Decision) -> str:
    cell = f"cell {decision.cell}" if decision.cell else "the assignment"
    return f"{cell} ({decision.question})" if decision.question else cell


def _inline(text: str) -> str:
    """A sentence in Markdown: what could start HTML or a link is shown as it is."""
    return (
        one_line(text, LONGEST).replace("<", "&lt;").replace("![", "!&#91;").replace("](", "]&#40;")
    )
