"""What a run of many leaves behind as it goes: pages, rows for the table, rows for the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.batch.jobs import Handed, brief
from grader.batch.spool import Spool
from grader.course import Assignment
from grader.records import SubmissionResult

END = b"</html>"


class Outcome:
    """The results of the files at hand: short ones in memory, whole ones on disk."""

    def __init__(
        self, assignment: Assignment, handed: Sequence[Handed], feedback: Path | None
    ) -> None:
        self._assignment = assignment
        self._places = {(one.student, one.number): place for place, one in enumerate(handed)}
        self._brief: dict[int, SubmissionResult] = {}
        self._whole: Spool[tuple[int, SubmissionResult]] = Spool()
        self._feedback = feedback
        self._pages = _page_names(handed) if feedback else ()

    def put(self, handed: Handed, result: SubmissionResult, page: str | None = None) -> None:
        """Keep one result, and its page where pages are wanted.

        Of a result from before only what the gradebook has can be shown, without the student's
        code; a page that is there says more and stays.
        """
        place = self._places[handed.student, handed.number]
        self._brief[place] = brief(result)
        self._whole.put((place, result))
        if self._feedback is not None:
            self._write(self._feedback / self._pages[place], result, page)

    def _write(self, path: Path, result: SubmissionResult, page: str | None) -> None:
        from grader.report.files import write_atomically  # noqa: PLC0415
        from grader.report.plain import page_or_plain  # noqa: PLC0415  (jinja2)

        if page is not None or not _is_whole(path):
            write_atomically(path, page or page_or_plain(self._assignment, result)[0])

    @property
    def results(self) -> list[SubmissionResult]:
        """For the table: of the tests only those that failed."""
        return [self._brief[place] for place in sorted(self._brief)]

    def whole(self) -> Iterator[SubmissionResult]:
        """For the document: everything, in the order of the files."""
        return (result for _, result in sorted(self._whole, key=lambda pair: pair[0]))

    def write_index(self) -> Path | None:
        """The page that links to all pages; None where none are wanted."""
        if self._feedback is None:
            return None
        from grader.report.feedback import index_page  # noqa: PLC0415  (jinja2)
        from grader.report.files import write_atomically  # noqa: PLC0415

        names = [self._pages[place] for place in sorted(self._brief)]
        index = self._feedback / "index.html"
        write_atomically(index, index_page(self._assignment, self.results, names))
        return index


def _is_whole(page: Path) -> bool:
    """Whether the page is there to its end: a power cut can leave the beginning of one."""
    try:
        with page.open("rb") as file:
            file.seek(max(0, page.stat().st_size - len(END) - 2))
            return file.read().rstrip().endswith(END)
    except OSError:
        return False


def _page_names(handed: Sequence[Handed]) -> tuple[str, ...]:
    from grader.report.feedback import page_names  # noqa: PLC0415  (jinja2)

    return page_names([one.shown for one in handed])
