"""Near-identical submissions: a lead for somebody who reads both, and never a verdict.

A program is read as tokens: comments, docstrings, white space and the names that its author chose do not count, nor does the
order of the functions at its top. Each run of RUN tokens is a print; what the stub prints is nobody's own. Of two works, the
share is that of the smaller one's own prints which the other has too, where a print counts for more the fewer of the class have
it: a short function has few right forms, and whoever writes one of them has copied from nobody.

    weight(print) = log((works + 1) / works that have it)

In sample classes of hw2, where everybody writes the reference's form (4 classes of 60), a share of 0.95 finds all 8 copies and
21 of the 7,072 other pairs; 6 of the 8 where the copier wrote two of twelve functions anew.
"""

from __future__ import annotations

import builtins
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import load
from autograder.classroom.cores import mapped
from autograder.submission.source import read_source
from autograder.text.errors import DlkitError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pygments.lexer import Lexer

    from autograder.classroom.gradebook import Row

    Hashes = NDArray[np.uint64]
    Token = tuple[str, int, int]  # and the lines where it begins and ends

CAVEAT = (
    "A lead, never a verdict: a short function has few right forms, and two people who never met may hand in nearly the same "
    "program. Read both, and ask them, before you conclude anything."
)
AT_LEAST = 0.95
RUN = 24  # tokens: two or three lines
FEWEST = RUN  # own prints, about five lines; a smaller work says nothing, unless two are the same to the letter
MOST_CHARACTERS = 2**18  # of a file that are read: many times what a student writes
MOST_TOKENS = 2**16
BLOCK = 2**11  # prints that works are compared in at a time
ROWS = 2**10  # works that are compared with all others at a time
FACTOR = 0x9E3779B97F4A7C15  # odd, its bits well mixed: 2^64 / golden ratio
CHOSEN = "name"  # what every name that its author chose is read as
BEGINNINGS = ("def ", "async def ", "class ", "@")
BEGINNING = re.compile(rf"^(?:{'|'.join(BEGINNINGS)})", re.MULTILINE)
FOLLOWING = "def following"  # read as such only at the top of a file
REMEMBERED = 2**13  # parts, with what is read in them: about 20 MB
GIVEN = frozenset(dir(builtins))


class SimilarityError(DlkitError):
    """Submissions cannot be compared here; the sentence says what to do."""


@dataclass(frozen=True)
class Pair:
    """Two works that have much in common.

    Attributes:
        first, second: whose they are, in order.
        share: how much of the smaller own work the other has too, from 0 to 1.
    """

    first: str
    second: str
    share: float


@dataclass(frozen=True)
class Lines:
    """Lines of a file, both ends included, counted from one."""

    file: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Where two works have the same tokens."""

    first: Lines
    second: Lines


@dataclass(frozen=True)
class _Printed:
    """A work's prints, the lines of each, and which of them are its own."""

    hashes: Hashes
    lines: Sequence[Lines]
    own: NDArray[np.bool_]


def newest(rows: Iterable[Row]) -> dict[str, Row]:
    """The newest attempts that have a text, each once, by the student under whom it is kept."""
    last: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.number):
        if row.files is not None:
            last |= dict.fromkeys(row.everybody, row)
    return {row.student: row for row in sorted(last.values(), key=lambda row: (row.student, row.number))}


def apart(pairs: Iterable[Pair], rows: Iterable[Row], groups: Mapping[str, str]) -> list[Pair]:
    """The pairs of those who did not work together: in one group by an attempt of theirs, or by the roster.

    Args:
        pairs: of works.
        rows: every attempt at the assignment.
        groups: the group that the roster gives each student.
    """
    mates: dict[str, set[str]] = {}
    for row in rows:
        for student in row.everybody:
            mates.setdefault(student, set()).update(row.everybody)
    return [
        pair
        for pair in pairs
        if pair.second not in mates.get(pair.first, ())
        and not (groups.get(pair.first) and groups.get(pair.first) == groups.get(pair.second))
    ]


def handed_out(folder: Path) -> dict[str, str]:
    """The files of an assignment as they were handed out, as far as they are there.

    Raises:
        SpecError: the assignment is broken.
        SubmissionError: a file is not text.
    """
    paths = {file: folder / file for file in load(folder).files}
    return {file: read_source(path) for file, path in paths.items() if path.is_file()}


def similar(works: Mapping[str, Mapping[str, str]], stub: Mapping[str, str], *, at_least: float = AT_LEAST) -> list[Pair]:
    """The pairs of works that have much in common, the most first.

    Args:
        works: text by file name, by student.
        stub: text by file name of what was handed out, which is nobody's own.
        at_least: the smallest share that is told of, above 0 and at most 1.

    Raises:
        SimilarityError: the library that reads programs is not installed.
    """
    keys = sorted(works)
    owned = list(mapped(partial(_own, _hashes(stub)), [works[key] for key in keys]))
    found = []
    for i, j, shared, share in _alike(owned, at_least):
        first, second = keys[i], keys[j]
        if min(len(owned[i]), len(owned[j])) >= FEWEST or works[first] == works[second]:
            found.append((-min(1.0, round(share, 6)), -shared, first, second))
    # Of equal shares, first those with more behind them.
    return [Pair(first, second, -share) for share, _, first, second in sorted(found)]


