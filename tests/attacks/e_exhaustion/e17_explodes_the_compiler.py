"""E17: it makes the compiler explode: huge literals, deep nesting, a million lines."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict

LITERAL = "x = [" + "1, " * 60_000 + "]"


PARENTHESES = "x = " + "(" * 5000


NESTED = "x = " + "-" * 100_000 + "1"


CODE = "exec('\\n'.join(f'a{i} = {i}' for i in range(10**6)))"


STRINGS = "x = " + "f'{" * 200 + "1" + "}'" * 200

CASE = Case(
    number="E17",
    tries="Makes the compiler explode: huge literals, deep nesting, a million lines.",
    stopped_by="A cell is compiled in the kernel, under its limits; the host compiles nothing.",
    variants={
        "a-literal": Notebook(Verdict.OK, LITERAL, limits={"cell_seconds": 10}),
        "parentheses": Notebook(Verdict.OK, PARENTHESES, ends=Ending.RAISED),
        "minus-signs": Notebook(Verdict.OK, NESTED, ends=None),
        "strings-in-strings": Notebook(Verdict.OK, STRINGS, ends=Ending.RAISED),
        "a-million-lines": Notebook(Verdict.OK, CODE, ends=None, limits={"cell_seconds": 20}),
    },
)
