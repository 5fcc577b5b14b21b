"""N04: it reads the processor's model, the machine's memory and how long it has been up."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="N04",
    tries="Reads the processor's model, the machine's memory and how long it has been up.",
    stopped_by="Nothing: facts of the machine that any process can read, an accepted residual.",
    not_applicable="These facts are no secret of the course, and a container cannot hide them.",
)
