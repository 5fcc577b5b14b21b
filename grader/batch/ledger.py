"""What a gradebook knows of the files at hand, and how new results get into it."""

from __future__ import annotations

import hashlib
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from grader import __version__
from grader.batch.digests import course_digest, course_stamp, question_digests
from grader.batch.jobs import Done, Handed, Job
from grader.course import Assignment
from grader.gradebook.grades import Attempt, ResultKey
from grader.intake.read import MAX_MB
from grader.rows import unread

LARGEST = int(MAX_MB * 1e6)
BLOCK = 1 << 20


class Book(Protocol):
    """What is asked of a gradebook here."""

    def known(self, assignment: str) -> frozenset[ResultKey]: ...
    def record(self, attempt: Attempt, notebook: bytes = b"") -> bool: ...
    def attempts(self, assignment: str) -> Iterator[Attempt]: ...
    def numbers(self, assignment: str) -> Sequence[tuple[str, str, int]]: ...
    def current(self, assignment: str) -> tuple[Attempt, ...]: ...
    def notebook(self, sha256: str) -> bytes | None: ...


@dataclass(frozen=True)
class Course:
    """An assignment as it stands now, with the hashes that its results are kept under."""

    assignment: Assignment
    image: str
    digests: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""

    @classmethod
    def of(cls, assignment: Assignment, image: str) -> Course:
        """Read the course's files."""
        stamp = course_stamp(assignment)  # first: an edit between the two is seen
        return cls(assignment, image, question_digests(assignment, image), stamp)

    def key(
        self, student: str, notebook: str, digests: Mapping[str, str] | None = None
    ) -> ResultKey:
        """What the result of this file is kept under."""
        course = course_digest(self.assignment, self.digests if digests is None else digests)
        return ResultKey(self.assignment.name, student, notebook, course, self.image, __version__)


@dataclass(frozen=True)
class Sorted:
    """The files at hand: to be graded, graded, and graded with an earlier state of the course.

    Those that were graded stand there with what stands for them in a key.
    """

    new: tuple[Handed, ...]
    done: tuple[tuple[Handed, str], ...] = ()
    older: tuple[tuple[Handed, str], ...] = ()


def mark_of(handed: Handed) -> str:
    """What stands for the file in a key: its sha256, or a hash of why there is none."""
    if handed.problem:
        return hashlib.sha256(f"{handed.origin}: {handed.problem}".encode()).hexdigest()
    return hash_of(handed.path)


def sort_out(handed: Iterable[Handed], course: Course, known: frozenset[ResultKey]) -> Sorted:
    """Which of the files have a result already."""
    graded = {(key.student, key.notebook) for key in known}
    new: list[Handed] = []
    done: list[tuple[Handed, str]] = []
    older: list[tuple[Handed, str]] = []
    for one in handed:
        mark = mark_of(one)
        if course.key(one.student, mark) in known:
            done.append((one, mark))
        elif (one.student, mark) in graded:
            older.append((one, mark))
        else:
            new.append(one)
    return Sorted(tuple(new), tuple(done), tuple(older))


def jobs_of(handed: Sequence[Handed]) -> Iterator[Job]:
    """A job for each file, read only when its turn has come."""
    for number, one in enumerate(handed):
        if not one.problem:
            yield Job(number, one.shown, one.path, content_of(one.path))


def problems_of(handed: Sequence[Handed], assignment: Assignment) -> Iterator[Done]:
    """The rows of what cannot be graded, since there is no notebook."""
    for number, one in enumerate(handed):
        if one.problem:
            result = unread(one.path, one.shown, one.problem, assignment)
            yield Done(Job(number, one.shown, one.path), result)


def content_of(path: Path) -> bytes | None:
    """The file's bytes; None where it is too large or no file that can be read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None


def hash_of(path: Path) -> str:
    """The sha256 of the file, whatever its size; empty where it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


class Ledger:
    """Writes results into a gradebook as they come, one transaction each."""

    def __init__(self, book: Book, course: Course) -> None:
        self._book = book
        self._course = course
        self._numbers: dict[str, dict[str, int]] | None = None

    def record(self, handed: Handed, done: Done) -> bool:
        """Keep one result; False where it was there already."""
        content = done.job.content
        sha256 = hashlib.sha256(content).hexdigest() if content else mark_of(handed)
        attempt = Attempt(
            key=self._course.key(handed.student, sha256),
            number=self._number(handed, sha256),
            result=done.result,
            graded_at=datetime.now(UTC),
            submitted_at=handed.submitted_at,
            late=handed.late,
            origin=handed.origin,
            digests=self._course.digests,
        )
        return self._book.record(attempt, content or b"")

    def _number(self, handed: Handed, sha256: str) -> int:
        """A file that was graded before keeps its number; another file never takes it."""
        mine = self._numbers_of(handed.student)
        if sha256 not in mine:
            taken = set(mine.values())
            mine[sha256] = handed.number if handed.number not in taken else max(taken) + 1
        return mine[sha256]

    def _numbers_of(self, student: str) -> dict[str, int]:
        if self._numbers is None:
            self._numbers = defaultdict(dict)
            for owner, notebook, number in self._book.numbers(self._course.assignment.name):
                self._numbers[owner][notebook] = number
        return self._numbers[student]
