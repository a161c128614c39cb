"""Parts of a submission's text: a function, or what it needs to run by itself, found by lines and tokens.

Nothing here parses or imports what a student wrote: a lexer tells texts and brackets from code, and whatever begins at the left
margin begins a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from autograder.classroom.similarity import BEGINNINGS, SimilarityError
from autograder.text import lines_of

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


def span_of(text: str, name: str) -> tuple[int, int]:
    """Where the last function of this name stands: its first line, counted from 0, and the line after its last.

    "Perceptron.fit" is a method. (0, 0) if there is none. Nothing but lines is looked at, so a text at the left margin ends it.
    """
    lines = lines_of(text[:MOST])
    start, end, outer = 0, len(lines), -1
    for part in name.split("."):
        indents = ((number, _indent_of(lines[number], part)) for number in range(start, end))
        found = [(number, indent) for number, indent in indents if (indent > outer if outer >= 0 else indent == 0)]
        if not found:
            return 0, 0
        outer = min(indent for _, indent in found)
        start = max(number for number, indent in found if indent == outer)
        end = next((number for number in range(start + 1, end) if _ends(lines[number], outer)), end)
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(("#", "@"))):
        end -= 1
    while start and lines[start - 1].lstrip().startswith("@"):
        start -= 1
    return start, end


def _indent_of(line: str, name: str) -> int:
    """How far the definition of a name is from the left margin; -1 if the line is none."""
    named = NAMED.match(line.lstrip())
    return len(line) - len(line.lstrip()) if named and named[1] == name else -1


def _ends(line: str, indent: int) -> bool:
    """Whether a line stands behind a block that began so far from the left margin."""
    inner = line.lstrip()
    return bool(inner) and len(line) - len(inner) <= indent and inner[0] not in "#)]}"


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
