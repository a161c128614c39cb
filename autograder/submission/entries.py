"""Entries: what lies in a folder or an archive, which of it is refused, and which of it is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.submission.notebook import is_notebook, notebook_of
from autograder.submission.source import FOLDER, MAX_BYTES, PLAIN, SubmissionError, not_plain, refusal
from autograder.text import folded, shown

MAX_ENTRIES = 1000  # a submission is a handful of files; of more, only the first are looked at
NAMED = 3  # of what was left aside, so many are named in a notice

LITTER = {"__MACOSX", "__pycache__"}  # what systems leave beside files, apart from all that begins with a dot
ICON = "Icon\r"  # what macOS leaves in a folder with a picture of its own
INSTALLED = {"env", "venv", "virtualenv", "node_modules", "site-packages", "__pypackages__"}  # installed, not written
STARTUP = {"conftest", "sitecustomize", "usercustomize"}  # what pytest or Python runs unasked, as module or package
LOADED = (".pth", ".so", ".pyd", ".dll", ".pyc")  # what Python obeys or loads without its source being seen


@dataclass(frozen=True, slots=True)
class Item:
    """One file or folder: its path inside, its kind, and its first bytes when they are asked for."""

    path: str
    """Parts between slashes."""
    kind: str
    """PLAIN, FOLDER, or what else it is, in words."""
    fetch: Callable[[int], bytes]
    """That many bytes of it and at most one more, whatever the container says of its size."""

    def read(self, most: int = MAX_BYTES) -> bytes:
        """Its first `most` + 1 bytes, so that one byte too many tells that it is too large."""
        return self.fetch(most)


@dataclass(frozen=True)
class Sifted:
    """What there is to choose from, and what was left aside: neither read nor run."""

    files: tuple[Item, ...]
    aside: tuple[str, ...] = ()
    """Paths of what Python could run or load by itself, of links and of environments."""
    cut: bool = False
    """Whether there is more than was looked at."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What to tell of it, in one sentence; nothing of ordinary files, which nobody expects to be read."""
        told = []
        if self.aside:
            more = f" and {len(self.aside) - NAMED} more" if len(self.aside) > NAMED else ""
            told.append(f"ignored: {', '.join(map(shown, self.aside[:NAMED]))}{more}; only the files of the assignment are read")
        if self.cut:
            told.append(f"dlkit looked only at the first {MAX_ENTRIES} files; leave out data, environments and results")
        return tuple(told)


def safe(entries: Iterable[Item], files: Sequence[str], where: Path) -> Sifted:
    """The plain files among the entries, the nearest to the top first, without litter and what has no place among source files.

    Only files that are asked for are read later. So what Python or pytest would run by itself, links, and environments
    that were handed in along with the work harm nobody: they are left aside, and told.

    Raises:
        SubmissionError: a path leads elsewhere, what is asked for is no plain file, or two have one path.
    """
    kept: list[Item] = []
    aside: dict[str, None] = {}  # in order
    wanted = {*files, *map(notebook_of, files)}
    count, cut = 0, False
    for entry in entries:
        parts = _parts(entry.path, where)
        names = [folded(part) for part in parts]
        folders = names if entry.kind == FOLDER else names[:-1]
        if not parts or _litter(parts):
            continue
        if root := next((at for at, name in enumerate(folders, 1) if name in INSTALLED), 0):
            aside["/".join(parts[:root]) + "/"] = None
            continue
        if count == MAX_ENTRIES:
            cut = True
            break
        count += 1
        path = "/".join(parts)
        if entry.kind == FOLDER and parts[-1] not in files:
            continue
        if names[-1].endswith(LOADED) or any(name.removesuffix(".py") in STARTUP for name in names):
            aside[path] = None
        elif entry.kind == PLAIN:
            kept.append(replace(entry, path=path))
        elif parts[-1] in wanted:
            raise not_plain(f"{where}/{path}", entry.kind)
        else:
            aside[path] = None
    if twice := [path for path, times in Counter(entry.path for entry in kept).items() if times > 1]:
        raise _twice(where, twice[0], twice[0])
    return Sifted(tuple(kept), tuple(aside), cut)


