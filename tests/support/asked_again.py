"""Finds the answer to each question again, by other means: the file with `print` in it, in a Python process of its own.

Nothing here is shared with `autograder/asking`: lines are found as text, values are printed by the program itself, and what a
call returns without a line comes from a file in which that line says `pass`. A question is wrong if its right answer is not what
was printed, or if one of its wrong answers could be.
"""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import symtable
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

SECONDS = 1800
NOTHING = {"nan": float("nan"), "inf": float("inf"), "True": True, "False": False, "__builtins__": {}}

PROGRAM = r'''
import contextlib, io, json, os, pickle, random, sys, warnings
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow", TF_ENABLE_ONEDNN_OPTS="0")
warnings.simplefilter("ignore")
import numpy as np
jobs = pickle.load(open(sys.argv[1], "rb"))
tf = None
if any("tensorflow" in job["source"] or "tf." in job["text"] or job["tensors"] for job in jobs):
    import tensorflow as tf, keras
    tf.config.run_functions_eagerly(True)

def plain(value):
    """A value in parts that can be compared."""
    if isinstance(value, dict):
        return {"dict": [[str(key), plain(part)] for key, part in value.items()]}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [plain(part) for part in value]}
    if value is None or isinstance(value, str):
        return {"word": str(value)}
    name = type(value).__name__
    if tf is not None and (tf.is_tensor(value) or isinstance(value, tf.Variable)):
        name, value = ("Variable" if isinstance(value, tf.Variable) else "Tensor"), value.numpy()
    if isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return {"name": name, "dtype": array.dtype.name, "shape": list(array.shape), "flat": [repr(float(x)) for x in array.ravel()]}
        return {"name": name, "dtype": array.dtype.name, "shape": list(array.shape)}
    return {"name": name}

def seen(value):
    return json.dumps(plain(value))

def fresh(value):
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, dict):
        return {key: fresh(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(fresh(part) for part in value)
    return value

results = []
for job in jobs:
    space = {"__name__": "work", "__seen__": seen}
    out = io.StringIO()
    answer = {}
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(job["source"], "work.py", "exec"), space)
            names = {"np": np, "tf": tf, "keras": sys.modules.get("keras")}
            arrays = fresh(job["arrays"])
            if job["tensors"]:
                arrays = {name: tf.constant(value) for name, value in arrays.items()}
            random.seed(20); np.random.seed(20)
            if tf is not None:
                tf.keras.utils.set_random_seed(20)
            out.seek(0); out.truncate()
            answer["result"] = plain(eval(job["text"], {**space, **names, **arrays}))
        except BaseException as error:
            answer["error"] = type(error).__name__
    answer["printed"] = out.getvalue()
    results.append(answer)
print("\x1d" + json.dumps(results))
'''


