"""Archives of strangers: what comes out is harmless, what does not is a sentence."""

import io
import os
import stat
import struct
import tarfile
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.intake.archives import STUDENT, Limits, unpack
from grader.intake.entries import Entry
from tests.unit.intake.downloads import NOTEBOOK, make_zip, tar_bytes, zip_bytes

SMALL = Limits(members=5, member_mb=1, total_mb=2, ratio=50, harmless_mb=1)


def opened(archive: Path, limits: Limits = STUDENT) -> tuple[Entry, ...]:
    return unpack(archive, archive.parent / "into" / archive.name, archive.name, limits)


def problems(archive: Path, limits: Limits = STUDENT) -> list[str]:
    return [entry.problem for entry in opened(archive, limits)]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tgz", "tar"])
def test_notebooks_come_out_under_a_number_and_their_names_are_kept(
    tmp_path: Path, kind: str
) -> None:
    """What nobody will read stays packed; what a system left behind is not even listed."""
    names = ["a/x.ipynb", "b/x.ipynb", "data.csv", "__MACOSX/._x.ipynb", ".hidden.ipynb"]
    archive = tmp_path / f"class.{kind}"
    packed = (
        zip_bytes(*names)
        if kind == "zip"
        else tar_bytes(*names, mode=f"w:{kind[-2:] if kind != 'tar' else ''}")
    )
    archive.write_bytes(packed)

    found = opened(archive)

    assert [entry.parts for entry in found] == [("a", "x.ipynb"), ("b", "x.ipynb"), ("data.csv",)]
    assert found[0].origin == f"class.{kind}: a/x.ipynb"
    assert files(tmp_path / "into") == [entry.path for entry in found[:2]]
    assert found[2].path is None
    assert all(entry.path and entry.path.read_text() == NOTEBOOK for entry in found[:2])


