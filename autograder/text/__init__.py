"""What a stranger's text may look like, in a terminal, on a page, in a table, in a sentence: decided here, once.

Names on folders and rosters, what a submission prints, the texts of its exceptions: all of them come from others. Nothing in
them moves a cursor, turns other text around, hides, or cannot be written by XML or a database. What each function does with
such a letter depends on where the text goes: it is shown by its number, or it is left out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

MAX_SHOWN = 300  # characters of a name in a sentence; a path in a tar may have thousands
MAX_NAME = 200  # characters; a file of this name, and a little more, can be made anywhere
MAX_LINE = 500  # characters of a line that a submission printed
MAX_MARKS = 8  # combining marks on one letter: Hebrew and Vedic texts use five at most
JOINERS = "\u200c\u200d"  # invisible, but Persian and Indic names are spelt with them, and emoji are joined by them
LAYOUT = "\n\t"
# Letters, marks and symbols by category that show nothing at all.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")

_ORDINARY = re.compile(r"[\x20-\x7e]*")
_ORDINARY_LINES = re.compile(r"[\x20-\x7e\n\t]*")
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\x1b[()*+][0-9A-Z]|\x1b[=>78cDEHM]")


def visible(text: str) -> str:
    r"""A text in which nothing moves a cursor, turns text around, hides or cannot be written; such letters become their numbers.

    Lines and tabs stay, and joiners between letters that are joined.

    >>> visible("a\x1b[31mb\u202ec")
    'a\\x1b[31mb\\u202ec'
    """
    return text if _ORDINARY_LINES.fullmatch(text) else "".join(_cleaned(text, LAYOUT, _number))


def shown(name: object) -> str:
    r"""A name as a sentence may carry it: in one line, visible, and not too long.

    >>> shown("a\nb")
    'a\\nb'
    """
    text = str(name)
    text = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
    return text if _ORDINARY.fullmatch(text) else "".join(_cleaned(text, "", _number))


def printable(name: str) -> str:
    """One spelling for each name, NFKC, visible in one line, and of a sensible length."""
    name = unicodedata.normalize("NFKC", name)
    name = "".join(_cleaned(name[: MAX_NAME + 1], "", _number))
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"


def folded(name: str) -> str:
    """A name as those systems see it that take two for one: NFKC, without case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def trimmed(text: str) -> str:
    r"""A cell of a table without what is around it and not seen: spaces, marks of order and direction, joiners.

    >>> trimmed("\ufeff s0001\u200b ")
    's0001'
    """
    unseen = "".join(letter for letter in {*text[:4], *text[-4:]} if letter.isspace() or unicodedata.category(letter) == "Cf")
    return text.strip(unseen) if unseen else text


def readable(text: str) -> str:
    r"""A text for other systems, such as XML and databases: what is not visible is left out.

    >>> readable("a\x00b\ud800c")
    'abc'
    """
    return text if _ORDINARY_LINES.fullmatch(text) else "".join(_cleaned(text, LAYOUT, lambda letter: ""))


def plain(text: str, most: int, *, lines: bool = False) -> str:
    r"""What a worker says, fit to be shown: at most so many characters, without terminal codes or what hides.

    Args:
        text: what it says.
        most: characters that are kept.
        lines: keep its lines, of which none is longer than `MAX_LINE`; tabs become spaces.

    >>> plain("\x1b[31mred\x1b[0m\x07", 100)
    'red '
    """
    cut = text[: 4 * most + 1]  # terminal codes do not count
    if "\x1b" in cut:
        cut = _SEQUENCE.sub("", cut)
    if lines:
        cut = "\n".join(
            _capped(line, MAX_LINE) for line in cut.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
        )
    known = _ORDINARY_LINES if lines else _ORDINARY
    if not known.fullmatch(cut):
        cut = "".join(_cleaned(cut[: most + 1], "\n" if lines else "", _space))
    whole = len(text) <= 4 * most + 1 and len(cut) <= most
    return cut if whole else cut[:most].removesuffix(" …") + " …"


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters that stays another text than every other: a long one ends in its length and digest.

    >>> shortened("x" * 1000, 80) == shortened("x" * 1001, 80)
    False
    """
    if len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    end = f"… ({len(text)} characters, digest {digest})"
    return text[: most - len(end)] + end


def lines_of(text: str) -> list[str]:
    """The lines of a file, as editors count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _capped(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].removesuffix(" …") + " …"


def _cleaned(text: str, layout: str, otherwise: Callable[[str], str]) -> Iterator[str]:
    """The letters of a text, and what becomes of those that are not harmless."""
    marks = 0
    for place, letter in enumerate(text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind == "Zs":
            yield " "
        elif marks > MAX_MARKS:
            yield "…" if marks == MAX_MARKS + 1 else ""
        elif letter in layout or _harmless(letter) or (letter in JOINERS and _joins(text, place)):
            yield letter
        else:
            yield otherwise(letter)


def _harmless(letter: str) -> bool:
    return letter.isprintable() and letter not in BLANK


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands behind a letter of a script that is spelt with joiners, or behind an emoji.

    Between Latin letters it only makes two names of one.
    """
    before = place - 1
    while before >= 0 and unicodedata.category(text[before]) in ("Mn", "Mc", "Sk"):  # vowel signs, skin tones
        before -= 1
    if before < 0:
        return False
    kind = unicodedata.category(text[before])
    return kind == "So" or (kind in ("Lo", "Lm") and unicodedata.east_asian_width(text[before]) not in "WF")


def _number(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def _space(letter: str) -> str:
    """A space where something would have moved; nothing where something would have been invisible."""
    return " " if unicodedata.category(letter) == "Cc" else ""


def meant(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A question such as " Did you mean 'hw2'?", if a name is nearly one of others; else what is said otherwise."""
    from difflib import get_close_matches  # needed for a slip only, and this module is imported everywhere

    near = get_close_matches(name, list(names), 1, 0.5)
    return f" Did you mean {near[0]!r}?" if near else otherwise


def words_of(name: str) -> set[str]:
    """The words of a name, as they are compared."""
    return set(re.findall(r"\w+", folded(name)))
