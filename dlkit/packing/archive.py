"""Zips that are the same bytes whenever they are made of the same files."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
PLAIN, RUNS = 0o100644, 0o100755
UNIX = 3
LEFT_OUT = {"__pycache__", "__MACOSX"}


def zipped(members: Mapping[str, bytes], runs: tuple[str, ...] = ()) -> bytes:
    """A zip of these members, in the order of their names.

    Args:
        members: bytes by path.
        runs: the paths of those that can be executed.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
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


def write(path: Path, data: bytes) -> None:
    """Write a file as a whole, or not at all.

    Raises:
        OSError: it cannot be written; `filename` is the path.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).chmod(PLAIN & 0o777)  # a temporary file is nobody else's
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file() and path.suffix != ".pyc":
            yield path
