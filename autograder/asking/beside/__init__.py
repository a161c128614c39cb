"""The worker's half of asking: run a student's function line by line, change a line, run it again, and tell what was seen.

A spec ends with `assignment = traced(assignment)` here, so that each function has one check that looks instead of judging: a
worker loads it as any other spec, and answers as ever. What it says is one array of bytes, a JSON text (see `facts`).
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.asking.beside.capturing import caught
from autograder.asking.beside.changing import otherwise, without
from autograder.asking.beside.describing import Told, relation
from autograder.asking.beside.running import OTHER_SEED, Program, Ran, Run, Watch, timed
from autograder.asking.beside.statements import Statement, function_in, is_vague, names_in, statements_of
from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.observation import Value
from autograder.observing.importing import stem
from autograder.observing.seeding import Generators

TAIL = "\n\nfrom autograder.asking.beside import traced\n\nassignment = traced(assignment)\n"
FACTS = "facts"
TIMEOUT = 60.0  # seconds for all that is done with one function
SLOW = 0.25  # seconds: a call that takes longer is not looked at
QUICK = 0.05  # seconds: a call that takes longer is not made again with the function changed
PATIENCE = 0.5  # seconds for a call of a changed function
LEFT_OUT_MOST, READ_MOST = 12, 8  # lines of one function that are left out, and that are read otherwise
CHANGED_MOST = 3  # calls that are made of each changed function


@dataclass(frozen=True)
class Traced(Check):
    """Looks at how a function runs, in place of judging what it returns.

    Attributes:
        file: the file that the function stands in.
        judging: the checks of the function, whose own calls are looked at where a case is more than a call.
    """

    _: KW_ONLY
    file: str = ""
    judging: tuple[Check, ...] = ()

    def run(self, module: ModuleType, case: Case) -> dict[str, Value]:
        """What can be told of the function for the calls in `case`."""
        calls = [_spelt(self.judging, module, call) for call in case.inputs["calls"]]
        own: ModuleType = vars(module).get("_module", module)
        told = told_of(own, self.function, self.file, [call for call in calls if call is not None])
        return {FACTS: np.frombuffer(json.dumps(told, allow_nan=False).encode(), dtype=np.uint8)}


def traced(assignment: Assignment) -> Assignment:
    """The assignment with one check for each function, that looks at how it runs."""
    functions: dict[str, list[Check]] = {}
    for check in assignment.checks:
        functions.setdefault(check.function, []).append(check)
    looks = [
        Traced(
            name,
            on=lambda rng: {},
            points=1,
            name=name,
            timeout=TIMEOUT,
            imports=tuple(dict.fromkeys(library for check in judging for library in check.imports)),
            file=assignment.files[0],
            judging=tuple(judging),
        )
        for name, judging in functions.items()
    ]
    return replace(assignment, checks=looks, points=len(looks))


def _spelt(checks: Sequence[Check], module: ModuleType, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A call with its text, which is caught where a check of this name makes it; None where that cannot be."""
    if not asked["caught"]:
        return asked
    check = next(one for one in checks if one.name == asked["caught"])
    texts = [caught(check, module, run["arrays"]) for run in asked["runs"]]
    return {**asked, "runs": [{"text": text, "arrays": {}} for text in texts], "tensors": False} if all(texts) else None


def told_of(module: ModuleType, name: str, file: str, asked: Sequence[Mapping[str, Any]]) -> Told:
    """What can be told of one function, for the grader to make questions of."""
    source = source_of(module, file)
    try:
        function = function_in(source, name)
    except (LookupError, SyntaxError, ValueError):
        return {"skipped": "it is not a plain function of the file"}
    generators = Generators()
    program = Program(module, name, file, generators)
    if program.code is None or program.code.co_firstlineno > function.lineno or isinstance(function, ast.AsyncFunctionDef):
        return {"skipped": "it is not a plain function of the file"}
    _eagerly()
    statements = statements_of(source, function)
    doc = function.body[0] if ast.get_docstring(function) is not None else None
    view = _View(program, function, statements)
    calls = [told for call in asked if (told := view.call(call)) is not None]
    return {
        "first": function.lineno,
        "last": function.end_lineno,
        "doc first": doc.lineno if doc else 0,
        "doc last": (doc.end_lineno or doc.lineno) if doc else 0,
        "statements": [one.told() for one in statements],
        "names": names_in(ast.parse(source), function, statements),
        "calls": calls,
    }


