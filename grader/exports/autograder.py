"""Gradescope: an autograder.zip that grades one assignment with `--sandbox local`.

Theory of operation. Gradescope starts a container for each submission, as root and without a Docker
engine, so the platform is the container. The student's code runs in it under uids of its own. What
decides the score belongs to root and is closed to all others: `source/` (hidden tests, reference,
its answers) and `results/`. The student's process gets inputs and gives outputs, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from grader.course import Assignment
from grader.errors import CourseError
from grader.exports.export import Export
from grader.exports.wheel import packed, requirements, wheel

EXECUTABLE = frozenset({"setup.sh", "run_autograder"})
MISSING = (
    "On Gradescope there is no container inside its own: a submission can use the network, if "
    "Gradescope lets it, and the memory of all its processes together is not limited. Hidden tests "
    "and results stay closed to it as long as the image runs as root, as Gradescope's do.",
    "The zip holds the solution and the hidden tests: upload it to Gradescope and share it with "
    "nobody else.",
)
# Needed to write the assignment, not to grade it.
_SPARE = frozenset({"alternatives.py"})
_KERAS = ("keras", "tensorflow-cpu")


def export(assignment: Assignment) -> Export:
    """The archive, and what it does not protect."""
    name, content = wheel()
    files = {script: _script(script, assignment, name) for script in sorted(EXECUTABLE)}
    files[name] = content
    files |= dict(_course_files(assignment))
    return Export(packed(files, EXECUTABLE), notes=MISSING)


def _script(script: str, assignment: Assignment, wheel_name: str) -> bytes:
    text = resources.files("grader.exports.platforms").joinpath(script).read_text(encoding="utf-8")
    packages = requirements(*_KERAS) if assignment.runtime == "keras" else ()
    values = {
        "ASSIGNMENT": assignment.name,
        "WHEEL": wheel_name,
        "EXTRAS": "instructor,local",
        "REQUIREMENTS": " ".join(f"'{package}'" for package in packages),
    }
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text.encode()


def _course_files(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    if not assignment.released.is_file():
        raise CourseError(
            f"{assignment.released} is missing; make it with: grader release {assignment.name}"
        )
    for path in _regular_files(assignment.folder):
        if path.name not in _SPARE:
            yield (
                f"course/solutions/{assignment.name}/{_inner(path, assignment.folder)}",
                (path.read_bytes()),
            )
    for path in (assignment.released, assignment.released_cases):
        if path.is_file():
            yield f"course/assignments/{assignment.name}/{path.name}", path.read_bytes()


def _regular_files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    ]


def _inner(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
