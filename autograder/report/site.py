"""A folder of pages that is put in place whole: a half-written one never stands as complete."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.text.errors import DlkitError

MARK = ".written-by-dlkit"
SAYS = "`dlkit report` wrote index.html and the folder students. It replaces both when it writes into this folder again.\n"
INDEX = "index.html"
NEW = ".new-"


class SiteError(DlkitError):
    """The folder is not ours to write; the sentence says why."""


def write(folder: Path, pages: Iterable[tuple[str, str]]) -> None:
    """Write pages, by their path in the folder, `index.html` among them, in place of those of an earlier report.

    They are written beside those that are there, and take their place at the end, `index.html` last: whatever ends the
    program, the folder has the earlier report, or none, or the new one. Other files in it stay.

    Raises:
        SiteError: the folder holds something, and no report of ours.
        OSError: it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file; expected a folder that is new, empty or has an earlier report")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise SiteError(f"{folder} contains files that are not a report of dlkit; nothing was changed")
    with _new(folder) as new:
        tops = set()
        for path, text in pages:
            tops.add(Path(path).parts[0])
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_text(text, encoding="utf-8", errors="replace", newline="\n")
        (folder / INDEX).unlink(missing_ok=True)
        for top in sorted(tops, key=lambda top: top == INDEX):
            if (folder / top).is_dir():
                shutil.rmtree(folder / top)
            (new / top).replace(folder / top)


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """A folder within, that is gone at the end, as is one that an earlier program left behind."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    done = False
    try:
        (folder / MARK).write_text(SAYS, encoding="utf-8")
        for left in folder.glob(f"{NEW}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=NEW, dir=folder) as new:
            yield Path(new)
        done = True
    finally:
        if not done and made:
            shutil.rmtree(made[-1], ignore_errors=True)