@pytest.mark.parametrize(
    "name",
    [
        *("../x.ipynb", "a/../../x.ipynb", "/etc/x.ipynb", "\\\\server\\x.ipynb", "C:\\x.ipynb"),
        *("..\\x.ipynb", "a/" * 30 + "x.ipynb", "x" * 2000 + ".ipynb"),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_elsewhere_is_set_aside(tmp_path: Path, name: str, kind: str) -> None:
    """The others are unpacked, and nothing is written outside."""
    archive = tmp_path / "class.zip"
    pack = zip_bytes if kind == "zip" else tar_bytes
    archive.write_bytes(pack(name, "good.ipynb"))

    bad, good = opened(archive)

    assert "has a name" in bad.problem
    assert bad.path is None
    assert files(tmp_path) == [archive, good.path]


def test_a_name_that_is_cut_at_a_zero_byte_is_set_aside(tmp_path: Path) -> None:
    """Other programs would read another name."""
    content = zip_bytes("x.ipynb@.txt").replace(b"@", b"\0")
    (tmp_path / "z.zip").write_bytes(content)

    assert "has a name that no file can have" in problems(tmp_path / "z.zip")[0]


def test_a_member_without_a_name_is_set_aside(tmp_path: Path) -> None:
    """Python itself stumbles over it."""
    content = zip_bytes("x.ipynb").replace(b"x.ipynb", b"\0.ipynb")
    (tmp_path / "z.zip").write_bytes(content)

    assert "has a name that no file can have" in problems(tmp_path / "z.zip")[0]


def test_links_and_devices_are_set_aside(tmp_path: Path) -> None:
    """In a zip they are files with a mode, in a tar members of another type."""
    link = zipfile.ZipInfo("link.ipynb")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with tarfile.open(tmp_path / "t.tar", "w") as tar:
        for number, kind in enumerate(
            [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
        ):
            member = tarfile.TarInfo(f"{number}.ipynb")
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)

    for found in (problems(tmp_path / "z.zip"), problems(tmp_path / "t.tar")):
        assert found
        assert all("is a link or a device" in problem for problem in found)
    assert files(tmp_path / "into") == []


def test_two_members_of_one_name_are_both_set_aside(tmp_path: Path) -> None:
    """Nobody knows which one counts."""
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        warnings.simplefilter("ignore")
        for content in ("one", "other"):
            archive.writestr("x.ipynb", content)
    (tmp_path / "t.tgz").write_bytes(tar_bytes("x.ipynb", "./x.ipynb"))

    for name in ("z.zip", "t.tgz"):
        found = opened(tmp_path / name)
        assert ["more than once" in entry.problem for entry in found] == [True, True]
        assert [entry.path for entry in found] == [None, None]


def test_an_encrypted_member_is_set_aside(tmp_path: Path) -> None:
    """The sentence says what to do."""
    content = bytearray(zip_bytes("x.ipynb"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    (tmp_path / "z.zip").write_bytes(content)

    assert problems(tmp_path / "z.zip") == [
        "z.zip: x.ipynb is encrypted: submit it without a password."
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compressions_are_not_tried(tmp_path: Path, method: int) -> None:
    """Python decompresses them without a bound."""
    with zipfile.ZipFile(tmp_path / "z.zip", "w", method) as archive:
        archive.writestr("x.ipynb", NOTEBOOK)

    assert "not supported" in problems(tmp_path / "z.zip")[0]


def test_a_huge_member_costs_only_itself(tmp_path: Path) -> None:
    """One student's flood does not take the others' files with it."""
    archive = make_zip(tmp_path / "z.zip", {"big.ipynb": b"\0" * 1_500_000, "x.ipynb": NOTEBOOK})
    tar = tmp_path / "t.tgz"
    with tarfile.open(tar, "w:gz") as packed:
        for name, content in (("big.ipynb", os.urandom(1_500_000)), ("x.ipynb", b"{}")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))

    for path in (archive, tar):
        big, good = opened(path, SMALL)
        assert "larger than 1 MB" in big.problem
        assert (big.path, good.problem) == (None, "")


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    """Neither many small members, nor a stream that grows, nor a header of gigabytes."""
    make_zip(tmp_path / "z.zip", {f"{n}.ipynb": b"\0" * 900_000 for n in range(3)})
    with tarfile.open(tmp_path / "t.tgz", "w:gz") as packed:
        for n in range(3):
            member = tarfile.TarInfo(f"{n}.ipynb")
            member.size = 900_000
            packed.addfile(member, io.BytesIO(b"\0" * 900_000))
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 8_000_000_000
    (tmp_path / "p.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + b"\0" * 10240)

    for name in ("z.zip", "t.tgz", "p.tar"):
        with pytest.raises(SubmissionError, match=r"would unpack to far more than it is"):
            opened(tmp_path / name, SMALL)


@pytest.mark.parametrize("pack", [zip_bytes, tar_bytes])
def test_a_crowd_is_not_opened(tmp_path: Path, pack) -> None:
    """More members than a class could have."""
    (tmp_path / "z").write_bytes(pack(*(f"{n}.ipynb" for n in range(6))))

    with pytest.raises(SubmissionError, match="z holds more than 5 files"):
        opened(tmp_path / "z", SMALL)


def test_members_are_counted_before_python_makes_objects_of_them(tmp_path: Path) -> None:
    """The directory's own count of its entries may lie."""
    content = bytearray(zip_bytes(*(f"{n}.ipynb" for n in range(6))))
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", content, end + 8, 1, 1)
    (tmp_path / "z.zip").write_bytes(content)

    with pytest.raises(SubmissionError, match="more than 5 files"):
        opened(tmp_path / "z.zip", SMALL)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not an archive", b"\x1f\x8b\x08rest", b"{}" * 999]
)
def test_what_is_no_archive_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    """The sentence names the file and says what to do."""
    (tmp_path / "z.zip").write_bytes(content)

    with pytest.raises(SubmissionError, match=r"z.zip is no archive that can be opened"):
        opened(tmp_path / "z.zip")


def test_names_of_a_system_that_does_not_say_utf_8_are_read(tmp_path: Path) -> None:
    """Else José would be JosÃ©, whom nobody knows."""
    content = zip_bytes("Jos\u00e9.ipynb").replace(b"\x00\x08", b"\x00\x00")
    (tmp_path / "z.zip").write_bytes(content)

    (entry,) = opened(tmp_path / "z.zip")

    assert entry.parts == ("Jos\u00e9.ipynb",)


@example(names=["0", "/0"])
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6, unique=True))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_no_name_leads_out_of_the_folder(tmp_path_factory, names: list[str]) -> None:
    """Whatever members are called, files are below the folder, plain, and with their content."""
    folder = tmp_path_factory.mktemp("names")
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "z.zip", "w") as archive:
        warnings.simplefilter("ignore")
        for name in names:
            shown = name.encode("utf-8", "replace").decode().replace("\0", "?")
            archive.writestr(f"{shown}.ipynb", "content")

    found = opened(folder / "z.zip")

    written = [entry.path for entry in found if entry.path]
    assert sorted(written) == files(folder / "into")
    assert all(path.resolve().is_relative_to(folder / "into") for path in written)
    assert all(path.read_text() == "content" for path in written)
    assert all(entry.path or entry.problem or not entry.is_notebook for entry in found)


@given(
    st.sampled_from([zip_bytes("a/x.ipynb", "b.ipynb"), tar_bytes("a/x.ipynb", "b.ipynb")]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12),
    st.integers(0, 4000),
)
@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_damage_is_a_sentence_or_costs_only_what_it_hit(
    tmp_path_factory, content: bytes, flips: list[tuple[int, int]], keep: int
) -> None:
    """No damage makes another exception than ours, or writes anything else."""
    folder = tmp_path_factory.mktemp("damage")
    damaged = bytearray(content)
    for place, value in flips:
        damaged[place % len(damaged)] = value
    (folder / "z.zip").write_bytes(damaged[:keep] if keep < 2000 else damaged)

    with suppress(SubmissionError):
        found = opened(folder / "z.zip")
        assert sorted(e.path for e in found if e.path) == files(folder / "into")
