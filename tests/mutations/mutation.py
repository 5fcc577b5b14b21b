"""What a mutation is: a mitigation, how it is switched off, and the cases that must notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.attacks.case import Notebook
from tests.attacks.catalogue import ROOT, cases

# The cells of an attack in a box of their own: without a course, which takes a minute to open.
BARE = "tests/mutations/bare_box.py::test_the_cells_of_an_attack"
ATTACKS = "tests/attacks/test_attacks.py::test_an_attack_ends_as_it_must"


@dataclass(frozen=True)
class Edit:
    """One place of a source file, which must be there once, and what stands there instead."""

    file: str
    old: str
    new: str

    def applied(self, text: str) -> str:
        """The file's text without the mitigation."""
        found = text.count(self.old)
        assert found == 1, f"{self.file} holds {self.old!r} {found} times: the catalogue is stale"
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutation:
    """One mitigation, switched off.

    Args:
        name: short, and the only one of its kind.
        mitigation: what is switched off, as a noun.
        edits: how; more than one where `behind` names another layer that goes as well.
        noticed_by: tests of which at least one must fail.
        behind: the layer that holds alone, so that only both off are noticed.
        quick: whether it runs with all tests.
    """

    name: str
    mitigation: str
    edits: tuple[Edit, ...]
    noticed_by: tuple[str, ...]
    behind: str = ""
    quick: bool = False

    @property
    def where(self) -> str:
        """The file of the mitigation."""
        return self.edits[0].file

    @property
    def needs_docker(self) -> bool:
        """Whether any of its cases runs in a container."""
        return any("docker]" in test or _name(test) in DOCKER for test in self.noticed_by)

    @property
    def needs_image(self) -> bool:
        """Whether what is switched off is inside of the image."""
        places = [PurePosixPath(edit.file) for edit in self.edits]
        inside = any(place.is_relative_to("grader/inside") for place in places)
        return self.needs_docker and (inside or any(place.suffix == ".sh" for place in places))


RIGHTS = "tests/box/test_rights.py"
WALLS = "tests/box/test_walls.py"
IMAGE = "tests/box/test_image.py"
ENDINGS = "tests/box/test_endings.py"
DOCKER = frozenset(
    (
        f"{RIGHTS}::test_the_zygote_has_two_rights",
        f"{RIGHTS}::test_the_container_is_as_promised",
        f"{RIGHTS}::test_each_writable_place_is_small_and_runs_nothing",
        f"{WALLS}::test_the_file_system_is_read_only",
        f"{WALLS}::test_the_network_is_not_there",
        f"{WALLS}::test_a_submission_has_no_rights",
        f"{IMAGE}::test_every_forbidden_call_is_refused",
        f"{IMAGE}::test_nothing_is_there_that_only_an_attacker_would_use",
        BARE,
        f"{ENDINGS}::test_memory_of_many_processes_is_counted_together",
    )
)


def _name(test: str) -> str:
    return test.partition("[")[0]


def attack(number: str, variant: str) -> str:
    """The test of one variant of the corpus; one in a box is run there without a course."""
    (case,) = (case for case in cases() if case.number == number)
    test = BARE if isinstance(case.variants[variant], Notebook) else ATTACKS
    return f"{test}[{number}-{variant}]"


def off(file: str, old: str, new: str) -> Edit:
    """One edit."""
    assert (ROOT / file).is_file(), file
    return Edit(file, old, new)
