"""X13 to X15: disks that are full, torn or read-only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.faults import school as at
from tests.faults.case import Case, Fault
from tests.faults.school import School, fill

SIZE = "size=3m"


def _meets_a_full_disk(school: School, disk: Path, point: str, turn: int = 2) -> None:
    """Fill the disk while the run halts: it ends with a sentence, and the next has room."""
    run, _ = school.halted(point, turn)
    filler = fill(disk)
    run.go_on()
    code, said = run.end()
    assert code == 4, (code, said)
    assert "disk is full" in said or "No space left" in said, said
    filler.unlink()


def full_database(school: School) -> None:
    """The gradebook and its log are on a disk without room."""
    disk = school.small_disk(school.folder / "disk", SIZE)
    school.book = str(disk / "book.sqlite")
    _meets_a_full_disk(school, disk, at.TO_BE_KEPT)


def full_feedback(school: School) -> None:
    """The pages are on a disk without room."""
    disk = school.small_disk(school.pages, SIZE)
    _meets_a_full_disk(school, disk, at.RENDERED)


def full_temporary(school: School) -> None:
    """The folder for temporary files is on a disk without room."""
    disk = school.small_disk(school.temporary, f"{SIZE},mode=1777")
    _meets_a_full_disk(school, disk, at.CLAIMED)


def full_cache(school: School) -> None:
    """The folder of memoised answers has no room: it is done without."""
    school.cache = school.small_disk(school.folder / "cache", "size=64k")
    fill(school.cache)
    code, said = school.grade()
    assert code == 0, said


def no_inodes(school: School) -> None:
    """The disk of the pages takes no more files."""
    disk = school.small_disk(school.pages, "nr_inodes=40")
    run, _ = school.halted(at.RENDERED, 2)
    number = 0
    with suppress(OSError):
        while True:
            (disk / f"filler-{number}").touch(exist_ok=False)
            number += 1
    run.go_on()
    code, said = run.end()
    assert code == 4, said
    assert "No space left" in said
    for filler in disk.glob("filler-*"):
        filler.unlink()


def tear_pages(school: School) -> int:
    """Pages as a power cut can leave them: empty, or half there."""
    assert school.grade()[0] == 0
    pages = sorted(school.pages.glob("*.html"))
    for number, page in enumerate(pages):
        content = page.read_bytes()
        page.write_bytes(content[: number * len(content) // 6])
    return len(pages)


def tear_cache(school: School) -> int:
    """Memoised answers and recorded mistakes, each cut to its half."""
    own = school.folder / "cache"
    school.cache = Path(shutil.copytree(school.cache, own))
    files = [path for path in own.rglob("*") if path.is_file() and path.stat().st_size > 0]
    for path in files:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    assert files
    return len(files)


def kill_before_rename(turn: int) -> Callable[[School], None]:
    """Kill the command when a file is written and not yet in its place."""

    def play(school: School) -> None:
        run, _ = school.halted(at.HALF_WRITTEN, turn)
        assert [*school.pages.glob(".*")]
        run.kill()

    return play


def read_only_database(school: School) -> None:
    """The gradebook's disk has become read-only after a crash."""
    disk = school.small_disk(school.folder / "disk", SIZE)
    school.book = str(disk / "book.sqlite")
    run, _ = school.halted(at.KEPT, 2)
    run.kill()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    code, said = school.grade()
    assert code == 4, said
    assert "read-only" in said or "cannot be" in said
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def read_only_feedback(school: School) -> None:
    """The disk of the pages becomes read-only in the middle of a run."""
    disk = school.small_disk(school.pages, SIZE)
    run, _ = school.halted(at.RENDERED, 2)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    run.go_on()
    code, said = run.end()
    assert code == 4, said
    assert "Read-only" in said
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


CASES = (
    Case(
        number="X13",
        injected="A disk without room: of the database, pages, temporary files, the cache.",
        promised="What was running stays to be graded; no half file; a sentence, exit code 4.",
        kept_by="One transaction for each result; files written beside their place, then renamed.",
        variants={
            "database": Fault(full_database),
            "feedback": Fault(full_feedback),
            "temporary": Fault(full_temporary),
            "cache": Fault(full_cache),
            "inodes": Fault(no_inodes),
        },
        held_by=(
            "tests/flow/gradebook/test_faults.py::test_a_full_disk_loses_nothing_that_was_recorded",
            "tests/flow/gradebook/test_faults.py::test_a_full_file_system_is_a_sentence",
            "tests/flow/test_bad_input.py::test_a_full_disk_leaves_no_half_file",
        ),
    ),
    Case(
        number="X14",
        injected="Half-written files: pages cut short, a torn cache, kill -9 before a rename.",
        promised="No half file is taken for a whole one, and the next run makes it anew.",
        kept_by="A page is known by its end, what is memoised by its checksum; a page comes first.",
        variants={
            "pages": Fault(tear_pages),
            "cache": Fault(tear_cache),
            "before-rename": Fault(kill_before_rename(2)),
        },
    ),
    Case(
        number="X15",
        injected="A file system becomes read-only: the gradebook's, or that of the pages.",
        promised="A sentence, exit code 4; what was kept is there.",
        kept_by="Errors of the disk end the run; nothing is claimed that is not kept.",
        variants={
            "database": Fault(read_only_database),
            "feedback": Fault(read_only_feedback),
        },
        held_by=(
            "tests/flow/gradebook/test_faults.py::test_a_file_that_may_not_be_written_is_a_sentence",
        ),
    ),
)
