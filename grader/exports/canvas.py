"""Canvas: the gradebook CSV as it was downloaded, with one assignment's column filled in.

Canvas looks a student up by ID, SIS User ID, SIS Login ID and name, in this order, and an
assignment by the "(id)" at the end of its column. A column that it does not know becomes a new
assignment, so no column, ID or row is ever added here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.course import Assignment
from grader.errors import UsageError
from grader.exports.cells import disarmed, two_decimals
from grader.exports.export import (
    Export,
    Options,
    blank_sentence,
    full_points,
    known_score,
    other_points,
)
from grader.exports.matching import Line, pair
from grader.exports.tables import Table, read_table
from grader.gradebook.grades import FinalGrade, State
from grader.report.text import one_line

_TITLE = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)\s*")
_NOT_STUDENTS = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_READ_ONLY = re.compile(r"read\s+only", re.IGNORECASE)
_TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_SYSTEMS = {"ID": "canvas", "SIS User ID": "sis", "SIS Login ID": "login"}


def export(assignment: Assignment, grades: Sequence[FinalGrade], options: Options) -> Export:
    """Fill in a downloaded gradebook."""
    table = read_table(options.into, options.into_name)
    _check_header(table, options)
    column = _column(table, assignment, options)
    worth = _points_possible(table, column)
    full = full_points(assignment, grades)
    factor = worth / full if options.scale and worth and full else 1.0
    lines = _lines(table)
    pairs = pair(lines, grades, options.into_name)
    left = list(pairs.left_out)
    notes = list(other_points("Canvas", worth, full, scale=options.scale))
    for number, grade in pairs.grades.items():
        row = table.cells[number]
        row += [""] * (column + 1 - len(row))
        before, row[column] = row[column].strip(), _cell(grade, factor, table.decimal)
        if not row[column]:
            removed = f" The {one_line(before, 20)} that stood there was removed." if before else ""
            settled = grade.state is State.MISSING and not removed
            (notes if settled else left).append(blank_sentence(grade) + removed)
    _disarm_names(table, lines)
    return Export(table.encode(), left_out=tuple(left), notes=tuple(notes))


def _cell(grade: FinalGrade, factor: float, decimal: str) -> str:
    if grade.state is State.EXCUSED:
        return "EX"
    score = known_score(grade)
    return "" if score is None else two_decimals(score * factor, decimal)


def _check_header(table: Table, options: Options) -> None:
    header = table.header
    by_one = "Student" in header[0] and "ID" in header[1]
    by_two = header[:2] == ["LastName", "FirstName"] and "ID" in header
    if not (by_one or by_two) or "Section" not in header:
        raise UsageError(
            f"{one_line(options.into_name)} is no Canvas gradebook: expected a header that begins "
            "with Student, ID and has Section. In Canvas choose Grades, Export."
        )


def _column(table: Table, assignment: Assignment, options: Options) -> int:
    titles = _assignments(table)
    wanted = {options.column} if options.column else {assignment.title, assignment.name}
    folded = {_folded(name) for name in wanted}
    found = [
        column
        for column, header in titles.items()
        if folded & {_folded(header), _folded(_title(header))}
        or (options.column and f"({options.column})" in header)
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one_line(header, 80) for header in titles.values()) or "none"
    what = "Several columns are" if found else "No column is"
    raise UsageError(
        f"{what} the assignment {one_line(min(wanted))!r} in {one_line(options.into_name)}; its "
        f"assignments are: {one_line(names, 600)}. Name one with --column."
    )


def _assignments(table: Table) -> dict[int, str]:
    """The columns that may be filled in: assignments that Canvas knows, by their (id)."""
    last_info = table.header.index("Section")
    read_only = {
        column
        for row in table.cells[1:]
        if row and "Points Possible" in row[0]
        for column, cell in enumerate(row)
        if _READ_ONLY.search(cell)
    }
    return {
        column: header
        for column, header in enumerate(table.header)
        if column > last_info
        and column not in read_only
        and _TITLE.fullmatch(header)
        and not _TOTALS.search(header)
    }


def _title(header: str) -> str:
    found = _TITLE.fullmatch(header)
    return found["title"] if found else header


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _lines(table: Table) -> list[Line]:
    places = {system: table.header.index(h) for h, system in _SYSTEMS.items() if h in table.header}
    two_names = table.header[0] == "LastName"
    lines = []
    for number, row in enumerate(table.cells[1:], 1):
        if _is_student(row):
            ids = {system: row[at] for system, at in places.items() if at < len(row)}
            ids["email"] = ids.get("login", "")
            name = f"{row[1]} {row[0]}" if two_names else row[0]
            lines.append(Line(number, ids, name))
    return lines


def _is_student(row: Sequence[str]) -> bool:
    known_kind = any(cell.strip() for cell in row) and "Points Possible" not in row[0]
    return known_kind and not all(_NOT_STUDENTS.fullmatch(cell) for cell in row)


def _points_possible(table: Table, column: int) -> float | None:
    for row in table.cells[1:4]:
        if row and "Points Possible" in row[0] and column < len(row):
            try:
                return float(row[column].strip().replace(",", "."))
            except ValueError:
                return None
    return None


def _disarm_names(table: Table, lines: Sequence[Line]) -> None:
    """Canvas does not read a name that has an ID beside it, but a spreadsheet would run it."""
    columns = (0, 1) if table.header[0] == "LastName" else (0,)
    for line in lines:
        if line.ids.get("canvas", "").strip():
            row = table.cells[line.number]
            for column in columns:
                row[column] = disarmed(row[column])
