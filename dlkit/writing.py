"""Writing: a file, a folder or a zip as a whole, or not at all; zips are the same bytes whenever their members are."""

from __future__ import annotations

import errno
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
PLAIN, RUNS = 0o100644, 0o100755
UNIX = 3
DATABASE = b"SQLite format 3\0"  # how a gradebook begins
LOST = "it is a gradebook or another database, which would be lost; name another file"
LEFT_OUT = {"__pycache__", "__MACOSX"}


def zipped(members: Mapping[str, bytes], runs: tuple[str, ...] = (), comment: bytes = b"") -> bytes:
    """A zip of these members, in the order of their names.

    Args:
        members: bytes by path.
        runs: the paths of those that can be executed.
        comment: of the zip, by which its maker knows it again.
    """
    import zipfile  # not for every command: this module is imported by all of them

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name in sorted(members):
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.create_system = UNIX  # which else depends on the system that packs, and would lose the bit to execute
            info.external_attr = (RUNS if name in runs else PLAIN) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name])
    return stream.getvalue()


def below(folder: Path, at: str) -> dict[str, bytes]:
    """The bytes of each file below a folder, by its path under `at`; without caches and what is hidden."""
    return {f"{at}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _files(folder)}


def write_file(path: Path, data: bytes, *, parents: bool = False) -> None:
    """Write a file as a whole: whatever ends this in the middle leaves the earlier one.

    Args:
        path: where to.
        data: all of it.
        parents: make the folders that it is to lie in.

    Raises:
        OSError: it cannot be written; `filename` is the path.
    """
    try:
        place = path.resolve()
        _spare_databases(place)
        if place.exists() and not place.is_file():  # a folder, which refuses, or a device, which nothing may take the place of
            place.write_bytes(data)
            return
        if parents:
            place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:40]}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)  # a temporary file is nobody else's
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def open_to_append(path: Path) -> IO[str]:
    """A text file to whose end lines are added; it is made if it is not there.

    Raises:
        OSError: it cannot be written.
    """
    _spare_databases(path.resolve())
    return path.open("a", encoding="utf-8", errors="backslashreplace")


def write_folder(path: Path, texts: Mapping[str, str]) -> None:
    """Put a folder of texts, by their paths in it, in place as a whole; what stood there before is gone only then.

    Raises:
        OSError: it cannot be written.
    """
    path = path.resolve()
    new, old = (path.with_name(f".{path.name}.{os.getpid()}.{which}") for which in ("new", "old"))
    try:
        new.mkdir(parents=True)
        for name, text in texts.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_text(text, encoding="utf-8")
        if path.exists():
            path.rename(old)
        new.rename(path)
    except OSError:
        if old.exists() and not path.exists():
            old.rename(path)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _spare_databases(path: Path) -> None:
    if is_database(path):
        raise OSError(errno.EEXIST, LOST, str(path))


def is_database(path: Path) -> bool:
    """Whether a file is a gradebook, or another database of SQLite."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(DATABASE)) == DATABASE


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file() and path.suffix != ".pyc":
            yield path
