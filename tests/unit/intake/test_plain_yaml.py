"""YAML of strangers: text, lists and mappings, of bounded depth."""

from __future__ import annotations

import pytest

from grader.intake.layouts.plain_yaml import MAX_DEPTH, read_yaml


def test_what_is_deep_is_refused_as_it_is_read():
    """Before there is a value that anybody could recurse into."""
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert read_yaml(deepest) is not None

    with pytest.raises(ValueError, match="nested deeper"):
        read_yaml(b"[" + deepest + b"]")


def test_no_alias_is_followed():
    """A few of them would make billions of values."""
    assert read_yaml(b"a: &x [1, 2]\nb: *x") == {"a": ["1", "2"], "b": ""}


def test_no_tag_makes_an_object():
    """What it would have called is text."""
    assert read_yaml(b"!!python/object/apply:os.system ['true']") == ["true"]
