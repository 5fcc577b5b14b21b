"""A page that can always be made: the grade stands whatever becomes of its rendering."""

from __future__ import annotations

from html import escape

from grader.course import Assignment
from grader.records import QuestionResult, SubmissionResult
from grader.report.feedback import feedback_page
from grader.report.text import one_line
from grader.scores import points

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{student}: {score} of {most} points.</p>
<ul>
{questions}
</ul>
<p>The explanations could not be shown. Please ask for them.</p>
</body>
</html>
"""


def page_or_plain(assignment: Assignment, result: SubmissionResult) -> tuple[str, str]:
    """The feedback page; where it cannot be made a plain one, and a sentence that says so."""
    try:
        return feedback_page(assignment, result), ""
    except Exception as error:  # noqa: BLE001  (one page must not cost a class its grades)
        return plain_page(assignment, result), (
            f"The feedback page of {one_line(result.student, 120)} could not be made "
            f"({type(error).__name__}: {one_line(str(error), 200)}). A plain one with the points "
            "is in its place."
        )


def plain_page(assignment: Assignment, result: SubmissionResult) -> str:
    """Points and nothing else."""
    return PAGE.format(
        title=_shown(assignment.title),
        student=_shown(result.student),
        score=_points(result.score),
        most=points(result.max_score),
        questions="\n".join(map(_line, result.questions)),
    )


def _line(question: QuestionResult) -> str:
    of = f"{_points(question.score)} of {points(question.max_score)}"
    return f"<li>{_shown(question.title)}: {of}</li>"


def _points(score: float | None) -> str:
    return "not yet known" if score is None else points(score)


def _shown(text: str) -> str:
    return escape(one_line(text, 120))
