"""Who handed in what: every student of the roster and every file has exactly one place here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.intake.handin import Handin, Handins, SetAside
from grader.intake.layouts.pieces import identity, in_order
from grader.roster import Claim, Register, Student, Unmatched, display_name, open_register

Owners = Callable[[Claim], "tuple[Student, ...] | Unmatched"]


@dataclass(frozen=True)
class Classroom:
    """A class and its files.

    `rows` has each student's hand-ins in the order of time, their `attempt` counted on; a group's
    file stands there once for each member. `missing` are the students with none; `unmatched` the
    files whose author the roster does not know, or not for sure; `aside` those that are no hand-in.
    """

    rows: tuple[tuple[Student, Handin], ...] = ()
    missing: tuple[Student, ...] = ()
    unmatched: tuple[tuple[Handin, Unmatched], ...] = ()
    aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()


def gather_class(
    handins: Handins, roster: Sequence[Student] = (), *, group_work: bool = False
) -> Classroom:
    """Give each file to its student. Without a roster every author is a student.

    With `group_work` a file of one member counts for the whole group of the roster; a file that is
    named after a group or has several authors counts for all of them in any case.
    """
    if not roster:
        authors = _authors(handins.found)
        students: Sequence[Student] = list(authors.values())
        return _seated(handins, students, lambda claim: (authors[identity(claim)],))
    register = open_register(roster)

    def owners(claim: Claim) -> tuple[Student, ...] | Unmatched:
        return owners_of(register, claim, group_work=group_work)

    return _seated(_with_wrong_kinds(handins, owners), roster, owners)


def owners_of(
    register: Register, claim: Claim, *, group_work: bool = False
) -> tuple[Student, ...] | Unmatched:
    """The students for whom the file of this author counts: one, or a group."""
    group = register.members(claim.name)
    if group:
        return _of_group(register, claim, group, group_work=group_work)
    found = register.find(claim)
    if isinstance(found, Unmatched):
        return found
    return register.members(found.group) if group_work and found.group else (found,)


def _of_group(
    register: Register, claim: Claim, group: tuple[Student, ...], *, group_work: bool
) -> tuple[Student, ...] | Unmatched:
    """The members, unless the name is also a person's or the number is of somebody else.

    Moodle's number is the team's; Canvas' is that of a member.
    """
    numbers = {system: said for system, said in claim.ids.items() if system != "moodle"}
    member = register.find(Claim("", numbers)) if numbers else Unmatched(claim, "")
    name = display_name(claim.name)
    if isinstance(member, Student) and member.key not in {each.key for each in group}:
        reason = (
            f"{name} is a group, but {display_name(member.key)}, whose file it is, is not in it."
        )
        return Unmatched(claim, reason, (*group, member))
    if register.knows(claim.name) and not group_work:
        return Unmatched(claim, f"{name} is the name of a group and of a student.", group)
    return group


def _seated(handins: Handins, roster: Sequence[Student], owners: Owners) -> Classroom:
    own: dict[str, list[Handin]] = {student.key: [] for student in roster}
    unmatched: list[tuple[Handin, Unmatched]] = []
    for handin in handins.found:
        for claim in (handin.claim, *handin.others):
            found = owners(claim)
            if isinstance(found, Unmatched):
                unmatched.append((handin, found))
                continue
            for student in found:
                if handin not in own[student.key]:
                    own[student.key].append(handin)
    ordered = {key: list(_counted(files)) for key, files in own.items()}
    return Classroom(
        rows=tuple((student, file) for student in roster for file in ordered[student.key]),
        missing=tuple(student for student in roster if not ordered[student.key]),
        unmatched=tuple(unmatched),
        aside=handins.aside,
        notes=(*handins.notes, *_unordered(ordered)),
    )


def _counted(files: Iterable[Handin]) -> Iterator[Handin]:
    """The files of one student from the first to the last, numbered; the system's count stands."""
    number = 0
    for handin in sorted(files, key=lambda h: in_order(h.submitted_at, h.attempt, h.origin)):
        number = max(number + 1, handin.attempt)
        yield replace(handin, attempt=number)


def _unordered(ordered: Mapping[str, Sequence[Handin]]) -> Iterator[str]:
    """Which students have files of which nothing but a name says what came first."""
    for key, files in ordered.items():
        told = [file.submitted_at is not None or "canvas" in file.claim.ids for file in files]
        if len(files) > 1 and not all(told):
            names = ", ".join(display_name(file.origin, 200) for file in files[:4])
            yield (
                f"{display_name(key)} has {len(files)} files whose order only their names tell, "
                f"taken as attempts: {names}."
            )


def _authors(found: Sequence[Handin]) -> dict[object, Student]:
    """A student for each author; those who share a name have their number behind it."""
    claims = {
        identity(claim): claim for handin in found for claim in (handin.claim, *handin.others)
    }
    shared = Counter(display_name(claim.name) for claim in claims.values())
    return {
        each: _student(claim, alone=shared[display_name(claim.name)] == 1)
        for each, claim in claims.items()
    }


def _student(claim: Claim, *, alone: bool) -> Student:
    name = display_name(claim.name)
    number = next(iter(claim.ids.values()), "")
    ids = {system: value for system, value in claim.ids.items() if system != "email"}
    return Student(
        key=name if alone or not number else f"{name} ({display_name(number)})",
        name=name,
        email=claim.ids.get("email", ""),
        ids=ids,
    )


def _with_wrong_kinds(handins: Handins, owners: Owners) -> Handins:
    """Who handed in nothing but a file of another kind has a row that says so, not none."""
    served = {
        student.key
        for handin in handins.found
        for claim in (handin.claim, *handin.others)
        if not isinstance(students := owners(claim), Unmatched)
        for student in students
    }
    found, aside = list(handins.found), []
    for each in handins.aside:
        students = owners(each.claim) if each.claim else ()
        if isinstance(students, Unmatched) or served.issuperset(s.key for s in students):
            aside.append(each)
            continue
        assert each.claim is not None
        served |= {student.key for student in students}
        problem = f"{display_name(each.origin, 300)}: {each.reason}"
        found.append(Handin(Path(each.origin), each.claim, each.origin, problem=problem))
    return replace(handins, found=tuple(found), aside=tuple(aside))
