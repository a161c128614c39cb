"""TOML, read key by key: everything that is wrong with a file is said at once, each in a sentence with its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, time
from functools import cached_property
from typing import Any, TypeVar

from autograder.text import meant, shown
from autograder.text.errors import DlkitError

T = TypeVar("T")
Path = tuple[str, ...]
MAX_CHARACTERS = 2**20
MAX_DEPTH = 20
MAX_LINES = 500
MOST_NAMED = 10
LONG_NUMBER = re.compile(r"\b[0-9][0-9_]{4000,}")  # Python makes no number of more than 4,300 digits


class PolicyError(DlkitError):
    """A course.toml is not what it should be: the instructor's to mend. One sentence a line."""


class Document:
    """A TOML file: what it says, on which line, and what is wrong with it.

    Raises:
        PolicyError: it is not TOML.
    """

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = shown(name)
        self.problems: list[tuple[int, str]] = []
        if len(text) > MAX_CHARACTERS:
            raise PolicyError(
                f"{self.name} is too long for a course file; expected at most {MAX_CHARACTERS} characters. "
                f"Received: {len(text)}. Check the path."
            )
        try:
            data = tomllib.loads(text)
            if _depth(data) > MAX_DEPTH:
                raise RecursionError
            self.places: dict[str, Path] = {}  # the table in which each key was first asked for
            self.root = Table(data, (), self)
        except (ValueError, RecursionError) as error:  # a ValueError of its own: an integer of more digits than Python takes
            raise PolicyError(self._not_toml(error)) from None

    @cached_property
    def lines(self) -> Mapping[Path, int]:
        """The line on which each key stands, counted from 1.

        tomllib does not say. But a statement may be cut from the rest if it is read below the header of its table, and
        it has ended as soon as what has been read so far is TOML.
        """
        found: dict[Path, int] = {}
        header, statement = "", ""
        start = 1
        for number, line in enumerate(self.text.split("\n"), 1):
            statement += line + "\n"
            if number - start > MAX_LINES:  # of one statement, which is read anew for each of them
                break
            try:
                read = tomllib.loads(header + statement)
            except (ValueError, RecursionError):
                continue
            if statement.lstrip().startswith("["):
                header = statement
            for path in _paths(read):
                found.setdefault(path, start)
            start, statement = number + 1, ""
        return found

    def refuse(self, path: Path, sentence: str) -> None:
        """Note a problem."""
        line = next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), 0)
        self.problems.append((line, f"{self.name}{f', line {line}' if line else ''}: {sentence}"))

    def check(self) -> None:
        """Refuse the file if there was a problem.

        Raises:
            PolicyError: there was.
        """
        if self.problems:
            raise PolicyError("\n".join(sentence for _, sentence in sorted(self.problems)))

    def _not_toml(self, error: Exception) -> str:
        if isinstance(error, RecursionError):
            return f"{self.name} is TOML that is nested too deeply to read. Remove brackets."
        if not isinstance(error, tomllib.TOMLDecodeError):
            place = LONG_NUMBER.search(self.text)
            line = f", line {self.text.count(chr(10), 0, place.start()) + 1}" if place else ""
            received = f" Received: {place[0][:20]}…, {len(place[0])} digits." if place else ""
            return f"{self.name}{line}: a number has too many digits to read.{received} Write a shorter one."
        said = str(error) or "an error"
        place = re.search(r" \(at line (\d+), column \d+\)$", said)  # tomllib's own words, or " (at end of document)"
        line = self.text.split("\n")[int(place[1]) - 1].strip() if place else ""
        return (
            f"{self.name}{f', line {place[1]}' if place else ''}: this is not TOML: {said[0].lower()}"
            f"{said[1 : place.start() if place else None]}. Received: {shown(line) or 'nothing more'}. "
            'Put texts in quotes ("2h"), but not dates, which must exist (2026-10-12T23:59:00).'
        )


class Table:
    """A table of a document. Its keys are asked for one by one, and `close` refuses those that nobody asked for."""

    def __init__(self, data: Mapping[str, Any], path: Path, document: Document) -> None:
        self.data = data
        self.path = path
        self.document = document
        self.asked: list[str] = []

    def get(self, key: str, read: Callable[[Any], T], default: T) -> T:
        """The value of a key as `read` makes it, or the default.

        `read` raises ValueError with what it expected ("a whole number") and perhaps a hint (" Did you mean …?"), which
        then is a problem of the document.
        """
        self.asked.append(key)
        self.document.places.setdefault(key, self.path)
        if key not in self.data:
            return default
        try:
            return read(self.data[key])
        except ValueError as error:
            expected, *hint = error.args
            self.refuse(f"must be {expected}. Received: {spelt(self.data[key])}.{''.join(hint)}", key)
            return default

    def table(self, key: str) -> Table:
        """The table below a key; an empty one if it is not there."""
        return Table(self.get(key, _table, {}), (*self.path, key), self.document)

    def tables(self) -> dict[str, Table]:
        """The tables below all keys."""
        return {key: self.table(key) for key in self.data}

    def refuse(self, sentence: str, *keys: str) -> None:
        """Note a problem of a key: the sentence goes on after its path."""
        path = (*self.path, *keys)
        self.document.refuse(path, f"`{dotted(path)}` {sentence}")

    def close(self) -> None:
        """Refuse the keys that were not asked for."""
        for key in self.data:
            if key not in self.asked:
                if not self.path and (place := self.document.places.get(key)):
                    self.refuse(f"is not a known key here. Put it below `[{dotted(place)}]`.", key)
                    continue
                known = ", ".join(f"`{name}`" for name in self.asked)
                self.refuse(f"is not a known key.{meant(key, self.asked) or f' Known: {known}.'}", key)


def dotted(path: Path) -> str:
    """A path of keys as TOML writes it: `students."a.b".extensions`."""
    return ".".join(key if re.fullmatch(r"[\w-]+", key, re.ASCII) else shown(f'"{key}"') for key in path)


def spelt(value: Any) -> str:
    """A value as TOML writes it, as far as a sentence can hold."""
    if isinstance(value, dict):
        return f"a table of {len(value)}"
    if isinstance(value, list):
        text = f"[{', '.join(map(spelt, value))}]"
    elif isinstance(value, date | time):
        text = value.isoformat()
    else:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else _digits(value)
    return shown(text if len(text) <= 60 else text[:60] + "…")


def instead(name: str, names: Collection[str]) -> str:
    """What was meant, or what there is."""
    alike = next((one for one in names if one.casefold() == name.casefold()), None)
    some = ", ".join(f"`{shown(one)}`" for one in sorted(names)[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" Did you mean {shown(alike)!r}?" if alike else meant(name, names) or f" There are: {some}{more}."


def _digits(value: Any) -> str:
    """A number in digits; of one that Python does not write, how large it is."""
    try:
        return str(value)
    except ValueError:  # written in hexadecimal, it may have more digits than a text of it may have
        return f"a number of {value.bit_length()} bits"


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a table")
    return value


def _depth(value: Any) -> int:
    """How deep tables and lists are nested, without recursion."""
    level, depth = [value], 0
    while level := [inner for one in level for inner in _inside(one)]:
        depth += 1
    return depth


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _paths(table: Mapping[str, Any], above: Path = ()) -> Iterable[Path]:
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))
