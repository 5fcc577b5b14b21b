"""What is known of a value in a translated test, and the word for what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


class NotTranslatedError(Exception):
    """Why a piece of a test cell stays for a person. Never leaves this room."""


def refuse(reason: str) -> NoReturn:
    """Leave it to a person."""
    raise NotTranslatedError(reason)


@dataclass(frozen=True)
class Facts:
    """Of a value: whether it comes from the student, stays in the box, is a set or a function."""

    student: bool = False
    handle: bool = False
    is_set: bool = False
    function: bool = False
    draws: bool = False  # a generator of random numbers with a seed that the test gives
    subjects: frozenset[str] = frozenset()

    def __or__(self, other: Facts) -> Facts:
        return Facts(student=self.student or other.student, subjects=self.subjects | other.subjects)
