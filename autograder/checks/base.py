"""The contract of a check: make inputs, observe an implementation, compare two observations.

    inputs(rng)                  in the grader: the arrays of each case, NumPy only
    observe(module, **inputs)    in a worker: call the implementation, give back named arrays
    compare(actual, expected, inputs)   in the grader: one sentence on the difference, or ""

A kind of question that the kit does not have is a subclass with these methods.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from itertools import islice
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from autograder.checks.binding import UnfitError, bound
from autograder.checks.literal import literal
from autograder.checks.methods import call_of
from autograder.checks.rules import Rule
from autograder.observation import Array, Observation, Odd, Value, as_value, leaves, same_tree
from autograder.observation.closeness import explain_difference, form_words, joint_relation

EFFECT = "effect: "  # entries of an observation that say what a call did besides answering
ARGUMENT = EFFECT + "argument "  # what became of an input that the call could change
RANDOM_STATE, WARNED = EFFECT + "random state", EFFECT + "warned"  # seen in the worker only: a claim that earns nothing
FORM = ", form"  # of a dict or list that was handed over: the ways to its entries, and what each of them is
AS_IT_WAS = "as it was"
MOST_LEAVES = 10_000  # entries of one input that are looked at after the call
MISSING = Odd("missing")
NAMED = 5  # entries that are listed, of those that an answer must have
SEEN = re.compile(r"\{(\w+(?:\|\w+)*)(=?)\}")  # an input in the call to copy
RAISED = "raised"  # the only entry of a case that asks for an exception; "raised for …" are entries of what `raised_by` says
NO_ERROR = "no error"


@dataclass(frozen=True, eq=False)
class Case:
    """The inputs of one call, and its special conditions. A case equals only itself, because its arrays have no single `==`.

    Attributes:
        inputs: the arguments of the function, by name.
        raises: the name of a built-in exception that the call must raise, such as "ValueError".
        quiet: a NumPy warning (overflow, division by zero) counts as a wrong answer.
        writable: inputs that are passed as private, writable copies. The function must leave them unchanged. All other arrays are
            read-only.
        gradient: whether a `Gradients` check also asks for the gradient here. Turn it off where the function has a corner.
        trivial: a constant answer would pass this case. It counts only if a case that is not trivial passes, too.
        kept: what stays in the grader, only for `compare`, such as labels that score predictions.
        contract: how the functions of the assignment are called; filled in when the case is drawn.
    """

    inputs: Mapping[str, Any]
    _: KW_ONLY
    raises: str = ""
    quiet: bool = False
    writable: tuple[str, ...] = ()
    gradient: bool = True
    trivial: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)
    contract: Mapping[str, str] = field(default_factory=dict, repr=False)


Cases = Mapping[str, Case | Mapping[str, Any]]


@dataclass(frozen=True)
class Check:
    """One graded item of an assignment, about one function.

    Attributes:
        function: the function in the student's file, or a method such as "Perceptron.fit".
        on: a function of an `rng` that returns the cases: name -> inputs, or name -> `Case`.
        points: the points for all cases together.
        stretch: the function is not part of the core: the points are bonus points.
        hint: what to think about; shown if no misconception explains the answer.
        why: why the function is part of the core or not, in a few words for the handout's table.
        levels: three hints for a formula that students derive: a question, the step, the formula. `dlkit hint` gives one more
            each time.
        name: the name of the check; by default, the function's name.
        depends: functions that must work first; until they do, the check is skipped.
        rules: rules on the source. If one is broken, the check earns at most 30 % of its points.
        rtol: relative tolerance, for float64; see `closeness.explain_difference`.
        atol: absolute tolerance.
        timeout: seconds for one case; by default, the assignment's.
        imports: modules that a worker loads before the clock of a case starts.
        see: a call for the student to copy; by default, dlkit makes it from the inputs. `{x}` is the input x of the case, `{z|x}`
            is z where the case has one and x elsewhere, and `{lr=}` is ", lr=0.5" where the case has an lr and nothing elsewhere.
        keeps_random_state: the call must leave Python's and NumPy's global generators as they were.
    """

    # Fields that no worker reads: they are about judging, or reach it as the inputs of each case.
    JUDGED: ClassVar[frozenset[str]] = frozenset(
        {"atol", "depends", "hint", "levels", "name", "on", "points", "rtol", "rules", "see", "stretch", "timeout", "why"}
    )

    function: str
    _: KW_ONLY
    on: Callable[[np.random.Generator], Cases]
    points: float
    stretch: bool = False
    hint: str = ""
    why: str = ""
    levels: tuple[str, ...] = ()
    name: str = ""
    depends: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    rtol: float = 1e-5
    atol: float = 1e-8
    timeout: float | None = None
    imports: tuple[str, ...] = ()
    see: str = ""
    keeps_random_state: bool = False
    label: str = field(default="", repr=False)  # which of several checks of one function: "architecture"

    # Whether the entries of an answer are judged one by one, each beside the reference's. A kind that compares in another way
    # judges what an answer has to fulfil, which right answers do with different numbers.
    by_entry: ClassVar[bool] = True
    # Of a kind that judges in another way: whether two answers of which it says the same are wrong for the same reason. A kind
    # that measures turns it off, since many programs are right about 48 % of the labels: then only answers that are the same
    # are explained, and only by the author's list.
    told_by_sentence: ClassVar[bool] = True
    by_hand: ClassVar[bool] = False  # whether a person marks it, and no worker is asked

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if not {"compare", "compare_values"}.isdisjoint(vars(cls)) and "by_entry" not in vars(cls):
            cls.by_entry = False

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() answers as the reference does"

    # In the grader ----------------------------------------------------------------------------------------------

    def inputs(self, rng: np.random.Generator) -> dict[str, Case]:
        """The cases of this check, drawn with `rng`."""
        return {name: case if isinstance(case, Case) else Case(case) for name, case in self.on(rng).items()}

    def received(self, seen: Observation) -> Observation:
        """What is kept of an observation, as it arrives: a check that asks for draws turns them into what follows from them.

        Raises:
            Exception: it is none that `observe` makes.
        """
        return seen

    def compare(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """How an observation differs from the reference's, in one sentence; "" where it does not."""
        return self.compare_names(actual, expected) or self.compare_values(actual, expected, inputs)

    def compare_names(self, actual: Observation, expected: Observation) -> str:
        """The first entry that is missing or too many."""
        names = _names(actual)
        if "answer" in expected and "answer" not in actual:
            return f"it is a dict of {names or 'nothing'}; expected {form_words(expected['answer'])}"
        if "answer" not in expected and names == "`answer`":
            return f"it is {form_words(actual['answer'])}; expected the entries {_names(expected)}"
        for name, value in expected.items():
            given = actual.get(name, value)
            if isinstance(given, Odd) or isinstance(value, Odd):  # what it is, before its parts
                sentence = self.explain(name, given, value, {})
                if sentence:
                    return self.about(name, sentence)
        for name in expected:
            if name not in actual and not name.startswith(EFFECT):
                return f"there is no `{name}` in the answer"
        for name in actual:
            if name not in expected and not name.startswith(EFFECT):
                return f"there is a `{name}` in the answer that is not asked for"
        return ""

    def compare_values(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """The first entry that differs, the answer before its side effects."""
        for name in sorted(expected, key=lambda name: name.startswith(EFFECT)):
            sentence = self.explain(name, actual.get(name, MISSING), expected[name], inputs)
            if sentence:
                return self.about(name, sentence)
        return ""

    def without_consequences(self, wrong: list[str]) -> list[str]:
        """Of these wrong entries, those that do not only follow from another one."""
        return wrong

    def tolerance(self, expected: Value) -> float:
        """The relative tolerance for one entry."""
        return _rtol_for(expected, self.rtol)

    def about(self, name: str, sentence: str) -> str:
        """The sentence on an entry, with its name where there are several."""
        if name in ("answer", RAISED) or name.startswith(EFFECT):
            return sentence
        return f"{name.removeprefix(f'{RAISED} ')}: {sentence}" if name.startswith(f"{RAISED} ") else f"`{name}`: {sentence}"

    def explain(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """How one entry differs, "" where it does not: the method to override for another way to judge.

        Args:
            name: of the entry: "answer", a part of it, `RAISED` and for which inputs, or an effect, which begins with `EFFECT`.
            actual: what the submission answered.
            expected: what the reference did.
            inputs: of the case, and what it keeps; none where only the kind of the value is looked at.
        """
        if name.startswith(ARGUMENT):
            return self.explain_argument(name, actual, expected, inputs)
        if name.startswith(EFFECT):
            return _explain_effect(name, actual, expected)
        if name.partition(" ")[0] == RAISED and isinstance(actual, str) and isinstance(expected, str) and actual != expected:
            if actual in ("nothing", NO_ERROR):
                return f"no error was raised; expected {expected}"
            return f"raised {actual}" if name == RAISED else f"{actual} was raised; expected {expected}"
        return explain_difference(
            actual, expected, rtol=_rtol_for(expected, self.rtol), atol=_atol_for(expected, self.atol), rows=rows_of(inputs)
        )

    def explain_argument(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """How an argument that the call could change differs from what the reference leaves of it: as a rule, what was sent."""
        if _same(actual, expected):
            return ""
        argument = name.removeprefix(ARGUMENT).removesuffix(FORM)
        sent = what_became_of(argument, inputs[argument], _arrays_in(inputs[argument])) if argument in inputs else {}
        if argument not in inputs or _same(expected, sent.get(name, MISSING)):
            argument = re.split(r"[.\[]", argument)[0] if argument not in inputs else argument
            return f"the answer is right, but the call changed its argument `{argument}`; work on a copy"
        sentence = explain_difference(actual, expected, rtol=_rtol_for(expected, self.rtol), atol=_atol_for(expected, self.atol))
        return f"after the call, its argument `{argument}` is not what it has to be: {sentence}" if sentence else ""

    def call_text(self, inputs: Mapping[str, Any]) -> str:
        """The call that shows a case, for the student to copy; "" if its inputs are too long to write out."""
        texts = {name: self.literal(value) for name, value in inputs.items()}
        if None in texts.values():
            return ""
        if not self.see:
            return f"{self.function}({', '.join(f'{name}={text}' for name, text in texts.items())})"
        return SEEN.sub(lambda match: _filled(match, {name: str(text) for name, text in texts.items()}), self.see)

    def call_of(self, case: Case) -> str:
        """The same of a case, which also tells how the methods of a class are called."""
        texts = {name: self.literal(value) for name, value in case.inputs.items()}
        if self.see or "." not in self.function or None in texts.values():
            return self.call_text(case.inputs)
        return call_of(
            self.function, {name: str(text) for name, text in texts.items()}, getattr(self, "before", ()), case.contract
        )

    def literal(self, value: Any) -> str | None:
        """One input as Python text, None if it is too long to copy."""
        return literal(value)

    # In a worker ------------------------------------------------------------------------------------------------

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Call the implementation in `module` and give back what it answered."""
        raise NotImplementedError

    def run(self, module: ModuleType, case: Case) -> dict[str, Value]:
        """Observe one case together with its side effects: what the call could change comes back with the answer."""
        inputs = dict(case.inputs)
        for name in case.writable:
            inputs[name] = np.array(inputs[name])
        lent = {name: _arrays_in(value) for name, value in inputs.items() if name in case.writable or _is_mutable(value)}
        state = (random.getstate(), np.random.get_state()) if self.keeps_random_state else None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", RuntimeWarning)
            raises = case.raises
            seen = self._observe_error(module, raises, inputs) if raises else dict(self.observe(module, **inputs))
        for name, arrays in lent.items():
            seen |= what_became_of(name, inputs[name], arrays)
        if state is not None:
            after = random.getstate(), np.random.get_state()
            seen[RANDOM_STATE] = "" if same_tree(_listed(state), _listed(after)) else "changed"
        if case.quiet:
            seen[WARNED] = next((str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)), "")
        return seen

    def left_the_tape(self, seen: Observation) -> bool:
        """Whether a gradient is missing because the computation did not stay among tensors."""
        return False

    def apply(self, module: ModuleType, inputs: Mapping[str, Any]) -> Any:
        """Call the student's function with the arguments of these names in the contract.

        Raises:
            UnfitError: it does not take them; the text says what it takes.
        """
        return bound(module, self.function)(**inputs)

    def _observe_error(self, module: ModuleType, expected: str, inputs: Mapping[str, Any]) -> dict[str, Value]:
        try:
            self.observe(module, **inputs)
        except (UnfitError, NotImplementedError):
            raise
        except Exception as error:
            if expected in (kind.__name__ for kind in type(error).__mro__):
                return {RAISED: expected}
            raise
        return {RAISED: "nothing"}


def _filled(place: re.Match[str], texts: Mapping[str, str]) -> str:
    """What stands in a call to copy for one input; see `Check.see`."""
    name = next((name for name in place[1].split("|") if name in texts), None)
    if place[2]:
        return "" if name is None else f", {name}={texts[name]}"
    return place[0] if name is None else texts[name]


def raised_by(function: Callable[..., Any], *arguments: Any, expected: type[Exception] = ValueError) -> str:
    """The name of the exception that a call must raise, or what it did instead. For a check's `call=`; runs in the worker."""
    try:
        function(*arguments)
    except (NotImplementedError, UnfitError):
        raise
    except Exception as error:
        return (expected if isinstance(error, expected) else type(error)).__name__
    return NO_ERROR


# Shared by the kinds of checks ------------------------------------------------------------------------------------


def what_became_of(name: str, value: Any, arrays: Mapping[str, Any]) -> dict[str, Value]:
    """An input after the call, as entries of the observation: the grader compares them with what was sent.

    An array comes back as it is. Of a dict or list there are its numbers, and its form: the way to each entry with what it
    is; an array in it that is not the one which was handed over is an entry of its own.

    Args:
        name: of the input.
        value: the input after the call.
        arrays: the arrays in it before the call, by the way to each.
    """
    if isinstance(value, np.ndarray):
        return {ARGUMENT + name: as_value(value)}
    numbers: list[float] = []
    form: list[str] = []
    seen: dict[str, Value] = {}
    try:
        for path, leaf in islice(leaves(value), MOST_LEAVES):
            if isinstance(leaf, float | int) and abs(leaf) < 2**53:
                numbers.append(leaf)
                form.append(f"{path}: {type(leaf).__name__}")
            elif leaf is not None and leaf is arrays.get(path):
                form.append(f"{path}: {AS_IT_WAS}")
            elif isinstance(leaf, np.ndarray):
                form.append(f"{path}: array")
                seen[f"{ARGUMENT}{name}{path if path.startswith('[') else f'.{path}'}"] = as_value(leaf)
            else:
                form.append(f"{path}: {str(leaf)[:200] if isinstance(leaf, str) else type(leaf).__name__}")
    except Exception:  # the call has put something strange into it
        form.append("what cannot be read")
    return {ARGUMENT + name: np.array(numbers, dtype=np.float64), ARGUMENT + name + FORM: "\n".join(form), **seen}


def rows_of(inputs: Mapping[str, Any]) -> int | None:
    """The size of the batch: the rows of the first array that has at least three (a factor 2 has other reasons)."""
    sizes = (len(value) for value in inputs.values() if isinstance(value, np.ndarray) and value.ndim)
    return next((size for size in sizes if size > 2), None)


def relation_of_scalars(names: list[str], actual: Observation, expected: Observation, rows: int | None) -> str:
    """The relation between several single numbers, such as the nine gradients of a dict, or ""."""
    pairs: list[tuple[Array, Array]] = []
    for name in names:
        a, b = actual[name], expected[name]
        if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape == ()):
            return ""
        pairs.append((a, b))
    return joint_relation(pairs, rows) if len(pairs) > 1 else ""


def _is_mutable(value: Any) -> bool:
    """Whether a call could change a value that it was handed: an array is read-only unless a case says otherwise."""
    return isinstance(value, dict | list) or (isinstance(value, tuple) and any(map(_is_mutable, value)))


def _arrays_in(value: Any) -> dict[str, Any]:
    if isinstance(value, np.ndarray):
        return {}
    return {path: leaf for path, leaf in leaves(value) if isinstance(leaf, np.ndarray)}


def _same(one: Value, other: Value) -> bool:
    """Whether two values are the same to the bit."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return type(one) is type(other) and not isinstance(one, np.ndarray) and one == other


def _names(observation: Observation) -> str:
    """The names of an observation's entries, of which the first few are told."""
    names = [f"`{name}`" for name in observation if not name.startswith(EFFECT)]
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _explain_effect(name: str, actual: Value, expected: Value) -> str:
    if _same(actual, expected):
        return ""
    return {
        RANDOM_STATE: "the answer is right, but the call changed NumPy's or Python's global random state",
        WARNED: f"the answer is right, but NumPy warns: {actual}",
    }.get(name, f"the answer is right, but {name.removeprefix(EFFECT)}: {actual}")


def _rtol_for(expected: Value, rtol: float) -> float:
    """float32 carries seven digits: no answer in it is held to more than four."""
    return max(rtol, 1e-4) if isinstance(expected, np.ndarray) and expected.dtype in (np.float32, np.float16) else rtol


def _atol_for(expected: Value, atol: float) -> float:
    return max(atol, 1e-6) if isinstance(expected, np.ndarray) and expected.dtype in (np.float32, np.float16) else atol


def _listed(state: Any) -> Any:
    """A random state without its types, so that two can be compared."""
    return [_listed(part) for part in state] if isinstance(state, tuple | list) else state
