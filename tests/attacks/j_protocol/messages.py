"""Cells that send messages of the kernel's own protocol."""

from __future__ import annotations

from tests.attacks.case import Notebook, Verdict

KERNEL = "kernel = get_ipython().kernel\nsession, iopub = kernel.session, kernel.iopub_socket\n"


ANY = ("protocol", "output_truncated", "forged_reply")


def sending(body: str, **more) -> Notebook:
    """A cell that sends messages; what its own ending is does not matter to the other cells."""
    return Notebook(
        **{"verdict": Verdict.OK, "cells": KERNEL + body, "may": ANY, "ends": None, **more}
    )
