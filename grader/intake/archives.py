"""Archives of strangers, opened without trusting a byte of them.

Theory of operation: the names in an archive are kept as text and never become paths. What is
wanted is written to `INTO/000001/NAME`, where the number is ours and NAME is made harmless, so no
member can leave the folder, meet another one, or be a link. Only plain files stored or deflated
are read, and never more than a member's declared size, which is within the limits. One bad member
is set aside with its reason; an archive that cannot be trusted as a whole is one sentence.
"""

from __future__ import annotations

import errno
import gzip
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.errors import MachineError, SubmissionError
from grader.intake.entries import Entry, is_leftover
from grader.intake.members import harmless, is_wanted, name_fault, parts_of, without_twins
from grader.intake.tarball import BoundedStream, TooMuch
from grader.roster.names import display_name

MB = 1_000_000
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # by password, strongly, with a hidden directory
_UTF8 = 0x800
_DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, LookupError),
    struct.error,
)


@dataclass(frozen=True)
class Limits:
    """What an archive may hold. The ratio applies to all of it, above a size that no one fears."""

    members: int
    member_mb: int
    total_mb: int
    ratio: int = 200
    harmless_mb: int = 64

    def allowance(self, packed: int) -> int:
        """How many bytes may come out of this many."""
        return min(self.total_mb * MB, max(self.harmless_mb * MB, self.ratio * packed))


CLASS = Limits(members=100_000, member_mb=100, total_mb=8_000)
STUDENT = Limits(members=5_000, member_mb=50, total_mb=200)


def unpack(archive: Path, into: Path, origin: str, limits: Limits = CLASS) -> tuple[Entry, ...]:
    """The files of an archive, those that are needed written under `into`.

    `SubmissionError` says in one sentence why an archive cannot be opened.
    """
    shown = display_name(origin, 300)
    try:
        with archive.open("rb") as file:
            into.mkdir(mode=0o700, parents=True, exist_ok=True)
            start = file.read(4)
            file.seek(0)
            packed = archive.stat().st_size
            if start[:2] == b"PK":
                found = list(_unzip(file, packed, _Target(into, shown, limits)))
            else:
                found = list(_untar(file, packed, _Target(into, shown, limits)))
    except TooMuch as error:
        raise _bomb(shown, limits) from error
    except _DAMAGE as error:
        raise _damage(shown, error) from error
    except OSError as error:
        if error.errno in {None, errno.EINVAL}:  # the archive's own offsets lead nowhere
            raise _damage(shown, error) from error
        raise MachineError(
            f"{shown} could not be unpacked: {error.strerror or error}. Free some space for "
            "temporary files, or set TMPDIR to a folder with more, and run the command again."
        ) from error
    entries = tuple(without_twins(found))
    for path in {entry.path for entry in found} - {entry.path for entry in entries}:
        if path is not None:  # of a member whose name another one has as well: nobody takes it
            path.unlink(missing_ok=True)
    return entries


@dataclass
class _Target:
    """Where the members go and what they are called."""

    into: Path
    shown: str
    limits: Limits
    number: int = 0

    def path(self, name: str) -> Path:
        self.number += 1
        folder = self.into / f"{self.number:06d}"
        folder.mkdir(mode=0o700)
        return folder / harmless(name)

    def entry(self, parts: tuple[str, ...], path: Path | None, problem: str = "") -> Entry:
        origin = f"{self.shown}: {display_name('/'.join(parts), 300)}"
        return Entry(parts, path, origin, f"{origin} {problem}." if problem else "")


def _unzip(file: IO[bytes], packed: int, target: _Target) -> Iterator[Entry]:
    if _count(file, b"PK\x01\x02", target.limits.members) > target.limits.members:
        raise _crowd(target)  # before Python makes an object for each
    with zipfile.ZipFile(file) as archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        wanted = [member for member in members if is_wanted(parts_of(_name(member)))]
        if sum(member.file_size for member in wanted if not _zip_fault(member, target)) > (
            target.limits.allowance(packed)
        ):
            raise TooMuch
        for member in members:
            parts = parts_of(_name(member))
            if is_leftover(parts):
                continue
            if fault := _zip_fault(member, target):
                yield target.entry(parts, None, fault)
            elif is_wanted(parts):
                yield _extracted(archive, member, parts, target)
            else:
                yield target.entry(parts, None)


def _extracted(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...], target: _Target
) -> Entry:
    path = target.path(parts[-1])
    try:
        with archive.open(member) as source, path.open("xb") as file:
            shutil.copyfileobj(source, file)
    except _DAMAGE:
        path.unlink(missing_ok=True)
        return target.entry(parts, None, "is damaged in the archive")
    return target.entry(parts, path)


def _zip_fault(member: zipfile.ZipInfo, target: _Target) -> str:
    mode = stat.S_IFMT(member.external_attr >> 16)
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted: submit it without a password"
    if mode not in {0, stat.S_IFREG}:
        return "is a link or a device, not a file"
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is compressed in a way that is not supported: pack it as an ordinary zip"
    return name_fault(_name(member)) or _size_fault(member.file_size, target)


def _untar(file: IO[bytes], packed: int, target: _Target) -> Iterator[Entry]:
    stream = gzip.GzipFile(fileobj=file) if file.read(2) == b"\x1f\x8b" else file
    file.seek(0)
    bounded = BoundedStream(stream, target.limits.allowance(packed), target.limits.member_mb * MB)
    with tarfile.open(fileobj=bounded, mode="r:") as archive:
        for number, member in enumerate(archive):
            if number >= target.limits.members:
                raise _crowd(target)
            parts = parts_of(member.name)
            if member.isdir() or is_leftover(parts):
                continue
            if fault := _tar_fault(member, target):
                yield target.entry(parts, None, fault)
            elif is_wanted(parts) and (source := archive.extractfile(member)):
                path = target.path(parts[-1])
                with source, path.open("xb") as written:
                    shutil.copyfileobj(source, written)
                yield target.entry(parts, path)
            else:
                yield target.entry(parts, None)


def _tar_fault(member: tarfile.TarInfo, target: _Target) -> str:
    if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE}:
        return "is a link or a device, not a file"
    return name_fault(member.name) or _size_fault(member.size, target)


def _size_fault(size: int, target: _Target) -> str:
    limit = target.limits.member_mb
    return (
        f"is larger than {limit} MB when unpacked: clear the outputs" if size > limit * MB else ""
    )


def _name(member: zipfile.ZipInfo) -> str:
    """The name as typed. Some systems write UTF-8 and do not say so, which gives `JosÃ©`."""
    name = member.orig_filename
    if member.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _count(file: IO[bytes], mark: bytes, enough: int) -> int:
    """How often the mark occurs in the file; stops where it is more than enough."""
    found, tail = 0, b""
    while (block := file.read(1 << 20)) and found <= enough:
        found += (tail + block).count(mark)
        tail = block[-len(mark) + 1 :]
    file.seek(0)
    return found


def _crowd(target: _Target) -> SubmissionError:
    return SubmissionError(
        f"{target.shown} holds more than {target.limits.members} files; that is no hand-in. "
        "Pack only the notebooks."
    )


def _damage(shown: str, error: Exception) -> SubmissionError:
    return SubmissionError(
        f"{shown} is no archive that can be opened, or it is damaged or cut off "
        f"({display_name(str(error), 80)}): download or submit it again."
    )


def _bomb(shown: str, limits: Limits) -> SubmissionError:
    return SubmissionError(
        f"{shown} would unpack to far more than it is, or to more than {limits.total_mb} MB; it "
        "was not opened. Unpack it yourself where you trust it, and name the folder."
    )
