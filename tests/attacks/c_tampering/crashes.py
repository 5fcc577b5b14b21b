"""Answers that crash, or never end, when they are called."""

from __future__ import annotations

from tests.attacks.case import Notebook, Verdict

BACK = "\n\n\nlinear_backward = linear\n"


def crashing(body: str, verdict: Verdict = Verdict.ZERO, **more) -> Notebook:
    """Both functions do this when they are called."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return Notebook(
        verdict,
        answer=f"import ctypes, os, signal, sys\n\n\ndef linear(*a):\n{lines}" + BACK,
        **more,
    )