@dataclass
class Again:
    """One file, and the calls that were asked about.

    Attributes:
        source: the file.
        calls: by function and by id; each has `text`, `runs` and `tensors`.
        lines: the lines of each function that a question is about, with the names to print after each.
    """

    source: str
    calls: dict[str, dict[str, Any]]
    jobs: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    answers: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)

    def wrong(self, questions: list[Any]) -> list[str]:
        """A sentence for each question that is wrong, or that somebody could answer in another way."""
        self.prepare(questions)
        run([self])
        return self.found()

    def prepare(self, questions: list[Any]) -> None:
        """Find out what has to be run for these questions."""
        self.questions = questions
        self.names = {(one.function, line, name) for one in questions for line, name in self._printed(one)}
        for one in questions:
            self._ask(one)

    def found(self) -> list[str]:
        """A sentence for each question that is wrong, once everything has been run."""
        return [f"{one.id}: {why}" for one in self.questions if (why := self._why(one))]

    # Jobs -----------------------------------------------------------------------------------------------------------

    def _printed(self, one):
        probe = one.probe
        return [(probe["line"], probe.get("name", ""))] if probe["what"] not in ("left out", "which line", "name") else []

    def _ask(self, one):
        probe = one.probe
        match probe["what"]:
            case "shape" | "value" | "count" | "type" | "dtype":
                for run in self._all_runs(one) if not self.calls[one.function][probe["call"]].literal else range(1):
                    self._job(one.function, probe["call"], run)
            case "branch":
                for call in probe["calls"].values():
                    self._job(one.function, call, 0)
            case "left out":
                for run in self._all_runs(one) if self._several(one) else range(1):
                    self._job(one.function, probe["call"], run)
                    self._job(one.function, probe["call"], run, probe["line"])
            case "which line":
                self._job(one.function, probe["call"], 0)
                for line in probe["lines"].values():
                    self._job(one.function, probe["call"], 0, line)

    def _job(self, function, call, run, without=0):
        key = (function, call, run, without)
        if key not in self.jobs:
            asked = self.calls[function][call]
            text, arrays = (asked.text, {}) if asked.caught else asked.runs[run]
            source = self._passing(without) if without else self._printing(function)
            self.jobs[key] = {"source": source, "text": text, "arrays": dict(arrays), "tensors": asked.tensors}
        return key

    def _passing(self, line):
        lines = self.source.split("\n")
        lines[line - 1] = re.match(r"\s*", lines[line - 1])[0] + "pass"
        return "\n".join(lines)

    def _printing(self, function):
        lines = self.source.split("\n")
        for line in sorted({line for name, line, _ in self.names if name == function}, reverse=True):
            space = re.match(r"\s*", lines[line - 1])[0]
            after = [
                f'{space}print("\\x1eSEEN {line} {target} " + __seen__({target}))'
                for name, at, target in sorted(self.names)
                if (name, at) == (function, line) and target
            ]
            lines[line:line] = after
            lines[line - 1 : line - 1] = [f'{space}print("\\x1eRUN {line}")']
        return "\n".join(lines)

    # Answers --------------------------------------------------------------------------------------------------------

    def _seen(self, one, run, call=""):
        answer = self.answers[one.function, call or one.probe["call"], run, 0]
        found = re.findall(
            rf"^\x1eSEEN {one.probe['line']} {re.escape(one.probe.get('name', ''))} (.*)$", answer["printed"], re.M
        )
        return [json.loads(text) for text in found]

    def _often(self, one, run, call=""):
        answer = self.answers[one.function, call or one.probe["call"], run, 0]
        return len(re.findall(rf"^\x1eRUN {one.probe['line']}$", answer["printed"], re.M))

    def _why(self, one):
        if one.options and (len(set(one.options)) < len(one.options) or one.right not in one.options):
            return "two options are the same, or none is the right one"
        if one.options and len(one.options) < 3:
            return "there are fewer than three options"
        wrong = [option for option in one.options if option != one.right]
        return getattr(self, f"_why_{one.probe['what'].replace(' ', '_')}")(one, wrong)

    def _all_runs(self, one):
        return range(len(self.calls[one.function][one.probe["call"]].runs))

    def _several(self, one):
        """Whether what a line does must hold for several draws."""
        call = self.calls[one.function][one.probe["call"]]
        return not call.caught and (not call.literal or one.right.startswith("It returns exactly"))

    def _why_shape(self, one, wrong):
        literal = self.calls[one.function][one.probe["call"]].literal
        shapes = {
            str(tuple(value["shape"])) for run in (range(1) if literal else self._all_runs(one)) for value in self._seen(one, run)
        }
        return "" if shapes == {one.right} and not shapes & set(wrong) else f"the shapes are {shapes}"

    def _why_value(self, one, wrong):
        value = self._seen(one, 0)[one.probe["time"]]
        actual = np.array([float(text) for text in value["flat"]]).reshape(value["shape"])
        if not near(one.right, actual, 6e-4):
            return f"the value is {actual}"
        return next((f"{option} could be it, too" for option in wrong if near(option, actual, 0.01)), "")

    def _why_count(self, one, wrong):
        literal = self.calls[one.function][one.probe["call"]].literal
        counts = {str(self._often(one, run)) for run in (range(1) if literal else self._all_runs(one))}
        return "" if counts == {one.right} else f"the counts are {counts}"

    def _why_type(self, one, wrong):
        names = {
            "ndarray": "a NumPy array",
            "Tensor": "a TensorFlow tensor",
            "Variable": "a tf.Variable",
            "float": "a Python float",
            "int": "a Python int",
        }
        kinds = set()
        for value in self._seen(one, 0):
            kind = next((key for key in ("dict", "list", "tuple") if key in value), "")
            kinds.add(f"a {kind}" if kind else names.get(value.get("name"), value.get("name")))
        return "" if kinds == {one.right} else f"the kinds are {kinds}"

    def _why_dtype(self, one, wrong):
        dtypes = {value["dtype"] for value in self._seen(one, 0)}
        return "" if dtypes == {one.right} else f"the dtypes are {dtypes}"

    def _why_branch(self, one, wrong):
        for option in one.options:
            often = self._often(one, 0, one.probe["calls"][option])
            if (often > 0) != (option == one.right):
                return f"{option} runs the line {often} times"
        return ""

    def _why_left_out(self, one, wrong):
        beginnings = {
            "error": "It raises",
            "form": "It returns something",
            "numbers": "It returns the same shape",
            "same": "It returns exactly",
        }
        for run in self._all_runs(one) if self._several(one) else range(1):
            key = (one.function, one.probe["call"], run)
            found = outcome(self.answers[(*key, 0)], self.answers[(*key, one.probe["line"])])
            if not one.right.startswith(beginnings[found]):
                return f"run {run} ends as {found}"
        return ""

    def _why_which_line(self, one, wrong):
        base = self.answers[one.function, one.probe["call"], 0, 0]
        for option, line in one.probe["lines"].items():
            answer = self.answers[one.function, one.probe["call"], 0, line]
            if shows(answer, base, one.probe["words"]) != (option == one.right):
                return f"{option} does it, or does not: {str(answer)[:200]}"
        return ""

    def _why_name(self, one, wrong):
        table = symtable.symtable(self.source, "work.py", "exec")
        inner = next(child for child in reversed(table.get_children()) if child.get_name() == one.function)
        tables = [inner]
        for scope in tables:  # a comprehension has a scope of its own
            tables += scope.get_children()
        symbol = next(scope.lookup(one.probe["name"]) for scope in tables if one.probe["name"] in scope.get_identifiers())
        outer = table.lookup(one.probe["name"]) if one.probe["name"] in table.get_identifiers() else None
        if symbol.is_parameter():
            found = "It is a parameter"
        elif symbol.is_local() or symbol.is_free():
            found = "It is a variable"
        elif outer is not None and outer.is_imported():
            found = "It is imported"
        elif outer is not None and (outer.is_assigned() or outer.is_namespace()):
            found = "It is defined in the file"
        else:
            found = "Python has it"
        return "" if one.right.startswith(found) else f"symtable says: {found}"


