"""Containers: what lies in a folder, a zip or a tar.gz, listed without trust in what it says of itself.

An archive is read into memory under a cap, its members are unpacked in memory under theirs, and nothing is written.
"""

from __future__ import annotations

import copy
import gzip
import io
import os
import stat
import struct
import tarfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from autograder.submission.entries import Item, closed, too_many
from autograder.submission.source import (
    FOLDER,
    HARD_LINK,
    OTHER,
    PLAIN,
    SYMBOLIC_LINK,
    SubmissionError,
    kind_of,
    read_bytes,
    refusal,
    too_large,
    unreadable,
)
from autograder.text import shown

MAX_ARCHIVE = 10 * 2**20  # packed; a homework of text and figures has a hundredth of it
MAX_UNPACKED = 32 * 2**20  # a tar has no index: all of it is unpacked to see what is there
MAX_MEMBERS = 50_000  # files in the zip of a class: a large course, and everybody's figures
MAX_DIRECTORY = 8 * 2**20  # the list of them
MAX_EXTENSION = 2**16  # what a tar may say of one member beyond its block of 512: its long path, mostly

IN_THE_DIRECTORY = b"PK\x01\x02"  # how each entry of a zip's directory begins
UTF_8 = 0x800  # a zip member's flag: its name is UTF-8
UNICODE_PATH = 0x7075  # the extra field with its name in UTF-8, whatever the other name is in
LOCKED = 0x1 | 0x40 | 0x2000  # a zip member's flags: encrypted, strongly so, masked
WINDOWS = {0, 10, 11, 14}  # what a member says of where it was packed: FAT, NTFS, VFAT
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # zipfile bounds what these unpack to, not bzip2 and LZMA

BLOCK = tarfile.BLOCKSIZE
FILES = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}
KINDS = {
    **dict.fromkeys(FILES, PLAIN),
    tarfile.DIRTYPE: FOLDER,
    tarfile.SYMTYPE: SYMBOLIC_LINK,
    tarfile.LNKTYPE: HARD_LINK,
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}
PAX = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
EXTENSIONS = {*PAX, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}


def in_folder(folder: Path, *, deep: bool) -> Iterator[Item]:
    """What lies in a folder; with `deep`, then what lies below it, as far as it is asked for. No link is followed.

    Raises:
        SubmissionError: it cannot be read.
    """
    ahead = [""]
    for inside in ahead:  # grows on the way
        try:
            with os.scandir(folder / inside) as items:
                names = sorted(item.name for item in items)
        except OSError as error:
            if not inside:
                raise unreadable(folder, error) from None
            yield Item(f"{inside}?", f"in a folder that cannot be read ({error.strerror})", lambda most: b"")
            continue
        for name in names:
            path = inside + name
            try:
                kind = kind_of(os.lstat(folder / path))
            except OSError as error:
                raise unreadable(folder / path, error) from None
            yield Item(path, kind, partial(_bytes_in, folder, path))  # of a large class, a path for each takes much memory
            if deep and kind == FOLDER and not closed(name):
                ahead.append(f"{path}/")


def _bytes_in(folder: Path, path: str, most: int) -> bytes:
    return read_bytes(folder / path, most)


def in_zip(path: Path, data: bytes | None = None) -> list[Item]:
    """What lies in a zip; `data` are its bytes where it lies in another archive.

    Raises:
        SubmissionError: it is too large or damaged, or holds too much.
    """
    data = _archive(path, data)
    if data.count(IN_THE_DIRECTORY) > MAX_MEMBERS:  # before zipfile makes an object of each
        raise too_many(path, MAX_MEMBERS)
    with _whole(path):
        archive = zipfile.ZipFile(io.BytesIO(data))
        return _listed(path, archive)


def in_class_zip(path: Path) -> list[Item]:
    """What lies in a zip with the work of a class, which may be larger than memory: its members are read when asked for.

    Raises:
        SubmissionError: it cannot be read or is damaged, or holds too much.
    """
    file = _Stream(path)
    try:
        with _whole(path):
            archive = zipfile.ZipFile(file)
    except SubmissionError:
        file.close()
        raise
    weakref.finalize(archive, file.close)  # as long as an entry may be read
    if len(archive.filelist) > MAX_MEMBERS:
        raise too_many(path, MAX_MEMBERS)
    return _listed(path, archive)


def _listed(path: Path, archive: zipfile.ZipFile) -> list[Item]:
    members = [(_path(info), info) for info in archive.infolist()]
    return [Item(name, _zip_kind(info, name), partial(_unzip, path, archive, info)) for name, info in members]


def _path(info: zipfile.ZipInfo) -> str:
    """Where a member lies; some programs for Windows write backslashes between folders, which no name there can have."""
    return _zip_name(info).replace("\\", "/") if info.create_system in WINDOWS else _zip_name(info)


class _Stream(io.FileIO):
    """A file of which only so much may be read at once: what a zip says of its directory's size may be a lie."""

    def __init__(self, path: Path) -> None:
        try:
            super().__init__(path)
        except OSError as error:
            raise unreadable(path, error) from None

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(MAX_DIRECTORY + 1 if size is None or size < 0 else min(size, MAX_DIRECTORY + 1)) or b""
        if len(data) > MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"a directory of more than {MAX_DIRECTORY} bytes")
        return data


