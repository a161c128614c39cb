"""Cells: a notebook's code as one text, and that text read cell by cell, so that a broken cell costs only itself.

A cell begins with a line `# %% [cell 3]`. The grader writes such texts and parses none: reading is for workers.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

MARK = re.compile(r"^# %% \[cell (\d+)\]$", re.MULTILINE)
# What stands before a cell of a Python file: from Jupytext, VS Code and Spyder; from nbconvert; from Databricks.
PERCENT = re.compile(r"^(?:# ?%%.*|# In ?\[[ \d]*\]:?|# COMMAND -+)[ \t]*$", re.MULTILINE)

# Cell magics whose cell is Python and runs where it stands; the cells of all others are another language's or process's.
PYTHON_MAGICS = {"%%capture", "%%memit", "%%prun", "%%time", "%%timeit"}
MAGIC = re.compile(r"\s*(?:[%!?]|[\w.,\[\] ]+=\s*[%!]|[\w.*]+\?{1,2}\s*$)")  # %cd x, !ls, ?f, x = !ls, f?
# What Jupyter takes for a magic without its %: only where Python cannot read the line.
BARE = re.compile(
    r"\s*(?:pip3?|conda|mamba|cd|ls|ll|pwd|mkdir|rmdir|rm|cp|mv|cat|clear|cls|man|who|whos|matplotlib|load_ext|reload_ext"
    r"|autoreload|env|run|history|time|timeit|pylab|pinfo|pdoc|psource|reset|tensorflow_version)(?:\s+(?:\.[./]|\.\s*$|[^\s=(\[.,:]).*|\s*)$"
)
READABLE = {"cat", "cd", "clear", "cls", "ll", "ls", "mkdir", "pwd", "rm", "whos"}  # which Python may read: `ls - la`, `cd / x`
TIMED = re.compile(r"(\s*)%time\s+(.*\S)", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """Some lines of a file: its text, the line before its first, and the notebook's number for it, 0 in a Python file."""

    text: str
    above: int
    number: int = 0


@dataclass(frozen=True)
class Reading:
    """A file that has been read.

    Attributes:
        tree: its statements, in lines of the file.
        broken: each cell that cannot be read, with a sentence.
        left_out: the lines that only IPython understands.
    """

    tree: ast.Module
    broken: tuple[tuple[Cell, str], ...] = ()
    left_out: tuple[int, ...] = ()


def joined(cells: Iterable[tuple[int, str]]) -> str:
    """Numbered cells as one text; a line of theirs that looks like one of our marks is a comment before and after."""
    return "".join(f"# %% [cell {number}]\n{MARK.sub(lambda found: '#' + found[0], text)}\n\n" for number, text in cells)


def is_notebook(source: str) -> bool:
    """Whether a text is one that `joined` wrote."""
    return MARK.match(source) is not None


def called(name: str, source: str) -> str:
    """What a sentence calls a file: a notebook has no name of its own once it has been taken in."""
    return "the notebook" if is_notebook(source) else name


def module_of(files: Mapping[str, str]) -> str:
    """The name to import a submission's functions from, "" for a notebook, in which they are."""
    for name, source in files.items():
        return "" if is_notebook(source) else name.removesuffix(".py")
    return ""


def where(source: str, line: int) -> str:
    """A line as its author finds it: "cell 3, line 2" in a notebook, "line 57" in a file.

    >>> where("# %% [cell 1]\\nx = 1\\n\\n# %% [cell 4]\\ny = 2\\n", 5)
    'cell 4, line 1'
    """
    if not is_notebook(source):
        return f"line {line}"
    cells = in_cells(source)
    cell = cells[max(0, bisect_right([cell.above for cell in cells], line - 1) - 1)]
    return f"cell {cell.number}, line {line - cell.above}"


