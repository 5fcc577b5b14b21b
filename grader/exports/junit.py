"""JUnit XML as pytest writes it, one test case per hidden test; points stand in properties.

A failed test is a `failure`. What could not be tried or graded is an `error`, never a failure.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from grader.course import Assignment
from grader.exports.cells import number
from grader.exports.explained import reasons
from grader.exports.single import Single
from grader.records import QuestionResult, Status, TestResult
from grader.report.text import one_line, plain

# What XML 1.0 cannot hold, even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(assignment: Assignment, single: Single, now: datetime | None = None) -> bytes:
    """The whole document."""
    suite = ET.Element("testsuite", name=assignment.name)
    _properties(suite, score=number(single.score), max_score=number(single.max_score))
    for question in single.questions:
        for count, test in enumerate(question.tests, 1):
            suite.append(_case(assignment, question, test, count))
        if not question.tests:
            suite.append(_whole_question(assignment, question))
    if single.score is None:
        suite.append(_no_score(assignment, single))
    _count(suite, single, now or datetime.now(UTC))
    root = ET.Element("testsuites", name="keras-grader")
    root.append(suite)
    ET.indent(root)
    text: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + text + b"\n"


def _case(
    assignment: Assignment, question: QuestionResult, test: TestResult, count: int
) -> ET.Element:
    # Not the test's own name, which may hold a hidden input; the number tells equal titles apart.
    case = _element(assignment, question.name, f"{count}. {test.title}", test.seconds)
    tried = test.passed is not None
    _properties(
        case,
        question=question.title,
        title=test.title,
        points=number(test.score) if tried else "",
        max_points=number(test.max_score),
    )
    if test.passed is True:
        return case
    lines = list(reasons(test.diagnosis)) if test.diagnosis else []
    message = test.diagnosis.happened if test.diagnosis else "This could not be tried."
    _child(case, "failure" if tried else "error", message, "\n".join([test.title, *lines]))
    return case


def _whole_question(assignment: Assignment, question: QuestionResult) -> ET.Element:
    """A question without tests: written, or never reached."""
    case = _element(assignment, question.name, question.name)
    known = question.score is not None and question.status is Status.GRADED
    _properties(
        case,
        question=question.title,
        points=number(question.score) if known else "",
        max_points=number(question.max_score),
    )
    if not known:
        _child(case, "skipped", question.note or "A person grades this.", "", type="person")
    elif question.score is not None and question.score < question.max_score:
        _child(case, "failure", question.note or "Not all points.", question.note)
    return case


def _no_score(assignment: Assignment, single: Single) -> ET.Element:
    case = _element(assignment, "submission", "has_a_score")
    if single.written_open:
        _child(case, "skipped", single.sentence, "", type="person")
    else:
        _child(case, "error", single.sentence, single.sentence)
    return case


def _element(assignment: Assignment, group: str, name: str, seconds: float = 0.0) -> ET.Element:
    return ET.Element(
        "testcase",
        classname=_clean(f"{assignment.name}.{group}"),
        name=_clean(one_line(name)),
        time=f"{seconds:.3f}",
    )


def _properties(parent: ET.Element, **values: str) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        if value:
            ET.SubElement(properties, "property", name=name, value=_clean(one_line(value)))


def _child(case: ET.Element, kind: str, message: str, text: str, **more: str) -> None:
    child = ET.SubElement(case, kind, {"message": _clean(one_line(message, 1500)), **more})
    child.text = _clean(plain(text)) or None


def _count(suite: ET.Element, single: Single, now: datetime) -> None:
    cases = list(suite.iter("testcase"))
    suite.attrib |= {
        "errors": str(_having(cases, "error")),
        "failures": str(_having(cases, "failure")),
        "skipped": str(_having(cases, "skipped")),
        "tests": str(len(cases)),
        "time": f"{single.seconds:.3f}",
        "timestamp": now.isoformat(timespec="microseconds"),
        "hostname": "keras-grader",
    }


def _having(cases: list[ET.Element], kind: str) -> int:
    return sum(case.find(kind) is not None for case in cases)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
