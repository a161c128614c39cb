"""Is anything of a reference's bodies in what students are given? Searched for, in every text, and not assumed.

A line of a body is found whatever its blanks, brackets and line breaks are. What the stub has (signatures, docstrings, data, what
the author keeps by `# stub: keep`) may be anywhere; so may what is too short to be anybody's secret.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from autograder.authoring.stubs import BODY, FUNCTIONS, stub_of

SHORT = 14  # characters without blanks: `return s / n.sum()` is longer
SMALL = 10  # nodes of a piece of syntax: `np.zeros(n)` has fewer, `x @ W + b` has as many
FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
USUAL = (  # how one imports, seeds, opens a tape or a figure: in any handout, and in any solution
    r"(from[\w.]+)?import[\w.,*]+",
    r"(\w+=)?(np\.random\.(default_rng|seed)|keras\.utils\.set_random_seed|tf\.random\.set_seed|random\.seed)\([\w.]*\)",
    r"withtf\.GradientTape\([\w=]*\)as\w+:",
    r"(\w+,\w+=)?(plt\.\w+|load_\w+)\([\w=(),. ]*\)",
    r"(model\.)?(compile|fit|summary)\(?",
    r"returnkeras\.Sequential\(\[?",
)
_USUAL = re.compile("|".join(f"(?:{text})" for text in USUAL))


@dataclass(frozen=True)
class Giveaway:
    """A piece of a reference in what students are given.

    Attributes:
        file: where it is.
        line: in that file, 0 where it is a text without lines.
        piece: as the reference has it.
    """

    file: str
    line: int
    piece: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place} contains `{self.piece}`, which is part of a solution"


@dataclass(frozen=True)
class Bodies:
    """What must not be found: lines without blanks, and pieces of syntax, each with the text to show."""

    lines: Mapping[str, str]
    pieces: Mapping[str, str]


def bodies_of(references: Mapping[str, str], given: Iterable[str] = (), stubs: Mapping[str, str] | None = None) -> Bodies:
    """The lines and pieces of what a stub leaves out.

    Args:
        references: the text of each file of the reference.
        given: texts of the author's that may show anything, such as a spec.
        stubs: the stub of each file, where it is more than the reference without its bodies: programs to repair.

    Raises:
        StubError: a reference is none.
    """
    stubs = stubs or {name: stub_of(text, name).text for name, text in references.items()}
    public = packed("\n".join([*stubs.values(), *given]))
    shown = {piece for text in stubs.values() for piece in pieces_in(text)}
    asked = {node.name for text in stubs.values() for node in ast.parse(text).body if isinstance(node, FUNCTIONS)}
    lines: dict[str, str] = {}
    pieces: dict[str, str] = {}
    for text in references.values():
        for line in _code_lines(text):
            word = packed(line)
            if len(word) >= SHORT and word not in public and not _USUAL.fullmatch(word) and not _calls_line(line, asked):
                lines.setdefault(word, line.strip())
        pieces |= {
            piece: code
            for piece, code in pieces_in(text).items()
            if piece not in shown
            and len(packed(code)) >= SHORT
            and packed(code) not in public
            and not _USUAL.fullmatch(packed(code))
            and not _calls_line(code, asked)
        }
    return Bodies(lines, pieces)


def search(texts: Mapping[str, str], bodies: Bodies) -> list[Giveaway]:
    """Where something of a reference is, the first find of each line of a text only."""
    found: dict[tuple[str, int], Giveaway] = {}
    for name, text in texts.items():
        for part in _parts(name, text):
            whole = packed(part)
            for word, piece in bodies.lines.items():
                if word in whole:
                    line = _line_of(text, word)
                    found.setdefault((name, line), Giveaway(name, line, piece))
            for piece, line in _syntax_in(name, part).items():
                if piece in bodies.pieces and not any(place == (name, line) for place in found):
                    found[name, line] = Giveaway(name, line, bodies.pieces[piece].partition("\n")[0])
    return list(found.values())


def solved(text: str, name: str, functions: Collection[str]) -> list[Giveaway]:
    """The functions of a stub, of those that are asked for, that are more than a docstring and an error."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and node.name in functions:
            rest = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            if any(ast.unparse(one).partition("(")[0] != BODY and not isinstance(one, ast.Pass) for one in rest):
                found.append(Giveaway(name, rest[0].lineno, ast.unparse(rest[0]).partition("\n")[0]))
    return found


def packed(text: str) -> str:
    """A text without blanks, so that neither indentation nor a broken line hides it."""
    return re.sub(r"\s+", "", text)


def pieces_in(text: str) -> dict[str, str]:
    """Every statement and expression of some size by its structure, whatever its blanks, brackets and comments are."""
    found = {}
    with suppress(SyntaxError, ValueError, RecursionError):
        for node in _code(ast.parse(text)):
            found[ast.dump(node)] = ast.unparse(node)
    return found


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        piece = isinstance(node, ast.stmt | ast.expr) and not isinstance(node, (*FUNCTIONS, ast.ClassDef))
        if piece and sum(1 for _ in ast.walk(node)) >= SMALL:
            yield node


def _calls_only(code: str, asked: Collection[str]) -> bool:
    """Whether a piece is no more than a call of what students write, as any example of its use is."""
    node: ast.AST | None = ast.parse(code).body[0]
    while isinstance(node, ast.Expr | ast.Assign | ast.Return):
        node = node.value
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in asked


def _calls_line(line: str, asked: Collection[str]) -> bool:
    with suppress(SyntaxError, ValueError):
        return _calls_only(line.strip(), asked)
    return False


def _syntax_in(name: str, text: str) -> dict[str, int]:
    """The pieces of a text that is Python, or has fenced Python in it, and the line of each in the whole."""
    blocks = (
        [(0, text)] if name.endswith(".py") else [(text.count("\n", 0, one.start(2)), one[2]) for one in FENCE.finditer(text)]
    )
    found: dict[str, int] = {}
    for above, block in blocks:
        plain = re.sub(r"^(>>> |\.\.\. )", "", block, flags=re.MULTILINE)
        with suppress(SyntaxError, ValueError, RecursionError):
            for node in _code(ast.parse(plain)):
                found.setdefault(ast.dump(node), above + node.lineno)  # type: ignore[attr-defined]
    return found


def _parts(name: str, text: str) -> Iterator[str]:
    """A text; of a notebook, the source of each cell."""
    if name.endswith(".ipynb"):
        with suppress(ValueError, KeyError, TypeError):
            for cell in json.loads(text)["cells"]:
                yield "".join(cell["source"])
            return
    yield text


def _code_lines(text: str) -> Iterator[str]:
    """The lines of a source without what is behind them, and the remarks by themselves; docstrings have none."""
    lines = text.splitlines()
    texts = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            texts |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    remarks = {
        token.start: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    cut = dict(remarks.keys())
    for number, line in enumerate(lines, 1):
        if number not in texts:
            yield line[: cut.get(number)]
    yield from remarks.values()


def _line_of(text: str, word: str) -> int:
    """The line in which a text without blanks begins; 0 where it is only in a part of the text."""
    at = 0
    starts = []
    for number, line in enumerate(text.splitlines(), 1):
        starts.append((at, number))
        at += len(packed(line))
    place = packed(text).find(word)
    return max((number for start, number in starts if start <= place), default=0) if place >= 0 else 0
