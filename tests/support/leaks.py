"""The search for leaks: whatever of a reference is in a kit or a wheel, in every byte of it."""

from __future__ import annotations

import ast
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache

import numpy as np
import numpy.typing as npt
from support import ROOT

from autograder.assignment import load
from autograder.authoring.derive import stub
from autograder.grading.recorded import MAGIC
from autograder.grading.references import MISCONCEPTIONS, misconceptions_in

NAMES = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
SHORT = 12  # characters without blanks, and what is shorter than that is nobody's secret: `return s`
FRAGMENT = 30  # the same for what a misconception changes, in the library's own files: parts of lines are like any other's
GRAM = 8  # bytes, of which each word has some in a row: a text that has not all of them does not have the word
SMALL = 12  # nodes of a piece of syntax; `np.zeros(n)` has fewer

# Lines of references that the library has too. The data of hw5's experiment are `datasets.noisy_digits`, on purpose; the
# others are how one imports, seeds, opens a call or a tape.
SHARED = """
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
return keras.Sequential([
with tf.GradientTape() as tape:
rng = np.random.default_rng(0)
rng = np.random.default_rng(seed)
keras.utils.set_random_seed(0)
model.compile(
order = rng.permutation(len(images))
X, y = (images[order] / 16).astype(np.float32), labels[order]
`gate` must be one of
"""


def packed(text: str) -> str:
    """A text without blanks, so that neither indentation nor a broken line hides it."""
    return "".join(text.split())


def readable(data: bytes) -> str:
    """What of a file's bytes is long enough to be text, without blanks."""
    return "\0".join(re.findall(rf"[^\x00-\x1f\x7f\ufffd]{{{SHORT},}}", packed(data.decode("utf-8", "replace"))))


def opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and whatever is packed in it: zips and wheels, records, gzip; each by its path."""
    yield name, data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from opened(f"{name}/{member}", archive.read(member))
    elif data.startswith(MAGIC):
        yield f"{name} (unpacked)", zlib.decompress(data[len(MAGIC) + 32 :])
    elif data.startswith(b"\x1f\x8b"):
        yield from opened(f"{name} (unpacked)", gzip.decompress(data))


@cache
def public() -> dict[str, str]:
    """What students may read of every assignment: handouts, specs, and stubs as they are derived."""
    texts = {}
    for name in NAMES:
        for path in (*ROOT.glob(f"assignments/{name}/*.md"), ROOT / "assignments" / name / "checks.py"):
            texts[f"{name}/{path.name}"] = path.read_text(encoding="utf-8")
        for file in load(ROOT / "assignments" / name).files:
            mistakes = misconceptions_in(ROOT / "solutions" / name).values()
            texts[f"{name}/{file}"] = stub((ROOT / "solutions" / name / file).read_text(encoding="utf-8"), file, mistakes)
    return texts


def references() -> dict[str, str]:
    """The source of every reference, and every misconception's changes of it."""
    texts = {}
    for name in NAMES:
        folder = ROOT / "solutions" / name
        texts |= {
            f"{name}/{path.name}": path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != MISCONCEPTIONS
        }
        for mistake in misconceptions_in(folder).values():
            texts[f"{name}/{mistake.id}"] = "\n".join(text for change in mistake.changes for text in change)
    return texts


def pieces_of(tree: ast.AST) -> dict[int, ast.AST]:
    """Every statement and expression of some size, by its structure: whatever the blanks, brackets and comments are."""
    found: dict[int, ast.AST] = {}

    def structure(value: object) -> tuple[int, int]:
        """The hash of a node, a list or a constant, and its number of nodes: each from those of its parts."""
        if isinstance(value, list):
            parts = [structure(part) for part in value]
            return hash(tuple(part for part, _ in parts)), sum(size for _, size in parts)
        if not isinstance(value, ast.AST):
            return hash((type(value), repr(value))), 0
        parts = [structure(getattr(value, name, None)) for name in value._fields]
        key, size = hash((type(value), *(part for part, _ in parts))), 1 + sum(size for _, size in parts)
        if size >= SMALL and isinstance(value, ast.stmt | ast.expr) and not isinstance(value, ast.FunctionDef):
            found[key] = value
        return key, size

    structure(tree)
    return found


def words_of(text: str) -> Iterator[str]:
    """The lines of a source, with their comments and without, the comments themselves and the texts in quotes."""
    for line in text.splitlines():
        code, mark, comment = line.partition("  #")
        yield from (line, code, comment if mark else "")
    try:
        tree = ast.parse(text)
    except SyntaxError:  # a misconception's changes are parts of a function
        return
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def grams(text: str) -> npt.NDArray[np.uint64]:
    """Every GRAM bytes in a row of a text, each as a number."""
    runs = np.lib.stride_tricks.sliding_window_view(np.frombuffer(text.encode(), np.uint8), GRAM)
    return np.ascontiguousarray(runs).view(np.uint64).ravel()


def possible(words: Iterable[str], whole: str) -> list[str]:
    """The words that may be in a long text, as all their grams are: thousands of words are looked for in one pass."""
    of_words = {word: grams(word) for word in words}
    known = np.unique(np.concatenate(list(of_words.values())))
    of_text = grams(whole)
    places = np.minimum(np.searchsorted(known, of_text), len(known) - 1)
    there = np.zeros(len(known), bool)
    there[places[known[places] == of_text]] = True
    return [word for word, own in of_words.items() if there[np.searchsorted(known, own)].all()]


class Search:
    """What must not be found, and where it was."""

    def __init__(self) -> None:
        known = packed("\n".join(public().values()))
        shared = {packed(line) for line in SHARED.splitlines()}
        self.words: dict[str, str] = {}
        self.fragments: set[str] = set()
        self.pieces: dict[int, str] = {}
        seen: set[int] = {
            piece for name, text in public().items() if name.endswith(".py") for piece in pieces_of(ast.parse(text))
        }
        for line in SHARED.splitlines():
            with suppress(SyntaxError):  # the beginning of a call, or a text
                seen |= pieces_of(ast.parse(line.removeprefix("return "))).keys()
        for name, text in sorted(references().items(), key=lambda entry: entry[0].endswith(".py")):  # changes first
            for word in words_of(text):
                if len(packed(word)) > SHORT and packed(word) not in known and packed(word).partition("#")[0] not in shared:
                    self.words.setdefault(packed(word), f"{name}: {word.strip()[:80]}")
                    if not name.endswith(".py"):
                        self.fragments.add(packed(word))
            if name.endswith(".py"):
                self.fragments -= {packed(word) for word in words_of(text)}
                pieces = pieces_of(ast.parse(text))
                self.pieces |= {piece: f"{name}: {ast.unparse(node)}" for piece, node in pieces.items() if piece not in seen}

    def found(self, files: Mapping[str, bytes]) -> list[str]:
        """Where something of a reference is."""
        contents = [entry for name, data in files.items() for entry in opened(name, data)]
        texts = {path: text for path, data in contents if (text := readable(data))}
        whole = "\0".join(texts.values())
        leaked = [word for word in possible(self.words, whole) if word in whole]
        finds = [
            f"{path} has {self.words[word]}"
            for word in leaked
            for path, text in texts.items()
            if word in text and not (word in self.fragments and len(word) <= FRAGMENT and ".whl/" in path)
        ]
        for path, data in contents:
            if path.endswith(".py"):
                finds += [f"{path} has {self.pieces[piece]}" for piece in pieces_of(ast.parse(data)) if piece in self.pieces]
        return finds
