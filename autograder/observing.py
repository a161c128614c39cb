"""The worker's half of grading: load a spec and a submission, observe one case at a time.

Requests and answers are observations (named arrays and texts). What a worker is asked:

    open     take the spec and the submission; read the source and check the rules on it
    warm     import modules, before any clock runs
    run      give up what a stranger's code must not have, then run the submission's files
    observe  one case of one check
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import io
import linecache
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.answer import Answer, Ending
from autograder.assignment import Assignment, run_spec
from autograder.checks.base import Case, UnfitError
from autograder.checks.rules import violations
from autograder.observation import Observation, Value, pack, text_of, unpack, unpack_tree
from autograder.sandbox.limits import limit_memory

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

PRINTED_MOST = 2000  # characters of output kept for each case


def serve(layers: list[str]) -> Callable[[bytes], bytes]:
    """The handler that a worker runs."""
    return Observer(layers).handle


class Observer:
    """What one worker knows: a spec, a submission's module, nothing else."""

    def __init__(self, layers: list[str]) -> None:
        self.layers = layers
        self.assignment: Assignment | None = None
        self.module = ModuleType("submission")
        self.files: dict[str, str] = {}
        self.trees: dict[str, ast.Module] = {}

    def handle(self, request: bytes) -> bytes:
        """Answer one request."""
        fields = unpack(request)
        match text_of(fields, "request"):
            case "warm":
                return pack(self.warm(text_of(fields, "modules").split()))
            case "open":
                return pack(self.open(fields))
            case "run":
                return pack(self.run(int(text_of(fields, "memory"))))
            case _:
                return self.answer(fields)

    def warm(self, modules: list[str]) -> dict[str, Value]:
        """Import modules without collecting garbage; what they made is never looked at again by the collector."""
        gc.disable()
        try:
            for name in modules:
                importlib.import_module(name)
        except Exception as error:
            return {"error": f"{name} cannot be imported: {type(error).__name__}: {error}"}
        if "tensorflow" in modules:
            threading = sys.modules["tensorflow"].config.threading
            with contextlib.suppress(RuntimeError):  # already running, with the threads it has
                threading.set_intra_op_parallelism_threads(1)
                threading.set_inter_op_parallelism_threads(1)
        gc.freeze()
        gc.enable()
        return {"error": "", "modules": " ".join(modules)}

    def open(self, fields: Observation) -> dict[str, Value]:
        """Load the spec, read the source, check the rules on it; none of the student's code runs."""
        self.assignment = run_spec(text_of(fields, "spec"), text_of(fields, "spec name"))
        self.files = {name: text_of(fields, f"file {name}") for name in self.assignment.files}
        self.trees = {}
        for name, source in self.files.items():
            try:
                self.trees[name] = ast.parse(source, name)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                return {"syntax": explain_syntax(error, name, source)}
        main = self.assignment.files[0]
        return {
            f"rules {check.name}": "\n".join(broken)
            for check in self.assignment.checks
            if (broken := violations(self.trees[main], check.function, check.rules))
        }

    def run(self, memory: int) -> dict[str, Value]:
        """Run the submission's files with at most `memory` further bytes; 0 for no limit."""
        sys.dont_write_bytecode = True
        layers = [*self.layers, *(layer for layer in ([limit_memory(memory)] if memory else []) if layer)]
        finder = Submitted(self.files, self.trees)
        sys.meta_path[:] = [finder, *(other for other in sys.meta_path if not isinstance(other, Submitted))]
        for name in self.files:
            sys.modules.pop(stem(name), None)
        with captured() as printed, seeded():
            self.module = importlib.import_module(stem(next(iter(self.files))))
        return {"layers": "\n".join(layers), "stops": "\n".join(finder.stops), "printed": printed.getvalue()}

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
        started = time.perf_counter()
        with captured() as printed, seeded():
            try:
                answer = Answer(Ending.RETURNED, check.run(self.module, case))
            except BaseException as error:
                answer = self._explain(error, check.function)
        return Answer(
            answer.ending,
            answer.observation,
            answer.error,
            answer.place,
            answer.inside,
            printed.getvalue(),
            time.perf_counter() - started,
        )

    def _missing(self, function: str) -> str:
        found = getattr(self.module, function, None)
        main = next(iter(self.files))
        if found is not None:
            return f"`{function}` in {main} is a {type(found).__name__}; expected a function"
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
        if isinstance(error, MemoryError) or name == "ResourceExhaustedError":
            return Answer(Ending.OUT_OF_MEMORY, error=name, place=place, inside=inside)
        if isinstance(error, SystemExit):
            return Answer(Ending.RAISED, error=f"it ends the program: SystemExit({error.code!r})", place=place, inside=inside)
        try:
            text = re.sub(r"\{\{.*?\}\} ?| ?\[Op:\w+\].*", "", " ".join(str(error).split()))  # TensorFlow's own addresses
        except Exception:
            text = "(its text cannot be read)"
        if isinstance(error, ValueError) and "read-only" in text:
            text = f"{text}: the arguments must not be changed, work on a copy"
        return Answer(Ending.RAISED, error=f"{name}: {text}" if text else name, place=place, inside=inside)

    def _place(self, error: BaseException) -> tuple[str, str]:
        """The last line of the student's that the exception passed through, and the function it stands in."""
        with contextlib.suppress(Exception):
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                if frame.filename in self.files:
                    return f"line {frame.lineno}: {(frame.line or '').strip()}", frame.name
        return "", ""


