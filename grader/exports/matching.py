"""Which row of a downloaded file is which student: by identifiers in order, at last by name.

Nobody is guessed: a name counts only where it stands once on both sides and no identifier says
otherwise. What is left on either side is listed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.exports.export import who
from grader.gradebook.grades import FinalGrade
from grader.report.text import one_line


@dataclass(frozen=True)
class Line:
    """One row that names a student: `ids` by the system that gave them, in order of trust."""

    number: int  # in the file, the header is 0
    ids: Mapping[str, str]
    name: str = ""


@dataclass(frozen=True)
class Pairs:
    """The grade of each row that has one, and a sentence for all that have no partner."""

    grades: Mapping[int, FinalGrade]
    left_out: tuple[str, ...]


def pair(lines: Sequence[Line], grades: Sequence[FinalGrade], file: str) -> Pairs:
    """Match rows and students."""
    found = _by_ids(lines, grades)
    found |= _by_name(lines, grades, found)
    keys = {id(grade) for grade in found.values()}
    rows = [
        f"{one_line(line.name) or f'Row {line.number + 1}'} stands in {file} and is no student of "
        "the gradebook: the row was left as it was."
        for line in lines
        if line.number not in found
    ]
    students = [
        f"{who(grade)} is in the gradebook and was not found in {file}: the grade was not written."
        for grade in grades
        if id(grade) not in keys
    ]
    return Pairs(found, (*rows, *students))


def _by_ids(lines: Sequence[Line], grades: Sequence[FinalGrade]) -> dict[int, FinalGrade]:
    index: defaultdict[tuple[str, str], list[FinalGrade]] = defaultdict(list)
    for grade in grades:
        for system, value in student_ids(grade).items():
            index[system, _folded(value)].append(grade)
    found: dict[int, FinalGrade] = {}
    for line in lines:
        for system, value in line.ids.items():
            candidates = index.get((system, _folded(value)), []) if value.strip() else []
            if len(candidates) == 1:
                found[line.number] = candidates[0]
                break
    return found


def _by_name(
    lines: Sequence[Line], grades: Sequence[FinalGrade], found: Mapping[int, FinalGrade]
) -> dict[int, FinalGrade]:
    rows = Counter(_name(line.name) for line in lines)
    students = Counter(_name(grade.student.full_name) for grade in grades)
    by_name = {_name(grade.student.full_name): grade for grade in grades}
    taken = {id(grade) for grade in found.values()}
    return {
        line.number: grade
        for line in lines
        if line.number not in found
        and (name := _name(line.name))
        and rows[name] == 1 == students[name]
        and id(grade := by_name[name]) not in taken
        and not _contradicts(line, grade)
    }


def _contradicts(line: Line, grade: FinalGrade) -> bool:
    own = grade.student.ids
    return any(
        value.strip() and own.get(system, "").strip() and _folded(own[system]) != _folded(value)
        for system, value in line.ids.items()
    )


def student_ids(grade: FinalGrade) -> dict[str, str]:
    """All that other systems may call a student; the key stands for what the roster lacks."""
    student = grade.student
    spare = {"sis": student.key, "login": student.key, "idnumber": student.key}
    ids = {**spare, **{system: value for system, value in student.ids.items() if value.strip()}}
    return {**ids, "email": student.email}


def _folded(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip().casefold()


def _name(text: str) -> str:
    """A name in one form: `Lovelace, Ada` is `Ada Lovelace`, whatever the accents' encoding."""
    last, comma, first = text.partition(",")
    spoken = f"{first} {last}" if comma and "," not in first else text
    return " ".join(unicodedata.normalize("NFKC", spoken).casefold().split())
