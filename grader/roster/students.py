"""Students as the roster knows them, and what a handed-in file says of its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Student:
    """One row of the roster.

    `key` is what the gradebook knows the student by: unique, and never changed. `ids` holds what
    other systems call the same person: `canvas`, `sis`, `login`, `moodle`, `idnumber`,
    `gradescope`, `github`. Every field is text that somebody typed.
    """

    key: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name as it is spoken; empty where the roster has none."""
        return self.name or f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Claim:
    """Who a file says it is from: a name, and identifiers by the system that gave them."""

    name: str
    ids: Mapping[str, str] = field(default_factory=dict)
