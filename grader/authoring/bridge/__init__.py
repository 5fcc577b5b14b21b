"""The bridge: an assignment of nbgrader's or otter's as one of ours, and what a person must decide.

READ FIRST: `import_notebook`. Nothing of the imported notebook is ever run here: it is read,
its tests become calls from outside, and what cannot be translated with certainty is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.bridge import listing
from grader.authoring.bridge.draft import Decision, Draft
from grader.authoring.bridge.examining import examine, without_idle_imports
from grader.authoring.bridge.from_nbgrader import from_nbgrader
from grader.authoring.bridge.from_otter import from_otter
from grader.authoring.bridge.naming import slug
from grader.authoring.bridge.reading import SourceNotebook, read_source_notebook
from grader.authoring.bridge.translating import translate
from grader.authoring.bridge.writing import write_folder
from grader.authoring.new import folder_for

FORMATS: Mapping[str, Callable[[SourceNotebook], Draft]] = {
    "nbgrader": from_nbgrader,
    "otter": from_otter,
}


@dataclass(frozen=True)
class Imported:
    """What an import has made: counts, and the list for a person."""

    folder: Path
    questions: int
    written: int
    test_cells: int
    hidden_tests: int
    decisions: tuple[Decision, ...]

    @property
    def must(self) -> int:
        """How many decisions must be taken before a class gets it."""
        return sum(decision.must for decision in self.decisions)


def import_notebook(path: Path, grader: str, course: Path, name: str = "") -> Imported:
    """Write `solutions/NAME` from a source notebook of another grader.

    Raises:
        UsageError: the file is no such notebook, or the name cannot be used.
    """
    folder = folder_for(name or slug(path.stem, "imported"), course, " with --name")
    draft = FORMATS[grader](read_source_notebook(path))
    translation = translate(draft)  # what the tests imported still has its meaning here
    draft = without_idle_imports(draft)
    decisions = (*draft.decisions, *translation.decisions, *examine(draft, translation))
    draft = replace(draft, decisions=tuple(listing.in_order(decisions)))
    listed = listing.markdown(folder.name, path.name, decisions) if decisions else ""
    write_folder(folder, grader, draft, translation, listed)
    return Imported(
        folder=folder,
        questions=len(draft.questions),
        written=sum(question.written for question in draft.questions),
        test_cells=sum(len(question.tests) for question in draft.questions),
        hidden_tests=len(translation.tests),
        decisions=draft.decisions,
    )
