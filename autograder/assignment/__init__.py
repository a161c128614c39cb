"""Assignments: load a spec, validate it, and say in one sentence what is wrong with it."""

from __future__ import annotations

import importlib.abc
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from numbers import Real
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from autograder.checks.base import Check
from autograder.checks.contract import Contract, contract_of
from autograder.sandbox.budget import TOTAL_LEAST, TOTAL_MOST, Budget
from autograder.submission import Course
from autograder.text.errors import FaultError

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

SPEC = "checks.py"
PREDICTIONS = "predictions.py"  # beside it, where an assignment has questions to answer before results are seen
MILESTONE = "milestone.py"  # beside it, where an assignment ends with experiments on the student's own functions
MODULE = "dlkit_checks"  # what a spec's own functions and classes say they are from
DEFAULT_BUDGET = Budget()
FORM_COSTS = 0.2  # of a case's points, where its answer is right in all but its form
MOST = 1_000_000  # points, or seconds: more is a slip, and no sum of them may lose its last places
LEVELS = 3  # hints for a derivation: a question, the step, the formula
HEAVY = ("tensorflow", "keras", "torch", "jax")  # what the grader must never load


class SpecError(FaultError):
    """A spec is not what it should be: the author's to mend, never the student's."""


@dataclass(frozen=True)
class Assignment:
    """A spec: which functions to check, in which files, for how many points.

    Attributes:
        title: the assignment's title, for people.
        files: the files that a student hands in; the first contains the functions to write.
        checks: the checks, in the order of display.
        points: the total of all core checks. The points of stretch checks are bonus points and come on top.
        timeout: seconds for one case.
        budget: what a submission may use beyond its imports: memory, output, disk, files, threads.
        imports: modules that every worker loads before the student's file, so that their import does not count as the student's
            time. Leave it empty if the file needs none: a check that needs TensorFlow names it itself.
        form_costs: what a wrong form costs where the numbers are right, as a share of the points from 0 to 1. A wrong form is
            float64 for float32, or the shape (N, 1) for (N,).
        own_inputs: in a class, each student gets other inputs. Their seed is an HMAC of the student's id with the secret seed.
        stand_in_earns: what a function earns that is right once a stand-in replaces a broken one that it needs. It is a share of
            the points, from 0 to 1.
        name, source: the folder's name and the spec's text; filled in by `load`.
        contract: how each function is called, as in the reference; filled in by `load`.
    """

    title: str
    files: Sequence[str]
    checks: Sequence[Check]
    points: float = 100
    timeout: float = 10.0
    budget: Budget = DEFAULT_BUDGET
    imports: tuple[str, ...] = ()
    form_costs: float = FORM_COSTS
    stand_in_earns: float = 0.0
    own_inputs: bool = False
    name: str = ""
    source: str = field(default="", repr=False)
    folder: Path | None = None
    contract: Contract = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = list(self.checks)
        several = {name for name, count in Counter(check.function for check in named).items() if count > 1}
        for position, check in enumerate(named):
            if not check.name:
                label = f".{check.label}" if check.function in several and check.label else ""
                named[position] = replace(check, name=check.function + label)
        object.__setattr__(self, "checks", tuple(named))

    def check(self, name: str) -> Check:
        """The check of this name.

        Raises:
            KeyError: there is none.
        """
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def select(self, names: Sequence[str]) -> list[Check]:
        """The checks of these names; the name of a function stands for all its checks. All of them for no names.

        Raises:
            KeyError: a name is neither.
        """
        for name in names:
            if not any(name in (check.name, check.function) for check in self.checks):
                raise KeyError(name)
        return [check for check in self.checks if not names or check.name in names or check.function in names]

    @property
    def bonus(self) -> float:
        """The bonus points of all stretch checks."""
        return sum(check.points for check in self.checks if check.stretch)

    @property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """The hints for a derivation, by function; they stand in one of its checks."""
        return {check.function: check.levels for check in self.checks if check.levels}

    def within(self, timeout: float) -> Assignment:
        """The same assignment with another time limit for every case."""
        return replace(self, timeout=timeout, checks=[replace(check, timeout=None) for check in self.checks])

    @property
    def total(self) -> float:
        """Seconds for a whole submission: its budget's, or twice the limit of one case for each check, within bounds.

        The bounds are TOTAL_LEAST and TOTAL_MOST; but never less than twice the longest limit, so that no single case can use
        up the time of all.
        """
        limits = [check.timeout or self.timeout for check in self.checks if not check.by_hand]
        return self.budget.total or max(2 * max(limits, default=0.0), min(TOTAL_MOST, max(TOTAL_LEAST, 2 * sum(limits))))

    @property
    def limits(self) -> tuple[object, ...]:
        """Whatever limits a submission: a time-out under other limits says nothing about these."""
        return (self.budget, self.total, *((check.name, check.timeout or self.timeout) for check in self.checks))

    def needed_by(self, checks: Sequence[Check]) -> list[Check]:
        """These checks and the ones they depend on, in the spec's order."""
        wanted = {check.name for check in checks}
        for check in reversed(self.checks):
            if check.name in wanted:
                wanted |= {other.name for other in self.checks if other.function in check.depends}
        return [check for check in self.checks if check.name in wanted]


