"""`check("conv2d")` in the student's notebook: the public cases of one question, explained.

Needs NumPy only. It holds no reference code and nothing of a hidden test: what is expected comes
as numbers from the `.cases.npz` beside the notebook.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.cases import CaseFile, load
from grader.compare.wording import listing
from grader.selfcheck.lines import question_lines, version_note
from grader.selfcheck.notebook import Notebook

__all__ = ["check", "load_ipython_extension"]


def check(question: str | None = None) -> None:
    """Try your answer to a question on its public cases and say what is wrong; `check()`: all."""
    for line in _lines(question, Notebook(_namespace())):
        print(line)  # noqa: T201  (it talks to a student in a notebook)


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext grader` defines `check` in the notebook."""
    ipython.push({"check": check})


def _lines(question: str | None, notebook: Notebook) -> list[str]:
    try:
        cases = _find_cases(question)
    except ValueError as problem:
        return [str(problem)]
    names = [question] if question else cases.questions()
    lines = [line for name in names for line in question_lines(name, cases, notebook)]
    return [*version_note(cases.numpy), *lines]


def _find_cases(question: str | None) -> CaseFile:
    """The file of public cases in the current folder that knows the question."""
    files = sorted(Path.cwd().glob("*.cases.npz"))
    if not files:
        raise ValueError(
            f"There is no .cases.npz file in this folder ({Path.cwd().name}). Download it from "
            "where you got the notebook and put it beside the notebook."
        )
    loaded = [load(file) for file in files]
    for cases in loaded:
        if question is None or question in cases.questions():
            return cases
    known = [name for cases in loaded for name in cases.questions()]
    raise ValueError(f"There is no question {question!r} here; there are: {listing(known)}.")


def _namespace() -> Mapping[str, Any]:
    """The notebook's variables; outside of IPython those of whoever called `check`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    variables: Mapping[str, Any] = sys._getframe(2).f_globals if shell is None else shell.user_ns
    return variables
