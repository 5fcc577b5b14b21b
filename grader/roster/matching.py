"""Which student a file belongs to, by what it says of its author; where unsure, nobody.

Identifiers come first, then full names. Whatever contradicts itself or fits two students is
`Unmatched` with the reason: a person decides, this module never guesses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from grader.roster.names import display_name, orders, squeezed, words
from grader.roster.students import Claim, Student

# A school gives these, and one system shows another's: Gradescope's SID is often the SIS number.
_SCHOOL = frozenset({"key", "login", "sis", "idnumber", "gradescope", "email"})
# Where a file and the student of its name have another one of these, they are two people.
_LASTING = ("canvas", "sis", "login", "idnumber", "gradescope")
Students = tuple[Student, ...]
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Unmatched:
    """A claim that fits no student of the roster, or more than one."""

    claim: Claim
    reason: str
    candidates: Students = ()


@dataclass(frozen=True)
class Register:
    """A roster, made ready to look students up in."""

    students: Students
    by_id: Mapping[tuple[str, str], Students]
    by_name: Mapping[tuple[str, ...], Students]
    by_group: Mapping[str, Students]

    def find(self, claim: Claim) -> Student | Unmatched:
        """The one student whom the claim fits: by identifiers, else by its name."""
        hits = self._identified(claim)
        named = self.named(claim.name)
        if hits:
            return _agreed(claim, hits, named)
        return _only(claim, _union(self._called(claim.name), named))

    def named(self, name: str) -> Students:
        """The students with this full name, in any order of its words, or as one word."""
        return self.by_name.get(words(name), ())

    def members(self, group: str) -> Students:
        """The students whose group has this name."""
        return self.by_group.get(squeezed(group), ())

    def knows(self, name: str) -> bool:
        """Whether the text is the name or an identifier of somebody."""
        return bool(self._called(name) or self.named(name))

    def _identified(self, claim: Claim) -> dict[str, Students]:
        """The students whom each identifier of the claim names."""
        found = {system: self._with_id(system, value) for system, value in claim.ids.items()}
        return {system: students for system, students in found.items() if students}

    def _with_id(self, system: str, value: str) -> Students:
        own = self.by_id.get((system, _same(value)), ())
        return own or (self.by_id.get(("school", _same(value)), ()) if system in _SCHOOL else ())

    def _called(self, name: str) -> Students:
        """Whose identifier the name itself is: files and folders are often called by a login."""
        systems = ["school", "github"]
        if name.strip().isdecimal():
            systems += ["canvas", "moodle"]
        return _union(*(self.by_id.get((system, _same(name)), ()) for system in systems))


def open_register(roster: Iterable[Student]) -> Register:
    """The indices of a roster: by identifier, by full name in any order, by group."""
    students = tuple(roster)
    by_id: defaultdict[tuple[str, str], list[Student]] = defaultdict(list)
    by_name: defaultdict[tuple[str, ...], list[Student]] = defaultdict(list)
    by_group: defaultdict[str, list[Student]] = defaultdict(list)
    for student in students:
        for identifier in dict.fromkeys(_identifiers(student)):
            by_id[identifier].append(student)
        for form in dict.fromkeys(_name_forms(student)):
            by_name[form].append(student)
        if group := squeezed(student.group):
            by_group[group].append(student)
    return Register(students, _frozen(by_id), _frozen(by_name), _frozen(by_group))


def _identifiers(student: Student) -> Iterator[tuple[str, str]]:
    for system, value in {"key": student.key, "email": student.email, **student.ids}.items():
        if same := _same(value):
            yield system, same
            if system in _SCHOOL:
                yield "school", same


def _name_forms(student: Student) -> Iterator[tuple[str, ...]]:
    for name in (student.name, f"{student.first_name} {student.last_name}"):
        for order in orders(name):
            yield order
            yield ("".join(order),)


def _agreed(claim: Claim, hits: Mapping[str, Students], named: Students) -> Student | Unmatched:
    """Who all identifiers name, if the name and the lasting identifiers do not say otherwise."""
    first, *others = hits.values()
    common = [s for s in first if all(_holds(students, s) for students in others)]
    if not common:
        return _contradiction(claim, hits)
    if len(common) > 1 and named:
        common = [student for student in common if _holds(named, student)]
    if named and not any(_holds(named, student) for student in common):
        return _contradiction(claim, {**hits, "name": named})
    return _only(claim, tuple(common))


def _only(claim: Claim, candidates: Students) -> Student | Unmatched:
    if not candidates:
        said = f"the name {display_name(claim.name)}" if claim.name else "no name"
        ids = "".join(
            f", {display_name(system)} {_shown(value)}" for system, value in claim.ids.items()
        )
        return Unmatched(claim, f"Nobody in the roster fits {said}{ids}.")
    if len(candidates) > 1:
        return Unmatched(
            claim,
            f"{_shown(claim.name)} fits more than one student: {_keys(candidates)}.",
            candidates,
        )
    (student,) = candidates
    for system in _LASTING:
        theirs, said = student.ids.get(system, ""), claim.ids.get(system, "")
        if theirs and said and _same(theirs) != _same(said):
            reason = (
                f"The name is that of {_keys(candidates)}, but the {system} identifier is "
                f"{_shown(said)}, not {_shown(theirs)}."
            )
            return Unmatched(claim, reason, candidates)
    return student


def _contradiction(claim: Claim, hits: Mapping[str, Students]) -> Unmatched:
    says = ", ".join(
        f"its {system} is that of {_keys(students)}" for system, students in hits.items()
    )
    return Unmatched(claim, f"The file contradicts itself: {says}.", _union(*hits.values()))


def _union(*groups: Students) -> Students:
    return tuple({student.key: student for group in groups for student in group}.values())


def _holds(students: Sequence[Student], student: Student) -> bool:
    return any(each.key == student.key for each in students)


def _keys(students: Students) -> str:
    shown = [_shown(student.key) for student in students[:5]]
    return " and ".join([*shown, "others"] if len(students) > len(shown) else shown)


def _shown(text: str) -> str:
    return display_name(text, 60)


def _same(identifier: str) -> str:
    return identifier.strip().casefold()


def _frozen(index: Mapping[_Key, list[Student]]) -> dict[_Key, Students]:
    return {key: tuple(students) for key, students in index.items()}