def in_tar(path: Path, data: bytes | None = None) -> list[Item]:
    """What lies in a tar.gz; `data` are its bytes where it lies in another archive.

    Raises:
        SubmissionError: it is too large, packed or unpacked, or damaged, or holds too much.
    """
    data = _archive(path, data)
    found: list[Item] = []
    with _whole(path):
        for name, kind, _, _ in _members(path, data):
            found.append(Item(name, kind, partial(_untar, path, data, len(found))))
    return found


def _archive(path: Path, data: bytes | None) -> bytes:
    data = read_bytes(path, MAX_ARCHIVE) if data is None else data
    if len(data) > MAX_ARCHIVE:
        raise too_large(path, MAX_ARCHIVE, "an archive of source files")
    return data


@contextmanager
def _whole(path: Path, member: str = "") -> Iterator[None]:
    """Whatever goes wrong inside an archive is the archive's fault: the standard library raises a dozen kinds."""
    try:
        yield
    except SubmissionError:
        raise
    except Exception as error:
        raise refusal(
            f"{shown(path)}{f', in it {shown(member)},' if member else ''} is damaged, or not what its name says",
            expected="a complete archive",
            received=shown(f"{type(error).__name__}: {error}"),
            remedy="Make the archive again",
        ) from None


def _zip_name(info: zipfile.ZipInfo) -> str:
    """What a member is called: UTF-8 wherever it can be, for macOS writes UTF-8 and does not set the flag that says so."""
    if info.flag_bits & UTF_8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")  # as zipfile decoded it
    try:
        return _unicode_path(info.extra, raw) or raw.decode("utf-8")
    except UnicodeDecodeError:
        return info.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in Info-ZIP's extra field, if it was made for this name; "" without one."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == UNICODE_PATH and len(field) == size > 5 and field[0] == 1:
            return field[5:].decode("utf-8") if struct.unpack_from("<L", field, 1)[0] == zlib.crc32(raw) else ""
        at += 4 + size
    return ""


def _zip_kind(info: zipfile.ZipInfo, name: str) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return SYMBOLIC_LINK
    if name.endswith("/") or stat.S_ISDIR(mode):
        return FOLDER
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):  # 0: packed where files have no mode
        return OTHER
    if info.flag_bits & LOCKED:
        return "a file locked with a password"
    return PLAIN if info.compress_type in METHODS else f"a file in an unusual compression (method {info.compress_type})"


def _unzip(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    bounded = copy.copy(info)
    bounded.file_size = 2 * most  # zipfile stops where the directory says that the file ends, which may be a lie
    with _whole(path, _zip_name(info)), archive.open(bounded) as file:
        data = file.read(most + 1)
        if len(data) <= most and len(data) != info.file_size:
            raise zipfile.BadZipFile(f"{info.file_size} bytes announced, {len(data)} there")
        return data


def _members(path: Path, data: bytes) -> Iterator[tuple[str, str, int, gzip.GzipFile]]:
    """Path, kind and size of each member of a tar.gz, and the stream where its bytes begin.

    The loop is ours and not `tarfile.open`'s, which seeks for ever after a size of 2**60, and whose reading of extended
    headers is quadratic before Python 3.12.6 (CVE-2024-6232). Here every step is bounded by what is left to unpack.
    """
    left = MAX_UNPACKED
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        extended: dict[str, str] = {}
        while any(block := stream.read(BLOCK)):  # a block of zeros, or nothing, ends it
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            if header.size < 0:
                raise tarfile.ReadError("a size below zero")
            blocks = 0 if header.type in KINDS.keys() - FILES else -(-header.size // BLOCK)
            left -= BLOCK * (1 + blocks)
            if left < 0:
                raise too_large(f"{path}, unpacked,", MAX_UNPACKED, "an archive of source files")
            if header.type in EXTENSIONS:
                if header.size > MAX_EXTENSION:
                    raise tarfile.ReadError("an extended header without measure")
                extended |= _extension(header.type, stream.read(BLOCK * blocks)[: header.size])
                continue
            sparse = any(key.startswith("GNU.sparse.") for key in extended)
            kind = KINDS[tarfile.GNUTYPE_SPARSE] if sparse else KINDS.get(header.type, OTHER)
            start = stream.tell()
            yield extended.get("path", header.name), kind, header.size, stream
            stream.seek(start + BLOCK * blocks)
            extended = {}
        if stream.read(left + 1)[left:]:  # to the end, where gzip keeps its checksum
            raise too_large(f"{path}, unpacked,", MAX_UNPACKED, "an archive of source files")


def _extension(kind: bytes, data: bytes) -> dict[str, str]:
    """What a header says of the member after it: its path, if that is too long for a block, and more."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return {"path": _text(data.partition(b"\0")[0])}
    records: dict[str, str] = {}
    at = 0
    while kind in PAX and at < len(data):  # "21 path=ada/arith.py\n", the number counting all of it
        space = data.index(b" ", at)
        end = at + int(data[at:space])
        if end <= space or end > len(data):
            raise tarfile.ReadError("an extended header with a wrong length")
        key, _, value = data[space + 1 : end - 1].partition(b"=")
        records[_text(key)] = _text(value)
        at = end
    return records


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _untar(path: Path, data: bytes, number: int, most: int) -> bytes:
    with _whole(path):
        for index, (_, _, size, stream) in enumerate(_members(path, data)):
            if index == number:
                wanted = min(size, most + 1)
                read = stream.read(wanted)
                if len(read) == wanted:
                    return read
        raise tarfile.ReadError("it ends inside a file")
