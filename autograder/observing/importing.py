"""A submission as importable modules: its files are run from memory, statement by statement."""

from __future__ import annotations

import ast
import contextlib
import faulthandler
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

from autograder.observing.capturing import PRINTED_MOST, captured, text_about
from autograder.observing.watching import Rewriting, Settled
from autograder.sandbox.frames import tell
from autograder.sandbox.warm import KNOWN
from autograder.text.cells import PYTHON_MAGICS, Reading, called, is_notebook, read, where

STATEMENT_SECONDS = 5.0  # for one statement at the top of a file or notebook
GRACE_SECONDS = 2.0  # for a statement to end after it was told to; then the process ends
NOWHERE = 2  # where a worker's standard error leads
NOTEBOOK_SECONDS = 30.0  # for all of them; a worker has twice as long
MAIN = ': put it under `if __name__ == "__main__":`'
ROUNDS = 10  # in which a notebook's statements that lack a name are run again
IMPORTERS = ("import_module", "__import__")
IMPORTABLE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
STOPS_MOST = 5  # of the statements that did not run, so many are told of one by one
LEFT_OUT_MOST = 3  # the same for lines that only Jupyter understands


class Submitted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a submission's files from memory, statement by statement.

    A statement at the top of a file that raises is noted and costs only what depends on it: a missing package that is
    imported for one function, or a line of the student's own tests, does not take the other functions along. One that takes
    too long is stopped: a training, most likely, of which the functions know nothing. One that does not let itself be stopped
    (a bare `except` in a loop, a long call in C) ends the worker, which has told where it stands; the next one leaves it out.

    In a notebook, a statement that needs a name which only a later cell defines is run again after it, since cells are run
    in any order.
    """

    def __init__(
        self, files: dict[str, str], readings: dict[str, Reading], rewriting: Rewriting, without: Collection[str] = ()
    ) -> None:
        self.rewriting = rewriting
        self.without = without
        self.files = {stem(name): name for name in files}
        self.sources = files
        self.readings = readings
        self.stops: list[str] = []
        self.slow = False  # whether a statement was stopped for its time
        self.notes: list[str] = []
        self.unrun: list[tuple[set[str], str]] = []  # what the statements that did not run would have given a value

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """A spec for the submission's own modules."""
        if fullname not in self.files:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=self.files[fullname])

    def get_source(self, fullname: str) -> str:
        """The source, for tracebacks and AutoGraph."""
        return self.sources[self.files[fullname]]

    def exec_module(self, module: ModuleType) -> None:
        """Run the file's statements one after the other."""
        name = self.files[module.__name__]
        source = self.sources[name]
        module.__file__ = name
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        stops = {cell.above: sentence for cell, sentence in self.readings[name].broken}  # by line
        shell = Shell(module, self.rewriting)
        module.__dict__.update(get_ipython=lambda: shell, display=lambda *shown, **options: None)
        self._tell_left_out(name)
        self._run_statements(module, source, stops)
        found = [sentence for _, sentence in sorted(stops.items())]
        self.stops += found[:STOPS_MOST]
        if found[STOPS_MOST:]:
            self.notes.append(f"{len(found) - STOPS_MOST} more lines of {called('the file', source)} did not run")

    def _tell_left_out(self, name: str) -> None:
        """In a Python file, say which lines only Jupyter understands; in a notebook they are at home."""
        source, lines = self.sources[name], sorted(self.readings[name].left_out)
        if is_notebook(source):
            return
        for line in lines[:LEFT_OUT_MOST]:
            text = source.split("\n")[line - 1].strip()[:80]
            self.notes.append(f"line {line} works in Jupyter only and was left out: {text}")
        if lines[LEFT_OUT_MOST:]:
            self.notes.append(f"{len(lines) - LEFT_OUT_MOST} more lines that work in Jupyter only were left out")

    def _run_statements(self, module: ModuleType, source: str, stops: dict[int, str]) -> None:
        ends = time.monotonic() + NOTEBOOK_SECONDS
        number = list(self.files).index(module.__name__)
        waiting = list(self._compiled(self.files[module.__name__], stops))
        again, unrun = False, dict[int, set[str]]()
        for _ in range(ROUNDS if is_notebook(source) else 1):
            unnamed = []
            for statement, code in waiting:
                place = where(source, statement.lineno)
                seconds = _seconds_for(statement, ends - time.monotonic())
                try:
                    with self._limited(f"{number}:{statement.lineno}", statement, seconds):
                        exec(code, module.__dict__)  # noqa: S102 - running the student's file is what a worker is for
                except SystemExit:
                    self.notes.append(f"{place} ends the program; what stands below it was run all the same")
                except BaseException as error:
                    self.slow = self.slow or isinstance(error, SlowError)
                    advice = "" if is_notebook(source) or not isinstance(error, SlowError) else MAIN
                    stops[statement.lineno] = f"{stop(place, error)}{advice}"
                    unrun.setdefault(statement.lineno, set()).update(_binds(statement))
                    if isinstance(error, NameError):
                        unnamed.append((statement, code))
                else:
                    if again:
                        stops.pop(statement.lineno, None)
                        unrun.pop(statement.lineno, None)
                        self.notes.append(f"{place} ran only after a later cell, which defines what it needs")
            if again and len(unnamed) == len(waiting):
                break
            waiting, again = unnamed, True
        self.unrun += [(names, stops[line]) for line, names in unrun.items() if line in stops]

    @contextlib.contextmanager
    def _limited(self, known_as: str, statement: ast.stmt, seconds: float) -> Iterator[None]:
        """Stop what a statement runs after so many seconds; and a little later this process, which has said where it stands."""
        if known_as in self.without:
            raise SlowError(f"it took longer than {seconds:.2g} s")
        runs = not isinstance(statement, ast.FunctionDef) or bool(statement.decorator_list)
        if runs:
            tell(f"{known_as}:{seconds:.3f}")
            faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=NOWHERE)
        try:
            with at_most(seconds):
                yield
        finally:
            if runs:
                faulthandler.cancel_dump_traceback_later()

    def _compiled(self, name: str, stops: dict[int, str]) -> Iterator[tuple[ast.stmt, CodeType]]:
        tree = self.readings[name].tree
        future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        settled = Settled(tree, self.rewriting.watched) if self.rewriting.needed else None
        for statement in tree.body:
            if statement in future:
                continue
            statement = _without_itself(statement, stem(name))
            body = ast.Module([*future, statement], type_ignores=[])
            self.rewriting.rewrite(body, settled)
            try:
                yield statement, compile(body, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # such as `return` outside of a function
                stops[statement.lineno] = stop(where(self.sources[name], statement.lineno), error)


def _without_itself(statement: ast.stmt, own: str) -> ast.stmt:
    """A statement in which a file does not import from itself: what it has is there, or is defined further down."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != own or statement.level:
        return statement
    new = [item for item in statement.names if item.asname and item.asname != item.name]
    if not new:
        return ast.copy_location(ast.Pass(), statement)
    names = [ast.Tuple([ast.Name(one, ctx) for one in found], ctx) for found, ctx in _pairs(new)]
    assigned = ast.Assign([names[0]], names[1])
    return ast.fix_missing_locations(ast.copy_location(assigned, statement))


def _pairs(items: list[ast.alias]) -> list[tuple[list[str], ast.expr_context]]:
    return [([item.asname or "" for item in items], ast.Store()), ([item.name for item in items], ast.Load())]


def _binds(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value."""
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {item.asname or item.name.partition(".")[0] for item in names}
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def defines(text: str, function: str) -> bool:
    """Whether a text that cannot be read as Python has the beginning of a function."""
    return re.search(rf"^\s*def\s+{re.escape(function)}\b", text, re.MULTILINE) is not None


class Shell:
    """What `get_ipython()` gives to a notebook, and to the Python file that was made of one: everything it is asked does nothing.

    But for `%time` and its like, whose code is run.
    """

    def __init__(self, module: ModuleType, rewriting: Rewriting) -> None:
        self._module, self._rewriting = module, rewriting

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **options: None

    def run_line_magic(self, name: str, line: str, *more: object) -> None:
        """A magic of one line."""
        self.run_cell_magic(name, "", line)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """A magic of a whole cell."""
        if f"%%{name}" in PYTHON_MAGICS:
            tree = read(cell, self._module.__name__).tree
            self._rewriting.rewrite(tree)
            exec(compile(tree, "<cell>", "exec", dont_inherit=True), self._module.__dict__)  # noqa: S102 - as above


def _seconds_for(statement: ast.stmt, left: float) -> float:
    """The time for a statement of a file that has so much left: an import may need more than a training may."""
    most = NOTEBOOK_SECONDS if isinstance(statement, ast.Import | ast.ImportFrom) else STATEMENT_SECONDS
    return min(most, max(STATEMENT_SECONDS / 20, left))


def stop(place: str, error: BaseException) -> str:
    """Why a statement at the top of a file did not run."""
    text = (error.msg or "") if isinstance(error, SyntaxError) else text_about(error)
    why = text if isinstance(error, SlowError) else f"{type(error).__name__}: {text}"
    return f"{place} did not run ({why})"[:240]


class SlowError(BaseException):
    """A statement at the top of a file has had its time; not an Exception, as above."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop the code in a block after so many seconds, where the system can and the code lets it.

    It need not: a call in C that lasts does not, and a bare `except` swallows the stop.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise SlowError(f"it took longer than {seconds:.2g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def imported_by(tree: ast.AST) -> Iterator[str]:
    """The installed libraries that a source imports, wherever in it, and has not loaded yet; submodules by their full name."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                wanted = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0, names=names):
                wanted = [module, *(f"{module}.{alias.name}" for alias in names)]
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if ast.unparse(func).endswith(IMPORTERS):
                wanted = [name]
            case _:
                continue
        for name in wanted:
            asked = name not in sys.modules and (name in KNOWN or name == wanted[0])
            if asked and IMPORTABLE.fullmatch(name) and is_library(name.partition(".")[0]):
                yield name


def is_library(root: str) -> bool:
    """Whether a top-level module is installed, and not a file of the submission's or part of Python."""
    if root in sys.stdlib_module_names:
        return False
    with contextlib.suppress(Exception):
        return importlib.util.find_spec(root) is not None
    return False


def load_libraries(names: list[str]) -> None:
    """Import libraries that a submission will import; what goes wrong will go wrong there again, and is told there."""
    with captured(PRINTED_MOST):
        for name in names:
            with contextlib.suppress(BaseException):
                importlib.import_module(name)


def stem(name: str) -> str:
    """The module's name of a file: "xor_mlp" for "xor_mlp.py"."""
    return name.rpartition("/")[2].removesuffix(".py")


def explain_syntax(error: BaseException, name: str, source: str) -> str:
    """A syntax error in one sentence, with its line."""
    lines = source.splitlines()
    conflict = next((number for number, line in enumerate(lines, 1) if line.startswith("<<<<<<< ")), None)
    if conflict:
        place = where(source, conflict) if is_notebook(source) else f"{name}, {where(source, conflict)}"
        return f"{place}: a merge conflict of Git was left in; keep one of its two versions and delete the lines of marks"
    if not isinstance(error, SyntaxError) or not error.lineno:
        return f"{called(name, source)} cannot be read as Python: {error}"
    line = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
    place = where(source, error.lineno)
    old = " (this is Python 2; expected Python 3)" if PYTHON_2.search(line) else ""
    return f"{place if is_notebook(source) else f'{name}, {place}'}: {error.msg}{old}: {line[:120]}"


PYTHON_2 = re.compile(
    r"^(?:print|exec)\s+[^=(\s]|^except\s+[\w.]+\s*,|^raise\s+[\w.]+\s*,|<>|\bur[\"']|\b0[0-7]+\b|\b\d+L\b"
    r"|\bdef\s+\w+\s*\((?:[^=()]*,\s*)?\(|\blambda\s+(?:[^:=()]*,\s*)?\("
)
