"""The folders `solutions/` and `assignments/` as values: `Assignment` and its `Question`s."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from grader.errors import CourseError, UsageError
from grader.settings import Limits

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Question(BaseModel):
    """One question of an assignment.

    `functions` are the names that its answer cell must define; `topic` what of the lecture it is
    about, for the syllabus.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME.pattern)
    title: str
    points: float = Field(gt=0)
    functions: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    written: bool = False
    topic: str = ""

    @model_validator(mode="before")
    @classmethod
    def _defines_its_own_name(cls, data: dict[str, object]) -> dict[str, object]:
        if "functions" not in data and not data.get("written"):
            data = {**data, "functions": (data.get("name"),)}
        return data


class Assignment(BaseModel):
    """`assignment.toml`, with the folders it was found in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    folder: Path
    release_folder: Path
    title: str
    runtime: Literal["numpy", "keras"] = "numpy"
    policy: Literal["all", "definitions"] = "all"
    secret: str = ""
    limits: Limits = Limits()
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _names_are_known_once(self) -> Assignment:
        names = [question.name for question in self.questions]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"the question {min(twice)!r} stands twice")
        for question in self.questions:
            if unknown := set(question.follows) - set(names):
                raise ValueError(
                    f"{question.name!r} follows {min(unknown)!r}, which is no question"
                )
        return self

    @property
    def course(self) -> Path:
        """The course that it belongs to: the folder with `solutions/`."""
        return self.folder.parent.parent

    @property
    def source(self) -> Path:
        """The solution notebook, from which everything is made."""
        return self.folder / f"{self.name}.ipynb"

    @property
    def tests(self) -> Path:
        """The hidden tests."""
        return self.folder / f"test_{self.name}.py"

    @property
    def misconceptions(self) -> Path:
        """The known mistakes, as wrong variants of the reference."""
        return self.folder / "misconceptions.py"

    @property
    def alternatives(self) -> Path:
        """Correct variants that must get full marks."""
        return self.folder / "alternatives.py"

    @property
    def probes(self) -> Path:
        """Course code that runs in the box beside an answer; no reference, no expected value."""
        return self.folder / "probes.py"

    def probes_source(self) -> str:
        """The probes, where the assignment has some."""
        return self.probes.read_text(encoding="utf-8") if self.probes.is_file() else ""

    @property
    def cases(self) -> Path:
        """The public check cases, as inputs."""
        return self.folder / "cases.py"

    @property
    def released(self) -> Path:
        """The student's notebook, generated."""
        return self.release_folder / f"{self.name}.ipynb"

    @property
    def released_cases(self) -> Path:
        """The public check cases with their answers, generated."""
        return self.release_folder / f"{self.name}.cases.npz"

    @property
    def max_score(self) -> float:
        """The points of all questions together."""
        return sum(question.points for question in self.questions)

    def question(self, name: str) -> Question:
        """The question of that name; `CourseError` if there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise CourseError(f"{self.name} has no question {name!r}; it has {self._names()}.")

    def _names(self) -> str:
        return ", ".join(question.name for question in self.questions)

    def digest(self) -> str:
        """A hash over every private file that can change a score."""
        parts = hashlib.sha256()
        for path in (
            *(self.folder / "assignment.toml", self.source, self.tests),
            *(self.misconceptions, self.probes),
        ):
            parts.update(path.read_bytes() if path.exists() else b"")
            parts.update(b"\0")
        return parts.hexdigest()

    def seed(self) -> bytes:
        """The secret from which hidden inputs are drawn: the course's own, or the solution.

        Not the hidden tests: a change of one question's leaves the inputs of the others.
        """
        return hashlib.sha256(self.secret.encode() or self.source.read_bytes()).digest()


class Unit(BaseModel):
    """One assignment as it stands in the outline of the course."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME.pattern)
    title: str
    topic: str
    hours: float = Field(gt=0)
    after: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


class Outline(BaseModel):
    """`solutions/course.toml`: the assignments in the order in which a class meets them.

    `grading` is how results become grades; `gradebook.rules` knows what may stand in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    assignments: tuple[Unit, ...] = ()
    grading: Mapping[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _builds_on_what_comes_before(self) -> Outline:
        seen: set[str] = set()
        for unit in self.assignments:
            if unknown := {*unit.after} - seen:
                raise ValueError(
                    f"{unit.name!r} comes after {min(unknown)!r}, which is not before it"
                )
            if unit.name in seen:
                raise ValueError(f"the assignment {unit.name!r} stands twice")
            seen.add(unit.name)
        return self


def load_outline(course: Path) -> Outline:
    """Read and validate `solutions/course.toml`; a course without one has no order."""
    path = course / "solutions" / "course.toml"
    if not path.is_file():
        return Outline(title=course.name)
    try:
        return Outline(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.") from error
    except (ValidationError, TypeError) as error:
        raise CourseError(f"{path} cannot be used: {_first_reason(error)}.") from error


def find_course(start: Path) -> Path:
    """The nearest folder at or above `start` that holds `solutions/`."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "solutions").is_dir():
            return folder
    raise UsageError(
        f"No course found at or above {start}: expected a folder with solutions/ in it. "
        "Change into the course or pass --course DIR."
    )


def assignment_names(course: Path) -> tuple[str, ...]:
    """The names of all assignments of a course: in its order, then by the alphabet."""
    order = [unit.name for unit in load_outline(course).assignments]
    found = sorted(path.parent.name for path in course.glob("solutions/*/assignment.toml"))
    return tuple(sorted(found, key=lambda name: order.index(name) if name in order else len(order)))


def load_assignment(name: str, course: Path) -> Assignment:
    """Read and validate `solutions/NAME/assignment.toml`."""
    path = course / "solutions" / name / "assignment.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(assignment_names(course)) or "none"
        raise UsageError(f"There is no assignment {name!r} in {course}; there are: {known}.")
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        return Assignment(
            **{
                **settings,
                "name": name,
                "folder": path.parent,
                "release_folder": course / "assignments" / name,
            }
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.") from error
    except (ValidationError, TypeError) as error:
        raise CourseError(f"{path} cannot be used: {_first_reason(error)}.") from error


def _first_reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place or 'the file'}: {first['msg']}"
    return str(error)
