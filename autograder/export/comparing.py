"""A class as other tools that compare programs read it. They read more than we do: what matches, how it spreads, earlier years.

What each expects stands in its documentation: JPlag 4 to 6 (one folder for each submission, `-bc` for the base code), Dolos 3
(one file for each submission, a column `ignored` in info.csv, `-i`), and compare50 1.2 (folders, `-d` for the stub).
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.export.table import written
from autograder.report.names import file_name

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Row

SUBMISSIONS, BASE = "submissions", "base"
INFO = "info.csv"
Files = Mapping[str, str]


@dataclass(frozen=True)
class Work:
    """What one student, or one group, handed in.

    Attributes:
        called: the name of its folder or file, without an ending.
        title: who that is, for a tool that shows it; "" where names are not to be seen.
        group: their group by the roster, "" for none.
        submitted: when, "" where that is not known.
        files: text by file name, as it was graded.
    """

    called: str
    title: str
    group: str
    submitted: str
    files: Files


@dataclass(frozen=True)
class LaidOut:
    """Texts by path, and the command to run next."""

    texts: dict[str, str]
    command: tuple[str, ...]


def works_of(rows: Mapping[str, Row], texts: Mapping[str, Files], *, anonymous: bool = False) -> tuple[list[Work], str]:
    """The works of a class, and the key to their names: a CSV that tells whose each is.

    Args:
        rows: the newest attempt of each.
        texts: what each handed in.
        anonymous: give them numbers, in an order that tells nothing.
    """
    order = sorted(rows)
    if anonymous:
        secrets.SystemRandom().shuffle(order)
    works, key = [], [["folder", "id", "name"]]
    digits = len(str(len(order)))
    for number, student in enumerate(order, 1):
        row = rows[student]
        called = f"work-{number:0{digits}}" if anonymous else file_name("_".join(row.everybody))
        title = "" if anonymous else " ".join(part for part in (", ".join(row.everybody), row.name) if part)
        works.append(Work(called, title, "" if anonymous else row.group, "" if anonymous else row.submitted, texts[student]))
        key.append([called, " ".join(row.everybody), row.name])
    return works, written([key[0], *sorted(key[1:])])


def for_jplag(works: Sequence[Work], stub: Files, out: str) -> LaidOut:
    """A folder for each submission, and the stub in a folder beside them."""
    base = ("-bc", f"{out}/{BASE}") if stub else ()
    command = ("java", "-jar", "jplag.jar", "-l", "python3", *base, "-r", f"{out}-jplag", f"{out}/{SUBMISSIONS}")
    return LaidOut(_in_folders(works, stub), command)


def for_compare50(works: Sequence[Work], stub: Files, out: str) -> LaidOut:
    """A folder for each submission, and the stub as distribution code."""
    base = ("-d", f"{out}/{BASE}") if stub else ()
    return LaidOut(_in_folders(works, stub), ("compare50", f"{out}/{SUBMISSIONS}/*", *base, "-o", f"{out}-compare50"))


def for_dolos(works: Sequence[Work], stub: Files, out: str) -> LaidOut:
    """A file for each submission, since Dolos compares files; info.csv has their names and says which is the stub."""
    texts = {f"{SUBMISSIONS}/{work.called}.py": _joined(work.files) for work in works}
    rows = [[f"{SUBMISSIONS}/{work.called}.py", work.title or work.called, work.group, work.submitted, "false"] for work in works]
    if stub:
        texts[f"{BASE}.py"] = _joined(stub)
        rows.append([f"{BASE}.py", "stub", "", "", "true"])
    texts[INFO] = written([["filename", "full_name", "label", "created_at", "ignored"], *rows])
    base = ("-i", f"{out}/{BASE}.py") if stub else ()
    return LaidOut(texts, ("dolos", "run", "-l", "python", *base, f"{out}/{INFO}"))


TOOLS: dict[str, Callable[[Sequence[Work], Files, str], LaidOut]] = {
    "jplag": for_jplag,
    "dolos": for_dolos,
    "compare50": for_compare50,
}


def as_typed(command: Iterable[str]) -> str:
    """A command as one types it; a pattern stays one, as compare50 reads patterns itself."""
    return " ".join(shlex.quote(word) for word in command)


def _in_folders(works: Sequence[Work], stub: Files) -> dict[str, str]:
    texts = {f"{SUBMISSIONS}/{work.called}/{name}": text for work in works for name, text in work.files.items()}
    return texts | {f"{BASE}/{name}": text for name, text in stub.items()}


def _joined(files: Files) -> str:
    """Several files as one, each under a line with its name."""
    if len(files) == 1:
        return next(iter(files.values()))
    return "\n\n".join(f"# ---- {name} ----\n{files[name].rstrip()}" for name in sorted(files)) + "\n"
