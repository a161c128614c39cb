"""A student's file on a page: its lines, in colours where Pygments is installed. Nothing here parses or runs it."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from autograder.text import lines_of, visible

MOST_LINES, MOST_CHARACTERS = 5000, 1000  # that are shown: of a file, and of a line
KINDS = {"Keyword": "k", "Literal": "s", "String": "s", "Comment": "c", "Number": "m", "Function": "f", "Class": "f"}


@lru_cache(maxsize=256)
def lines(text: str) -> tuple[Markup, ...]:
    """The lines of a file, safe to stand in a page."""
    plain = [line[:MOST_CHARACTERS] + ("…" if len(line) > MOST_CHARACTERS else "") for line in lines_of(text)[:MOST_LINES]]
    try:
        from pygments.lexers.python import PythonLexer
    except ImportError:
        return tuple(escape(visible(line)) for line in plain)
    found: list[list[str]] = [[]]
    for _, kind, value in PythonLexer().get_tokens_unprocessed("\n".join(plain)):
        name = next((KINDS[part] for part in reversed(kind) if part in KINDS), "")
        for number, part in enumerate(value.split("\n")):
            if number:
                found.append([])
            if part:
                safe = str(escape(visible(part)))
                found[-1].append(f'<span class="{name}">{safe}</span>' if name else safe)
    return tuple(Markup("".join(parts)) for parts in found)  # noqa: S704 - each part is escaped


def place_of(function: str, texts: dict[str, str]) -> tuple[str, int]:
    """The file and the line at which a function begins; ("", 0) where none is found."""
    name = re.escape(function.split(".")[0])
    begins = re.compile(rf"(?:async\s+)?(?:def|class)\s+{name}\b|{name}\s*(?::[^=]+)?=(?!=)")
    for file, text in texts.items():
        for number, line in enumerate(lines_of(text), start=1):
            if begins.match(line):
                return file, number
    return "", 0
