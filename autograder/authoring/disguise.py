"""Disguise: the same program in another hand. Names, comments, order and spacing change, what it does never does.

Everything works on the text, so that what nobody touched stays as it was written: the syntax tree says where things
are, and the lines around them are kept.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import tokenize
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

RESULTS = ("result", "res", "out", "ans")
REMARKS = ("# as on the slide", "# not sure about this", "# see the handout", "# works!", "# TODO: make this nicer")
READ_BY_NAME = {"locals", "vars", "eval", "exec", "dir"}  # who uses these may see what a variable is called
TOOLS = re.compile(r"#\s*(fmt|noqa|type|ruff|pragma)\b")  # comments for tools, which no student writes
KEPT = 2000  # texts, of which what was read is kept


@dataclass(frozen=True)
class Hand:
    """How somebody writes.

    Attributes:
        habit: what becomes of a local variable's name, as a format.
        renames: the share of local variables that it happens to.
        comments: the share of comments that are kept.
        docstrings: whether docstrings are kept.
        results: the share of functions that name their result before they return it.
        remarks: the share of functions with a remark of one's own.
        spacing: the share of statements with an empty line before them.
        reach: how far functions move from their places.
        traces: how many functions still say that they are called; only some that no other function calls.
        header: the first line, "" for none.
        ending: what stands under the functions, "" for nothing.
        newline: how lines end.
    """

    habit: str = "{}_"
    renames: float = 0.0
    comments: float = 1.0
    docstrings: bool = True
    results: float = 0.0
    remarks: float = 0.0
    spacing: float = 0.0
    reach: float = 0.0
    traces: int = 0
    header: str = ""
    ending: str = ""
    newline: str = "\n"


@dataclass(frozen=True)
class Part:
    """A statement at the top of a file with what stands above it; `name` is a function's, or ""."""

    name: str
    text: str
    movable: bool = False


def written(source: str, hand: Hand, seed: list[int], untouched: Collection[str] = ()) -> str:
    """A file as somebody would have written it.

    A function is drawn for by its name: an earlier version of a file with another function in it is in the same hand.

    Args:
        source: the file.
        hand: how somebody writes.
        seed: what is drawn.
        untouched: functions that were handed out and that nobody has changed.
    """
    parts = parts_of(source.replace("\r\n", "\n").rstrip("\n") + "\n")
    shared = {name for part in parts for name in _bound_at_top(part)}
    traced = set(_drawn(seed, "traces").permutation(uncalled(parts))[: hand.traces])
    rewritten = []
    for part in parts:
        rng = _drawn(seed, part.name)
        if part.name in untouched:
            text = part.text
        elif part.name:
            text = traced_by_print(part.text) if part.name in traced else part.text
            text = _function(text, hand, rng, shared)
        else:
            text = without_comments(part.text, 1 - hand.comments, rng)
        rewritten.append(Part(part.name, text, part.movable))
    rewritten = list(reordered(rewritten, hand.reach, _drawn(seed, "order")))
    gap = "\n" * int(_drawn(seed, "gap").integers(2, 4))
    text = "".join(gap + part.text.strip("\n") + "\n" if part.name else part.text for part in rewritten)
    text = (
        (f"{hand.header}\n" if hand.header else "") + text.strip("\n") + "\n" + (f"{gap}{hand.ending}\n" if hand.ending else "")
    )
    return text.replace("\n", hand.newline)


def parts_of(source: str) -> list[Part]:
    """A file, cut after each statement at its top; a function that stands in one line gets a body of its own."""
    lines = _lines(source)
    parts, position = [], 0
    for node in ast.parse(source).body:
        end = node.end_lineno or position
        text = "".join(lines[position:end])
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno == node.lineno:
            text = f"{ast.unparse(node)}\n"
        parts.append(Part(node.name if isinstance(node, ast.FunctionDef) else "", text, _movable(node)))
        position = end
    return [*parts, Part("", "".join(lines[position:]))]


def after_docstring(text: str, *lines: str) -> str:
    """A function's text with lines at the beginning of its body."""
    function = _function_in(text)
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    position = (first.end_lineno or first.lineno) if documented else first.lineno - 1
    return _with_lines(text, {position: [" " * first.col_offset + line for line in lines]})


def traced_by_print(text: str) -> str:
    """The function says that it was called: what people leave in after looking for a mistake."""
    function = _function_in(text)
    arguments = function.args.args
    seen = f", type({arguments[0].arg})" if arguments else ""
    return after_docstring(text, f'print("{function.name}"{seen})')


def renamed(text: str, habit: str, share: float, shared: set[str], rng: np.random.Generator) -> str:
    """Local variables get other names; parameters, and names that something else may look at, stay."""
    names, fixed, classes = _names_in(text)
    taken = {node.id for node in names} | fixed | shared | set(dir(builtins)) | set(keyword.kwlist)
    if classes or READ_BY_NAME & {node.id for node in names}:
        return text
    stay = fixed | shared | set(dir(builtins)) | {"_"}
    others: dict[str, str] = {}
    for name in dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Store) and node.id not in stay):
        other = habit.format(name)
        if rng.random() < share and other not in taken:
            others[name] = other
            taken.add(other)
    places = [(node.lineno, node.col_offset, node.id, others[node.id]) for node in names if node.id in others]
    lines = [line.encode() for line in _lines(text)]  # a column counts bytes
    for line, column, name, other in sorted(places, reverse=True):
        before = lines[line - 1]
        lines[line - 1] = before[:column] + other.encode() + before[column + len(name.encode()) :]
    return b"".join(lines).decode()


