"""YAML read as text, lists and mappings: no tag makes an object, no depth ends the process.

PyYAML's loaders build nested values by recursion, in C without a bound: a megabyte of brackets is
a segmentation fault. Its parser alone is a state machine, so the values are built here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 32


@dataclass
class _Open:
    """A list or a mapping that is not yet closed, and the key whose value comes next."""

    values: list[Any] | dict[str, Any]
    key: str | None = None

    def add(self, value: Any) -> None:
        if isinstance(self.values, list):
            self.values.append(value)
        elif self.key is None:
            self.key = value if isinstance(value, str) else ""
        else:
            self.values[self.key] = value
            self.key = None


def read_yaml(content: bytes) -> Any:
    """The first document, None where there is none; `ValueError` where it is no YAML."""
    import yaml  # noqa: PLC0415  (only one system's downloads need it)

    # The one in C is several times faster, and nearly always there. Both are used to parse alone.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    documents: list[Any] = []
    stack = [_Open(documents)]
    try:
        for event in yaml.parse(content, Loader=loader):
            _take(event, stack, yaml)
            if documents and len(stack) == 1:
                break
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return documents[0] if documents else None


def _take(event: Any, stack: list[_Open], yaml: Any) -> None:
    if isinstance(event, yaml.ScalarEvent):
        stack[-1].add(event.value)
    elif isinstance(event, yaml.AliasEvent):
        stack[-1].add("")  # a list of people needs none, and a few make billions of values
    elif isinstance(event, yaml.CollectionStartEvent):
        if len(stack) > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else []))
    elif isinstance(event, yaml.CollectionEndEvent):
        closed = stack.pop()
        stack[-1].add(closed.values)
