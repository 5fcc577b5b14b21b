"""The questions of one attempt after what people decided about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.course import Assignment
from grader.gradebook.decisions import Decision, Kind
from grader.gradebook.grades import Attempt, QuestionGrade
from grader.gradebook.rules import Rules
from grader.records import QuestionResult, Status
from grader.scores import points

SCORES = frozenset({Kind.OVERRIDE, Kind.MARK})


class Standing:
    """What people decided about one student, and still stands: the latest of each kind."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self._scores: dict[str | None, Decision] = {}
        self._comments: dict[str | None, Decision] = {}
        for decision in decisions:  # in the order in which they were taken
            self._take(decision)

    def _take(self, decision: Decision) -> None:
        if decision.kind is Kind.SCORE_WITHDRAWN:
            self._scores.pop(decision.question, None)
        elif decision.kind is Kind.COMMENT_WITHDRAWN:
            self._comments.pop(decision.question, None)
        elif decision.kind in SCORES:
            self._scores[decision.question] = decision
        else:
            self._comments[decision.question] = decision

    def score(self, question: str | None) -> Decision | None:
        """Who gave this question (None: the whole) a score, if anybody did."""
        return self._scores.get(question)

    def comment(self, question: str | None) -> str:
        """The words for the student on this question, or on the whole."""
        given, scored = self._comments.get(question), self._scores.get(question)
        return "\n".join(part.comment for part in (scored, given) if part and part.comment)

    def unused(self, names: Sequence[str]) -> tuple[Decision, ...]:
        """Scores for questions that there are not."""
        return tuple(
            decision
            for name, decision in self._scores.items()
            if name is not None and name not in names
        )


def question_grades(
    attempt: Attempt | None, assignment: Assignment, rules: Rules, standing: Standing
) -> tuple[QuestionGrade, ...]:
    """Each question as the tests found it, or as a person decided."""
    results = attempt.result.questions if attempt else ()
    status = attempt.result.status if attempt else Status.NEEDS_ATTENTION
    if not results:  # nothing was handed in, or what was could not be read or tried
        results = tuple(
            QuestionResult(question.name, question.title, status, None, question.points)
            for question in assignment.questions
        )
    return tuple(_grade(result, rules, standing) for result in results)


def _grade(result: QuestionResult, rules: Rules, standing: Standing) -> QuestionGrade:
    decision = standing.score(result.name)
    return QuestionGrade(
        name=result.name,
        title=result.title,
        status=Status.GRADED if decision else result.status,
        score=decision.score if decision else result.score,
        max_score=result.max_score,
        by=decision.who if decision else "tests",
        comment=standing.comment(result.name),
        counts=result.name not in rules.dropped,
    )


def total(questions: Sequence[QuestionGrade]) -> float | None:
    """The sum of what counts; None while one question of it is not known."""
    scores = [question.score for question in questions if question.counts]
    return None if None in scores else sum(score for score in scores if score is not None)


def most(questions: Sequence[QuestionGrade], rules: Rules) -> float:
    """What full marks are: questions that count and are no extra credit."""
    return sum(
        question.max_score
        for question in questions
        if question.counts and question.name not in rules.extra_credit
    )


def best_possible(questions: Sequence[QuestionGrade]) -> float:
    """The total if what is not known turned out to be right."""
    return sum(
        question.max_score if question.score is None else question.score
        for question in questions
        if question.counts
    )


def question_reasons(
    questions: Sequence[QuestionGrade],
    attempt: Attempt | None,
    rules: Rules,
    standing: Standing,
) -> tuple[str, ...]:
    """A sentence for each question that is not simply what its tests say."""
    found = {question.name: question for question in attempt.result.questions} if attempt else {}
    reasons: list[str] = []
    for question in questions:
        result = found.get(question.name)
        decision = standing.score(question.name)
        if decision:
            reasons.append(_decided(question, decision, result, attempt))
        elif result and (result.score is None or result.status is not Status.GRADED):
            reasons.append(f"{question.name}: {result.note or 'a person must look.'}")
        if not question.counts:
            reasons.append(f"{question.name} does not count: the course has dropped it.")
        elif question.name in rules.extra_credit and question.score:
            reasons.append(f"{question.name} is extra credit: {points(question.score)} on top.")
    return tuple(reasons)


def _decided(
    question: QuestionGrade,
    decision: Decision,
    result: QuestionResult | None,
    attempt: Attempt | None,
) -> str:
    given = f"{points(question.score)} of {points(question.max_score)}"
    said = f"{question.name}: {decision.who} gave {given} on {decision.at:%Y-%m-%d}"
    criteria = _criteria(decision.rubric)
    tested = ""
    if result is not None and result.score is not None:
        tested = f"; the tests say {points(result.score)}"
    if attempt and attempt.submitted_at and attempt.submitted_at > decision.at:
        return f"{said}{criteria}{tested}, for an earlier attempt: look whether it still holds."
    if attempt and attempt.graded_at > decision.at:
        later = f"{attempt.graded_at:%Y-%m-%d}"
        return f"{said}{criteria}{tested}; it stands after the grading of {later}."
    return f"{said}{criteria}{tested}."


def _criteria(rubric: Mapping[str, float]) -> str:
    named = ", ".join(f"{name} {points(score)}" for name, score in rubric.items())
    return f" ({named})" if named else ""
