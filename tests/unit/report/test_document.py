"""Rules for the JSON document."""

from __future__ import annotations

import errno
import json
import resource
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from grader.errors import MachineError, UsageError
from grader.records import Status
from grader.report.document import document, schema, write_json
from tests.unit.report import builders

IMAGE = "sha256:" + "0" * 64


def validated(*results):
    content = document("layers", IMAGE, results)
    checker = jsonschema.Draft202012Validator(schema())
    checker.validate(json.loads(json.dumps(content, allow_nan=False)))
    return content


def test_the_schema_is_one_and_lies_in_the_package():
    """Other programs can rely on the schema file."""
    jsonschema.Draft202012Validator.check_schema(schema())

    assert resources.files("grader.report").joinpath("schema.json").is_file()


def test_every_kind_of_result_fits_the_schema():
    """Right, wrong, waiting, unreadable and failed by us: all are valid."""
    content = validated(*builders.everyone())

    assert content["version"] == 1
    assert len(content["submissions"]) == len(builders.everyone())


def test_the_keys_are_those_of_the_design():
    """What other programs call is fixed."""
    (submission,) = validated(builders.mistaken())["submissions"]
    question = next(q for q in submission["questions"] if q["name"] == "conv2d")
    test = question["tests"][1]

    assert list(submission) == [
        "student",
        "file",
        "sha256",
        "status",
        "score",
        "max_score",
        "flags",
        "seconds",
        "questions",
    ]
    assert list(question) == ["name", "title", "status", "score", "max_score", "tests"]
    assert test == {
        "name": "test_conv2d_values[0]",
        "title": builders.PRINCIPLE,
        "passed": False,
        "score": 0.0,
        "max_score": 2.0,
        "misconception": "bias_per_channel",
        "happened": builders.BIAS.happened,
        "expected": builders.BIAS.expected,
        "try": builders.BIAS.try_,
    }


def test_a_score_that_waits_for_a_person_is_null():
    """Nothing open is turned into a zero."""
    (submission,) = validated(builders.waiting())["submissions"]

    assert submission["score"] is None
    assert submission["status"] == "needs_attention"
    assert submission["questions"][-1]["score"] is None


def test_a_test_that_could_not_be_tried_has_no_score():
    """Not tried is neither passed nor failed."""
    untried = builders.hidden_test("t", "conv2d", None)
    made = builders.with_questions(
        builders.submission(), builders.question("conv2d", 16, score=None, tests=(untried,))
    )

    (test,) = validated(made)["submissions"][0]["questions"][1]["tests"]

    assert test["passed"] is None
    assert test["score"] is None


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_our_error(number: float):
    """NaN is in no document."""
    (submission,) = validated(replace(builders.submission(), score=number, seconds=number))[
        "submissions"
    ]

    assert submission["score"] is None
    assert submission["status"] == Status.GRADER_ERROR


def test_hostile_names_give_valid_unicode(tmp_path):
    """Undecodable bytes in a file name are written so that every reader can read them."""
    path = tmp_path / "results.json"

    write_json(path, document("layers", None, [builders.submission("a\udc80\x1b[31m")]))

    (submission,) = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    assert submission["student"].startswith("a\\udc80")


def test_the_document_is_replaced_as_a_whole(tmp_path):
    """A second run replaces the first; no other file stays."""
    path = tmp_path / "deep" / "results.json"

    write_json(path, {"version": 0})
    write_json(path, {"version": 1})

    assert json.loads(path.read_text()) == {"version": 1}
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_document(tmp_path):
    """Nothing half-written is left, and the sentence says what to do."""
    path = tmp_path / "results.json"
    write_json(path, {"version": 0})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(MachineError, match=r"could not be written: .*free some space"):
            write_json(path, {"long": "x" * 100_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert json.loads(path.read_text()) == {"version": 0}
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_that_is_full_is_one_sentence():
    """A device cannot be replaced: it is written to, and its refusal is ours to tell."""
    with pytest.raises(MachineError) as caught:
        write_json(Path("/dev/full"), {"version": 1})

    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC


def test_a_folder_is_no_file(tmp_path):
    """The command line asked for something that cannot be."""
    with pytest.raises(UsageError, match="is a folder"):
        write_json(tmp_path, {})


def test_a_link_stays_a_link(tmp_path):
    """The file behind a link is replaced, not the link."""
    (tmp_path / "real.json").write_text("{}")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")

    write_json(tmp_path / "link.json", {"version": 1})

    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text()) == {"version": 1}