def load(folder: Path) -> Assignment:
    """Load and validate the spec of an assignment's folder.

    Raises:
        SpecError: it is missing, does not run, or is not consistent.
    """
    path = folder / SPEC
    if not path.is_file():
        raise SpecError(f"{folder} has no {SPEC}, which every assignment needs")
    source = path.read_text(encoding="utf-8")
    with without_tensors(path):
        assignment = run_spec(source, str(path))
    assignment = replace(assignment, name=folder.resolve().name, source=source, folder=folder)
    validate(assignment)
    return replace(assignment, contract=contract_of(folder, assignment.files[0]))


def run_spec(source: str, name: str) -> Assignment:
    """Execute a spec's source and give back its `assignment`.

    Raises:
        SpecError: it raises, or defines no assignment.
    """
    assignment = getattr(executed(source, name), "assignment", None)
    if not isinstance(assignment, Assignment):
        raise SpecError(f"{name} must define `assignment = Assignment(...)`. Received: {type(assignment).__name__}")
    return assignment


def executed(source: str, name: str) -> ModuleType:
    """The module that an author's file is, once it was run.

    Raises:
        SpecError: it raises.
    """
    module = ModuleType(MODULE)
    module.__file__ = name
    sys.modules[module.__name__] = module  # where a dataclass in the spec looks its annotations up
    try:
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the author's own code
    except SpecError:
        raise
    except Exception as error:
        said = error.msg if isinstance(error, SyntaxError) else error  # whose text has the line already
        raise SpecError(f"{name} does not run: {type(error).__name__}: {said}{_line(error, name)}") from None
    finally:
        del sys.modules[module.__name__]
    return module


def validate(assignment: Assignment) -> None:
    """Refuse a spec that cannot grade fairly.

    Raises:
        SpecError: no files or checks, two checks of one name, points that do not add up, a dependency that is not
            asked before.
    """
    path = f"{assignment.name}/{SPEC}"
    if not assignment.files or not assignment.checks:
        raise SpecError(f"{path}: an assignment needs at least one file and one check")
    twice = [name for name, count in Counter(check.name for check in assignment.checks).items() if count > 1]
    if twice:
        raise SpecError(f"{path}: two checks are called {twice[0]!r}; give one of them another `name`")
    numbers = {"`points` of the assignment": assignment.points, "`timeout` of the assignment": assignment.timeout}
    numbers |= {f"`timeout` of {check.name!r}": check.timeout for check in assignment.checks if check.timeout is not None}
    numbers |= {f"`points` of {check.name!r}": check.points for check in assignment.checks}
    for what, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Real) or not 0 < number <= MOST:
            received = repr(number) if not isinstance(number, int) or abs(number) <= MOST else "a larger one"
            raise SpecError(f"{path}: {what} must be positive, a number up to {MOST:,}. Received: {received}")
    for name, share in (("form_costs", assignment.form_costs), ("stand_in_earns", assignment.stand_in_earns)):
        if isinstance(share, bool) or not isinstance(share, Real) or not 0 <= share <= 1:
            raise SpecError(f"{path}: `{name}` must be a share from 0 to 1. Received: {share!r}")
    total = sum(check.points for check in assignment.checks if not check.stretch)
    if abs(total - assignment.points) > 1e-9:
        which = "core checks'" if any(check.stretch for check in assignment.checks) else "checks'"
        raise SpecError(f"{path}: the {which} points must add up to {assignment.points:g}. Received: {total:g}")
    if all(check.by_hand for check in assignment.checks):
        raise SpecError(f"{path}: an assignment needs a check that is not marked by hand")
    before: set[str] = set()
    for check in assignment.checks:
        if check.function.count(".") > 1 or not all(part.isidentifier() for part in check.function.split(".")):
            raise SpecError(f"{path}: {check.function!r} must be a function, or a method such as 'Perceptron.fit'")
        if "." not in check.function and any(getattr(check, name, None) for name in ("state", "before")):
            raise SpecError(f"{path}: `state` and `before` are for methods. Received: the function {check.function!r}")
        for needed in check.depends:
            if needed not in before:
                raise SpecError(f"{path}: {check.name!r} depends on {needed!r}, which no earlier check tests")
        before.add(check.function)
    _validate_core(assignment, path)


