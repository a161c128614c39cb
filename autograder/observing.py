"""The worker's half of grading: load a spec and a submission, observe one case at a time.

Requests and answers are observations (named arrays and texts). What a worker is asked:

    open     take the spec and the submission; read the source and check the rules on it
    run      run the submission's files
    observe  one case of one check

All of it happens inside the sandbox (see `sandbox.isolation`): even reading a stranger's source can take a process down.
"""

from __future__ import annotations

import ast
import contextlib
import dis
import errno
import faulthandler
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import linecache
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

import numpy as np

from autograder.answer import Answer, Ending
from autograder.assignment import Assignment, run_spec
from autograder.cells import PYTHON_MAGICS, Reading, called, is_notebook, read, where
from autograder.checks.base import Case, Check
from autograder.checks.binding import Implementation, UnfitError, names_of
from autograder.checks.rules import violations
from autograder.observation import Observation, Value, pack, text_of, unpack, unpack_tree
from autograder.outcome import SLOW, STOP
from autograder.sandbox.budget import Budget, size
from autograder.sandbox.frames import tell
from autograder.sandbox.warm import KNOWN
from autograder.seeding import Generators
from autograder.watching import Rewriting, Settled, Watch, install, intact, watching

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

PYTHON_2 = re.compile(
    r"^(?:print|exec)\s+[^=(\s]|^except\s+[\w.]+\s*,|^raise\s+[\w.]+\s*,|<>|\bur[\"']|\b0[0-7]+\b|\b\d+L\b"
    r"|\bdef\s+\w+\s*\((?:[^=()]*,\s*)?\(|\blambda\s+(?:[^:=()]*,\s*)?\("
)
CONFINED = "while it is graded, code may use no network, start no program, and write only in the folder where it runs"
PRINTED_MOST = 2000  # characters of output kept for each case
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
NAMED_MOST = 4  # functions that a file has in place of those that are asked for


def serve(budget: Budget) -> Callable[[bytes], bytes]:
    """The handler that a worker runs."""
    return Observer(budget).handle


class OverLimitError(BaseException):
    """A case went over a limit that this process can count; not an Exception, so that no `except Exception` hides it."""


