"""Many variants of a function, asked for many seeds until something tells them from the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support import Course

from autograder.checks.base import Case, Check
from autograder.grading.bench import Bench
from autograder.grading.grade import draw
from autograder.grading.judging import judge, judge_case
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CheckResult, Outcome

SLOW = 60  # seconds of time limit: a check that is given as much trains models for many epochs
PATIENCE = 60.0  # seconds for one case: a busy machine proves nothing


class Inquiry:
    """One assignment, and what its reference answers for each seed.

    Attributes:
        course: the assignment, its reference and its misconceptions.
        checks: the checks that can be asked often.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.checks = [check for check in course.assignment.checks if (check.timeout or 0) < SLOW]
        self._cases: dict[tuple[str, int], dict[str, Case]] = {}
        self._expected: dict[tuple[str, int], dict[str, Answer]] = {}
        self._bench: Bench | None = None  # one worker for many variants
        self._telling: dict[str, str] = {}  # the case that told the last variant of a function: mostly it tells the next, too

    def about(self, function: str) -> list[Check]:
        """The checks of one function."""
        return [check for check in self.checks if check.function == function]

    def cases(self, check: Check, seed: int) -> dict[str, Case]:
        """What is asked for a seed."""
        if (check.name, seed) not in self._cases:
            self._cases[check.name, seed] = draw(self.course.assignment, check, seed)
        return self._cases[check.name, seed]

    def expected(self, check: Check, seed: int) -> Mapping[str, Answer]:
        """What the reference answers."""
        if (check.name, seed) not in self._expected:
            self._expected[check.name, seed] = dict(self.course.references.expected(check, self.cases(check, seed)))
        return self._expected[check.name, seed]

    def verdict(self, check: Check, seed: int, answers: Mapping[str, Answer], broken: Sequence[str] = ()) -> CheckResult:
        """The verdict on answers, wherever they come from."""
        return judge(check, self.cases(check, seed), answers, self.expected(check, seed), broken)

    def paid_in_full(self, source: str, function: str, seeds: Sequence[int]) -> list[int]:
        """The seeds for which a variant of a function loses nothing."""
        if self._bench is None:
            self._bench = Bench(self.course.assignment, self.course.workers, once=True)
        opened = self._bench.lay_out({self.course.file: source}, self.about(function))
        assert opened.ending is Ending.RETURNED, opened.error
        return [seed for seed in seeds if not self._loses(self._bench, opened.broken, function, seed)]

    def close(self) -> None:
        """End the worker."""
        if self._bench is not None:
            self._bench.close()

    def _loses(self, bench: Bench, broken: Mapping[str, Sequence[str]], function: str, seed: int) -> bool:
        """Ask case after case, the one that told the last variant first; rules are judged where every case is right."""
        answers: dict[str, dict[str, Answer]] = {check.name: {} for check in self.about(function)}
        asked = [(check, name) for check in self.about(function) for name in self.cases(check, seed)]
        asked.sort(key=lambda pair: pair[1] != self._telling.get(function))
        for check, name in asked:
            case = self.cases(check, seed)[name]
            answer = answers[check.name][name] = bench.ask(check, name, case, limit=PATIENCE)
            assert answer.ending not in (Ending.TIMED_OUT, Ending.UNREADY), answer.error
            if judge_case(check, name, case, answer, self.expected(check, seed)[name]).outcome is not Outcome.PASSED:
                self._telling[function] = name
                return True
        verdicts = [self.verdict(check, seed, answers[check.name], broken.get(check.name, ())) for check in self.about(function)]
        return any((verdict.score or 0) < verdict.max_score for verdict in verdicts)
