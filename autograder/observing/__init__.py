"""The worker's half of grading: load a spec and a submission, observe one case at a time.

Requests and answers are observations (named arrays and texts). What a worker is asked:

    open     take the spec and the submission; read the source and check the rules on it
    run      run the submission's files
    observe  one case of one check; with stand-ins for other functions, or recording how they are called (see `standing_in`)

All of it happens inside the sandbox (see `sandbox.isolation`): even reading a stranger's source can take a process down.
"""

from __future__ import annotations

import contextlib
import dis
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import re
import sys
import time
import traceback
from collections.abc import Callable, Collection
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from autograder.assignment import Assignment, run_spec
from autograder.checks.base import Case, Check
from autograder.checks.binding import Implementation, UnfitError, names_of
from autograder.checks.methods import found_at
from autograder.checks.rules import violations
from autograder.observation import Observation, Value, pack, text_of, unpack, unpack_tree
from autograder.observation.answer import Answer, Ending
from autograder.observing.capturing import because, captured, largest_of, over_limit, text_about
from autograder.observing.importing import Submitted, defines, explain_syntax, imported_by, load_libraries, stem
from autograder.observing.seeding import Generators
from autograder.observing.standing_in import with_others
from autograder.observing.untaped import line_of_numpy
from autograder.observing.watching import Rewriting, Watch, install, intact, watched_by
from autograder.sandbox.budget import Budget
from autograder.text.cells import Reading, called, read, where

if TYPE_CHECKING:
    pass

CONFINED = "while it is graded, code may use no network, start no program, and write only in the folder where it runs"
NAMED_MOST = 4  # functions that a file has in place of those that are asked for


def serve(budget: Budget) -> Callable[[bytes], bytes]:
    """The handler that a worker runs."""
    return Observer(budget).handle


class Observer:
    """What one worker knows: a spec, a submission's module, nothing else."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.assignment: Assignment | None = None
        self.spec = ""
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
                try:
                    return pack(self.open(fields))
                except Exception as error:  # no line of the submission has run: whatever fails here is ours
                    return pack({"error": f"the assignment cannot be loaded in a worker: {type(error).__name__}: {error}"})
            case "load":
                load_libraries(text_of(fields, "modules").split())
                return pack({})
            case "run":
                return pack(self.run(text_of(fields, "without").split()))
            case _:
                return self.answer(fields)

    def open(self, fields: Observation) -> dict[str, Value]:
        """Load the spec, read the source, check the rules on it; none of the student's code runs."""
        spec = text_of(fields, "spec")
        if self.assignment is None or self.spec != spec or "unwatched" not in fields:  # of ours, many follow each other
            self.assignment, self.spec = run_spec(spec, text_of(fields, "spec name")), spec
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
        return {check.function for check in self.assignment.checks if not check.by_hand}

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
            "slow": "yes" if finder.slow else "",
            "notes": "\n".join(dict.fromkeys(finder.notes)),
            "printed": printed.getvalue(),
            "foreign": self._foreign(),
        }

    def _foreign(self) -> str:
        """The sentence about a file that has none of the functions: another file, most likely. "" where it has one."""
        asked, name = self._asked(), next(iter(self.files))
        written = {name for names, _ in self.finder.unrun for name in names}
        asked = {one.partition(".")[0] for one in asked}
        in_broken = [one for one in asked if any(defines(cell.text, one) for cell, _ in self.readings[name].broken)]
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
        found = found_at(self.module, check.function)
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
        with captured(self.budget.output) as printed, watched_by(watch), with_others(module, fields) as recorder:
            try:
                if watch is not None:
                    watch.see(found, None)
                seen = check.run(module, case)
                place = self._where_it_left(check) if check.left_the_tape(seen) else ""
                answer = Answer(Ending.RETURNED, seen if recorder is None else recorder.values(), place=place)
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
        name = next(iter(self.files))
        main = called(name, self.files[name])
        function, _, method = function.partition(".")
        found = getattr(self.module, function, None)
        if method and isinstance(found, type):
            return f"the class `{function}` in {main} has no method `{method}`"
        kind = "class" if method else "function"
        if found is not None:
            return f"`{function}` in {main} is a {type(found).__name__}; expected a {kind}"
        for cell, sentence in self.readings[name].broken:
            if defines(cell.text, function):
                return f"`{function}` is in a cell that cannot be read: {sentence}"
        import difflib

        names = [name for name, value in vars(self.module).items() if callable(value) and not name.startswith("_")]
        near = difflib.get_close_matches(function, names, 1, 0.6)
        asked = {one.partition(".")[0] for one in self._asked()} if self.assignment else set()
        renamed = f"; there is a `{near[0]}`: was it renamed?" if near and near[0] not in asked else ""
        if re.search(rf"^\s*from {stem(name)} import .*\b{function}\b", self.files[name], re.MULTILINE):
            return f"{main} imports `{function}` from {name}, but only {main} was handed in: the {kind} has to stand in it"
        return f"{main} has no {kind} `{function}`{renamed}{self._unrun(function)}"

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
        text += because(error)
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

    def _where_it_left(self, check: Check) -> str:
        """The line in which a function has most likely left the tape, as of an exception; "" where none can be told."""
        name = next(iter(self.files))
        line = line_of_numpy(self.readings[name].tree, check.function)
        if line is None:
            return ""
        text = self.files[name].splitlines()[line - 1 : line]
        return f"{self._where(name, line)}: {''.join(text).strip()}"

    def _place(self, error: BaseException) -> tuple[str, str]:
        """The last line of the student's that the exception passed through, and the function it stands in."""
        with contextlib.suppress(Exception):
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                if frame.filename in self.files:
                    place = where(self.files[frame.filename], frame.lineno or 0)
                    return f"{place}: {(frame.line or '').strip()}", frame.name
        return "", ""