def _own(given: Hashes, work: Mapping[str, str]) -> Hashes:
    import numpy as np

    return np.setdiff1d(_hashes(work), given)


def passages(first: Mapping[str, str], second: Mapping[str, str], stub: Mapping[str, str]) -> list[Passage]:
    """Where two works have the same tokens, in the order of the first, each passage as long as it can be.

    Raises:
        SimilarityError: the library that reads programs is not installed.
    """
    given = _hashes(stub)
    return list(_passages(_printed(first, given), _printed(second, given)))


def _alike(owned: Sequence[Hashes], at_least: float) -> Iterator[tuple[int, int, float, float]]:
    """The pairs of works that have much in common: their places, in order, what they share, and which share that is.

    Works with the same prints are compared once, and only those are compared of which enough is in any other work: so that
    neither memory nor time grows with the square of a large class.
    """
    import numpy as np

    count = len(owned)
    if not sum(map(len, owned)):
        return
    who = np.repeat(np.arange(count), [len(one) for one in owned])
    _, which, often = np.unique(np.concatenate(owned), return_inverse=True, return_counts=True)
    weight = np.log((count + 1) / often)
    sizes = np.bincount(who, weight[which], count).astype(float)
    groups: dict[bytes, list[int]] = {}
    for place, prints in enumerate(owned):
        if len(prints):
            groups.setdefault(prints.tobytes(), []).append(place)
    for same in groups.values():
        yield from ((i, j, float(sizes[i]), 1.0) for number, i in enumerate(same) for j in same[number + 1 :])
    members = list(groups.values())
    for one, two, shared in _sharing([same[0] for same in members], who, which, weight, sizes, at_least):
        smaller = min(sizes[members[one][0]], sizes[members[two][0]])
        for i in members[one]:
            yield from ((min(i, j), max(i, j), shared, shared / smaller) for j in members[two])


def _sharing(
    places: Sequence[int],
    who: NDArray[np.int64],
    which: NDArray[np.int64],
    weight: NDArray[np.float64],
    sizes: NDArray[np.float64],
    at_least: float,
) -> Iterator[tuple[int, int, float]]:
    """The pairs of some works, by their number among `places`, of which the smaller one has enough in common with the other.

    Args:
        places: the works.
        who: the work of each print that any work has.
        which: the number of that print.
        weight: of each print, by its number.
        sizes: the sum of the weights of each work.
        at_least: the smallest share.
    """
    import numpy as np

    number = np.full(len(sizes), -1)
    number[places] = np.arange(len(places))
    kept = number[who] >= 0
    who, which = number[who[kept]], which[kept]
    sizes = sizes[list(places)]
    often = np.bincount(which, minlength=len(weight))
    common = often[which] > 1  # what one work has alone is in no pair
    who, which = who[common], which[common]
    enough = (at_least - 1e-9) * sizes
    rows = np.flatnonzero((np.bincount(who, weight[which], len(places)) >= enough) & (sizes > 0))
    asked = np.zeros(len(places), bool)
    asked[rows] = True
    columns, which = np.unique(which, return_inverse=True)
    root = np.sqrt(weight[columns])
    order = np.argsort(which, kind="stable")
    who, which = who[order], which[order]
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        shared = np.zeros((len(some), len(places)))
        for begin in range(0, len(columns), BLOCK):
            one, two = np.searchsorted(which, [begin, begin + BLOCK])
            block = np.zeros((len(places), BLOCK))
            block[who[one:two], which[one:two] - begin] = root[which[one:two]]
            shared += block[some] @ block.T
        hit = shared >= np.minimum.outer(enough[some], enough)
        for at, other in np.argwhere(hit & (sizes > 0)).tolist():
            row = int(some[at])
            if row < other or (row > other and not asked[other]):  # each pair once
                yield row, other, float(shared[at, other])


def _printed(files: Mapping[str, str], given: Hashes) -> _Printed:
    import numpy as np

    hashes = _hashes(files)
    lines = [
        Lines(name, above + first, above + last)
        for name in sorted(files)
        for above, part in _parts(files[name])
        for first, last in part.lines.tolist()
    ]
    return _Printed(hashes, lines, ~np.isin(hashes, given))


def _hashes(files: Mapping[str, str]) -> Hashes:
    """A hash of each run of tokens, in the order of the files' names."""
    import numpy as np

    return np.concatenate([np.zeros(0, np.uint64), *(part.hashes for name in sorted(files) for _, part in _parts(files[name]))])


@dataclass(frozen=True)
class _Part:
    """A function or a class at the top of a file, or what stands before the first of them.

    Attributes:
        hashes: one of each run of its tokens; one of all, if it is shorter than a run.
        lines: of each run, the lines where it begins and ends, counted from the part's first.
        tokens: how many it has.
    """

    hashes: Hashes
    lines: NDArray[np.int32]
    tokens: int


