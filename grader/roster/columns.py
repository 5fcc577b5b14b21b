"""Which column of a class list means what: the headers of the systems it may come from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.roster.names import fold

# As Canvas, Moodle (also in German and French), Gradescope, GitHub Classroom and people write them.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "student key"),
    "student": ("student",),
    "id": ("id", "identifier", "identifiant", "user"),
    "name": ("name", "full name", "fullname", "student name", "vollstandiger name", "nom complet"),
    "first_name": ("first name", "firstname", "given name", "forename", "vorname", "prenom"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "nom de famille"),
    "email": (
        *("email", "e mail", "mail", "email address", "e mail address", "e mail adresse"),
        "adresse de courriel",
    ),
    "section": ("section", "sections"),
    "group": ("group", "groups", "group name", "team", "gruppe", "gruppen", "groupe", "groupes"),
    "canvas": ("canvas", "canvas id", "canvas user id"),
    "sis": ("sis", "sis id", "sis user id", "user id", "student id", "student number"),
    "login": (
        *("login", "login id", "sis login id", "username", "user name", "netid", "net id"),
        *("anmeldename", "benutzername", "nom d utilisateur"),
    ),
    "moodle": ("participant", "moodle participant"),
    "idnumber": (
        "id number",
        "idnumber",
        "id nummer",
        "moodle id number",
        "numero d identification",
    ),
    "gradescope": ("sid", "gradescope", "gradescope sid", "gradescope id"),
    "github": ("github", "github username", "github user", "github login"),
    "role": ("role", "roles"),
}
# The first of these that a list has is each student's key.
KEYS = (
    *("key", "student", "id", "login", "sis", "idnumber", "gradescope", "email", "github"),
    *("canvas", "moodle", "name"),
)
ACCOUNTS = ("canvas", "sis", "login", "moodle", "idnumber", "gradescope", "github")
_MEANING = {header: column for column, headers in HEADERS.items() for header in headers}
# "Participant 123": the word is in the language of the course, the number Moodle's.
PARTICIPANT = re.compile(r"(?P<word>\D*[^\W\d].*?)\s+(?P<number>\d+)")
_ASSIGNMENT = re.compile(r"\(\d+\)\s*$")


@dataclass(frozen=True)
class Columns:
    """Where each known column stands, and the one that is the key. `canvas` says where from."""

    places: Mapping[str, int]
    headers: Sequence[str]
    canvas_export: bool = False

    @property
    def key(self) -> str | None:
        if "first_name" in self.places or "last_name" in self.places:
            named = {*self.places, "name"}
        else:
            named = {*self.places}
        return next((column for column in KEYS if column in named), None)

    def header(self, column: str) -> str:
        """The column as the file itself calls it."""
        return self.headers[self.places[column]].strip() if column in self.places else "name"


def recognise(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """What the columns mean. One without any value is as good as absent."""
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        column = _MEANING.get(" ".join(re.sub(r"[\W_]+", " ", fold(header)).split()))
        if column and column not in places and any(_cell(row, place) for row in rows):
            places[column] = place
    canvas_export = _is_canvas_export(places, headers)
    if canvas_export:
        _rename(places, "id", "canvas")
    elif "id" in places and _are_participants([_cell(row, places["id"]) for row in rows]):
        _rename(places, "id", "moodle")
    if _student_is_a_name(places):
        _rename(places, "student", "name")
    return Columns(places, headers, canvas_export)


def _rename(places: dict[str, int], column: str, meaning: str) -> None:
    place = places.pop(column, None)
    if place is not None:
        places.setdefault(meaning, place)


def _is_canvas_export(places: Mapping[str, int], headers: Sequence[str]) -> bool:
    """The gradebook that Canvas exports: who, then `ID`, `Section` and `Title (123)` columns."""
    named = "student" in places or {"first_name", "last_name"} <= set(places)
    graded = any(_ASSIGNMENT.search(header) for header in headers)
    return (
        named
        and {"id", "section"} <= set(places)
        and (graded or bool({"sis", "login"} & set(places)))
    )


def _are_participants(values: Sequence[str]) -> bool:
    """Whether the values are Moodle's numbers: one word before all, in whatever language."""
    found = [PARTICIPANT.fullmatch(value) for value in values if value]
    return bool(found) and None not in found and len({each["word"] for each in found if each}) == 1


def _student_is_a_name(places: Mapping[str, int]) -> bool:
    """`student,id` holds names beside keys; `student,name` keys beside names."""
    named = {"name", "first_name", "last_name"} & set(places)
    keyed = {"key", "id", *ACCOUNTS} & set(places)
    return "student" in places and not named and bool(keyed)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
