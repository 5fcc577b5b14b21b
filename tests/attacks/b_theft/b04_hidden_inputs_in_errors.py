"""B04: called by a hidden test, it raises or warns with what it was given."""

from tests.attacks.b_theft.b03_shows_hidden_inputs import showing
from tests.attacks.case import Case

NAMED = """
name = "E" + str(float(a[0].ravel()[0])).replace(".", "_").replace("-", "m")
raise type(name, (Exception,), {})(str(a))
"""
NUMBER = "n = float(a[0].ravel()[0])\n"

CASE = Case(
    number="B04",
    tries="Raises, warns or logs with the hidden input in the message, the class or the note.",
    stopped_by="Of an exception only known sentences and names of Python's and NumPy's are shown.",
    variants={
        "a-message": showing(NUMBER + "raise ValueError(f'the input was {n}')"),
        "a-class-s-name": showing(NAMED),
        "a-key": showing(NUMBER + "raise KeyError(n)"),
        "a-file-name": showing(NUMBER + "open(str(n))"),
        "an-attribute": showing(NUMBER + "getattr(a[0], 'x' + str(n))"),
        "a-name-error": showing(NUMBER + "eval('x' + str(n).replace('.', '_'))"),
        "an-import": showing(NUMBER + "__import__('m' + str(n).replace('.', '_'))"),
        "a-shape": showing(NUMBER + "import numpy as np\nnp.zeros(3).reshape(int(n))"),
        "a-conversion": showing(NUMBER + "int(str(n))"),
        "an-index": showing(NUMBER + "[][int(n)]\n"),
        "a-warning": showing(NUMBER + "import warnings\nwarnings.warn(str(n))\nreturn 0"),
        "a-log": showing(NUMBER + "import logging\nlogging.error(str(n))\nreturn 0"),
        "a-note": showing(NUMBER + "e = ValueError('x')\ne.add_note(str(n))\nraise e"),
        "a-cause": showing(
            NUMBER
            + "try:\n    raise KeyError(n)\nexcept KeyError as e:\n    raise ValueError('x') from e"
        ),
        "an-exit-code": showing(NUMBER + "sys.exit(str(n))"),
        "a-syntax-error": showing(NUMBER + "compile(str(n) + ' x', str(n), 'exec')"),
        "an-assertion": showing(NUMBER + "assert False, n"),
        "an-argument": showing(NUMBER + "int('3', **{'k' + str(n).replace('.', '_'): 1})"),
    },
    quick=("a-message",),
    broken={
        "a-shape": "NumPy's own sentence about a shape is shown, since it explains most mistakes: a "
        "student can put a few digits of an input into one. docs/security.md says so."
    },
)
