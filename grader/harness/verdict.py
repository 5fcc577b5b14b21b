"""What an exception that ended a hidden test says of the answer, and what of the course."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureLookupError

from grader.errors import CourseError, MachineError
from grader.harness.collected import HiddenTest
from grader.harness.outcome import Mismatch, NotTried, Watch
from grader.records import Diagnosis

SANDBOX = Path(__file__).parent.parent / "sandbox"


@dataclass(frozen=True)
class Verdict:
    """`passed` as in `TestResult`. `doubt` is an exception that need not be the student's fault."""

    passed: bool | None
    diagnosis: Diagnosis | None = None
    doubt: BaseException | None = None


def judge(error: BaseException | None, test: HiddenTest, watch: Watch, file: Path) -> Verdict:
    """The verdict on a test that ended with this exception, or with none."""
    if error is None:
        return Verdict(passed=True)
    if isinstance(error, NotTried | pytest.skip.Exception):
        return Verdict(passed=None)
    if isinstance(error, OSError) and _on_the_way(error):
        raise MachineError(
            f"This machine failed a hidden test ({error.strerror or error}). Run the same again."
        ) from error
    if isinstance(error, Mismatch):
        return Verdict(passed=False, diagnosis=_revealed(error.diagnosis, test, watch))
    if isinstance(error, AssertionError | pytest.fail.Exception):
        diagnosis = _unmet(_own_words(error, file), test)
        return Verdict(passed=False, diagnosis=_revealed(diagnosis, test, watch))
    return Verdict(passed=False, diagnosis=_unusable(test, watch), doubt=error)


def course_error(error: BaseException | None, where: str, file: Path) -> CourseError:
    """What is wrong in a hidden test file, as one sentence with the line."""
    while isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, CourseError):
        return error
    line = _line(error, file)
    place = f"{file.name}, line {line}" if line else file.name
    return CourseError(f"{where} ({place}): {_reason(error)}. Mend the test or the solution.")


def _own_words(error: BaseException, file: Path) -> str:
    """The message, if the test wrote it: one of NumPy's own assertions shows hidden values."""
    frames = traceback.extract_tb(error.__traceback__)
    own = isinstance(error, pytest.fail.Exception) or (
        bool(frames) and Path(frames[-1].filename) == file.resolve()
    )
    # Under an outer pytest that rewrites assertions, both sides follow the message.
    words = f"\n{error}".partition("\nassert ")[0]
    return words.strip() if own else ""


def _unmet(message: str, test: HiddenTest) -> Diagnosis:
    if message:
        return Diagnosis(happened=message, expected=test.title)
    return Diagnosis(happened="This does not hold for your answer.", expected=test.title)


def _on_the_way(error: OSError) -> bool:
    """Whether it happened between here and the box: what a student's code raises is a value."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(Path(frame.filename).is_relative_to(SANDBOX) for frame in frames)


def _unusable(test: HiddenTest, watch: Watch) -> Diagnosis:
    if not watch.returned:
        return _unmet("", test)
    return Diagnosis(
        happened=f"{watch.returned}; the test could not use it.",
        expected=test.title,
        try_="Compare the type, the shape and the size of what you return with the table.",
    )


def _revealed(diagnosis: Diagnosis, test: HiddenTest, watch: Watch) -> Diagnosis:
    if not test.reveal or watch.called is None:
        return diagnosis
    happened = f"{diagnosis.happened} The call was {watch.called}."
    return Diagnosis(happened, diagnosis.expected, diagnosis.try_, diagnosis.misconception)


def _line(error: BaseException | None, file: Path) -> int | None:
    """The last line of that file in the way of the exception."""
    if isinstance(error, SyntaxError) and error.filename == str(file.resolve()):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__) if error else []
    lines = [frame.lineno for frame in frames if Path(frame.filename) == file.resolve()]
    return lines[-1] if lines else None


def _reason(error: BaseException | None) -> str:
    if isinstance(error, FixtureLookupError):
        return f"there is no fixture {error.argname!r}"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    first = str(error).strip().partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