class Observer:
    """What one worker knows: a spec, a submission's module, nothing else."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.assignment: Assignment | None = None
        self.module = ModuleType("submission")
        self.files: dict[str, str] = {}
        self.readings: dict[str, Reading] = {}
        self.generators = Generators()
        self._seen = self.module, "", Implementation(self.module, {})
        self.rewriting = Rewriting(())
        self.watches: dict[str, Watch] = {}
        self.finder = Submitted({}, {}, self.rewriting)

    def handle(self, request: bytes) -> bytes:
        """Answer one request."""
        fields = unpack(request)
        match text_of(fields, "request"):
            case "open":
                return pack(self.open(fields))
            case "load":
                load_libraries(text_of(fields, "modules").split())
                return pack({})
            case "run":
                return pack(self.run(text_of(fields, "without").split()))
            case _:
                return self.answer(fields)

    def open(self, fields: Observation) -> dict[str, Value]:
        """Load the spec, read the source, check the rules on it; none of the student's code runs."""
        self.assignment = run_spec(text_of(fields, "spec"), text_of(fields, "spec name"))
        self.files = {name: text_of(fields, f"file {name}") for name in self.assignment.files}
        self.readings = {}
        for name, source in self.files.items():
            try:
                self.readings[name] = read(source, name)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                return {"syntax": explain_syntax(error, name, source)}
        self.rewriting = Rewriting([rule for check in self._watched(fields) for rule in check.rules])
        main = self.assignment.files[0]
        tree, place, asked = self.readings[main].tree, partial(where, self.files[main]), self._asked()
        own = {stem(name) for name in self.files}
        imports = [name for reading in self.readings.values() for name in imported_by(reading.tree) if name not in own]
        rules: dict[str, Value] = {
            f"rules {check.name}": "\n".join(broken)
            for check in self._watched(fields)
            if (broken := violations(tree, check.function, check.rules, place, asked))
        }
        return {"imports": " ".join(dict.fromkeys(imports)), **rules}

    def _watched(self, fields: Observation) -> list[Check]:
        """The checks whose rules are looked after: none in a file of our own."""
        assert self.assignment is not None  # noqa: S101 - as below
        return [] if "unwatched" in fields else list(self.assignment.checks)

    def _asked(self) -> set[str]:
        assert self.assignment is not None  # noqa: S101 - the grader opens before it asks
        return {check.function for check in self.assignment.checks}

    def run(self, without: Collection[str] = ()) -> dict[str, Value]:
        """Run the submission's files, without the statements that took a worker before this one down."""
        sys.dont_write_bytecode = True
        install(self.rewriting)
        self.watches = {}
        self.finder = finder = Submitted(self.files, self.readings, self.rewriting, without)
        sys.meta_path[:] = [finder, *(other for other in sys.meta_path if not isinstance(other, Submitted))]
        for name in self.files:
            sys.modules.pop(stem(name), None)
        self.generators.start()
        with captured(self.budget.output) as printed:
            self.module = importlib.import_module(stem(next(iter(self.files))))
        return {
            "stops": "\n".join(finder.stops),
            "notes": "\n".join(dict.fromkeys(finder.notes)),
            "printed": printed.getvalue(),
            "foreign": self._foreign(),
        }

    def _foreign(self) -> str:
        """The sentence about a file that has none of the functions: another file, most likely. "" where it has one."""
        asked, name = self._asked(), next(iter(self.files))
        written = {name for names, _ in self.finder.unrun for name in names}
        in_broken = [one for one in asked if any(_defines(cell.text, one) for cell, _ in self.readings[name].broken)]
        if len(asked) < 2 or in_broken or any(one in written or hasattr(self.module, one) for one in asked):
            return ""
        main = called(name, self.files[name])
        if re.search(r"^import marimo$", self.files[name], re.MULTILINE):
            return f"{main} is a marimo notebook, whose functions only marimo finds; export it first: `marimo export script`"
        own = [
            f"`{one}`"
            for one, value in vars(self.module).items()
            if getattr(getattr(value, "__code__", None), "co_filename", "") == name
        ]
        more = f" and {len(own) - NAMED_MOST} more" if len(own) > NAMED_MOST else ""
        has = f"it has {', '.join(own[:NAMED_MOST])}{more}" if own else "it defines no function"
        wanted = f"none of the {len(asked)} functions of this assignment, such as `{min(asked)}`"
        return f"{main} has {wanted}; {has}: is it another file?"

    def answer(self, fields: Observation) -> bytes:
        """Observe one case; an answer that cannot be written down is answered for by the code that made it."""
        try:
            return self.observe(fields).to_bytes()
        except Exception as error:
            return Answer(Ending.RAISED, error=f"its answer cannot be recorded: {type(error).__name__}: {error}").to_bytes()

    def observe(self, fields: Observation) -> Answer:
        """Observe one case; whatever the student's code does, an answer comes out."""
        assert self.assignment is not None  # noqa: S101 - the grader opens before it asks
        check = self.assignment.check(text_of(fields, "check"))
        found = getattr(self.module, check.function, None)
        if not callable(found):
            return Answer(Ending.MISSING, error=self._missing(check.function))
        case = Case(
            unpack_tree(fields),
            raises=text_of(fields, "raises"),
            quiet=bool(text_of(fields, "quiet")),
            writable=tuple(text_of(fields, "writable").split()),
        )
        module = self._seen_by_contract(text_of(fields, "contract"))
        self.generators.start()
        watch = self._watch(check)
        started = time.perf_counter()
        with captured(self.budget.output) as printed, watching(watch):
            try:
                if watch is not None:
                    watch.see(found, None)
                answer = Answer(Ending.RETURNED, check.run(module, case))
            except BaseException as error:
                answer = self._explain(error, check.function)
        if printed.over:  # whatever the code made of being stopped
            answer = Answer(Ending.OVER_LIMIT, error=self.budget.exceeded("output"))
        elif (largest := largest_of(answer.observation, self.budget.answer)) is not None:
            answer = Answer(Ending.OVER_LIMIT, error=f"{self.budget.exceeded('answer')}: {largest}")
        names, places = names_of(module, check.function)
        return Answer(
            answer.ending,
            answer.observation,
            answer.error,
            answer.place,
            answer.inside,
            printed.getvalue(),
            time.perf_counter() - started,
            names,
            watch.calls(self._where) if watch is not None and intact() else None,
            places,
        )

    def _seen_by_contract(self, contract: str) -> Implementation:
        """The submission's module, its functions called by a contract; the same one for all cases."""
        if (self._seen[0], self._seen[1]) != (self.module, contract):
            self._seen = self.module, contract, Implementation(self.module, json.loads(contract or "{}"))
        return self._seen[2]

    def _watch(self, check: Check) -> Watch | None:
        if not (check.rules and self.rewriting.needed):
            return None
        if check.name not in self.watches:
            self.watches[check.name] = Watch(check.rules, self._asked(), self.module, self.files, check.function)
        watch = self.watches[check.name]
        watch.begin()
        return watch

    def _where(self, file: str, line: int) -> str:
        return where(self.files[file], line)

    def _missing(self, function: str) -> str:
        found = getattr(self.module, function, None)
        name = next(iter(self.files))
        main = called(name, self.files[name])
        if found is not None:
            return f"`{function}` in {main} is a {type(found).__name__}; expected a function"
        for cell, sentence in self.readings[name].broken:
            if _defines(cell.text, function):
                return f"`{function}` is in a cell that cannot be read: {sentence}"
        import difflib

        names = [name for name, value in vars(self.module).items() if callable(value) and not name.startswith("_")]
        near = difflib.get_close_matches(function, names, 1, 0.6)
        asked = {check.function for check in self.assignment.checks} if self.assignment else set()
        renamed = f"; there is a `{near[0]}`: was it renamed?" if near and near[0] not in asked else ""
        if re.search(rf"^\s*from {stem(name)} import .*\b{function}\b", self.files[name], re.MULTILINE):
            return f"{main} imports `{function}` from {name}, but only {main} was handed in: the function has to stand in it"
        return f"{main} has no function `{function}`{renamed}{self._unrun(function)}"

    def _unrun(self, name: str | None) -> str:
        """The line that would have given a name its value, had it run, as the end of a sentence; "" where there is none."""
        return next((f"; {sentence}" for names, sentence in self.finder.unrun if name in names), "")

    def _explain(self, error: BaseException, function: str) -> Answer:
        """An exception as an answer: which kind of ending, in whose line, in one sentence."""
        if isinstance(error, UnfitError):
            return Answer(Ending.UNFIT, error=str(error))
        place, inside = self._place(error)
        if isinstance(error, NotImplementedError) and inside:
            return Answer(Ending.NOT_STARTED, place=place, inside=inside)
        name = type(error).__name__
        over = "" if self._raised_by_hand(error) else over_limit(error)
        if over == "memory":
            return Answer(Ending.OUT_OF_MEMORY, error=self.budget.exceeded(over), place=place, inside=inside)
        if over:
            return Answer(Ending.OVER_LIMIT, error=self.budget.exceeded(over), place=place, inside=inside)
        if isinstance(error, SystemExit):
            return Answer(Ending.RAISED, error=f"it ends the program: SystemExit({error.code!r})", place=place, inside=inside)
        text = re.sub(r"\{\{.*?\}\} ?| ?\[Op:\w+\].*", "", text_about(error))  # TensorFlow's own addresses
        text += _because(error)
        if isinstance(error, ValueError) and "read-only" in text:
            text = f"{text}: the arguments must not be changed, work on a copy"
        elif isinstance(error, PermissionError):
            text = f"{text}: {CONFINED}"
        elif isinstance(error, NameError):
            text += self._unrun(getattr(error, "name", None))
        return Answer(Ending.RAISED, error=f"{name}: {text}" if text else name, place=place, inside=inside)

    def _raised_by_hand(self, error: BaseException) -> bool:
        """Whether a `raise MemoryError` of the student's own made an exception, and no lack of memory."""
        trace = error.__traceback__
        if not isinstance(error, MemoryError) or trace is None or isinstance(error.__context__, MemoryError):
            return False
        while trace.tb_next is not None:
            trace = trace.tb_next
        code = trace.tb_frame.f_code
        return code.co_filename in self.files and code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]

    def _place(self, error: BaseException) -> tuple[str, str]:
        """The last line of the student's that the exception passed through, and the function it stands in."""
        with contextlib.suppress(Exception):
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                if frame.filename in self.files:
                    place = where(self.files[frame.filename], frame.lineno or 0)
                    return f"{place}: {(frame.line or '').strip()}", frame.name
        return "", ""


