"""How results become grades: the table `[grading]` of `solutions/course.toml`.

What stands in `[grading]` holds for the whole course, what stands in `[grading.NAME]` for one
assignment. Extensions and excused students of the two are added together; otherwise the
assignment's own setting counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from grader.course import Assignment, Outline
from grader.errors import CourseError
from grader.roster import Student

PLACE = "solutions/course.toml"
# Strict: else a number would be taken for the seconds since 1970.
Moment = Annotated[AwareDatetime, Field(strict=True)]
Days = Annotated[float, Field(ge=0, le=1000)]
_OF_THE_COURSE = ("free_late_days",)


class Rules(BaseModel):
    """The rules for one assignment.

    `free_late_days` are a student's for the whole course; `late_penalty` is the percentage of the
    score that each further day begun costs; what is handed in more than `most_late_days` days late
    is worth nothing. An extension is a new date, or a number of days. With `groups` a file of one
    member is the whole group's, by the column `group` of the roster.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    attempts: Literal["best", "last"] = "last"
    due: Moment | None = None
    grace_minutes: float = Field(0, ge=0)
    free_late_days: int = Field(0, ge=0, strict=True)
    late_penalty: float = Field(0, ge=0, le=100)
    most_late_days: int | None = Field(None, ge=0, strict=True)
    extensions: Mapping[str, Moment | Days] = Field(default_factory=dict)
    extra_credit: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    rounding: int = Field(2, ge=0, le=4, strict=True)
    groups: bool = Field(False, strict=True)

    def due_for(self, student: str) -> datetime | None:
        """When the work of this student is due."""
        extension = self.extensions.get(student)
        if isinstance(extension, datetime):
            return extension
        return self.due and self.due + timedelta(days=extension or 0)

    def strangers(self, students: Sequence[Student]) -> tuple[str, ...]:
        """Whom the rules name although the roster does not: most likely a slip of the pen."""
        known = {student.key for student in students}
        return tuple(sorted({*self.extensions, *self.excused} - known))


def load_rules(outline: Outline, assignment: Assignment) -> Rules:
    """The rules for one assignment; `CourseError` for what cannot be meant."""
    general, own = _split(outline.grading, assignment.name)
    _check_places(general, own, assignment.name)
    merged = {**general, **own}
    for name, join in (("extensions", _both), ("excused", _all)):
        if name in general and name in own:
            merged[name] = join(general[name], own[name])
    try:
        rules = Rules(**merged)
    except ValidationError as error:
        raise CourseError(f"{PLACE} cannot be used: {_reason(error, own, assignment)}.") from error
    _check_questions(rules, assignment)
    return rules


def _split(grading: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What holds for the course, and what for this assignment. Other assignments' is left out."""
    general = {
        key: value
        for key, value in grading.items()
        if key in Rules.model_fields or not isinstance(value, dict)
    }
    own = grading.get(name, {}) if name not in Rules.model_fields else {}
    if not isinstance(own, dict):
        raise CourseError(f"{PLACE} cannot be used: grading.{name} should be a table of settings.")
    return general, own


def _check_places(general: Mapping[str, Any], own: Mapping[str, Any], name: str) -> None:
    for setting in _OF_THE_COURSE:
        if setting in own:
            raise CourseError(
                f"{PLACE} cannot be used: {setting} stands in [grading.{name}], but it is for the "
                "whole course. Move it to [grading]."
            )
    for setting in ("extra_credit", "dropped"):
        if setting in general:
            raise CourseError(
                f"{PLACE} cannot be used: {setting} names questions and stands in [grading]. "
                "Move it to [grading.NAME] of their assignment."
            )


def check_names(outline: Outline, names: Sequence[str]) -> None:
    """No table of `[grading]` may be for an assignment that there is not."""
    for key, value in outline.grading.items():
        if isinstance(value, dict) and key not in Rules.model_fields and key not in names:
            raise CourseError(
                f"{PLACE} cannot be used: [grading.{key}] is for no assignment; there are "
                f"{', '.join(names) or 'none'}."
            )


def _check_questions(rules: Rules, assignment: Assignment) -> None:
    known = [question.name for question in assignment.questions]
    for setting in ("extra_credit", "dropped"):
        for name in getattr(rules, setting):
            if name not in known:
                raise CourseError(
                    f"{PLACE} cannot be used: grading.{assignment.name}.{setting} names {name!r}; "
                    f"its questions are {', '.join(known)}."
                )


def _both(first: Any, second: Any) -> Any:
    return {**first, **second} if isinstance(first, dict) and isinstance(second, dict) else second


def _all(first: Any, second: Any) -> Any:
    return [*first, *second] if isinstance(first, list) and isinstance(second, list) else second


def _reason(error: ValidationError, own: Mapping[str, Any], assignment: Assignment) -> str:
    first = error.errors()[0]
    setting, *rest = (str(part) for part in first["loc"])
    table = f"grading.{assignment.name}" if setting in own else "grading"
    place = ".".join((table, setting, *rest[:1] * (setting == "extensions")))
    return f"{place}: {first['msg']}"
