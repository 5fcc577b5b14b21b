"""With each mitigation switched off a case fails, and with all of them on none does.

A few run with all other tests; `make mutations` runs every one and prints a table.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.copying import copy_of_the_repository, forget_image, run_tests
from tests.mutations.mutation import Mutation


def marked() -> Iterator[Any]:
    """All mutations, with their marks."""
    for mutation in MUTATIONS:
        marks: list[Any] = [] if mutation.quick else [pytest.mark.mutations]
        marks += [pytest.mark.docker] if mutation.needs_docker else []
        yield pytest.param(mutation, id=mutation.name, marks=marks)


def test_every_mutation_has_a_name_of_its_own():
    """And says what stands behind it where it takes more than one edit in two layers."""
    assert max(Counter(mutation.name for mutation in MUTATIONS).values()) == 1
    for mutation in MUTATIONS:
        assert mutation.noticed_by
        assert not (mutation.quick and mutation.needs_docker)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_what_is_switched_off_is_there(mutation: Mutation, root: Path):
    """A line that has changed since, or a slip in what replaces it, is noticed here at once."""
    for edit in mutation.edits:
        text = edit.applied((root / edit.file).read_text(encoding="utf-8"))
        if edit.file.endswith(".py"):
            ast.parse(text)
        elif edit.file.endswith(".json"):
            json.loads(text)


@pytest.mark.parametrize("mutation", list(marked()))
def test_a_mitigation_that_is_off_is_noticed(mutation: Mutation, tmp_path: Path, record_property):
    """At least one of the cases that the catalogue names fails, and none breaks."""
    record_property("mutation", mutation.name)
    copy_of_the_repository(tmp_path, mutation.edits)
    try:
        tried = run_tests(tmp_path, mutation.noticed_by, "--exitfirst")
    finally:
        if mutation.needs_image:
            forget_image(tmp_path)
    record_property("noticed", next(iter(tried.failed.items()), ("nobody", "")))

    assert tried.failed, f"nobody notices; {tried.passed} passed, broken: {tried.broken}"
    assert not tried.broken, "a case that cannot run notices nothing"


@pytest.mark.mutations
@pytest.mark.docker
def test_with_all_mitigations_on_no_case_fails(tmp_path: Path):
    """What notices a mutation passes without it."""
    tests = dict.fromkeys(test for mutation in MUTATIONS for test in mutation.noticed_by)
    copy_of_the_repository(tmp_path)

    tried = run_tests(tmp_path, tuple(tests))

    assert not tried.failed
    assert not tried.broken
    assert tried.passed >= len(tests)