def source_of(module: ModuleType, file: str) -> str:
    """The text of a submission's file, as its importer has it."""
    for finder in sys.meta_path:
        sources = getattr(finder, "sources", None)
        if isinstance(sources, dict) and stem(file) == module.__name__ and file in sources:
            return str(sources[file])
    return ""


def _eagerly() -> None:
    """Run what `tf.function` has compiled as the Python that it was, line by line."""
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "config"):
        tensorflow.config.run_functions_eagerly(True)


class _View:
    """One function, and what is seen of it."""

    def __init__(self, program: Program, function: ast.FunctionDef, statements: list[Statement]) -> None:
        self.program, self.function, self.statements = program, function, statements
        self.vague = is_vague(function)  # without a line, it may return memory that nobody has filled

    def call(self, asked: Mapping[str, Any]) -> Told | None:
        """What is seen of one call; None if nothing can be said of it."""
        runs = [Run(one["text"], one["arrays"], bool(asked["tensors"])) for one in asked["runs"]]
        base, seconds = timed(self.program, runs[0])
        if base.slow or seconds > SLOW:
            return None
        traces = [trace for run in runs if (trace := self._trace(run)) is not None]
        if len(traces) < len(runs):
            return None
        told: Told = {
            "id": asked["id"],
            "text": runs[0].text,
            "error": base.error,
            "result": base.told,
            "random": _differ(base, self.program.call(runs[0], seed=OTHER_SEED)),
            "traces": traces,
            "without": [],
            "otherwise": [],
        }
        if asked["changed"] and not base.error and seconds <= QUICK:
            told["without"] = list(self._left_out(runs))
            told["otherwise"] = list(self._read_otherwise(runs[0], traces[0]))
        return told

    def _trace(self, run: Run) -> Told | None:
        code = self.program.code
        assert code is not None  # noqa: S101 - looked at in `told_of`
        watch = Watch(code, self.statements)
        ran = self.program.call(run, watch)
        if ran.slow or watch.again:
            return None
        counts = [[line, count] for line, count in sorted(watch.counts.items())]
        return {"error": ran.error, "counts": counts, "values": watch.values}

    def _left_out(self, runs: list[Run]) -> Iterator[Told]:
        """What the calls return without a line."""
        before = [self.program.call(run) for run in runs[:CHANGED_MOST]]
        lines = [one for one in self.statements if one.alone and one.kind in ("assign", "call")]
        for statement in lines[:LEFT_OUT_MOST]:
            other = self.program.changed(without(self.function, statement))
            if other is None:
                continue
            after = [other.call(runs[0], most=PATIENCE)]
            if after[0].slow:  # it runs for ever, most likely
                continue
            after += [other.call(run, most=PATIENCE) for run in runs[1:CHANGED_MOST]]
            found = [self._outcome(one, two) for one, two in zip(before, after, strict=True)]
            yield {"line": statement.line, "outcomes": found, "error": after[0].error, "result": after[0].told}

    def _read_otherwise(self, run: Run, trace: Told) -> Iterator[Told]:
        """What a variable holds where its line is read in another way."""
        lines = [one for one in self.statements if one.alone and one.targets and one.kind == "assign" and not one.constant]
        for statement in [one for one in lines if any(f"{one.line}:{name}" in trace["values"] for name in one.targets)][
            :READ_MOST
        ]:
            for way, tree in otherwise(self.function, statement):
                other = self.program.changed(tree)
                code = other.code if other else None
                if other is None or code is None:
                    continue
                watch = Watch(code, [replace(statement, vague=statement.vague or self.vague)])
                other.call(run, watch, most=PATIENCE)
                for name in statement.targets:
                    if seen := watch.values.get(f"{statement.line}:{name}"):
                        yield {"line": statement.line, "name": name, "way": way, "values": seen}

    def _outcome(self, before: Ran, after: Ran) -> str:
        """What a call without a line did: "error", "form", "numbers", "same", or "unclear"."""
        if before.error or before.slow or after.slow:
            return "unclear"
        if after.error:
            return "error"
        found = relation(before.parts, after.parts, (before.kinds, after.kinds))
        changes_no_more = found == "same" and relation(before.arguments, after.arguments, ("", "")) != "same"
        return "unclear" if changes_no_more or (self.vague and found in ("same", "numbers")) else found


def _differ(one: Ran, other: Ran) -> bool:
    """Whether a call returned something else with other random numbers."""
    if one.error or other.error:
        return one.error != other.error
    return relation(one.parts, other.parts, (one.kinds, other.kinds)) not in ("same", "unclear")


__all__ = ["FACTS", "TAIL", "TIMEOUT", "Traced", "source_of", "told_of", "traced"]
