"""Parts of a submission's text: a function, or what it needs to run by itself, found by lines and tokens.

Nothing here parses or imports what a student wrote: a lexer tells texts and brackets from code, and whatever begins at the left
margin begins a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from autograder.classroom.similarity import BEGINNINGS, SimilarityError

MOST = 2**18  # characters of a file that are read: many times what a student writes
NAMED = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
SET = re.compile(r"(\w+(?:[ \t]*,[ \t]*\w+)*)[ \t]*(?::[^=\n]+)?=(?!=)")
IMPORT = re.compile(r"(?:import|from)\b")
GOES_ON = re.compile(r"[ \t#)\]}]|(?:else|elif|except|finally)\b|$")


def function_in(text: str, name: str) -> str:
    """The last function of this name at the top of a file, without its docstring; "" if there is none."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if (found := NAMED.match(line)) and found[1] == name]
    if not starts:
        return ""
    start = starts[-1]
    end = next((number for number in range(start + 1, len(lines)) if lines[number].startswith(BEGINNINGS)), len(lines))
    while start and lines[start - 1].startswith("@"):
        start -= 1
    return _without("docstring", _parts("\n".join(lines[start:end]))[0])


def alone(text: str, name: str) -> str:
    """A program of a function and of what it mentions, as far as the file defines that; without comments.

    Whoever wants to know if that is enough has to run it. "" if there is no such function.
    """
    parts = _parts(_without("comment", text[:MOST]))
    wanted, kept = {name}, set[int]()
    while more := {
        number for number, part in enumerate(parts) if number not in kept and (IMPORT.match(part) or wanted & _defined(part))
    }:
        kept |= more
        wanted |= {word for number in more for word in re.findall(r"\w+", parts[number])}
    program = [parts[number] for number in sorted(kept)]
    return "\n\n\n".join(program) + "\n" if any(name in _defined(part) for part in program) else ""


def _defined(part: str) -> set[str]:
    """The names that a part of a file defines."""
    line = next((line for line in part.split("\n") if not line.startswith(("@", " ", "\t", "#"))), "")
    if named := NAMED.match(line):
        return {named[1]}
    return set(re.split(r"[ \t]*,[ \t]*", given[1])) if (given := SET.match(line)) else set()


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[str, ...]:
    """A file cut at its left margin: before each statement at its top, decorators with what they stand before."""
    lines = text[:MOST].split("\n")
    inside = _inside(text[:MOST])
    parts: list[list[str]] = []
    decorated = False
    for number, line in enumerate(lines):
        begins = not (GOES_ON.match(line) or number in inside or (number and lines[number - 1].endswith("\\")))
        if begins and not decorated:
            parts.append([])
        if begins:
            decorated = line.startswith("@")
        if parts:
            parts[-1].append(line)
    return tuple(_trimmed(part) for part in parts)


def _trimmed(part: list[str]) -> str:
    """A part without the blank lines and the comments that stand before the next one."""
    end = len(part)
    while end and (not part[end - 1].strip() or part[end - 1].startswith("#")):
        end -= 1
    return "\n".join(part[:end])


def _inside(text: str) -> set[int]:
    """The lines, counted from 0, that begin within a text or within brackets."""
    found: set[int] = set()
    line = depth = 0
    for kind, token in _lexed(text):
        ends = token.count("\n")
        if ends and (depth or kind in ("text", "docstring")):
            found.update(range(line + 1, line + ends + 1))
        line += ends
        if kind == "sign":
            depth = max(0, depth + sum(map(token.count, "([{")) - sum(map(token.count, ")]}")))
    return found


def _without(left_out: str, text: str) -> str:
    """A text without the tokens of one kind, and without the lines that hold nothing else."""
    found = [""]
    for kind, token in _lexed(text):
        if kind == left_out:
            found[-1] = found[-1].rstrip(" \t") if found[-1].isspace() else found[-1]
        else:
            found.append(token)
    lines, before = "".join(found).split("\n"), set(text.split("\n"))
    return "\n".join(line for line in lines if line.strip() or line in before)


def _lexed(text: str) -> Iterator[tuple[str, str]]:
    """The tokens of a file, whole or broken: each a text, a sign, a comment or something else."""
    try:
        from pygments.lexers.python import PythonLexer
        from pygments.token import Comment, Punctuation, String
    except ImportError:
        raise SimilarityError(
            "reading submissions needs Pygments, which is not installed: pip install 'dlkit[similarity]'"
        ) from None

    for _, kind, token in PythonLexer().get_tokens_unprocessed(text):
        yield (
            "docstring"
            if kind in String.Doc
            else "text"
            if kind in String
            else "comment"
            if kind in Comment
            else "sign"
            if kind in Punctuation
            else "",
            token,
        )
