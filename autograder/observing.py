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
import errno
import importlib
import importlib.abc
import importlib.machinery
import io
import linecache
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

import numpy as np

from autograder.answer import Answer, Ending
from autograder.assignment import Assignment, run_spec
from autograder.cells import Reading, called, is_notebook, read, where
from autograder.checks.base import Case, UnfitError
from autograder.checks.rules import violations
from autograder.observation import Observation, Value, pack, text_of, unpack, unpack_tree
from autograder.sandbox.budget import Budget, size
from autograder.seeding import Generators
from autograder.watching import Rewriting, Watch, install, intact, watching

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

CONFINED = "while it is graded, code may use no network, start no program, and write only in the folder where it runs"
PRINTED_MOST = 2000  # characters of output kept for each case
STATEMENT_SECONDS = 5.0  # for one statement at the top of a notebook
NOTEBOOK_SECONDS = 30.0  # for all of them; a worker has twice as long
ROUNDS = 10  # in which a notebook's statements that lack a name are run again
STOPS_MOST = 5  # of a notebook's statements that did not run, so many are told of one by one


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
        self.rewriting = Rewriting(())

    def handle(self, request: bytes) -> bytes:
        """Answer one request."""
        fields = unpack(request)
        match text_of(fields, "request"):
            case "open":
                return pack(self.open(fields))
            case "run":
                return pack(self.run())
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
        self.rewriting = Rewriting([rule for check in self.assignment.checks for rule in check.rules])
        main = self.assignment.files[0]
        tree, place, asked = self.readings[main].tree, partial(where, self.files[main]), self._asked()
        return {
            f"rules {check.name}": "\n".join(broken)
            for check in self.assignment.checks
            if (broken := violations(tree, check.function, check.rules, place, asked))
        }

    def _asked(self) -> set[str]:
        assert self.assignment is not None  # noqa: S101 - the grader opens before it asks
        return {check.function for check in self.assignment.checks}

    def run(self) -> dict[str, Value]:
        """Run the submission's files."""
        sys.dont_write_bytecode = True
        install(self.rewriting)
        finder = Submitted(self.files, self.readings, self.rewriting)
        sys.meta_path[:] = [finder, *(other for other in sys.meta_path if not isinstance(other, Submitted))]
        for name in self.files:
            sys.modules.pop(stem(name), None)
        self.generators.start()
        with captured(self.budget.output) as printed:
            self.module = importlib.import_module(stem(next(iter(self.files))))
        return {"stops": "\n".join(finder.stops), "notes": "\n".join(dict.fromkeys(finder.notes)), "printed": printed.getvalue()}

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
        self.generators.start()
        watch = Watch(check.rules, self._asked(), self.module, self.files) if check.rules else None
        started = time.perf_counter()
        with captured(self.budget.output) as printed, watching(watch):
            try:
                if watch is not None:
                    watch.see(found, None)
                answer = Answer(Ending.RETURNED, check.run(self.module, case))
            except BaseException as error:
                answer = self._explain(error, check.function)
        if printed.over:  # whatever the code made of being stopped
            answer = Answer(Ending.OVER_LIMIT, error=self.budget.exceeded("output"))
        elif (largest := largest_of(answer.observation, self.budget.answer)) is not None:
            answer = Answer(Ending.OVER_LIMIT, error=f"{self.budget.exceeded('answer')}: {largest}")
        return Answer(
            answer.ending,
            answer.observation,
            answer.error,
            answer.place,
            answer.inside,
            printed.getvalue(),
            time.perf_counter() - started,
            watch.calls(self._where) if watch is not None and intact() else None,
        )

    def _where(self, file: str, line: int) -> str:
        return where(self.files[file], line)

    def _missing(self, function: str) -> str:
        found = getattr(self.module, function, None)
        name = next(iter(self.files))
        main = called(name, self.files[name])
        if found is not None:
            return f"`{function}` in {main} is a {type(found).__name__}; expected a function"
        for cell, sentence in self.readings[name].broken:
            if re.search(rf"^\s*def\s+{re.escape(function)}\b", cell.text, re.MULTILINE):
                return f"`{function}` is in a cell that cannot be read: {sentence}"
        import difflib

        names = [name for name, value in vars(self.module).items() if callable(value) and not name.startswith("_")]
        near = difflib.get_close_matches(function, names, 1, 0.6)
        asked = {check.function for check in self.assignment.checks} if self.assignment else set()
        renamed = f"; there is a `{near[0]}`: was it renamed?" if near and near[0] not in asked else ""
        return f"{main} has no function `{function}`{renamed}"

    def _explain(self, error: BaseException, function: str) -> Answer:
        """An exception as an answer: which kind of ending, in whose line, in one sentence."""
        if isinstance(error, UnfitError):
            return Answer(Ending.UNFIT, error=str(error))
        place, inside = self._place(error)
        if isinstance(error, NotImplementedError) and inside:
            return Answer(Ending.NOT_STARTED, place=place, inside=inside)
        name = type(error).__name__
        over = over_limit(error)
        if over == "memory":
            return Answer(Ending.OUT_OF_MEMORY, error=self.budget.exceeded(over), place=place, inside=inside)
        if over:
            return Answer(Ending.OVER_LIMIT, error=self.budget.exceeded(over), place=place, inside=inside)
        if isinstance(error, SystemExit):
            return Answer(Ending.RAISED, error=f"it ends the program: SystemExit({error.code!r})", place=place, inside=inside)
        text = re.sub(r"\{\{.*?\}\} ?| ?\[Op:\w+\].*", "", text_about(error))  # TensorFlow's own addresses
        if isinstance(error, ValueError) and "read-only" in text:
            text = f"{text}: the arguments must not be changed, work on a copy"
        elif isinstance(error, PermissionError):
            text = f"{text}: {CONFINED}"
        return Answer(Ending.RAISED, error=f"{name}: {text}" if text else name, place=place, inside=inside)

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
    imported for one function, or a line of the student's own tests, does not take the other functions along.

    In a notebook, one that takes too long is stopped: a training, most likely, of which the functions know nothing. One
    that needs a name which only a later cell defines is run again after it, since cells are run in any order.
    """

    def __init__(self, files: dict[str, str], readings: dict[str, Reading], rewriting: Rewriting) -> None:
        self.rewriting = rewriting
        self.files = {stem(name): name for name in files}
        self.sources = files
        self.readings = readings
        self.stops: list[str] = []
        self.notes: list[str] = []

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
        if is_notebook(source):
            module.__dict__.update(get_ipython=lambda: None, display=lambda *shown, **options: None)
            self._run_notebook(module, source, stops)
        else:
            for statement, code in self._compiled(name, stops):
                try:
                    exec(code, module.__dict__)  # noqa: S102 - running the student's file is what a worker is for
                except BaseException as error:
                    stops[statement.lineno] = stop(where(source, statement.lineno), error)
        found = [sentence for _, sentence in sorted(stops.items())]
        most = STOPS_MOST if is_notebook(source) else len(found)
        self.stops += found[:most]
        if found[most:]:
            self.notes.append(f"{len(found) - most} more lines of the notebook did not run")

    def _run_notebook(self, module: ModuleType, source: str, stops: dict[int, str]) -> None:
        ends = time.monotonic() + NOTEBOOK_SECONDS
        waiting = list(self._compiled(self.files[module.__name__], stops))
        again = False
        for _ in range(ROUNDS):
            unnamed = []
            for statement, code in waiting:
                try:
                    with at_most(_seconds_for(statement, ends - time.monotonic())):
                        exec(code, module.__dict__)  # noqa: S102 - as above
                except BaseException as error:
                    stops[statement.lineno] = stop(where(source, statement.lineno), error)
                    if isinstance(error, NameError):
                        unnamed.append((statement, code))
                else:
                    if again:
                        stops.pop(statement.lineno, None)
                        place = where(source, statement.lineno)
                        self.notes.append(f"{place} ran only after a later cell, which defines what it needs")
            if again and len(unnamed) == len(waiting):
                break
            waiting, again = unnamed, True

    def _compiled(self, name: str, stops: dict[int, str]) -> Iterator[tuple[ast.stmt, CodeType]]:
        tree = self.readings[name].tree
        future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        for statement in tree.body:
            if statement in future:
                continue
            body = ast.Module([*future, statement], type_ignores=[])
            self.rewriting.rewrite(body)
            try:
                yield statement, compile(body, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # such as `return` outside of a function
                stops[statement.lineno] = stop(where(self.sources[name], statement.lineno), error)


def _seconds_for(statement: ast.stmt, left: float) -> float:
    """The time for a statement of a notebook that has so much left: an import may need more than a training may."""
    most = NOTEBOOK_SECONDS if isinstance(statement, ast.Import | ast.ImportFrom) else STATEMENT_SECONDS
    return min(most, max(STATEMENT_SECONDS / 20, left))


def stop(place: str, error: BaseException) -> str:
    """Why a statement at the top of a file did not run."""
    text = (error.msg or "") if isinstance(error, SyntaxError) else text_about(error)
    why = text if isinstance(error, SlowError) else f"{type(error).__name__}: {text}"
    return f"{place} did not run ({why})"[:300]


class SlowError(BaseException):
    """A statement at the top of a notebook has had its time; not an Exception, as above."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop the code in a block after so many seconds, where the system can and the code lets it.

    What does not come back to Python in time has all of the worker stopped from outside, as everywhere.
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


def stem(name: str) -> str:
    """The module's name of a file: "xor_mlp" for "xor_mlp.py"."""
    return name.rpartition("/")[2].removesuffix(".py")


def explain_syntax(error: BaseException, name: str, source: str) -> str:
    """A syntax error in one sentence, with its line."""
    if not isinstance(error, SyntaxError) or not error.lineno:
        return f"{called(name, source)} cannot be read as Python: {error}"
    lines = source.splitlines()
    line = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
    place = where(source, error.lineno)
    return f"{place if is_notebook(source) else f'{name}, {place}'}: {error.msg}: {line[:120]}"


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
