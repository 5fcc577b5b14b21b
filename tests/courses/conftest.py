"""The reference functions of a notebook, taken from its answer cells and nothing else of it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture(scope="session")
def layers_notebook(root):
    """The source notebook of `layers` as data."""
    return json.loads((root / "solutions/layers/layers.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def layers(layers_notebook):
    """What the answer cells of `layers` define."""
    namespace = {"np": np}
    for cell in layers_notebook["cells"]:
        if cell["metadata"]["grader"]["role"] == "answer":
            exec("".join(cell["source"]), namespace)
    return SimpleNamespace(**namespace)


@pytest.fixture
def rng():
    return np.random.default_rng(20)
