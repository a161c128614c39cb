"""Many variants of a function asked many questions, in this process: what a worker would answer, without the worker.

Only for variants that the course itself brings along: there is no sandbox here.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType

from support import ROOT

from autograder.answer import Answer
from autograder.assignment import Assignment, load
from autograder.bench import request_for
from autograder.checks.base import Case, Check
from autograder.checks.rules import violations
from autograder.grading import draw, solutions_folder
from autograder.judging import judge, judge_case
from autograder.observation import unpack
from autograder.observing import Observer
from autograder.outcome import CheckResult, Outcome
from autograder.references import misconceptions_in
from autograder.sandbox.budget import Budget

SLOW = 60  # seconds of time limit: a check that is given as much trains models for many epochs


class Inquiry:
    """One assignment, its reference, and what the reference answers for each seed.

    Attributes:
        assignment: the loaded spec.
        source: the reference's source.
        checks: the checks that can be asked often.
    """

    def __init__(self, name: str) -> None:
        folder = ROOT / "assignments" / name
        self.assignment: Assignment = load(folder)
        self.source = (solutions_folder(folder, name) / self.assignment.files[0]).read_text(encoding="utf-8")
        self.checks = [check for check in self.assignment.checks if (check.timeout or 0) < SLOW]
        self.misconceptions = misconceptions_in(solutions_folder(folder, name))
        self.reference = self.module_of(self.source, "reference")
        self._cases: dict[tuple[str, int], dict[str, Case]] = {}
        self._told: dict[str, set[str]] = {}  # cases that told a variant before are asked first: mostly they tell the next, too
        self._expected: dict[tuple[str, int, str], Answer] = {}

    @staticmethod
    def module_of(source: str, name: str) -> ModuleType:
        """A source as a module."""
        module = ModuleType(name)
        exec(compile(source, name, "exec"), vars(module))  # noqa: S102 - the course's own code
        return module

    def about(self, function: str) -> list[Check]:
        """The checks of one function."""
        return [check for check in self.checks if check.function == function]

    def cases(self, check: Check, seed: int) -> dict[str, Case]:
        """What is asked for a seed."""
        if (check.name, seed) not in self._cases:
            self._cases[check.name, seed] = draw(self.assignment, check, seed)
        return self._cases[check.name, seed]

    def ask(self, module: ModuleType, check: Check, case: Case) -> Answer:
        """What an implementation answers to one case: the worker's half of grading."""
        observer = Observer(Budget())
        observer.assignment, observer.module = self.assignment, module
        observer.files, observer.readings = {self.assignment.files[0]: ""}, {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return observer.observe(unpack(request_for(check, case)))

    def expected(self, check: Check, seed: int, name: str) -> Answer:
        """What the reference answers to one case."""
        key = check.name, seed, name
        if key not in self._expected:
            self._expected[key] = self.ask(self.reference, check, self.cases(check, seed)[name])
        return self._expected[key]

    def is_right(self, module: ModuleType, check: Check, seed: int, name: str) -> bool:
        """Whether an implementation passes one case."""
        case = self.cases(check, seed)[name]
        answer = self.ask(module, check, case)
        return judge_case(check, name, case, answer, self.expected(check, seed, name)).outcome is Outcome.PASSED

    def paid_in_full(self, source: str, function: str, seeds: Sequence[int]) -> list[int]:
        """The seeds for which a variant of a function loses nothing: no case of its checks, and no rule."""
        module, tree = self.module_of(source, "variant"), ast.parse(source)
        if any(violations(tree, check.function, check.rules) for check in self.about(function)):
            return []
        return [seed for seed in seeds if not self._loses(module, function, seed)]

    def _loses(self, module: ModuleType, function: str, seed: int) -> bool:
        asked = [(check, name) for check in self.about(function) for name in self.cases(check, seed)]
        told = self._told.setdefault(function, set())
        asked.sort(key=lambda pair: pair[1] not in told)
        for check, name in asked:
            if not self.is_right(module, check, seed, name):
                told.add(name)
                return True
        return False

    def verdict(self, check: Check, seed: int, answers: Mapping[str, Answer]) -> CheckResult:
        """The verdict on answers, wherever they come from."""
        cases = self.cases(check, seed)
        expected = {name: self.expected(check, seed, name) for name in cases}
        return judge(check, cases, answers, expected)
