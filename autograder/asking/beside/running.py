"""Run one call of a function, and look at every line that it runs."""

from __future__ import annotations

import ast
import contextlib
import inspect
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from autograder.asking.beside.describing import Told, described, kinds_in, parts_of
from autograder.asking.beside.statements import Statement
from autograder.observation import Value
from autograder.observing.importing import SlowError
from autograder.observing.importing import at_most as at_most_on_the_wall
from autograder.observing.seeding import Generators

LINES_MOST = 20_000  # that one call may run
SEEN_MOST = 6  # values of a variable at one line that are told
SECONDS = 2.0  # for one call
ON_THE_WALL = 10  # seconds on the wall for each of these
OTHER_SEED = 4711
GENERATOR = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop the code in a block after so many seconds of computing, or ten times as many on the wall, where the system can.

    A busy machine must not decide what is asked: the same seed asks the same.
    """
    if not hasattr(signal, "ITIMER_PROF"):
        with at_most_on_the_wall(seconds):
            yield
        return

    def ring(number: int, frame: object) -> None:
        raise SlowError(f"it took longer than {seconds:.2g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with at_most_on_the_wall(ON_THE_WALL * seconds):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class TooLongError(BaseException):
    """A call runs more lines than anybody would count; not an Exception, so that no `except Exception` hides it."""


@dataclass(frozen=True)
class Run:
    """One call.

    Attributes:
        text: the call as it is shown, an expression.
        arrays: the arrays that the text only names.
        tensors: whether these are tensors.
    """

    text: str
    arrays: Mapping[str, Any] = field(default_factory=dict)
    tensors: bool = False


@dataclass
class Ran:
    """What came of a call: its result, or its error, and what became of its arguments."""

    error: str = ""
    kinds: str = ""
    told: Told = field(default_factory=dict)
    parts: Mapping[str, Value] = field(default_factory=dict)
    arguments: Mapping[str, Value] = field(default_factory=dict)
    slow: bool = False


class Program:
    """A function as it can be called: the student's, or one that was changed.

    Args:
        module: the student's module.
        name: the function.
        file: the file that it stands in.
        generators: start anew before each call.
    """

    def __init__(self, module: ModuleType, name: str, file: str, generators: Generators) -> None:
        self.module, self.name, self.file, self.generators = module, name, file, generators
        self.function: Any = getattr(module, name)

    def changed(self, tree: ast.FunctionDef) -> Program | None:
        """The same program with another text of the function; None where that is none, or a decorator does not take it."""
        other = Program(self.module, self.name, self.file, self.generators)
        space = dict(vars(self.module))
        try:
            code = compile(ast.Module([tree], type_ignores=[]), self.file, "exec", dont_inherit=True)
            exec(code, space)  # noqa: S102 - a student's own function, in the process that is for it
        except Exception:
            return None
        other.function = space[self.name]
        return other

    @property
    def code(self) -> CodeType | None:
        """The code whose lines are looked at; None for what is no plain function."""
        inner = inspect.unwrap(getattr(self.function, "python_function", self.function))
        code = getattr(inner, "__code__", None)
        return code if isinstance(code, CodeType) and not code.co_flags & GENERATOR else None

    def call(self, run: Run, watch: Watch | None = None, *, seed: int | None = None, most: float = SECONDS) -> Ran:
        """Call it, for so many seconds at most. Whatever the code does, there is an end to it."""
        ran = Ran()
        kept: list[Any] = []

        def called(*arguments: Any, **named: Any) -> Any:
            kept[:] = [arguments, named]
            with watch.watching() if watch else contextlib.nullcontext():
                return self.function(*arguments, **named)

        self._start(seed)
        try:
            with at_most(most):
                result = eval(run.text, self._names(run) | {self.name: called})  # noqa: S307 - a call of ours
            ran.told, ran.kinds, ran.parts = described(result), kinds_in(result), parts_of(result)
            ran.arguments = parts_of(kept)
        except (SlowError, TooLongError):
            ran.slow = True
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            ran.error = type(error).__name__
        return ran

    def _start(self, seed: int | None) -> None:
        self.generators.start()
        if seed is not None:
            random.seed(seed)
            np.random.seed(seed)
            tensorflow = sys.modules.get("tensorflow")
            if tensorflow is not None and hasattr(tensorflow, "random"):
                tensorflow.random.set_seed(seed)

    def _names(self, run: Run) -> dict[str, Any]:
        """What the text of a call may name: the arrays, the libraries, and what the student's file has."""
        libraries = {"np": np}
        for name, library in (("tf", "tensorflow"), ("keras", "keras")):
            if library in sys.modules:
                libraries[name] = sys.modules[library]
        arrays = {name: np.array(value) for name, value in run.arrays.items()}
        if run.tensors:
            arrays = {name: libraries["tf"].constant(value) for name, value in arrays.items()}
        return {**vars(self.module), **libraries, **arrays}


class Watch:
    """Looks at the lines that a piece of code runs, in its outermost call.

    Attributes:
        counts: how often each line began.
        values: what each variable held after its line, each of the first few times.
        again: whether the function calls itself: its lines are not one call's then.
    """

    def __init__(self, code: CodeType, statements: list[Statement]) -> None:
        self.code = code
        self.at = {one.line: one for one in statements if one.alone}
        self.counts: Counter[int] = Counter()
        self.values: dict[str, list[Told]] = {}
        self.again = False
        self._depth = 0
        self._before: Statement | None = None
        self._lines = 0

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look at what runs in this block."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        if frame.f_code is not self.code:
            return None
        self.again = self.again or self._depth > 0
        self._depth += 1
        return self._look

    def _look(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        if event == "line":
            self._lines += 1
            if self._lines > LINES_MOST:
                raise TooLongError
            self._finish(frame)
            self.counts[frame.f_lineno] += 1
            self._before = self.at.get(frame.f_lineno)
        elif event == "exception":
            self._before = None
        elif event == "return":
            self._depth -= 1
            self._finish(frame)
            self._before = None
        return self._look

    def _finish(self, frame: FrameType) -> None:
        """Look at what the statement before has given a value."""
        if self._before is None:
            return
        for target in self._before.targets:
            seen = self.values.setdefault(f"{self._before.line}:{target}", [])
            if len(seen) < SEEN_MOST and target in frame.f_locals:
                told = described(frame.f_locals[target])
                if self._before.vague:
                    told.pop("numbers", None)
                seen.append(told)


def timed(program: Program, run: Run) -> tuple[Ran, float]:
    """What comes of a call, and the seconds of computing that it takes once everything has been loaded."""
    seconds = []
    for _ in range(2):
        started = time.process_time()
        ran = program.call(run)
        seconds.append(time.process_time() - started)
        if ran.slow:
            break
    return ran, min(seconds)
