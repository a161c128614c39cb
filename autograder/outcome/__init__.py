"""What can happen to a check: a closed set of outcomes, and results as frozen values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NOT_HERE = "which is not installed here"  # said of what a check needs, where it could not be judged for want of it
UNPROTECTED = "files not protected"  # the stamp on whatever was graded so
CENT = 0.0051  # points are written to two places: a difference that is no more is none


def total(points: Iterable[float]) -> float:
    """A sum of points to four places: three thirds are a whole."""
    return round(math.fsum(points), 4)


WORDS = {"partial": "partly passed", "rule_broken": "broke a rule", "over_limit": "over a limit", "to_mark": "to be marked"}


class Outcome(StrEnum):
    """How a check, or one case of it, ended. Exactly one applies; the value is the word used in JSON."""

    PASSED = "passed"
    PARTIAL = "partial"  # of a check: some cases passed, some did not; of a case: right in all but its form
    FAILED = "failed"  # it ran, but the answer is wrong
    NOT_STARTED = "not_started"  # the stub still raises NotImplementedError
    SKIPPED = "skipped"  # a check that it depends on must work first
    CRASHED = "crashed"  # the student's code raised, or ended its process
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    OVER_LIMIT = "over_limit"  # of what it may print, answer, write, open or start
    RULE_BROKEN = "rule_broken"  # the source uses what the handout forbids
    GRADER_ERROR = "grader_error"  # ours: costs no points, exit status 3
    TO_MARK = "to_mark"  # a person marks it, and has not yet: its points are not known

    @property
    def words(self) -> str:
        """The outcome as a student reads it: "not started" for `not_started`."""
        return WORDS.get(self.value, self.value.replace("_", " "))


class NoticeKind(StrEnum):
    """What a notice about a submission is about."""

    TAKEN_IN = "taken in"  # which of the files were graded, and which were not looked at
    STOPPED = "stopped"  # a line at the top of a file that did not run
    RAN = "ran"  # what else happened while the file was loaded
    RULE = "rule"  # what is forbidden, stands in the source and was never called
    TIME = "time"  # the time for the whole submission was used up


@dataclass(frozen=True)
class Notice:
    """Something to know about a submission as a whole; its text is a sentence without its full stop."""

    kind: NoticeKind
    text: str

    @property
    def sentence(self) -> str:
        """The text, and what follows from it."""
        return f"{self.text}; code that depends on this line cannot work" if self.kind is NoticeKind.STOPPED else self.text


@dataclass(frozen=True)
class CaseResult:
    """The verdict on one case: its outcome and, unless it passed, one sentence about the difference.

    `printed` is what the student's code wrote while the case ran; `see` is a call to copy.
    """

    name: str
    outcome: Outcome
    message: str = ""
    printed: str = ""
    see: str = ""


@dataclass(frozen=True)
class CheckResult:
    """The verdict on one check. `score` is None when it is not known, which is not zero: a grader error, or to be marked."""

    name: str
    function: str
    outcome: Outcome
    score: float | None
    max_score: float
    message: str = ""
    hint: str = ""
    misconception: str | None = None
    explanation: str = ""  # the misconception's sentence
    seconds: float = 0.0
    cases: tuple[CaseResult, ...] = ()
    stretch: bool = False  # its points are bonus points

    def __post_init__(self) -> None:
        # Points are written down to two places, but a third of the points is not 0.33: full is full.
        if self.outcome is Outcome.PASSED and self.score is not None and abs(self.score - self.max_score) <= CENT:
            object.__setattr__(self, "score", self.max_score)

    @property
    def judged(self) -> bool:
        """Whether the points of this check are known."""
        return self.score is not None

    @property
    def first_wrong(self) -> CaseResult | None:
        """The case that the message is about, which a student should look at first."""
        wrong = [case for case in self.cases if case.outcome is not Outcome.PASSED]
        return next((case for case in wrong if f'case "{case.name}": ' in self.message), next(iter(wrong), None))


@dataclass(frozen=True)
class Grade:
    """The verdict on one submission.

    Attributes:
        notices: what there is to know about the submission as a whole.
        isolation: the layers that were in force around the student's code, as the worker reported them.
        memory: bytes that its worker used at most, beyond what it shares; 0 where nobody watched or no worker ran.
    """

    assignment: str
    title: str
    student: str
    seed: int | None
    checks: tuple[CheckResult, ...]
    isolation: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    notices: tuple[Notice, ...] = ()
    memory: int = 0

    @property
    def core(self) -> tuple[CheckResult, ...]:
        """The checks that everybody is to pass."""
        return tuple(check for check in self.checks if not check.stretch)

    @property
    def stretch(self) -> tuple[CheckResult, ...]:
        """The checks whose points are bonus points."""
        return tuple(check for check in self.checks if check.stretch)

    @property
    def score(self) -> float:
        """Points earned, in the core checks that could be judged."""
        return total(check.score for check in self.core if check.score is not None)

    @property
    def bonus(self) -> float:
        """Bonus points earned, in the stretch checks that could be judged."""
        return total(check.score for check in self.stretch if check.score is not None)

    @property
    def max_score(self) -> float:
        """Points of the core checks that could be judged: our faults cost no points."""
        return total(check.max_score for check in self.core if check.judged)

    @property
    def capped(self) -> float:
        """What counts where there is no other policy: bonus points make up for lost points, up to the maximum."""
        return total([self.score, min(self.bonus, max(0.0, self.max_score - self.score))])

    @property
    def brief(self) -> str:
        """The points in few words: "62 of 100", "62 of 100, 4 bonus"."""
        return f"{self.score:g} of {self.max_score:g}{f', {self.bonus:g} bonus' if self.bonus else ''}"

    @property
    def points(self) -> str:
        """The points in words: "62 of 100 points, 4 bonus"."""
        if self.stretch and not self.core:
            return f"{self.bonus:g} of {total(check.max_score for check in self.stretch if check.judged):g} bonus points"
        return f"{self.score:g} of {self.max_score:g} points{f', {self.bonus:g} bonus' if self.bonus else ''}"

    @property
    def passed(self) -> str:
        """How many of the checks passed that the grader judges, in words; the stretch checks apart."""
        core, stretch = ([check for check in several if check not in self.to_mark] for several in (self.core, self.stretch))
        done = [f"{sum(check.outcome is Outcome.PASSED for check in several)} of {len(several)}" for several in (core, stretch)]
        if self.stretch and not self.core:
            return f"{done[1]} bonus checks passed"
        return f"{done[0]} checks passed" + (f", {done[1]} bonus" if stretch else "")

    @property
    def faults(self) -> tuple[CheckResult, ...]:
        """The checks that the grader itself could not judge."""
        return tuple(check for check in self.checks if check.outcome is Outcome.GRADER_ERROR)

    @property
    def to_mark(self) -> tuple[CheckResult, ...]:
        """The checks that a person marks."""
        return tuple(check for check in self.checks if check.outcome is Outcome.TO_MARK)

    @property
    def perfect(self) -> bool:
        """Whether every core check passed that the grader judges; of stretch checks, where there is nothing else."""
        return _passed(self.core or self.checks)

    @property
    def flawless(self) -> bool:
        """Whether every check passed that the grader judges, the stretch checks too."""
        return _passed(self.checks)


def worth(checks: Iterable[CheckResult]) -> str:
    """What some checks are worth, in words: "12 points", "5 bonus points", "12 points and 5 bonus points"."""
    checks = tuple(checks)
    core, bonus = (total(check.max_score for check in checks if check.stretch is kind) for kind in (False, True))
    parts = [f"{core:g} points"] if core or not bonus else []
    return " and ".join([*parts, *([f"{bonus:g} bonus points"] if bonus else [])])


def _passed(checks: Iterable[CheckResult]) -> bool:
    return all(check.outcome in (Outcome.PASSED, Outcome.TO_MARK) for check in checks)