def run(several: list[Again]) -> None:
    """Run what has been prepared for some files, all of it in one process that is not ours."""
    jobs = [job for one in several for job in one.jobs.values()]
    with tempfile.TemporaryDirectory() as folder:
        asked, program = Path(folder) / "jobs", Path(folder) / "program.py"
        asked.write_bytes(pickle.dumps(jobs))
        program.write_text(PROGRAM, encoding="utf-8")
        command = [sys.executable, program, asked]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert "\x1d" in ended.stdout, ended.stderr[-2000:]
    answers = iter(json.loads(ended.stdout.rpartition("\x1d")[2]))
    for one in several:
        one.answers = {key: next(answers) for key in one.jobs}


def near(text: str, actual: Any, rtol: float) -> bool:
    """Whether a value that is offered is what was printed, to so many digits."""
    offered = np.array(eval(text, dict(NOTHING)), dtype=float)  # noqa: S307 - of our own questions
    if offered.shape != actual.shape:
        return False
    return bool(np.allclose(offered, actual, rtol=rtol, atol=1e-12, equal_nan=True))


def outcome(before: Any, after: Any) -> str:
    """What became of a call without a line."""
    if "error" in after:
        return "error"
    one, other = before["result"], after["result"]
    if one == other:
        return "same"
    return "form" if form(one) != form(other) else "numbers"


def form(value: Any) -> Any:
    """A value without its numbers."""
    if isinstance(value, dict):
        return {key: form(part) for key, part in value.items() if key != "flat"}
    return [form(part) for part in value] if isinstance(value, list) else value


def shows(answer: Any, base: Any, words: str) -> bool:
    """Whether a call without a line does what a question says."""
    if words.startswith("raises "):
        return answer.get("error") == words.removeprefix("raises ")
    result = answer.get("result") or {}
    if words.startswith("returns something of shape "):
        return str(tuple(result.get("shape", ["none"]))) == words.removeprefix("returns something of shape ") and form(
            result
        ) != form(base["result"])
    if "flat" not in result:
        return False
    actual = np.array([float(text) for text in result["flat"]]).reshape(result["shape"])
    return near(words.removeprefix("returns "), actual, 0.01)
