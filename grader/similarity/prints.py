"""One submission's fingerprints, and where in its cells a passage stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from grader.similarity.tokens import Unit, chosen_names, read_trees, units
from grader.similarity.winnowing import GRAM, Hashes, gram_hashes, winnow


@dataclass(frozen=True)
class Answer:
    """The code of one cell, and the question it answers ("" for cells of no question)."""

    question: str
    source: str


@dataclass(frozen=True)
class Work:
    """What one student handed in: `key` tells it apart, `group` works together by permission."""

    key: str
    answers: tuple[Answer, ...]
    group: str = ""


@dataclass(frozen=True)
class Prints:
    """The fingerprints of a work; `unread` names the questions that Python could not read."""

    of: frozenset[int] = frozenset()
    unread: tuple[str, ...] = ()


def prints(answers: Iterable[Answer]) -> Prints:
    """The fingerprints of these cells."""
    found: set[int] = set()
    unread: list[str] = []
    for answer, parts in _units(tuple(answers)):
        if parts is None:
            unread.append(answer.question)
        for part in parts or ():
            found.update(winnow(gram_hashes(part.tokens)).tolist())
    return Prints(frozenset(found), tuple(dict.fromkeys(unread)))


def every_gram(answers: Iterable[Answer]) -> frozenset[int]:
    """All hashes of these cells, not only the kept ones: whatever is in them is known."""
    return frozenset(
        value
        for _, parts in _units(tuple(answers))
        for part in parts or ()
        for value in gram_hashes(part.tokens).tolist()
    )


def places(work: Work, wanted: Set[int]) -> dict[int, dict[int, frozenset[int]]]:
    """By the number of an answer: the lines on which each of these hashes stands in it."""
    found: dict[int, dict[int, frozenset[int]]] = {}
    for number, (_, parts) in enumerate(_units(work.answers)):
        for part in parts or ():
            for value, lines in _standing(part, gram_hashes(part.tokens), wanted):
                own = found.setdefault(number, {})
                own[value] = own.get(value, frozenset()) | lines
    return found


def _standing(part: Unit, hashes: Hashes, wanted: Set[int]) -> Iterator[tuple[int, frozenset[int]]]:
    for place, value in enumerate(hashes.tolist()):
        if value in wanted:
            yield value, frozenset(part.lines[place : place + GRAM])


def _units(answers: tuple[Answer, ...]) -> list[tuple[Answer, list[Unit] | None]]:
    trees = read_trees(answer.source for answer in answers)
    chosen = chosen_names(trees)
    return [
        (answer, None if tree is None else units(tree, chosen))
        for answer, tree in zip(answers, trees, strict=True)
    ]
