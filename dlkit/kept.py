"""Kept: what a student has answered, in files beside the work that are handed in with it."""

from __future__ import annotations

from pathlib import Path

from autograder.submission.responses import FILES, MOST_BYTES, Response, parse
from autograder.submission.source import read_bytes
from autograder.text.errors import DlkitError


def name_of(kind: str) -> str:
    """The name of the file for responses of a kind."""
    return next(name for name, of in FILES.items() if of == kind)


def kept(folder: Path, kind: str, what: str, error: type[DlkitError]) -> dict[str, Response]:
    """The responses of a kind by question; none where there is no file.

    Args:
        folder: of the work.
        kind: of the responses.
        what: the file holds, for a sentence, such as "your predictions".
        error: to be raised where the file cannot be read as a whole.

    Raises:
        SubmissionError: it is no plain file.
    """
    path = folder / name_of(kind)
    if not path.exists():
        return {}
    try:
        found, wrong = parse(read_bytes(path, MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n"), kind)
    except ValueError as problem:
        raise error(f"{path} holds {what} and cannot be read: {problem}. Correct or remove the file") from None
    if wrong:
        raise error(f"{path} holds {what}, and dlkit would lose {wrong[0]}. Correct the file")
    return {one.question: one for one in found}