# The submission as importable modules -----------------------------------------------------------------------------


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
            raise SlowError(f"{SLOW} {seconds:.2g} s")
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
        settled = Settled(tree, self.rewriting.watched)
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


def _defines(text: str, function: str) -> bool:
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
    return f"{place}{STOP}{why})"[:240]


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
        raise SlowError(f"{SLOW} {seconds:.2g} s")

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


# Around every call ------------------------------------------------------------------------------------------------


class Bounded(io.TextIOBase):
    """A place for prints that keeps the first characters, forgets the rest, and stops at `most`."""

    def __init__(self, most: int) -> None:
        self.parts: list[str] = []
        self.most = most
        self.count = 0

    @property
    def over(self) -> bool:
        """Whether more than `most` characters have been printed."""
        return self.count > self.most

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        room = PRINTED_MOST - self.count
        if room > 0:
            self.parts.append(str(text)[:room])
        self.count += len(text)
        if self.over:
            raise OverLimitError("output")
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return "".join(self.parts)


@contextlib.contextmanager
def captured(most: int) -> Iterator[Bounded]:
    """Give the student's code a stdout and stderr of its own, and an empty stdin."""
    kept = Bounded(most)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), kept, kept
    try:
        yield kept
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def text_about(error: BaseException) -> str:
    """The text of an exception in one line, whatever code of its own it runs to tell it."""
    try:
        return " ".join(str(error).split())
    except BaseException:
        return "(its text cannot be read)"


