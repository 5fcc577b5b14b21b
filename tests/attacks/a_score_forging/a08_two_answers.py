"""A08: one question is answered twice, so that somebody looks at the better one."""

from examples.make import answers
from tests.attacks.case import RIGHT, WRONG, Case, Notebook, Verdict
from tests.builders import code_cell


def bad_then_good(notebook):
    """The wrong answer stands in a cell of the same question, before the right one."""
    return _beside(notebook, after=False)


def good_then_bad(notebook):
    """The wrong answer comes last."""
    return _beside(notebook, after=True)


def with_a_doubled_id(notebook):
    """Another cell has the id of the answer's."""
    twin = dict(answers(notebook)["linear"], source=WRONG)
    notebook["cells"].append(twin)
    return notebook


def _beside(notebook, *, after):
    at = notebook["cells"].index(answers(notebook)["linear"])
    notebook["cells"].insert(at + after, code_cell(WRONG, "answer", "linear", id="second"))
    return notebook


CASE = Case(
    number="A08",
    tries="Hands in a right and a wrong definition of one function, or one id twice.",
    stopped_by="As in Jupyter the last definition counts, whatever is shown to a person.",
    variants={
        "the-good-one-last": Notebook(Verdict.OK, edit=bad_then_good, flags=("duplicate",)),
        "the-bad-one-last": Notebook(
            Verdict.ZERO, answer=RIGHT, edit=good_then_bad, flags=("duplicate",), may=("tampered",)
        ),
        "one-id-twice": Notebook(
            Verdict.ZERO,
            answer=RIGHT,
            edit=with_a_doubled_id,
            flags=("duplicate",),
            may=("tampered",),
        ),
    },
    held_by=(
        "tests/unit/intake/test_assemble.py::test_of_two_different_answers_both_run_and_are_flagged",
    ),
)
