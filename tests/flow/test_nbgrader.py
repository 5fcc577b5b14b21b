"""A course on nbgrader can open what we release."""

import json
from pathlib import Path

import nbformat
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
from nbgrader.utils import compute_checksum

from grader.notebook import release
from tests.builders import make_assignment


def test_nbgrader_accepts_the_released_notebook(tmp_path: Path) -> None:
    """Its own validator finds every cell's metadata in order."""
    notebook = nbformat.from_dict(json.loads(release(make_assignment(tmp_path))))

    MetadataValidatorV3().validate_nb(notebook)


def test_checksums_are_those_of_nbgrader(tmp_path: Path) -> None:
    """So nbgrader takes no released cell for a changed one."""
    content = release(make_assignment(tmp_path)).decode()

    for cell in nbformat.reads(content, as_version=4).cells:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
