"""One final grade per student, worked out anew from the gradebook each time it is asked for.

Nothing here changes a stored result, and what is not known stays None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from grader.course import Assignment
from grader.gradebook.candidates import Candidate, candidate, choice_reason, choose, doubts
from grader.gradebook.decisions import Decision
from grader.gradebook.grades import Attempt, FinalGrade, State
from grader.gradebook.questions import Standing, most
from grader.gradebook.rules import Rules
from grader.roster import Student
from grader.scores import points


@dataclass(frozen=True)
class _File:
    """All that there is about one student."""

    student: Student
    attempts: tuple[Attempt, ...] = ()
    decisions: tuple[Decision, ...] = ()
    free_days: int = 0
    reasons: tuple[str, ...] = field(default=())


def final_grades(
    assignment: Assignment,
    rules: Rules,
    students: Iterable[Student],
    attempts: Iterable[Attempt],
    decisions: Iterable[Decision],
    *,
    free_days_used: Mapping[str, int] | None = None,
) -> tuple[FinalGrade, ...]:
    """Exactly one grade per student of the roster, then one per student found otherwise.

    `attempts` may be the whole history. `free_days_used` is what other assignments of the course
    have used up of each student's free late days.
    """
    used = free_days_used or {}
    return tuple(
        _final(replace(file, free_days=_left(rules, used, file.student)), assignment, rules)
        for file in _files(students, attempts, decisions)
    )


def _final(file: _File, assignment: Assignment, rules: Rules) -> FinalGrade:
    standing = Standing(file.decisions)
    candidates = [
        candidate(attempt, assignment, rules, standing, file.free_days)
        for attempt in file.attempts or (None,)
    ]
    chosen = choose(candidates, rules)
    grade = _of(chosen, file, rules)
    grade = _doubted(grade, doubts(chosen, candidates))
    grade = _explained(grade, chosen, candidates, rules, standing)
    grade = _decided(grade, standing)
    grade = _excused(grade) if file.student.key in rules.excused else grade
    return _rounded(grade, rules)


def _of(chosen: Candidate, file: _File, rules: Rules) -> FinalGrade:
    return FinalGrade(
        student=file.student,
        state=chosen.state,
        score=chosen.score,
        max_score=most(chosen.questions, rules),
        raw=chosen.raw,
        questions=chosen.questions,
        reasons=(*file.reasons, *chosen.reasons),
        attempt=chosen.attempt,
        attempts=len(file.attempts),
        late=chosen.lateness.late,
        free_days=chosen.lateness.free,
    )


def _doubted(grade: FinalGrade, doubts: tuple[str, ...]) -> FinalGrade:
    """A known score that a later attempt may still change is not known."""
    if not doubts or grade.state is not State.GRADED:
        return grade
    reasons = (*grade.reasons, *doubts)
    return replace(grade, state=State.NEEDS_ATTENTION, score=None, reasons=reasons)


def _explained(
    grade: FinalGrade,
    chosen: Candidate,
    candidates: Sequence[Candidate],
    rules: Rules,
    standing: Standing,
) -> FinalGrade:
    unused = standing.unused([question.name for question in grade.questions])
    reasons = (
        *choice_reason(chosen, candidates, rules),
        *grade.reasons,
        *(f"{one.who}'s score for {one.question} is not used: no such question." for one in unused),
    )
    return replace(grade, reasons=reasons, comment=standing.comment(None))


def _decided(grade: FinalGrade, standing: Standing) -> FinalGrade:
    """A person's score for the whole is the last word: no penalty and no doubt moves it."""
    decision = standing.score(None)
    if decision is None:
        return grade
    reason = (
        f"{decision.who} set the whole to {points(decision.score)} of {points(grade.max_score)} "
        f"on {decision.at:%Y-%m-%d}; without that it would be {_standing_of(grade)}."
    )
    return replace(
        grade,
        state=State.GRADED,
        score=decision.score,
        reasons=(*grade.reasons, reason),
        free_days=0,
    )


def _excused(grade: FinalGrade) -> FinalGrade:
    reason = "Excused: nothing counts."
    if grade.score is not None:
        reason = f"Excused: nothing counts; otherwise it would be {_standing_of(grade)}."
    reasons = (reason, *grade.reasons)
    return replace(grade, state=State.EXCUSED, score=None, reasons=reasons, free_days=0)


def _standing_of(grade: FinalGrade) -> str:
    return grade.state.value.replace("_", " ") if grade.score is None else points(grade.score)


def _rounded(grade: FinalGrade, rules: Rules) -> FinalGrade:
    raw = None if grade.raw is None else round(grade.raw, 4)
    return replace(grade, raw=raw, score=round_half_up(grade.score, rules.rounding))


def round_half_up(score: float | None, digits: int) -> float | None:
    """Rounded as people do: 2.5 becomes 3. The sum of many parts is freed of its noise first."""
    if score is None:
        return None
    exact = Decimal(repr(round(score, 9)))
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0


def _files(
    students: Iterable[Student], attempts: Iterable[Attempt], decisions: Iterable[Decision]
) -> list[_File]:
    """The roster in its order, then who is not on it although something of theirs is here."""
    roster = {student.key: student for student in students}
    handed_in = _latest_gradings(attempts)
    decided: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        decided[decision.student].append(decision)
    others = sorted({*handed_in, *decided} - {*roster})
    reasons = ("Not on the roster.",) if roster else ()
    return [
        _File(
            student=roster.get(key, Student(key)),
            attempts=handed_in.get(key, ()),
            decisions=tuple(decided.get(key, ())),
            reasons=() if key in roster else reasons,
        )
        for key in (*roster, *others)
    ]


def _latest_gradings(attempts: Iterable[Attempt]) -> dict[str, tuple[Attempt, ...]]:
    """Each student's attempts in order; of one that was graded again, the latest grading."""
    latest: dict[tuple[str, int], Attempt] = {}
    for attempt in attempts:
        place = (attempt.key.student, attempt.number)
        if place not in latest or attempt.graded_at >= latest[place].graded_at:
            latest[place] = attempt
    found: dict[str, tuple[Attempt, ...]] = {}
    for student, number in sorted(latest):
        found[student] = (*found.get(student, ()), latest[student, number])
    return found


def _left(rules: Rules, used: Mapping[str, int], student: Student) -> int:
    return max(0, rules.free_late_days - used.get(student.key, 0))
