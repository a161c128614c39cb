"""Sessions in documentation: what is typed, and what has to be printed."""

from __future__ import annotations

import re


def session(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the lines that stand below it; a comment after a command is no part of it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(re.sub(r"  +#.*", "", command), shown) for command, _, shown in (part.partition("\n") for part in parts)]


def is_shown(printed: str, shown: str) -> bool:
    """Whether a command printed what is shown: `…` alone on a line stands for any lines, within a line for some of it."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in shown.splitlines()]
    return bool(re.fullmatch("".join(lines), "".join(f"{line.rstrip()}\n" for line in printed.splitlines())))
