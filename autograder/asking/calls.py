"""The calls that are asked about: those of the assignment's cases, written so that a student can copy them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.checks.binding import parameters_of
from autograder.checks.gradients import STRIP
from autograder.observation import leaves

TEXT_MOST = 400  # characters of a call that is written out; of a longer one, the arrays are told by their shapes
LONG = 160  # characters: shorter calls are taken first
CALLS_MOST = 8  # of one function
CHANGED_MOST = 2  # of these, for which the function is changed
RUNS = 4  # draws of one call: what is said of all numbers must hold for each
TRAINS = 60.0  # seconds of time limit: a check that has as much trains a model, and is not looked at line by line


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes:
        id: names it among those of its function.
        text: the call as Python.
        about: what the arrays are that the text only names; "" if everything is written out.
        runs: the call as it is displayed, and drawn anew: texts, and the arrays that they name.
        tensors: whether these are tensors.
        changed: whether it is called with the function changed, too.
        caught: the check that makes the call, where its text is not known before; else "".
    """

    id: str
    text: str
    about: str
    runs: tuple[tuple[str, Mapping[str, Any]], ...] = field(repr=False)
    tensors: bool = False
    changed: bool = False
    caught: str = ""

    @property
    def literal(self) -> bool:
        """Whether everything is written out, so that one run decides."""
        return not self.about

    def request(self) -> dict[str, Any]:
        """The call for a worker."""
        runs = [{"text": text, "arrays": dict(arrays)} for text, arrays in self.runs]
        return {"id": self.id, "runs": runs, "tensors": self.tensors, "changed": self.changed, "caught": self.caught}


def calls_of(assignment: Assignment, function: str, draws: Sequence[Mapping[str, Mapping[str, Case]]], order: Any) -> list[Call]:
    """The calls of a function.

    Args:
        assignment: the loaded spec.
        function: the function.
        draws: the cases of each check by name, drawn several times; the first draw is displayed.
        order: a generator that decides which ones are taken.
    """
    found: dict[str, Call] = {}
    for check in assignment.checks:
        if check.function != function or (check.timeout or 0) >= TRAINS:
            continue
        for name in draws[0].get(check.name, {}):
            call = _call(assignment, check, name, [draw[check.name].get(name) for draw in draws])
            if call is not None and (call.caught or call.text not in {other.text for other in found.values()}):
                found[call.id] = call
    chosen = [list(found.values())[place] for place in order.permutation(len(found))]
    chosen.sort(key=lambda call: (not call.literal, len(call.text) > LONG))
    return list(_marked(_mixed(chosen)))


def _mixed(calls: list[Call]) -> list[Call]:
    """So many calls; one at least whose arrays are told by their shapes, if there is one."""
    few = calls[:CALLS_MOST]
    return few if any(not call.literal for call in few) or len(few) == len(calls) else [*few[:-1], calls[-1]]


def _marked(calls: list[Call]) -> Iterator[Call]:
    """The calls, some of them to be made with the function changed; which of them raise is not known yet."""
    literal = [call.id for call in calls if call.literal][:CHANGED_MOST]
    changed = {*literal, *[call.id for call in calls if not call.literal][:1]}
    for call in calls:
        yield replace(call, changed=call.id in changed)


def _call(assignment: Assignment, check: Check, name: str, cases: Sequence[Case | None]) -> Call | None:
    """One case as a call; None where it is more than a call of the function."""
    first = cases[0]
    if first is None or STRIP in first.inputs:
        return None
    written = _written(assignment, check, first)
    tensors = bool(getattr(check, "tensors", False))
    drawn = [case for case in cases if case is not None]
    if written is not None and len(written) <= TEXT_MOST:
        texts = [text for case in drawn[:RUNS] if (text := _written(assignment, check, case)) is not None]
        return Call(f"{check.name}/{name}", written, "", tuple((text, {}) for text in texts), tensors)
    if _does_more(assignment, check, first):
        return Call(f"{check.name}/{name}", "", "", tuple(("", case.inputs) for case in drawn[:RUNS]), caught=check.name)
    if check.see:
        return None
    runs = [_by_shape(assignment, check, case) for case in drawn[:RUNS]]
    text, about, _ = runs[0]
    alike = tuple((run[0], run[2]) for run in runs if run[:2] == (text, about))
    return Call(f"{check.name}/{name}", text, about, alike, tensors) if len(alike) > 1 and len(text) <= TEXT_MOST else None


def _written(assignment: Assignment, check: Check, case: Case) -> str | None:
    """The call with all of its arguments, None where they are too long, or where it is something else."""
    if check.see:
        text = check.call_text(case.inputs)
        return text if text and _is_call_of(text, check.function) else None
    arguments = _arguments(assignment, check, case)
    if arguments is None:
        return None
    texts = {name: check.literal(value) for name, value in arguments.items()}
    if None in texts.values():
        return None
    return f"{check.function}({', '.join(f'{name}={text}' for name, text in texts.items())})"


def _does_more(assignment: Assignment, check: Check, case: Case) -> bool:
    """Whether a check does more in a case than to call the function with its inputs."""
    if check.see:
        return not _is_call_of(check.call_text(case.inputs) or f"{check.function}()", check.function)
    return _arguments(assignment, check, case) is None


def _is_call_of(text: str, function: str) -> bool:
    """Whether a text of the spec's is one call of a function, and nothing around it."""
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and body.func.id == function


def _arguments(assignment: Assignment, check: Check, case: Case) -> dict[str, Any] | None:
    """The inputs of a case that the function takes; None where they are not all that it needs."""
    contract = assignment.contract.get(check.function)
    if contract is None:
        return dict(case.inputs)
    signature: Signature = parameters_of(contract)
    plain = {name: one for name, one in signature.parameters.items() if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)}
    needed = {name for name, one in plain.items() if one.default is Parameter.empty}
    return {name: case.inputs[name] for name in plain if name in case.inputs} if needed <= case.inputs.keys() else None


def _by_shape(assignment: Assignment, check: Check, case: Case) -> tuple[str, str, dict[str, Any]]:
    """A call that names its arrays, what they are, and the arrays."""
    arguments = _arguments(assignment, check, case) or {}
    arrays = {name: value for name, value in arguments.items() if any(isinstance(leaf, np.ndarray) for _, leaf in leaves(value))}
    texts = (f"{name}={name if name in arrays else check.literal(value)}" for name, value in arguments.items())
    return (
        f"{check.function}({', '.join(texts)})",
        "; ".join(_about(name, value, check) for name, value in arrays.items()),
        arrays,
    )


def _about(name: str, value: Any, check: Check) -> str:
    """What an argument is, in words."""
    kind = "tensor" if getattr(check, "tensors", False) else "array"
    if isinstance(value, np.ndarray):
        return f"{name} is {_article(value.dtype)} {kind} of shape {value.shape}"
    what = "a dict" if isinstance(value, Mapping) else f"a {type(value).__name__} of {len(value)}"
    parts = [f"{path or 'entry'} {leaf.shape}" for path, leaf in leaves(value) if isinstance(leaf, np.ndarray)]
    more = f" and {len(parts) - 6} more" if len(parts) > 6 else ""
    return f"{name} is {what} of {kind}s: {', '.join(parts[:6])}{more}"


def _article(dtype: Any) -> str:
    return f"{'an' if dtype.name[0] in 'iu' else 'a'} {dtype}"
