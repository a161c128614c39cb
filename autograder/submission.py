"""Submissions: take a student's files in, apart from grading them.

What comes out is text by file name and whose it is; where it came from (a folder, a file, later an archive or a
notebook) is of no concern to anything after this.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 2**20  # a source file larger than this is no student's work


class SubmissionError(ValueError):
    """There is nothing that can be graded; the text says what was expected and what to do."""


@dataclass(frozen=True)
class Submission:
    """A student's work: their name, "" for one's own, and the text of each file."""

    student: str
    files: Mapping[str, str]


def take_in(path: Path, files: Sequence[str], *, own: bool = False) -> Submission:
    """Read a submission from a folder, or from a single file whatever its name.

    Args:
        path: the folder or the file.
        files: the names of the files that the assignment asks for.
        own: whether this is the assignment's own folder, so that nobody's name is on it.

    Raises:
        SubmissionError: something is missing, or is not a plain text file of a sensible size.
    """
    if path.is_dir():
        missing = [name for name in files if not os.path.lexists(path / name)]
        if missing:
            raise SubmissionError(f"{path} has no {missing[0]}, which this assignment asks for.{_found(path)}")
        student = "" if own else path.resolve().name
        return Submission(student, {name: read_source(path / name) for name in files})
    if not os.path.lexists(path):
        raise SubmissionError(f"{path} does not exist; expected a folder with {' and '.join(files)}, or a file")
    if len(files) > 1:
        raise SubmissionError(f"this assignment asks for {len(files)} files; give the folder that holds {', '.join(files)}")
    if path.suffix != ".py":
        raise SubmissionError(f"a submission is a folder or a Python file (.py). Received: {path.name}")
    student = path.resolve().parent.name if path.name == files[0] else path.stem
    return Submission(student, {files[0]: read_source(path)})


def read_source(path: Path) -> str:
    """The text of a source file.

    Raises:
        SubmissionError: it is a link, a folder or a device, too large, or not UTF-8 text.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        what = "is a symbolic link" if path.is_symlink() else f"cannot be read ({error.strerror})"
        raise SubmissionError(f"{path} {what}; expected a plain file") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SubmissionError(f"{path} is not a plain file")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SubmissionError(f"{path} is larger than {MAX_BYTES // 2**20} MB; expected a source file")
    if b"\0" in data:
        raise SubmissionError(f"{path} is not a text file: save it as UTF-8")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SubmissionError(f"{path} is not UTF-8 (line {line}): save it as UTF-8") from None


def _found(folder: Path) -> str:
    scripts = sorted(entry.name for entry in folder.iterdir() if entry.suffix in (".py", ".ipynb"))[:5]
    return f" Found: {', '.join(scripts)}." if scripts else " It holds no Python file."
