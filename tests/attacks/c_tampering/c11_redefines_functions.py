"""C11: it redefines another question's function, or the course's helpers."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

CASE = Case(
    number="C11",
    tries="Redefines another question's function, or the course's helpers.",
    stopped_by="As in Jupyter the last definition counts: a later answer replaces what a cell "
    "before it has defined.",
    variants={
        "before-the-answers": Notebook(
            Verdict.OK,
            "def pool2d(*a): return 0\ndef layer_norm(*a): return 0\nnumpy = None",
            may=("duplicate",),
        ),
        "in-another-answer": Notebook(
            Verdict.OK,
            answer="def linear(*a): return 0\nlinear_backward = linear\n"
            "def conv_output_shape(*a, **k): return 0\nconv_num_params = conv_output_shape\n",
            loses=("linear", "conv_shapes"),
            may=("duplicate",),
        ),
        "numpy-s-name": Notebook(Verdict.OK, "np = None", loses=("pool2d", "layer_norm")),
    },
)
