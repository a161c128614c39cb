"""Stories: the longer why behind a reason, for students who ask for it.

A story is a Markdown file about one idea, such as softmax without taking the maximum off. At its top stand its title and the
ids of the reasons that it is about, in which `*` stands for anything; the most precise id wins:

    ---
    title: Overflow in a softmax
    of: softmax-not-shifted, softmax-shift-by-*
    ---

Below are paragraphs, and blocks between ``` : an equation, a small drawing, and, between ```pycon and ```, an experiment as
Python shows it, with `>>> ` before what is typed. An author's own stories lie in `stories/` of the assignment, and come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

OURS = Path(__file__).parent
FOLDER = "stories"  # of an assignment
KEYS = ("title", "of")
EXPERIMENT = "pycon"
FENCE = "```"
PROMPTS = (">>> ", "...")  # the second goes on, or ends a block with nothing behind it
ITEM = re.compile(r"\n(?=- )")


class StoryError(Exception):
    """A text is no story; the message is one sentence for its author."""


class Kind(StrEnum):
    """What a part of a story is."""

    TEXT = "text"
    FIGURE = "figure"  # an equation or a drawing
    CODE = "try it"
    OUTPUT = "it prints"


@dataclass(frozen=True)
class Part:
    """A paragraph, or the lines of a block."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Story:
    """One idea.

    Attributes:
        title: the mistake, or the idea.
        of: the ids of the reasons that it is about; `*` stands for anything.
        parts: what is read, in order.
    """

    title: str
    of: tuple[str, ...]
    parts: tuple[Part, ...]


def story_of(reason: str | None, folder: Path | None = None) -> Story | None:
    """The story about a reason, None where there is none.

    Args:
        reason: its id.
        folder: of the assignment, whose own stories come first; those that cannot be read are left out, see `broken`.
    """
    if not reason:
        return None
    own = _best(folder / FOLDER, reason) if folder else None
    return own or _best(OURS, reason)


def broken(folder: Path) -> tuple[str, ...]:
    """A sentence on each of an assignment's own stories that cannot be read."""
    return _read(folder / FOLDER)[1]


def parse(text: str) -> Story:
    """A story from the text of its file.

    Raises:
        StoryError: it has no title, or is about nothing.
    """
    top, found, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not found:
        raise StoryError(f"it must begin with a line ---, lines such as `title: ...`, and a line ---. Received: {text[:40]!r}")
    values: dict[str, list[str]] = {}
    for line in filter(str.strip, top.split("\n")):
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS:
            expected = " or ".join(f"{key}:" for key in KEYS)
            raise StoryError(f"a line at its top must begin with {expected}. Received: {line[:80]!r}")
        values.setdefault(key, []).append(value)
    title = " ".join(values.get("title", ())).strip()
    of = tuple(id for id in re.split(r"[,\s]+", ",".join(values.get("of", ()))) if id)
    if not title:
        raise StoryError("it has no title; expected a line such as `title: A sum for a mean`")
    if not of:
        raise StoryError("it is about no reason; expected a line such as `of: softmax-not-shifted, softmax-shift-by-*`")
    return Story(title, of, tuple(_parts(body)))


def _parts(body: str) -> Iterator[Part]:
    for number, block in enumerate(re.split(rf"^{FENCE}", body, flags=re.MULTILINE)):
        if number % 2:
            language, _, lines = block.partition("\n")
            yield from _experiment(lines) if language.strip() == EXPERIMENT else [Part(Kind.FIGURE, lines.rstrip())]
        else:
            paragraphs = (part for whole in re.split(r"\n\s*\n", block) for part in ITEM.split(whole))
            yield from (Part(Kind.TEXT, " ".join(part.split())) for part in paragraphs if part.strip())


def _experiment(lines: str) -> Iterator[Part]:
    """What is typed, to be copied in one piece, and what is then seen."""
    typed = [line[len(PROMPTS[0]) :] for line in lines.splitlines() if line.startswith(PROMPTS)]
    seen = [line for line in lines.splitlines() if line and not line.startswith(PROMPTS)]
    yield Part(Kind.CODE, "\n".join(typed))
    if seen:
        yield Part(Kind.OUTPUT, "\n".join(seen))


@cache
def _read(folder: Path) -> tuple[tuple[Story, ...], tuple[str, ...]]:
    """The stories in a folder, and a sentence on each that cannot be read."""
    stories, sentences = [], []
    for path in sorted(folder.glob("*.md")):
        try:
            stories.append(parse(path.read_text(encoding="utf-8-sig")))
        except StoryError as error:
            sentences.append(f"the story {path} cannot be read: {error}")
        except UnicodeDecodeError:
            sentences.append(f"the story {path} cannot be read: it is not UTF-8; save it as UTF-8")
        except OSError as error:
            sentences.append(f"the story {path} cannot be read: {error.strerror}")
    return tuple(stories), tuple(sentences)


@cache
def _best(folder: Path, reason: str) -> Story | None:
    """The story whose id fits best: one without `*` before all others, and then the longest."""
    stories, _ = _read(folder)
    fits = [
        (id == reason, len(id), -number)
        for number, one in enumerate(stories)
        for id in one.of
        if id == reason or ("*" in id and fnmatchcase(reason, id))
    ]
    return stories[-max(fits)[2]] if fits else None
