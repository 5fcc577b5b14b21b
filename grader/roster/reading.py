"""The class list: a CSV of one's own, or what Canvas, Moodle or Gradescope export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.roster.columns import ACCOUNTS, PARTICIPANT, Columns, recognise
from grader.roster.names import display_name, fold, squeezed
from grader.roster.students import Student
from grader.roster.table import Row, read_table

# Those who are in a platform's list of people and hand nothing in.
_STAFF = frozenset(
    {
        *("instructor", "teacher", "editing teacher", "non editing teacher", "non-editing teacher"),
        *("ta", "teaching assistant", "reader", "observer", "designer", "manager", "grader"),
    }
)


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a class list, in its order; a sentence says what a list lacks.

    Two students of one name are no fault: what names nothing but that name is listed when the
    files are matched.
    """
    shown = display_name(path.name)
    headers, *rows = read_table(path)
    columns = recognise(headers.cells, [row.cells for row in rows])
    if columns.key is None and rows:
        raise UsageError(_no_column(shown, headers))
    pairs = [(row, _student(row, columns, shown)) for row in rows if _is_student(row, columns)]
    if not pairs:
        raise UsageError(
            f"{shown} lists no student: expected one student a line after its headers."
        )
    _check_keys(pairs, columns, shown)
    return tuple(student for _, student in pairs)


def namesakes(roster: Sequence[Student]) -> tuple[tuple[Student, ...], ...]:
    """The students who share a name: a file that tells no more than it cannot be matched."""
    by_name: defaultdict[str, list[Student]] = defaultdict(list)
    for student in roster:
        if student.name:
            by_name[squeezed(student.name)].append(student)
    return tuple(tuple(same) for same in by_name.values() if len(same) > 1)


def _is_student(row: Row, columns: Columns) -> bool:
    """Not a teacher, nor what Canvas puts between the students: points possible, a test student."""
    if columns.canvas_export:
        person = fold(_cell(row, columns, "name")).replace(" ", "")
        return bool(_cell(row, columns, "canvas")) and person != "student,test"
    return fold(_cell(row, columns, "role")) not in _STAFF


def _student(row: Row, columns: Columns, shown: str) -> Student:
    name, first, last = _names(row, columns)
    assert columns.key is not None  # there is no row of a list without it
    key = name if columns.key == "name" else _cell(row, columns, columns.key)
    if not key:
        who = f" ({display_name(name)})" if name else ""
        raise UsageError(
            f"{shown} has no {display_name(columns.header(columns.key))} in line {row.line}{who}, "
            "and that column is every student's key: fill it in, or remove the whole column."
        )
    return Student(
        key=key,
        name=name,
        first_name=first,
        last_name=last,
        email=_cell(row, columns, "email"),
        section=_cell(row, columns, "section"),
        group=_cell(row, columns, "group"),
        ids=_ids(row, columns),
    )


def _names(row: Row, columns: Columns) -> tuple[str, str, str]:
    """The whole name as one says it, the first and the last name."""
    name = _cell(row, columns, "name")
    first, last = _cell(row, columns, "first_name"), _cell(row, columns, "last_name")
    if not (first or last) and name.count(",") == 1:
        last, first = (part.strip() for part in name.split(","))
        return f"{first} {last}".strip(), first, last
    return name or f"{first} {last}".strip(), first, last


def _ids(row: Row, columns: Columns) -> dict[str, str]:
    ids = {system: value for system in ACCOUNTS if (value := _cell(row, columns, system))}
    if found := PARTICIPANT.fullmatch(ids.get("moodle", "")):
        ids["moodle"] = found["number"]
    return ids


def _cell(row: Row, columns: Columns, column: str) -> str:
    place = columns.places.get(column, len(row.cells))
    return row.cells[place] if place < len(row.cells) else ""


def _check_keys(pairs: Sequence[tuple[Row, Student]], columns: Columns, shown: str) -> None:
    seen: dict[str, int] = {}
    for row, student in pairs:
        first = seen.setdefault(student.key.casefold(), row.line)
        if first != row.line:
            assert columns.key is not None
            header = display_name(columns.header(columns.key))
            raise UsageError(
                f"{shown} has {display_name(student.key)} as {header} twice, in lines {first} and "
                f"{row.line}: each student needs one of their own, so mend one line or add a "
                "column `key`."
            )


def _no_column(shown: str, headers: Row) -> str:
    found = ", ".join(display_name(header, 30) for header in headers.cells[:12] if header)
    return (
        f"{shown} has no column that says who a student is: expected a header such as key, id, "
        f"username, login, email or name, but its first line reads: {found}."
    )
