"""Names and modules that are not there when the notebook runs from the top in a fresh kernel."""

from __future__ import annotations

import re

from grader.compare.source import called, defining_cells, ended_early, identifiers
from grader.records import Diagnosis, Execution, Program, Raised

_TOP = "The notebook is run from the top in a fresh kernel."
_LIBRARIES = frozenset((
    "torch", "torchvision", "sklearn", "cv2", "pandas", "seaborn", "jax", "tensorflow", "keras",
    "skimage", "plotly", "numba", "cupy", "imageio", "tensorflow_datasets", "h5py", "google",
))  # fmt: skip


def missing_function(function: str, program: Program | None) -> Diagnosis:
    """The function that a test calls is not defined, though all cells ran to their end."""
    cells = defining_cells(function, program) if program is not None else ()
    if program is not None and cells:
        return Diagnosis(
            f"`{function}` is defined in {called(program.cells[cells[-1]])}, but it is gone "
            "when the whole notebook has run.",
            _TOP,
            "Is it deleted (`del`) or used for something else further down?",
        )
    return Diagnosis(
        f"No cell of your notebook defines `{function}`.",
        f"A function of that name is expected: `def {function}(...)`.",
        "Was it renamed, or its cell deleted? The name must stay as the notebook gave it.",
    )


def missing_name(
    raised: Raised, program: Program | None, execution: Execution | None
) -> Diagnosis | None:
    """A NameError inside the student's code: who defines the name, and when?"""
    found = re.fullmatch(r"name '(\w+)' is not defined.*", raised.message, re.DOTALL)
    if raised.type != "NameError" or found is None or found[1] not in identifiers(program):
        return None
    assert program is not None  # its identifiers hold the name
    name = found[1]
    happened = f"Your code uses the name `{name}`, which does not exist at that point."
    return Diagnosis(happened, _TOP, _who_defines(name, raised.cell, program, execution))


def missing_module(raised: Raised, program: Program | None) -> Diagnosis | None:
    """An import of a file of the student's, or of a library that is not installed."""
    found = re.fullmatch(r"No module named '([\w.]+)'.*", raised.message, re.DOTALL)
    if raised.type not in ("ModuleNotFoundError", "ImportError") or found is None:
        return None
    module = found[1].partition(".")[0]
    if module not in identifiers(program):
        return None
    if module in _LIBRARIES:
        return Diagnosis(
            f"The library `{module}` is not installed where the notebook is graded.",
            "The notebook's first cell imports all that this assignment needs.",
            "Write the answer without it, and import it only in cells that are not graded.",
        )
    return Diagnosis(
        f"There is no module `{module}` where the notebook is graded.",
        "Only the notebook is handed in, without helper files beside it.",
        "If it is a file of your own, copy the functions that you need into a cell.",
    )


def missing_file(raised: Raised) -> Diagnosis | None:
    """A file that is on the student's machine only."""
    if raised.type != "FileNotFoundError":
        return None
    return Diagnosis(
        "Your code opens a file that does not exist where the notebook is graded.",
        "Only the notebook is handed in.",
        "Make the data in the notebook, or use what the assignment provides.",
    )


def _who_defines(name: str, used: int | None, program: Program, execution: Execution | None) -> str:
    cells = defining_cells(name, program)
    if early := ended_early(cells, execution):
        return f"{_capital(called(program.cells[early[0]]))} should define it but ended early."
    if not cells:
        return (
            "No cell defines it: is it left over from an earlier run, from another file, "
            "or misspelled?"
        )
    place = called(program.cells[cells[0]])
    if used is not None and cells[0] > used:
        return f"Only {place} defines it, which runs later: move that cell up."
    return f"{_capital(place)} defines it: is it deleted later, or inside a function?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
