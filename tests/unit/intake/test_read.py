"""A file that is a notebook is read whatever happened to it; any other gets one sentence."""

import json
import re
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.errors import SubmissionError
from grader.intake import read_submission
from grader.records import Submission
from tests.builders import code_cell, make_notebook, markdown_cell

NOTEBOOK = make_notebook(code_cell("x = 1\ny = 2"), markdown_cell("# Hello"))


def read(folder: Path, content: Any) -> Submission:
    path = folder / "ada.ipynb"
    if not isinstance(content, bytes):
        content = content if isinstance(content, str) else json.dumps(content)
        content = content.encode("utf-8", "surrogatepass")
    path.write_bytes(content)
    return read_submission(path)


def sources(submission: Submission) -> list[str]:
    return [cell["source"] for cell in submission.notebook["cells"]]


def changed(**fields: Any) -> dict[str, Any]:
    return {**NOTEBOOK, **fields}


def with_cell(**fields: Any) -> dict[str, Any]:
    return changed(cells=[{**NOTEBOOK["cells"][0], **fields}])


def test_a_good_notebook_needs_no_repair(tmp_path: Path) -> None:
    """It is named after its file and known by its hash."""
    submission = read(tmp_path, NOTEBOOK)

    assert sources(submission) == ["x = 1\ny = 2", "# Hello"]
    assert (submission.student, submission.repairs, submission.flags) == ("ada", (), ())
    assert len(submission.sha256) == 64


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b" \n " * 3000, "is empty"),
        (b"<!DOCTYPE html><html>", r"is a web page \(HTML\), not a notebook"),
        (b"\xef\xbb\xbf\n <html>", "is a web page"),
        (b"%PDF-1.7", "is a PDF document, not a notebook"),
        (b"PK\x03\x04....", "is a zip archive, not a notebook"),
        (b"\x89HDF\r\n", "is an HDF5 file"),
        (b"version https://git-lfs.github.com/spec/v1", "is a Git LFS pointer"),
        (json.dumps(NOTEBOOK).encode("utf-16"), "is stored as UTF-16"),
        (json.dumps(NOTEBOOK).encode("utf-16-le"), "is stored as UTF-16"),
        ('{"caf\xe9": 1}'.encode("latin-1"), "is not UTF-8 text .byte 6 looks like Latin-1"),
        ("import numpy as np\n", "is not JSON, and so not a notebook"),
        (json.dumps(NOTEBOOK)[:-40], "is cut off: it ends in line 1"),
        (json.dumps(NOTEBOOK, indent=1)[:200], "is cut off: it ends in line 1[0-9]"),
        ('{"a": 1} {"b": 2}', "is not valid JSON .line 1: extra data"),
        ('{"a": 1' + "0" * 5000 + "}", "is not valid JSON"),
        ("[]", "holds a list, not a notebook"),
        ("3", "holds a number"),
        ("null", "holds nothing"),
        ('{"a": 1}', 'is JSON but no notebook: it has no field "nbformat"'),
        (changed(nbformat=5), r"is in notebook format 5\.5; formats 2 to 4\.5 can be graded"),
        (changed(nbformat=99), r"is in notebook format 99\.5"),
        (changed(nbformat=1), r"is in notebook format 1\.5"),
        (changed(nbformat_minor=10**9), r"is in notebook format 4\.\(a huge number\)"),
        (changed(nbformat_minor=10**400), r"is in notebook format 4\.\(a huge number\)"),
        (changed(nbformat_minor=-1), r"is in notebook format 4\.-1"),
        (changed(nbformat="4"), '"nbformat" is text, not a whole number'),
        (changed(nbformat=True), '"nbformat" is true or false'),
        (changed(nbformat_minor=None), '"nbformat_minor" is nothing'),
        (changed(cells=None), '"cells" is nothing, a list was expected'),
        (changed(cells={}), '"cells" is an object'),
        ({"nbformat": 4, "nbformat_minor": 5}, '"cells" is nothing'),
        (changed(cells=[3]), "cell 1 is a number, not an object"),
        (with_cell(cell_type=3), '"cell_type" of cell 1 is a number'),
        (with_cell(source=3), '"source" of cell 1 holds a number'),
        (with_cell(source=["a", None]), '"source" of cell 1 holds nothing'),
        (with_cell(source="x" * 200_001), "has 200 kB of code in cell 1; at most 200 kB"),
        (changed(cells=[code_cell("x" * 190_000)] * 3), "has 570 kB of code"),
        (changed(cells=[markdown_cell("")] * 2001), "has 2001 cells; at most 2000"),
        ({"nbformat": 3, "worksheets": 3}, '"worksheets" is a number, not a list'),
        ({"nbformat": 3, "worksheets": [3]}, 'a worksheet has no list "cells"'),
        ("[" * 65, "is nested deeper than 64 levels"),
        (b"[" * 10_000_000, "is nested deeper than 64 levels"),
        (b"[" + b"[]," * 3_000_000, "holds more than 2000000 values"),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str) else None,
)
def test_a_bad_file_gets_one_sentence_that_names_it(
    tmp_path: Path, content: Any, reason: str
) -> None:
    """What the file is, or which field is wrong, and nothing else."""
    with pytest.raises(SubmissionError, match=reason) as caught:
        read(tmp_path, content)

    assert str(caught.value).startswith("ada.ipynb ")
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_large_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """The limit can be set, and the sentence says how to get below it."""
    path = tmp_path / "ada.ipynb"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    with pytest.raises(SubmissionError, match=r"ada\.ipynb is larger than 20 MB: clear the out"):
        read_submission(path)
    path.write_text(json.dumps(NOTEBOOK))
    with pytest.raises(SubmissionError, match=r"larger than 0\.0001 MB"):
        read_submission(path, max_mb=0.0001)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that vanished after it was listed is a bad submission, no crash."""
    with pytest.raises(SubmissionError, match=r"ada\.ipynb cannot be read: No such file"):
        read_submission(tmp_path / "ada.ipynb")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + json.dumps(NOTEBOOK).encode(),
        json.dumps(NOTEBOOK, indent=1).replace("\n", "\r\n"),
        json.dumps(NOTEBOOK).replace("\\n", "\\r\\n"),
        changed(
            cells=[
                {**cell, "source": cell["source"].splitlines(True)} for cell in NOTEBOOK["cells"]
            ]
        ),
        *[changed(nbformat_minor=minor) for minor in range(6)],
        {key: value for key, value in NOTEBOOK.items() if key != "metadata"},
        {key: value for key, value in NOTEBOOK.items() if key != "nbformat_minor"},
        changed(metadata={"kernelspec": {"name": "../../bash"}, "language_info": 3}),
        changed(metadata=[]),
        changed(cells=[{k: c[k] for k in ("cell_type", "source")} for c in NOTEBOOK["cells"]]),
        changed(cells=[{**cell, "outputs": 3, "id": "<b>"} for cell in NOTEBOOK["cells"]]),
        json.dumps(changed(x=0)).replace('"x": 0', '"x": NaN'),
    ],
)
def test_what_makes_no_difference_is_not_mentioned(tmp_path: Path, content: Any) -> None:
    """Byte order marks, Windows line ends, older minor versions, missing or odd side fields."""
    submission = read(tmp_path, content)

    assert sources(submission) == ["x = 1\ny = 2", "# Hello"]
    assert submission.repairs == ()


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (json.dumps(NOTEBOOK)[:-1] + ",}", "commas before closing brackets"),
        (json.dumps(NOTEBOOK)[:-1] + ', "nbformat": 4}', r"names a field twice \(nbformat\)"),
        (changed(cells=[*NOTEBOOK["cells"], markdown_cell("", id="cell-1")]), "the same id"),
        (changed(cells=[*NOTEBOOK["cells"], {"cell_type": "code"}]), "Cell 3 had no source"),
        (changed(cells=[*NOTEBOOK["cells"], {**markdown_cell(""), "metadata": 3}]), "metadata of"),
        (changed(cells=[*NOTEBOOK["cells"], {"cell_type": "sql", "source": ""}]), "unknown type"),
    ],
    ids=["trailing comma", "key twice", "id twice", "no source", "metadata", "cell type"],
)
def test_what_was_repaired_is_told(tmp_path: Path, content: Any, note: str) -> None:
    """The student and the instructor read what was done."""
    submission = read(tmp_path, content)

    assert sources(submission)[:2] == ["x = 1\ny = 2", "# Hello"]
    assert len(submission.repairs) == 1
    assert re.search(note, submission.repairs[0])


def test_commas_in_strings_are_no_trailing_commas(tmp_path: Path) -> None:
    """The repair touches the JSON, not what stands in it."""
    text = json.dumps(make_notebook(code_cell('x = [1, ]\ny = "a\\", }"')))

    submission = read(tmp_path, text[:-1] + ", }")

    assert sources(submission) == ['x = [1, ]\ny = "a\\", }"']


def test_lone_halves_of_characters_are_replaced(tmp_path: Path) -> None:
    """They and NUL could be neither stored nor run later on; whole characters stay."""
    submission = read(tmp_path, json.dumps(make_notebook(code_cell("a\ud800b\0 \U0001f600"))))

    assert sources(submission) == ["a\ufffdb\ufffd \U0001f600"]
    assert submission.repairs == (
        "Cell 1 held characters that no text can hold; they were replaced.",
    )


@pytest.mark.parametrize("version", [2, 3])
def test_old_formats_are_brought_up_to_date(tmp_path: Path, version: int) -> None:
    """Worksheets are joined, inputs become sources, headings become prose."""
    cells = [
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "language": "python"},
        {"cell_type": "heading", "level": 1, "source": "Hello"},
    ]
    sheets = [{"cells": cells[:1]}, {"cells": cells[1:]}]

    submission = read(tmp_path, {"nbformat": version, "worksheets": sheets})

    assert sources(submission) == ["x = 1\ny = 2", "Hello"]
    assert submission.repairs == (
        f"The notebook was in format {version} and was brought to format 4.",
    )


def test_outputs_attachments_and_foreign_metadata_are_dropped(tmp_path: Path) -> None:
    """What claims success, hides a file or dresses up the notebook goes no further."""
    cell = code_cell("1", "answer", "double", colab={"id": "x"}, nbgrader={"points": 99})
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "100/100"}]
    prose = {**markdown_cell("x"), "attachments": {"../../x": {"image/png": "AAAA"}}}

    submission = read(tmp_path, make_notebook(cell, prose))

    first, second = submission.notebook["cells"]
    assert first["outputs"] == []
    assert first["metadata"] == {"grader": {"role": "answer", "question": "double"}}
    assert "attachments" not in second


def test_colab_s_ids_are_used(tmp_path: Path) -> None:
    """Colab moves a cell's id into its metadata."""
    cell = {"cell_type": "code", "metadata": {"id": "double-answer"}, "source": "1"}

    submission = read(tmp_path, {"nbformat": 4, "nbformat_minor": 0, "cells": [cell]})

    assert submission.notebook["cells"][0]["id"] == "double-answer"


