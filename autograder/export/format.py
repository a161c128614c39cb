"""What a format is: a way to write the marks of a class for another system.

A module in this folder that has a `FORMAT` becomes a command of `dlkit export`; nothing else has to be told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from autograder.export.sheet import Marked
from autograder.text.errors import DlkitError


class ExportError(DlkitError):
    """Marks cannot be written as they were asked for; the sentence says why, and what there is."""


@dataclass(frozen=True)
class Option:
    """An option of a format's command; its value is handed to `write` under the name without its dashes.

    Attributes:
        name: "--scale".
        help: a sentence.
        metavar: what stands for the value, "" for an option that is on or off.
        choices: the values that there are, if only some are.
        many: whether it can be given several times.
        default: the value where it is not given.
        known_as: the name under which it is handed on, where that is another.
    """

    name: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    default: Any = None
    known_as: str = ""


@dataclass(frozen=True)
class Format:
    """A way to write marks.

    Attributes:
        name: of the command.
        help: of the command: a sentence, a paragraph, examples.
        options: besides those of every format.
    """

    name: str
    help: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Whole(Format):
    """One text for the class.

    Attributes:
        write: makes it of the marks, the assignment's name and the options.
        suffix: of its file.
        of_one: whether it can be of one student.
    """

    write: Callable[..., str] = field(kw_only=True)
    suffix: str = field(kw_only=True)
    of_one: bool = field(kw_only=True, default=False)


@dataclass(frozen=True)
class Each(Format):
    """One text for each student, in a folder.

    Attributes:
        write: makes them of the marks, the assignment's name, the files of each student's work by its key, and the options.
    """

    write: Callable[..., Texts] = field(kw_only=True)


@dataclass(frozen=True)
class Edit(Format):
    """A file of somebody else's, with marks put into it.

    Attributes:
        into: which file that is, in words.
        metavar: what kind of file.
        write: makes it of the file's text, the marks, the assignment's name, the file's name and the options.
        suffix: of the file that is written, "" for that of the file that is read.
    """

    into: str = field(kw_only=True)
    metavar: str = field(kw_only=True, default="CSV")
    write: Callable[..., Marked] = field(kw_only=True)
    suffix: str = field(kw_only=True, default="")


@dataclass(frozen=True)
class Texts:
    """A text for each of some students, by their keys, and why others have none."""

    texts: Mapping[str, str]
    why: Mapping[str, str] = field(default_factory=dict)


@cache
def formats() -> dict[str, Format]:
    """Every format by its name."""
    names = [module.name for module in iter_modules([str(Path(__file__).parent)])]
    modules = [import_module(f"autograder.export.{name}") for name in names if name != "format"]
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}