def _validate_core(assignment: Assignment, path: str) -> None:
    """Refuse a core that cannot be done without the rest, and hints for a derivation that are not three."""
    stretch = {check.function for check in assignment.checks if check.stretch}
    told: set[str] = set()
    for check in assignment.checks:
        if check.function in stretch and not check.stretch:
            raise SpecError(f"{path}: the checks of {check.function!r} must all be `stretch`, or none. Received: some")
        if (needed := next((name for name in check.depends if name in stretch), "")) and not check.stretch:
            raise SpecError(
                f"{path}: {check.name!r} is part of the core, but depends on {needed!r}, which is `stretch`. "
                f"Make {needed!r} part of the core, or {check.name!r} `stretch`"
            )
        if check.levels and (
            len(check.levels) != LEVELS or not all(isinstance(one, str) and one.strip() for one in check.levels)
        ):
            raise SpecError(
                f"{path}: `levels` of {check.name!r} must be {LEVELS} texts: a question, the step, the formula. "
                f"Received: {len(check.levels)}"
            )
        if check.levels and check.function in told:
            raise SpecError(f"{path}: `levels` of {check.function!r} must stand in one of its checks. Received: several")
        told |= {check.function} if check.levels else set()


@contextmanager
def without_tensors(path: Path | str) -> Iterator[None]:
    """Refuse TensorFlow and its like while a spec is loaded or draws its inputs: the grader never loads them.

    One thread at a time: modules and finders belong to the whole process.
    """
    guard = _Refuse(str(path))
    with _LOADING:
        hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in HEAVY}
        sys.meta_path.insert(0, guard)
        try:
            yield
        finally:
            sys.meta_path.remove(guard)
            sys.modules.update(hidden)


_LOADING = threading.RLock()


class _Refuse(importlib.abc.MetaPathFinder):
    def __init__(self, path: str) -> None:
        self.path = path
        self.thread = threading.get_ident()  # others may ask meanwhile whether TensorFlow is installed

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in HEAVY and threading.get_ident() == self.thread:
            raise SpecError(
                f"{self.path} imports {fullname} when it is loaded or draws its inputs; a spec computes nothing with "
                "tensors. Make inputs with NumPy, and import it inside the function that runs in the worker"
            )
        return None


def _line(error: BaseException, name: str) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    return f" (line {lines[-1]})" if lines else ""


def course_of(assignment: Assignment) -> Course:
    """What tells the files of an assignment from those that the assignments beside its folder ask for."""
    others = assignment.folder.resolve().parent.glob("*/*.py") if assignment.folder else ()
    beside = {path.name for path in others} - {SPEC, PREDICTIONS, MILESTONE, *assignment.files}
    functions = dict.fromkeys(
        check.function.partition(".")[0] for check in assignment.checks if check.function and not check.by_hand
    )
    return Course(tuple(functions), tuple(sorted(beside)))


def solutions_folder(assignment: Path, name: str) -> Path:
    """Where the reference of an assignment's folder lies: `solutions/hwN` beside `assignments/`."""
    return assignment.resolve().parent.parent / "solutions" / name
