"""Answers of `linear` that return something odd: shared by the cases of this group."""

from __future__ import annotations

from tests.attacks.case import Notebook, Verdict

RIGHT = "np.reshape(x, (len(x), -1)) @ w + b"


def returning(value: str, before: str = "", verdict: Verdict = Verdict.ZERO, **more) -> Notebook:
    """Both functions of the question return this; `right` is what would be right."""
    body = f"    right = {RIGHT}\n    return {value}\n"
    back = (
        "def linear_backward(dout, x, w):\n    b = 0\n    right = np.zeros((len(x), 3))\n"
        f"    return {value}\n"
    )
    return Notebook(
        verdict,
        answer=f"{before}\n\n\ndef linear(x, w, b):\n{body}\n\n{back}",
        loses=("linear",),
        **more,
    )