def with_named_result(text: str, shared: set[str], rng: np.random.Generator) -> str:
    """`return x + 1` as `result = x + 1`, `return result`, where it is the last statement."""
    last = _function_in(text).body[-1]
    names, fixed, _ = _names_in(text)
    used = {node.id for node in names} | fixed | shared
    free = [name for name in RESULTS if name not in used]
    if not isinstance(last, ast.Return) or last.value is None or isinstance(last.value, ast.Name) or not free:
        return text
    name = free[int(rng.integers(len(free)))]
    lines = _lines(text)
    indent, _, value = lines[last.lineno - 1].partition("return")
    if indent.strip():  # another statement stands before it
        return text
    lines[last.lineno - 1] = f"{indent}{name} ={value}"
    return _with_lines("".join(lines), {last.end_lineno or last.lineno: [f"{indent}return {name}"]})


def without_comments(text: str, share: float, rng: np.random.Generator) -> str:
    """A share of the comments goes, and all that speak to tools."""
    lines = _lines(text)
    for token in _comments_in(text):
        if rng.random() < share or TOOLS.match(token.string):
            row, column = token.start
            kept = lines[row - 1][:column].rstrip()
            lines[row - 1] = f"{kept}\n" if kept else ""
    return "".join(lines)


def without_docstring(text: str) -> str:
    """A function without its docstring, where something else is left of it."""
    body = _function_in(text).body
    if len(body) < 2 or ast.get_docstring(_function_in(text)) is None:
        return text
    lines = _lines(text)
    return "".join([*lines[: body[0].lineno - 1], *lines[body[0].end_lineno :]])


def reordered(parts: Iterable[Part], reach: float, rng: np.random.Generator) -> Iterator[Part]:
    """Functions change places with their neighbours; nothing moves past a statement that runs."""
    for movable, group in groupby(parts, key=lambda part: part.movable):
        run = list(group)
        places = np.arange(len(run)) + rng.uniform(0, reach, len(run))
        yield from (run[place] for place in np.argsort(places)) if movable else run


def uncalled(parts: Iterable[Part]) -> list[str]:
    """The functions that no other function of the file uses."""
    functions = {part.name: part.text for part in parts if part.name}
    used = {node.id for name, text in functions.items() for node in _names_in(text)[0] if node.id != name}
    return [name for name in functions if name not in used and not name.startswith("_")]


def _function(text: str, hand: Hand, rng: np.random.Generator, shared: set[str]) -> str:
    if rng.random() < hand.results:
        text = with_named_result(text, shared, rng)
    text = renamed(text, hand.habit, hand.renames, shared, rng)
    if not hand.docstrings:
        text = without_docstring(text)
    text = without_comments(text, 1 - hand.comments, rng)  # before there are remarks of one's own
    first, *others = _function_in(text).body
    above = {node.lineno - 1: [""] for node in others if rng.random() < hand.spacing}
    if rng.random() < hand.remarks and others:
        remark = REMARKS[int(rng.integers(len(REMARKS)))]
        above.setdefault(others[-1].lineno - 1, []).append(" " * first.col_offset + remark)
    return _with_lines(text, above)


def _with_lines(text: str, above: dict[int, list[str]]) -> str:
    """The text with lines put in after so many of its own."""
    lines = _lines(text)
    for position in sorted(above, reverse=True):
        lines[position:position] = [f"{line}\n" for line in above[position]]
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines as Python counts them: `splitlines` also splits at characters that may stand in a string."""
    return io.StringIO(text).readlines()


# A class is hundreds of files with the same functions in them: what was read of a text is kept.


@lru_cache(KEPT)
def _tree(text: str) -> ast.Module:
    """A text as a tree that nobody changes."""
    return ast.parse(text)


@lru_cache(KEPT)
def _names_in(text: str) -> tuple[list[ast.Name], frozenset[str], bool]:
    """The names that can be replaced where they stand, those that cannot, and whether there is a class."""
    nodes = list(ast.walk(_tree(text)))
    classes = any(isinstance(node, ast.ClassDef) for node in nodes)
    return [node for node in nodes if isinstance(node, ast.Name)], frozenset(_fixed_in(nodes)), classes


@lru_cache(KEPT)
def _comments_in(text: str) -> list[tokenize.TokenInfo]:
    return [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT]


def _function_in(text: str) -> ast.FunctionDef:
    return next(node for node in _tree(text).body if isinstance(node, ast.FunctionDef))


def _movable(node: ast.stmt) -> bool:
    """Whether it does not matter when the statement runs: a function whose header computes nothing."""
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return False
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]
    return not any(isinstance(part, ast.Name | ast.Call) for default in defaults for part in ast.walk(default))


def _bound_at_top(part: Part) -> Iterator[str]:
    """Names that functions of the file may share."""
    if part.name:
        yield part.name
        return
    names, fixed, _ = _names_in(part.text)
    yield from (*fixed, *(node.id for node in names))


def _fixed_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Names that are written elsewhere than in an `ast.Name` that can be found and replaced."""
    for node in nodes:
        match node:
            case ast.arg(arg=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (name.partition(".")[0], other or "")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.JoinedStr():  # Python 3.11 does not know where in a file the names of an f-string stand
                yield from (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _drawn(seed: list[int], purpose: str) -> np.random.Generator:
    return np.random.default_rng([*seed, zlib.crc32(purpose.encode())])