# The submission as importable modules -----------------------------------------------------------------------------


class Submitted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a submission's files from memory, statement by statement.

    A statement at the top of a file that raises is noted and costs only what depends on it: a missing package that is
    imported for one function, or a line of the student's own tests, does not take the other functions along.
    """

    def __init__(self, files: dict[str, str], trees: dict[str, ast.Module]) -> None:
        self.files = {stem(name): name for name in files}
        self.sources = files
        self.trees = trees
        self.stops: list[str] = []

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
        for statement, code in self._compiled(name):
            try:
                exec(code, module.__dict__)  # noqa: S102 - running the student's file is what a worker is for
            except BaseException as error:
                text = " ".join(str(error).split())
                self.stops.append(f"line {statement.lineno} did not run ({type(error).__name__}: {text})"[:300])

    def _compiled(self, name: str) -> Iterator[tuple[ast.stmt, CodeType]]:
        tree = self.trees[name]
        future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        for statement in tree.body:
            if statement in future:
                continue
            body = ast.Module([*future, statement], type_ignores=[])
            try:
                yield statement, compile(body, name, "exec", dont_inherit=True)
            except SyntaxError as error:  # such as `return` outside of a function
                self.stops.append(f"line {statement.lineno} did not run (SyntaxError: {error.msg})")


def stem(name: str) -> str:
    """The module's name of a file: "xor_mlp" for "xor_mlp.py"."""
    return name.rpartition("/")[2].removesuffix(".py")


def explain_syntax(error: BaseException, name: str, source: str) -> str:
    """A syntax error in one sentence, with its line."""
    if not isinstance(error, SyntaxError) or not error.lineno:
        return f"{name} cannot be read as Python: {error}"
    lines = source.splitlines()
    line = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
    return f"{name}, line {error.lineno}: {error.msg}: {line[:120]}"


# Around every call ------------------------------------------------------------------------------------------------


class Bounded(io.TextIOBase):
    """A place for prints that keeps the first characters and forgets the rest."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = PRINTED_MOST

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        if self.room > 0:
            self.parts.append(str(text)[: self.room])
            self.room -= len(self.parts[-1])
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return "".join(self.parts)


@contextlib.contextmanager
def captured() -> Iterator[Bounded]:
    """Give the student's code a stdout and stderr of its own, and an empty stdin."""
    kept = Bounded()
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), kept, kept
    try:
        yield kept
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


@contextlib.contextmanager
def seeded() -> Iterator[None]:
    """Start every global generator anew, so that a case does not depend on the cases before it."""
    random.seed(20)
    np.random.seed(20)
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "random"):
        tensorflow.random.set_seed(20)
    yield
