"""Submissions: take a student's files in, apart from grading them.

What comes out is text by file name and whose it is; where it came from (a folder, a file, an archive) is of no concern
to anything after this. Nothing is ever extracted, imported or parsed here, and only files that are asked for are read.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.containers import MAX_ARCHIVE, in_folder, in_tar, in_zip
from autograder.submission.entries import Entry, choose, safe
from autograder.submission.notebook import MAX_NOTEBOOK, SUFFIX, asked_for, code_of, is_notebook, notebook_of
from autograder.submission.source import MAX_BYTES, SubmissionError, read_bytes, read_source, refusal, text_of
from autograder.text import MAX_NAME, printable, shown

__all__ = [
    "asked_for",
    "MAX_BYTES",
    "read_source",
    "Submission",
    "SubmissionError",
    "suffix_of",
    "take_in",
    "unpack",
]

ARCHIVES = {".zip": in_zip, ".tar.gz": in_tar, ".tgz": in_tar}


@dataclass(frozen=True)
class Submission:
    """A student's work: their name, "" for one's own, and the text of each file, under the name that is asked for.

    A notebook in place of a file is its code, in cells (see `cells`); `notices` say what was not looked at.
    """

    student: str
    files: Mapping[str, str]
    notices: tuple[str, ...] = ()


def take_in(path: Path, files: Sequence[str], *, own: bool = False, student: str = "") -> Submission:
    """Read a submission from a folder, a zip, a tar.gz, or a single Python file or notebook whatever its name.

    Where hw2.py is asked for and is not there, hw2.ipynb or the only notebook stands for it. In an archive, the files are
    at the top or in one outer folder that holds everything, as people zip a folder.

    Args:
        path: the folder, the archive or the file.
        files: the names of the files that the assignment asks for.
        own: whether this is the assignment's own folder: nobody's name is on it, and what else is in it (an author's
            conftest.py, a virtual environment) is not looked at.
        student: whose work it is, from a roster. Otherwise the folder, archive or file is named after its student;
            what an archive says inside is a claim, and is not asked.

    Raises:
        SubmissionError: something is missing, is not a plain text file of a sensible size, or has no place in a
            submission.
    """
    archive = suffix_of(path.name)
    if path.is_dir():
        beside = in_folder(path, deep=False)
        chosen = choose(beside, files, path)  # a wrong folder is not walked through
        if not own:
            beside = safe(in_folder(path, deep=True), files, path)
            chosen = choose(beside, files, path)
        student = student or ("" if own else _name_on(path.resolve().name))
    elif not os.path.lexists(path):
        raise refusal(
            f"{shown(path)} does not exist",
            expected=f"a folder with {' and '.join(files)}, an archive, or a file",
            received="nothing",
            remedy="Check the path",
        )
    elif archive:
        beside = safe(ARCHIVES[archive](path), files, path)
        chosen = choose(beside, files, path, outer=True)
        student = student or _name_on(path.name[: -len(archive)] or path.name)
    else:
        return Submission(student or _name_on(_author(path, files)), {files[0]: _single(path, files)})
    return _read(student, chosen, path, beside)


def unpack(entries: Iterable[Entry], files: Sequence[str], where: Path, *, student: str) -> Submission:
    """Read what a class's inbox holds of one student, who may have packed and named it in a way of their own.

    It is the files that are asked for, at the top or in one outer folder; or one archive of them; or, where one file is
    asked for, the only Python file or the only notebook there is, which is taken under the name that is asked for.

    Raises:
        SubmissionError: as for `take_in`.
    """
    student = _name_on(student)
    kept = safe(entries, files, where)
    packed = [entry for entry in kept if suffix_of(entry.path)]
    if len(packed) == 1 and not _named(kept, ".py", SUFFIX):
        where, data = where / packed[0].path, packed[0].read(MAX_ARCHIVE)
        kept = safe(ARCHIVES[suffix_of(where.name)](where, data), files, where)
    if not kept:
        raise refusal(
            f"{shown(where)} is empty",
            expected=" and ".join(files),
            received="no file",
            remedy="Ask the student, or count it as not handed in",
        )
    only = _named(kept, ".py") or _named(kept, SUFFIX)
    if len(files) == len(only) == 1 and not any(entry.path.rpartition("/")[2] == notebook_of(files[0]) for entry in kept):
        return _read(student, {files[0]: only[0]}, where, kept)
    return _read(student, choose(kept, files, where, outer=True), where, kept)


def suffix_of(name: str) -> str:
    """How the name of an archive ends, "" where it is none."""
    return next((suffix for suffix in ARCHIVES if name.lower().endswith(suffix)), "")


def _named(entries: Iterable[Entry], *suffixes: str) -> list[Entry]:
    return [entry for entry in entries if entry.path.lower().endswith(suffixes)]


def _read(student: str, chosen: Mapping[str, Entry], where: Path, beside: Iterable[Entry]) -> Submission:
    """The texts of the files that were chosen, and a notice of each notebook that might have been meant instead."""
    files = {name: _text_in(entry, f"{where}/{entry.path}") for name, entry in chosen.items()}
    there = {entry.path for entry in beside}
    notices = tuple(
        f"{entry.path} was graded, and not {other}, which lies beside it"
        for entry in chosen.values()
        if not is_notebook(entry.path) and (other := notebook_of(entry.path)) in there
    )
    return Submission(student, files, notices)


def _text_in(entry: Entry, where: str) -> str:
    return code_of(entry.read(MAX_NOTEBOOK), where) if is_notebook(entry.path) else text_of(entry.read(), where)


def _single(path: Path, files: Sequence[str]) -> str:
    if path.suffix.lower() not in (".py", SUFFIX):
        raise refusal(
            "a submission comes in another form",
            expected="a folder, a Python file (.py), a notebook (.ipynb), a .zip or a .tar.gz",
            received=shown(path.name),
            remedy="Hand it in as one of these",
        )
    if len(files) > 1:
        raise refusal(
            f"this assignment asks for {len(files)} files",
            expected=f"the folder or archive that holds {', '.join(files)}",
            received=shown(path.name),
            remedy="Give all of them together",
        )
    return code_of(read_bytes(path, MAX_NOTEBOOK), path) if is_notebook(path.name) else read_source(path)


def _author(path: Path, files: Sequence[str]) -> str:
    return path.resolve().parent.name if asked_for(path.name, files) else path.stem


def _name_on(name: str) -> str:
    """A student's name as it stands on a folder: one spelling for each name, fit to be printed."""
    plain = unicodedata.normalize("NFKC", name)
    if printable(name) != plain:
        raise refusal(
            "the name on a submission is not plain text",
            expected=f"a name without control characters, of at most {MAX_NAME} characters",
            received=shown(plain),
            remedy="Rename the folder or the file",
        )
    return plain
