"""Submissions: take a student's files in, apart from grading them.

What comes out is text by file name and whose it is; where it came from (a folder, a file, an archive) is of no concern
to anything after this. Nothing is ever extracted, imported or parsed here, and only files that are asked for are read.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.asking import Asked, asked_in
from autograder.submission.containers import MAX_ARCHIVE, in_folder, in_tar, in_zip
from autograder.submission.entries import NAMED, Item, Sifted, choose, nearest, safe
from autograder.submission.naming import ALONE, Course, foreign, is_given, mentions, of_tests, told_of, writes
from autograder.submission.notebook import MAX_NOTEBOOK, SUFFIX, asked_for, code_of, is_notebook, notebook_of
from autograder.submission.responses import Response, responses_in
from autograder.submission.source import MAX_BYTES, SubmissionError, read_bytes, read_source, refusal, text_of
from autograder.text import MAX_NAME, printable, shown

__all__ = [
    "ALONE",
    "asked_for",
    "Course",
    "MAX_BYTES",
    "read_source",
    "Submission",
    "SubmissionError",
    "suffix_of",
    "take_in",
    "unpack",
]

ARCHIVES = {".zip": in_zip, ".tar.gz": in_tar, ".tgz": in_tar}
MAX_LOOKED_AT = 10  # files of other names that are searched for the functions


@dataclass(frozen=True)
class Submission:
    """A student's work: their name, "" for one's own, and the text of each file, under the name that is asked for.

    A notebook in place of a file is its code, in cells (see `cells`); `notices` say what was not looked at.
    """

    student: str
    files: Mapping[str, str]
    notices: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    """What the student wants to have looked at again."""
    responses: tuple[Response, ...] = ()
    """What the student answered to questions that nobody grades."""


def take_in(path: Path, files: Sequence[str], *, own: bool = False, student: str = "", course: Course = ALONE) -> Submission:
    """Read a submission from a folder, a zip, a tar.gz, or a single Python file or notebook whatever its name.

    Where hw2.py is asked for and is not there, hw2.ipynb or the only notebook stands for it. In an archive, the files are
    at the top or in one outer folder that holds everything, as people zip a folder.

    Args:
        path: the folder, the archive or the file.
        files: the names of the files that the assignment asks for.
        own: whether this is the assignment's own folder: nobody's name is on it, and what else is in it (an author's
            conftest.py, a virtual environment) is not told.
        student: whose work it is, from a roster. Otherwise the folder, archive or file is named after its student;
            what an archive says inside is a claim, and is not asked.
        course: what tells the assignment's files from those of others.

    Raises:
        SubmissionError: something is missing, is not a plain text file of a sensible size, or has no place in a
            submission.
    """
    archive = suffix_of(path.name)
    if path.is_dir():
        beside = list(in_folder(path, deep=False))
        sifted = Sifted(tuple(beside)) if own else safe(beside, files, path)
        chosen = choose(sifted.files, files, path, cut=sifted.cut)
        student = student or ("" if own else _name_on(path.resolve().name))
    elif not os.path.lexists(path):
        raise refusal(
            f"{shown(path)} does not exist",
            expected=f"a folder with {' and '.join(files)}, an archive, or a file",
            received="nothing",
            remedy="Check the path",
        )
    elif archive:
        sifted = safe(nearest(ARCHIVES[archive](path)), files, path)
        chosen = choose(sifted.files, files, path, outer=True, cut=sifted.cut)
        student = student or _name_on(path.name[: -len(archive)] or path.name)
    else:
        text = _single(path, files)
        if foreign(path.name, text, files, course):
            raise _not_this(path.parent, path.name, files)
        return _checked(Submission(student or _name_on(_author(path, files)), {files[0]: text}), course)
    return _read(student, chosen, path, sifted, course)


def unpack(entries: Iterable[Item], files: Sequence[str], where: Path, *, student: str, course: Course = ALONE) -> Submission:
    """Read what a class's inbox holds of one student, who may have packed and named it in a way of their own.

    It is the files that are asked for, at the top or in one outer folder; or one archive of them; or, where one file is
    asked for, the only one of its name, the only Python file or the only notebook there is, which is taken under the name
    that is asked for unless it is that of another assignment or has none of the functions.

    Raises:
        SubmissionError: as for `take_in`.
    """
    student = _name_on(student)
    kept = safe(entries, files, where)
    packed = [entry for entry in kept.files if suffix_of(entry.path)]
    if len(packed) == 1 and not _named(kept.files, ".py", SUFFIX):
        where, data = where / packed[0].path, packed[0].read(MAX_ARCHIVE)
        kept = safe(nearest(ARCHIVES[suffix_of(where.name)](where, data)), files, where)
    if not kept.files:
        raise refusal(
            f"{shown(where)} is empty",
            expected=" and ".join(files),
            received="no file" + (f", but {', '.join(map(shown, kept.aside[:3]))}" if kept.aside else ""),
            remedy="Ask the student, or count it as not handed in",
        )
    if len(files) == 1 and (other := _renamed(kept.files, files[0], where, course)):
        return _read(student, {files[0]: other}, where, kept, course)
    return _read(student, choose(kept.files, files, where, outer=True, cut=kept.cut), where, kept, course)


def _renamed(kept: Sequence[Item], file: str, where: Path, course: Course) -> Item | None:
    """The entry that stands for the one file that is asked for, if it is not simply there under its name."""
    called = [entry for entry in kept if entry.path.rpartition("/")[2] in (file, notebook_of(file))]
    if len(called) > 1 or any("/" not in entry.path for entry in called):
        return None
    if called:
        return called[0]
    kept = [entry for entry in kept if not is_given(entry.path)]
    for suffix in (".py", SUFFIX):
        written = [entry for entry in _named(kept, suffix) if not of_tests(entry.path)] or _named(kept, suffix)
        if len(written) == 1:
            return written[0]
        if 1 < len(written) <= MAX_LOOKED_AT and course.functions:
            right = [entry for entry in written if not foreign(entry.path, _text_of(entry, where), (file,), course)]
            if len(right) == 1:
                return right[0]
        if written:
            return None
    return None


def _text_of(entry: Item, where: Path) -> str:
    """The text of a file that may or may not be what is asked for; "" where it cannot be read."""
    try:
        return _text_in(entry, f"{where}/{entry.path}")
    except SubmissionError:
        return ""


def _checked(submission: Submission, course: Course) -> Submission:
    """A submission that has at least one of the functions.

    Raises:
        SubmissionError: it has none: another file was handed in under this name, or an empty one.
    """
    texts = submission.files.values()
    if (functions := course.functions) and not any(mentions(text, functions) for text in texts):
        named = ", ".join(functions[:3]) + (", …" if len(functions) > 3 else "")
        raise refusal(
            f"{' and '.join(submission.files)} has none of the functions that this assignment asks for",
            expected=f"functions such as {named}",
            received="an empty file" if not any(text.strip() for text in texts) else "a file without them",
            remedy="Check whether this is the right file",
        )
    return submission


def _not_this(where: Path, name: str, files: Sequence[str]) -> SubmissionError:
    return refusal(
        f"{shown(where)} has no {files[0]}, which this assignment asks for",
        expected=f"{files[0]}, or a file with its functions",
        received=shown(name),
        remedy="Check which assignment the file is for",
    )


def suffix_of(name: str) -> str:
    """How the name of an archive ends, "" where it is none."""
    return next((suffix for suffix in ARCHIVES if name.lower().endswith(suffix)), "")


def _named(entries: Iterable[Item], *suffixes: str) -> list[Item]:
    return [entry for entry in entries if entry.path.lower().endswith(suffixes)]


def _read(student: str, chosen: Mapping[str, Item], where: Path, sifted: Sifted, course: Course) -> Submission:
    """The texts of the files that were chosen, and what there is to say of them and of what lies beside them."""
    files = {name: _text_in(entry, f"{where}/{entry.path}") for name, entry in chosen.items()}
    for name, entry in chosen.items():
        if foreign(entry.path, files[name], [name], course):
            raise _not_this(where, entry.path, [name])
    there = {entry.path for entry in sifted.files}
    notices = [
        f"{entry.path} was graded, not {other} next to it"
        for entry in chosen.values()
        if not is_notebook(entry.path) and (other := notebook_of(entry.path)) in there
    ]
    notices += [
        f"{shown(entry.path)} was graded as {name}"
        for name, entry in chosen.items()
        if entry.path.rpartition("/")[2] not in (name, notebook_of(name))
    ]
    notices += [
        f"{chosen[name].path} was graded, not {named}" for name, named in _not_chosen(chosen, files, where, sifted, course)
    ]
    told = filter(None, map(told_of, files, files.values()))
    responses, wrong = responses_in(sifted.files)
    said = (*notices, *sifted.notices, *told, *wrong)
    return _checked(Submission(student, files, said, asked_in(sifted.files), responses), course)


def _not_chosen(
    chosen: Mapping[str, Item], files: Mapping[str, str], where: Path, sifted: Sifted, course: Course
) -> Iterator[tuple[str, str]]:
    """What else could have been meant by each file, in words: of the same name or with the same functions, and other content."""
    taken = {entry.path for entry in chosen.values()}
    taken |= {notebook_of(path) for path in taken}  # told of already
    left = [entry for entry in _named(sifted.files, ".py", SUFFIX) if entry.path not in taken and not of_tests(entry.path)]
    for name in chosen:
        called = [entry for entry in left if asked_for(entry.path.rpartition("/")[2], [name])]
        more = [entry for entry in left if entry not in called] if len(files) == 1 and course.functions else []
        texts = {entry.path: _text_of(entry, where) for entry in (*called, *more)[:MAX_LOOKED_AT]}
        alike = [path for path in texts if path in {entry.path for entry in called} or writes(texts[path], course.functions)]
        if others := [shown(path) for path in alike if texts[path] != files[name]]:
            which = "which differs" if len(others) == 1 else "which differ"
            yield name, f"{', '.join(others[:NAMED])}{f' and {len(others) - NAMED} more' if len(others) > NAMED else ''}, {which}"


def _text_in(entry: Item, where: str) -> str:
    return code_of(entry.read(MAX_NOTEBOOK), where) if is_notebook(entry.path) else text_of(entry.read(), where)


def _single(path: Path, files: Sequence[str]) -> str:
    if path.suffix.lower() not in (".py", SUFFIX):
        raise refusal(
            "this kind of file is not a submission",
            expected="a folder, a Python file (.py), a notebook (.ipynb), a .zip or a .tar.gz",
            received=shown(path.name),
            remedy="Hand it in as one of these",
        )
    if len(files) > 1:
        raise refusal(
            f"this assignment asks for {len(files)} files",
            expected=f"the folder or archive with {', '.join(files)}",
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
            expected=f"a name without control characters, in UTF-8, of at most {MAX_NAME} characters",
            received=shown(plain),
            remedy="Rename the folder or the file",
        )
    return plain