def test_new_ids_are_the_same_each_time(tmp_path: Path) -> None:
    """Grading twice must not differ by a random name."""
    content = changed(cells=[code_cell("1", id="cell-2"), *[code_cell("1", id="a")] * 3])

    first, second = read(tmp_path, content), read(tmp_path, content)

    ids = [cell["id"] for cell in first.notebook["cells"]]
    assert first == second
    assert len(set(ids)) == 4
    assert ids[:2] == ["cell-2", "a"]


def test_a_picture_in_prose_costs_no_points(tmp_path: Path) -> None:
    """Colab stores pictures in the text of a cell: it is shortened, not refused."""
    submission = read(tmp_path, make_notebook(markdown_cell("x" * 300_000), code_cell("1")))

    assert [len(source) for source in sources(submission)] == [200_000, 1]
    assert submission.repairs == ("Cell 1 is longer than 200 kB; only its start was kept.",)


def test_what_is_read_is_a_valid_notebook(tmp_path: Path) -> None:
    """Whoever shows it later can rely on nbformat 4.5."""
    submission = read(tmp_path, NOTEBOOK)

    nbformat.validate(dict(submission.notebook))


@pytest.mark.parametrize(
    "content",
    [
        b'"' + b'\\"' * 9_000_000,
        b'["' + b"a" * 18_000_000,
        b"{" + b" " * 19_000_000,
        b'{"a": [1,' + b" , " * 600_000,
        b'{"a":1' + b',"a":1' * 500_000 + b"}",
    ],
    ids=["escapes", "string", "blanks", "commas", "keys"],
)
def test_no_content_takes_more_than_moments(tmp_path: Path, content: bytes) -> None:
    """The readers are linear: none of these comes near a minute, where a quadratic one would."""
    started = time.monotonic()

    with pytest.raises(SubmissionError):
        read(tmp_path, content)

    assert time.monotonic() - started < 30