def _because(error: BaseException) -> str:
    """What an exception was raised from, as NumPy does: its own text alone may leave the reason out."""
    try:
        cause = error.__cause__
        if cause is None or cause is error or text_about(cause) in text_about(error):
            return ""
        return f" (because of {type(cause).__name__}: {text_about(cause)})"
    except Exception:
        return ""


def over_limit(error: BaseException) -> str:
    """The limit that an exception tells of, as a field of `Budget`; "" for every other exception."""
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "memory"
    if isinstance(error, OverLimitError):
        return str(error)
    if isinstance(error, OSError):
        return {errno.EFBIG: "disk", errno.EMFILE: "files"}.get(error.errno or 0, "")
    return "threads" if isinstance(error, RuntimeError) and "can't start new thread" in str(error) else ""


def largest_of(observation: Mapping[str, Value], most: int) -> str | None:
    """Which entry of an observation is the largest, in words, if all together are over `most` bytes."""
    arrays = {name: value for name, value in observation.items() if isinstance(value, np.ndarray)}
    if sum(value.nbytes for value in arrays.values()) <= most:
        return None
    name = max(arrays, key=lambda entry: arrays[entry].nbytes)
    return f"`{name}` is an array of shape {arrays[name].shape} and {size(arrays[name].nbytes)}"
