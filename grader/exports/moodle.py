"""Moodle: the offline grading worksheet as it was downloaded, with grades and feedback filled in.

Moodle finds its columns by their words in the site's language and its rows by the number in the
first column, so header and identifiers stay as they are. It skips a row without a grade.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Assignment
from grader.errors import UsageError
from grader.exports.cells import disarmed, harmless, two_decimals
from grader.exports.export import (
    Export,
    Options,
    blanks,
    full_points,
    known_score,
    other_points,
    who,
)
from grader.exports.matching import Line, pair, student_ids
from grader.exports.tables import Table, read_table
from grader.gradebook.grades import FinalGrade
from grader.report.text import block, one_line
from grader.scores import points

_NUMBER = re.compile(r"\D*(\d+)\s*")
_AMOUNT = re.compile(r"-?\d+([.,]\d+)?")
# What Moodle's own language packs call the column; another name is given with --column.
_GRADE = frozenset(
    {
        *("grade", "bewertung", "note", "nota", "calificación", "cijfer", "valutazione"),
        *("ocena", "betyg", "karakter", "arvosana", "оценка", "оцінка", "成绩", "成績", "評定"),
        *("qualificació", "puan", "not", "الدرجة", "ציון", "známka", "hodnocení", "érdemjegy"),
    }
)
_FEEDBACK = re.compile(
    r"feedback|comment|kommentar|comentari|comentário|commento|opmerking|retroali|反馈|回饋|"
    r"フィードバック|отзыв|komentarz",
    re.IGNORECASE,
)
_COMMENT_LENGTH = 5000


@dataclass(frozen=True)
class Columns:
    """Where the worksheet keeps what; `feedback` is None where the assignment takes no comments."""

    grade: int
    maximum: int | None
    feedback: int | None


def export(assignment: Assignment, grades: Sequence[FinalGrade], options: Options) -> Export:
    """Fill in a downloaded worksheet."""
    table = read_table(options.into, options.into_name)
    columns = _columns(table, options)
    left: list[str] = []
    pairs = pair(_lines(table, columns, grades), grades, options.into_name)
    for number, grade in pairs.grades.items():
        row = table.cells[number]
        row += [""] * (len(table.header) - len(row))
        left += _fill(row, columns, grade, table, scale=options.scale)
    _disarm_names(table)
    unknown = blanks(pairs.grades.values())
    return Export(
        table.encode(),
        left_out=(*pairs.left_out, *unknown.left_out, *left),
        notes=(*unknown.notes, *_notes(table, columns, full_points(assignment, grades), options)),
    )


def _fill(
    row: list[str], columns: Columns, grade: FinalGrade, table: Table, *, scale: bool
) -> list[str]:
    score, most = known_score(grade), _amount(row, columns.maximum)
    row[columns.grade] = ""
    if score is None:
        return []
    if scale and most and grade.max_score:
        score *= most / grade.max_score
    if most is not None and not 0 <= round(score, 2) <= most:
        return [
            f"{who(grade)} has {points(score)} of at most {points(most)} in Moodle, which would "
            "refuse it: the grade was left blank."
        ]
    row[columns.grade] = two_decimals(score, table.decimal)
    if columns.feedback is not None:
        row[columns.feedback] = comment(grade)
    return []


def comment(grade: FinalGrade) -> str:
    """What the student reads, as the HTML that Moodle takes it for."""
    lines = [grade.comment, *grade.reasons] if grade.comment else list(grade.reasons)
    text = block("\n".join(line for line in lines if line.strip()), _COMMENT_LENGTH).strip()
    return harmless(html.escape(text, quote=False).replace("\n", "<br>"))


def _columns(table: Table, options: Options) -> Columns:
    header = [cell.strip() for cell in table.header]
    wanted = {options.column.casefold()} if options.column else _GRADE
    found = [at for at, cell in enumerate(header) if cell.casefold() in wanted and at > 0]
    if len(found) != 1:
        names = one_line(", ".join(header), 600)
        raise UsageError(
            f"The column of the grade was not found in {one_line(options.into_name)}, whose "
            f"columns are: {names}. Expected Moodle's offline grading worksheet; name the column "
            "with --column."
        )
    grade = found[0]
    feedback = [at for at, cell in enumerate(header) if at > grade and _FEEDBACK.search(cell)]
    return Columns(grade, _maximum(table, grade + 1), feedback[0] if feedback else None)


def _maximum(table: Table, at: int) -> int | None:
    """The next column holds the highest grade: the same number in every row."""
    values = {row[at].strip() for row in table.cells[1:] if at < len(row)}
    return at if len(values) == 1 and _AMOUNT.fullmatch(min(values)) else None


def _amount(row: Sequence[str], at: int | None) -> float | None:
    return None if at is None else float(row[at].strip().replace(",", "."))


def _lines(table: Table, columns: Columns, grades: Sequence[FinalGrade]) -> list[Line]:
    """Rows by participant number, then by an ID number or address in a column before the grade."""
    known = {
        system: {
            ids[system].strip().casefold() for ids in map(student_ids, grades) if system in ids
        }
        for system in ("idnumber", "email")
    }
    return [
        Line(number, _ids(row, columns, known), row[1] if len(row) > 1 else "")
        for number, row in enumerate(table.cells[1:], 1)
        if any(cell.strip() for cell in row)
    ]


def _ids(row: Sequence[str], columns: Columns, known: dict[str, set[str]]) -> dict[str, str]:
    participant = _NUMBER.fullmatch(row[0]) if row else None
    ids = {"moodle": participant[1] if participant else ""}
    for system, values in known.items():
        cells = [
            cell for cell in row[2 : columns.grade] if cell.strip().casefold() in values - {""}
        ]
        ids[system] = cells[0] if cells else ""
    return ids


def _notes(table: Table, columns: Columns, full: float, options: Options) -> tuple[str, ...]:
    notes = []
    if columns.feedback is None:
        notes.append("The worksheet has no column for feedback comments: none were written.")
    most = _amount(table.cells[1], columns.maximum) if len(table.cells) > 1 else None
    return (*notes, *other_points("Moodle", most, full, scale=options.scale))


def _disarm_names(table: Table) -> None:
    """Moodle knows its rows by the first column; a spreadsheet would run a name."""
    for row in table.cells[1:]:
        if len(row) > 1:
            row[1] = disarmed(row[1])