def nearest(entries: Iterable[Item]) -> list[Item]:
    """The entries of an archive in the order in which a folder is looked through: from the top down."""
    return sorted(entries, key=lambda entry: entry.path.count("/"))


def closed(folder: str) -> bool:
    """Whether nobody looks into a folder of this name inside a submission: what is hidden, or was installed."""
    return hidden(folder) or folded(folder) in INSTALLED


def choose(
    entries: Iterable[Item], files: Sequence[str], where: Path, *, outer: bool = False, cut: bool = False
) -> dict[str, Item]:
    """The entry of each file that is asked for; with `outer`, all of them may be in one outer folder.

    Where one is missing, it is the notebook of its name; or, where one file is asked for, the only notebook that lies there.

    Args:
        entries: what there is.
        files: the names of the files that are asked for.
        where: what lies there, for sentences.
        outer: whether they may be in one outer folder.
        cut: whether there are more entries than were looked at.

    Raises:
        SubmissionError: one is missing, or two could be meant.
    """
    found = {entry.path: entry for entry in entries}
    firsts = {path.rpartition("/")[0].partition("/")[0] for path in found}  # "" for a file at the top
    base = f"{firsts.pop()}/" if outer and len(firsts) == 1 and "" not in firsts else ""
    chosen = {}
    notebooks = [path for path in found if is_notebook(path) and path.rpartition("/")[0] == base.rstrip("/")]
    only = notebooks if len(notebooks) == len(files) == 1 else []
    for name in files:
        path = next((path for path in (base + name, base + notebook_of(name), *only) if path in found), None)
        if path is None and cut:
            raise too_many(where)
        if path is None:
            scripts = sorted(path for path in found if path.lower().endswith((".py", ".ipynb")))[:5]
            beside = ", ".join(map(shown, sorted(found)[:NAMED]))
            raise refusal(
                f"{shown(where)} has no {name}, which this assignment asks for",
                expected="the file at the top" + (" or in one outer folder" if outer else ""),
                received=", ".join(map(shown, scripts)) or f"no Python file and no notebook{beside and f', but {beside}'}",
                remedy="Check the file's name and place",
            )
        if others := [other for other in found if other != path and folded(other) == folded(path)]:
            raise _twice(where, path, others[0])
        chosen[name] = found[path]
    return chosen


def too_many(where: Path, most: int = MAX_ENTRIES) -> SubmissionError:
    """The refusal of a folder or an archive that nobody should have to walk through."""
    return refusal(
        f"{shown(where)} contains too many files",
        expected=f"at most {most}",
        received="more than that",
        remedy="Leave out data, environments and results",
    )


def hidden(folder: str) -> bool:
    """Whether nobody puts their work in a folder of this name: .git, .venv, __MACOSX."""
    return folder in LITTER or folder.startswith(".")


def _litter(parts: Sequence[str]) -> bool:
    return any(hidden(folder) for folder in parts[:-1]) or parts[-1] == ".DS_Store" or parts[-1].startswith("._")


def _parts(path: str, where: Path) -> list[str]:
    path = path.removesuffix(f"/{ICON}") if path != ICON else ""
    plain = unicodedata.normalize("NFKC", path)  # there are other characters that become "..", "/" or a backslash
    control = any(unicodedata.category(letter) == "Cc" for letter in plain)
    if control or "\\" in plain or plain.startswith("/") or re.match("[A-Za-z]:", plain) or ".." in plain.split("/"):
        raise refusal(
            f"{shown(where)} contains an unsafe path",
            expected="names below its folder, without '..', drive, backslash or control character",
            received=shown(path),
            remedy="Rename the file or make the archive again",
        )
    return [part for part in path.split("/") if part not in ("", ".")]


def _twice(where: Path, one: str, other: str) -> SubmissionError:
    return refusal(
        f"{shown(where)} contains two files with the same name",
        expected="each file once",
        received=f"{shown(one)} and {shown(other)}",
        remedy="Leave one of them out",
    )