@lru_cache(maxsize=8)
def in_cells(source: str) -> tuple[Cell, ...]:
    """The cells of a notebook, or those that a Python file marks with `# %%`; such a file begins with one."""
    notebook = is_notebook(source)
    marks = list((MARK if notebook else PERCENT).finditer(source))
    starts = [mark.start() for mark in marks]
    found = [] if notebook else [Cell(source[: starts[0] if starts else len(source)], 0)]
    line = at = 0
    for mark, end in zip(marks, [*starts[1:], len(source)], strict=False):
        line, at = line + source.count("\n", at, mark.end()) + 1, mark.end() + 1
        found.append(Cell(source[at:end], line, int(mark[1]) if notebook else 0))
    return tuple(found)


def read(source: str, name: str) -> Reading:
    """The statements of a file, for a worker: it parses what a student wrote.

    A Python file is read as a whole; without its magics, if it was a notebook once; and by its cells only if that fails and
    it has some.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: nothing of it can be read.
    """
    left_out: list[int] = []
    if not is_notebook(source):
        try:
            return Reading(ast.parse(source, name))
        except SyntaxError as error:
            try:
                # Where a cell that begins with `%%bash` ends, only marks tell: here, each line stands for itself.
                whole = _parsed(Cell(source, 0), name, left_out, source.split("\n"))
                return Reading(ast.Module(whole, []), left_out=tuple(left_out))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                if not PERCENT.search(source):
                    raise error from None
        left_out.clear()
    statements: list[ast.stmt] = []
    broken: list[tuple[Cell, str]] = []
    first: Exception | None = None
    for cell in in_cells(source):
        try:
            statements += _parsed(cell, name, left_out, list(_python(cell)))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            first = first or error
            line = getattr(error, "lineno", None) or cell.above + 1
            broken.append((cell, f"{where(source, line)} did not run ({type(error).__name__}: {getattr(error, 'msg', error)})"))
    if first is not None and not statements:
        raise first
    return Reading(ast.Module(statements, type_ignores=[]), tuple(broken), tuple(left_out))


def _parsed(cell: Cell, name: str, left_out: list[int], lines: list[str]) -> list[ast.stmt]:
    """The statements of those lines of a cell that may be Python, in lines of the file, without what only IPython understands.

    What is Python stays as it is: only the line at which Python stops is looked at. So `% 3` in a long expression is no
    magic, and neither is what a text in quotes has at the beginning of a line.
    """
    while True:
        try:
            body = ast.parse("\n" * cell.above + "\n".join(lines), name).body
            break
        except SyntaxError as error:
            at = (error.lineno or 0) - 1 - cell.above
            if not 0 <= at < len(lines) or not (MAGIC.match(lines[at]) or BARE.match(lines[at])):
                raise
            left_out.append(at + 1 + cell.above)
            lines[at], goes_on = _without(lines[at]), lines[at].endswith("\\")
            while goes_on and (at := at + 1) < len(lines):
                lines[at], goes_on = "", lines[at].endswith("\\")
    magics = [node for node in body if _is_bare(node, lines[node.lineno - 1 - cell.above], body)]
    left_out += [node.lineno for node in magics]
    return [node for node in body if node not in magics]


def _is_bare(node: ast.stmt, line: str, body: list[ast.stmt]) -> bool:
    """Whether a statement that Python can read is a magic without its %, as `ls -la` is, and not about a variable."""
    value = node.value if isinstance(node, ast.Expr) else None
    while isinstance(value, ast.BinOp):
        value = value.left
    if not isinstance(value, ast.Name) or value.id not in READABLE or not BARE.match(line):
        return False
    stored = (part for one in body for part in ast.walk(one) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return value.id not in {part.id for part in stored}


def _python(cell: Cell) -> Iterator[str]:
    """The lines of a cell that may be Python: none of a cell in another language."""
    lines = cell.text.split("\n")
    magic = next((line for line in lines if line.strip()), "").split(maxsplit=1)[:1]
    if magic and magic[0].startswith("%%"):
        if magic[0] not in PYTHON_MAGICS:
            return
        at = next(number for number, line in enumerate(lines) if line.strip())
        lines[at] = ""
    yield from lines


def _without(line: str) -> str:
    """A line without its magic, as deep as it stood: what `%time` was to time, or a statement, which a block may need."""
    timed = TIMED.match(line)
    return timed[1] + timed[2] if timed else f"{line[: len(line) - len(line.lstrip())]}pass"