def _parts(text: str) -> list[tuple[int, _Part]]:
    """The parts of a file, whose order is nobody's thought, each with the number of lines above it."""
    lexer = _lexer()  # missing or not, whatever is remembered
    text = text[:MOST_CHARACTERS]
    parts = _one_by_one(text)
    if parts is None or sum(part.tokens for _, part in parts) > MOST_TOKENS:
        parts = [(0, _part(tokens)) for tokens in _cut(text, islice(_tokens(lexer.get_tokens_unprocessed(text)), MOST_TOKENS))]
    return parts


def _one_by_one(text: str) -> list[tuple[int, _Part]] | None:
    """The parts of a file, each read for itself; None if that is not the same as to read the whole.

    Reading is what takes time, and many of a class have the same function: a part that was read before is remembered.
    """
    found = []
    above = 0
    for begin, end in pairwise((0, *(match.start() for match in BEGINNING.finditer(text, 1)), len(text))):
        part = _remembered(text[begin:end], end == len(text))
        if part is None:
            return None
        if part.tokens:
            found.append((above, part))
        above += text.count("\n", begin, end)
    return found


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str, last: bool) -> _Part | None:
    """A part of a file; None if what follows would be read in another way than at the beginning of a file."""
    from pygments.token import Keyword

    lexed = list(_lexer().get_tokens_unprocessed(text if last else text + FOLLOWING))
    if not last:
        end = next((place for place, (at, kind, _) in enumerate(lexed) if at == len(text) and kind in Keyword), None)
        if end is None:  # in the middle of a string, of a list of imports, ...
            return None
        lexed = lexed[:end]
    tokens = list(_tokens(lexed))
    return _part(tokens) if last or not tokens or tokens[-1][0] != "." else None  # which tells what the next name is


def _part(tokens: Sequence[Token]) -> _Part:
    import numpy as np

    codes = np.array([zlib.crc32(token.encode("utf-8", "replace")) for token, _, _ in tokens], np.uint64)
    run = min(RUN, len(tokens))
    count = len(tokens) - run + 1 if tokens else 0
    rolling = np.zeros(count, np.uint64)
    for place in range(run):
        rolling = rolling * np.uint64(FACTOR) + codes[place : place + count]  # modulo 2^64
    lines = [(tokens[place][1], tokens[place + run - 1][2]) for place in range(count)]
    return _Part(rolling, np.array(lines, np.int32).reshape(-1, 2), len(tokens))


def _cut(text: str, tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of a file, cut before each function and class at its top."""
    part: list[Token] = []
    beginnings = {number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(BEGINNINGS)}
    before = 0
    for token in tokens:
        line = token[1]
        if part and line != before and line in beginnings:
            yield part
            part = []
        before = line
        part.append(token)
    if part:
        yield part


def _lexer() -> Lexer:
    """What reads programs, whole or broken.

    Raises:
        SimilarityError: it is not installed.
    """
    try:
        from pygments.lexers.python import PythonLexer
    except ImportError:
        raise SimilarityError(
            "comparing submissions needs Pygments, which is not installed: pip install 'dlkit[similarity]'"
        ) from None
    return PythonLexer()


def _tokens(lexed: Iterable[tuple[int, Any, str]]) -> Iterator[Token]:
    """The tokens of a program; a name that its author chose is any name."""
    line, before = 1, ""
    for _, kind, text_of in lexed:
        first = line
        line += text_of.count("\n")
        skipped, is_string, is_name = _about(kind)
        token = text_of.strip("\"'") if is_string else text_of.strip()  # 'w1' and "w1" are the same
        if not token or skipped:
            continue
        chosen = is_name and before != "." and token not in GIVEN
        before = token
        yield CHOSEN if chosen else token, first, line


@cache
def _about(kind: Any) -> tuple[bool, bool, bool]:
    """Whether what Pygments calls so says nothing, is a string, is a name: of dozens of kinds, asked for each token."""
    from pygments.token import Comment, Name, String, Whitespace

    return kind in Comment or kind in Whitespace or kind in String.Doc, kind in String, kind in Name


def _passages(first: _Printed, second: _Printed) -> Iterator[Passage]:
    where = {hash: place for place, hash in reversed(list(enumerate(second.hashes.tolist()))) if second.own[place]}
    ours, theirs = first.hashes.tolist(), second.hashes.tolist()
    start = 0
    while start < len(ours):
        there = where.get(ours[start])
        if there is None:
            start += 1
            continue
        length = 1
        while (
            start + length < len(ours)
            and there + length < len(theirs)
            and ours[start + length] == theirs[there + length]
            and first.own[start + length]
            and first.lines[start + length].file == first.lines[start].file
            and second.lines[there + length].file == second.lines[there].file
        ):
            length += 1
        yield Passage(_from_to(first.lines, start, length), _from_to(second.lines, there, length))
        start += length


def _from_to(lines: Sequence[Lines], start: int, length: int) -> Lines:
    return Lines(lines[start].file, lines[start].start, lines[start + length - 1].end)
