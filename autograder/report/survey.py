"""What a class has understood, and what it has not: from marks to the numbers and lists that a report shows.

Pure: nothing here reads a gradebook, draws, or knows HTML. Of each student the attempt that counts is looked at, as the
grader left it; what lateness and people made of it is in the marks, and so in their distribution, only.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from autograder.classroom.marks import Mark
from autograder.outcome import UNPROTECTED, CheckResult, Grade, NoticeKind, Outcome, total
from autograder.policy import Rules

FEWEST = 3  # of two students, every correlation is 1 or -1
UNTRIED = (
    Outcome.NOT_STARTED,
    Outcome.SKIPPED,
    Outcome.GRADER_ERROR,
    Outcome.TO_MARK,
)  # such a case says nothing about the idea behind it
T = TypeVar("T")
BANDS = tuple(range(0, 100, 10))  # percent; the last band holds full marks too


class Alike(Protocol):
    """Two submissions that are nearly the same: two students' keys and how much they share, from 0 to 1."""

    @property
    def first(self) -> str:
        """One student."""

    @property
    def second(self) -> str:
        """The other."""

    @property
    def share(self) -> float:
        """How much of the smaller one is in the other."""


class Reason(StrEnum):
    """Why somebody should look at a submission; the most urgent first. The value is the word for it."""

    NOT_GRADED = "not graded"
    GRADER_ERROR = "grader error"
    UNPROTECTED = "not isolated"
    RULE_BROKEN = "broke a rule"
    ALIKE = "near-identical"
    NOTHING_RAN = "nothing could run"
    LINE_STOPPED = "a line did not run"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    OVER_LIMIT = "over a limit"
    HANDED_IN = "form of submission"


ENDINGS = {
    Outcome.GRADER_ERROR: Reason.GRADER_ERROR,
    Outcome.RULE_BROKEN: Reason.RULE_BROKEN,
    Outcome.TIMED_OUT: Reason.TIMED_OUT,
    Outcome.OUT_OF_MEMORY: Reason.OUT_OF_MEMORY,
    Outcome.OVER_LIMIT: Reason.OVER_LIMIT,
}


@dataclass(frozen=True)
class Look:
    """A submission that somebody should look at, for one reason, in a sentence; `other` is the second of a pair."""

    student: str
    reason: Reason
    sentence: str
    other: str = ""


@dataclass(frozen=True)
class CheckSurvey:
    """How a class did in one check.

    Attributes:
        points: what it is worth, in the newest spec that has it.
        counts: how many ended in each way.
        median: the median share of its points, None if nobody could be judged.
        discrimination: the correlation of the share of its points with the share of the points of all other checks, None
            where there is none: fewer than three students, or all the same. Near 0 or below, the check does not tell
            those who understood the rest from those who did not. What was skipped is left out: it says nothing of its own.
        mean: the mean share of its points, of those for whom it was not skipped; the lower, the more difficult.
        stretch: whether its points are bonus points. Who has not started it is left out as well.
    """

    name: str
    points: float
    counts: Mapping[Outcome, int]
    median: float | None
    discrimination: float | None
    mean: float | None = None
    stretch: bool = False

    @property
    def of(self) -> int:
        """How many students have it: those who were graded under a spec without it do not."""
        return sum(self.counts.values())

    @property
    def tried(self) -> int:
        """How many have it, and it was not skipped."""
        return self.of - self.counts.get(Outcome.SKIPPED, 0) - self.stretch * self.counts.get(Outcome.NOT_STARTED, 0)

    @property
    def other(self) -> Mapping[Outcome, int]:
        """The endings that are neither passed, partly passed nor failed."""
        plain = (Outcome.PASSED, Outcome.PARTIAL, Outcome.FAILED)
        return {outcome: self.counts[outcome] for outcome in Outcome if self.counts.get(outcome) and outcome not in plain}


@dataclass(frozen=True)
class Belief:
    """A misconception, in the sentence that students read, who has it, and the checks in which it showed."""

    name: str
    sentence: str
    who: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class HardCase:
    """Cases of one check that the same students fail.

    Attributes:
        cases: their names.
        who: the students who fail them.
        of: how many tried.
        message: what most of them read.
    """

    check: str
    cases: tuple[str, ...]
    who: tuple[str, ...]
    of: int
    message: str

    @property
    def share(self) -> float:
        """The share of those who tried, who fail."""
        return len(self.who) / self.of


@dataclass(frozen=True)
class Band:
    """Students whose mark is at least `low` percent of the maximum and below `high`; the last two include their upper end."""

    low: int
    high: int | None
    count: int

    @property
    def label(self) -> str:
        """Such as "90-100 %"."""
        if self.high is None:
            return "over 100 %"
        return f"{self.low}–{self.high if self.high == BANDS[-1] + 10 else self.high - 1} %"


@dataclass(frozen=True)
class Survey:
    """A class, as a report shows it.

    Attributes:
        marks: everybody's.
        percents: the marks of those who have one, of 100.
        misconceptions: the most frequent first.
        hardest: the cases that most fail first.
        looks: the most urgent first.
        specs: how many students were graded under each set of checks, the newest set first.
        outdated: checks that the newest set does not have.
        left: who left the class, and is in no figure.
        submissions: how many were handed in: what a group handed in is one.
        dropped, extra: checks that the course's policies drop, and those that are extra credit with what each is worth.
    """

    marks: tuple[Mark, ...]
    percents: tuple[float, ...]
    bands: tuple[Band, ...]
    checks: tuple[CheckSurvey, ...]
    misconceptions: tuple[Belief, ...]
    hardest: tuple[HardCase, ...]
    looks: tuple[Look, ...]
    specs: tuple[int, ...] = ()
    outdated: tuple[str, ...] = ()
    seconds: tuple[float, ...] = ()
    slowest: str = ""
    memory: tuple[int, ...] = ()
    largest: str = ""
    beliefs_of: Mapping[str, tuple[Belief, ...]] = field(default_factory=dict)
    looks_at: Mapping[str, tuple[Look, ...]] = field(default_factory=dict)
    left: tuple[Mark, ...] = ()
    submissions: int = 0
    dropped: frozenset[str] = frozenset()
    extra: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def graded(self) -> tuple[Mark, ...]:
        """Those who have a grade."""
        return tuple(mark for mark in self.marks if grade_of(mark))

    @property
    def reported(self) -> dict[str, list[str]]:
        """What only workers can tell of right answers, a sentence each, and the checks and cases in which it counted."""
        found: dict[str, dict[str, None]] = {}
        for grade in filter(None, map(grade_of, self.marks)):
            for check in grade.checks:
                for case in check.cases:
                    if case.outcome is Outcome.PASSED and case.message:  # a right answer has no other message
                        found.setdefault(case.message, {})[f"{check.name}, {case.name}"] = None
        return {sentence: list(cases) for sentence, cases in found.items()}

    @property
    def ungraded(self) -> tuple[Mark, ...]:
        """Those who have none, each with a `why`."""
        return tuple(mark for mark in self.marks if not grade_of(mark))

    @property
    def unprotected(self) -> tuple[str, ...]:
        """Students whose code ran where nothing protected the grader's files."""
        return tuple(look.student for look in self.looks if look.reason is Reason.UNPROTECTED)


def survey(marks: Sequence[Mark], pairs: Iterable[Alike] = (), rules: Rules | None = None) -> Survey:
    """Look at a class.

    Args:
        marks: everybody's, with or without a grade.
        pairs: submissions that are nearly the same, if that was looked at.
        rules: the course's for the assignment: which checks are dropped, and which are extra credit.
    """
    rules = rules or Rules()
    left, marks = [mark for mark in marks if mark.left], [mark for mark in marks if not mark.left]
    grades = {mark.student: grade for mark in marks if (grade := grade_of(mark))}
    percents = tuple(percent for mark in marks if (percent := percent_of(mark)) is not None)
    newest = sorted(
        (mark for mark in marks if mark.student in grades), key=lambda mark: mark.row.graded if mark.row else "", reverse=True
    )
    specs = Counter(_spec(grades[mark.student]) for mark in newest)  # in the order of the newest of each
    current = {name for name, _ in next(iter(specs), ())}
    points = {name: worth for spec in reversed(specs) for name, worth in spec}
    points |= {name: worth for name, worth in rules.extra.items() if worth is not None and name in points}
    points |= dict.fromkeys(rules.drop & points.keys(), 0.0)
    names = list(dict.fromkeys(name for spec in specs for name, _ in spec))
    looks = looks_of(marks, pairs)
    beliefs = _misconceptions(grades)
    works = {work_of(mark): mark.student for mark in reversed(marks) if mark.row}
    ran = {student: grades[student] for student in works.values() if student in grades}  # a group's work runs once
    seconds = {student: grade.seconds for student, grade in ran.items()}
    memory = {student: grade.memory for student, grade in ran.items() if grade.memory}
    return Survey(
        marks=tuple(marks),
        percents=percents,
        bands=_bands(percents),
        checks=tuple(_check(name, points[name], grades.values(), rules.drop) for name in names),
        misconceptions=beliefs,
        hardest=_hardest(grades, names),
        looks=tuple(looks),
        specs=tuple(specs.values()),
        outdated=tuple(name for name in names if name not in current),
        seconds=tuple(seconds.values()),
        slowest=max(seconds, key=seconds.__getitem__, default=""),
        memory=tuple(memory.values()),
        largest=max(memory, key=memory.__getitem__, default=""),
        beliefs_of=_by_student((student, belief) for belief in beliefs for student in belief.who),
        looks_at=_by_student((student, look) for look in looks for student in (look.student, look.other) if student),
        left=tuple(left),
        submissions=len(works),
        dropped=rules.drop & points.keys(),
        extra={name: worth for name, worth in rules.extra.items() if name in points},
    )


def looks_of(marks: Sequence[Mark], pairs: Iterable[Alike] = ()) -> list[Look]:
    """What somebody should look at, the most urgent first."""
    grades = {mark.student: grade for mark in marks if (grade := grade_of(mark))}
    found = [*_unread(marks), *_looks(grades), *_alike({mark.student for mark in marks}, pairs)]
    return sorted(found, key=lambda look: list(Reason).index(look.reason))


def work_of(mark: Mark) -> tuple[str, int, str]:
    """What a mark is of: the same for everybody of a group."""
    assert mark.row is not None  # noqa: S101 - asked by who calls
    return min(mark.row.everybody), mark.row.number, mark.row.origin


def grade_of(mark: Mark) -> Grade | None:
    """The grade of the attempt that counts, if anything could be graded."""
    return mark.row.grade if mark.final and mark.row else None


def percent_of(mark: Mark) -> float | None:
    """A mark as a percentage, None where there is none, nothing can be earned, or a part of it is not known."""
    final = mark.final
    return 100 * final.mark / final.most if final and final.mark is not None and final.most > 0 else None


def share_of(check: CheckResult) -> float | None:
    """The share of a check's points, None if it could not be judged or is worth none."""
    return None if check.score is None or not check.max_score else check.score / check.max_score


def _by_student(found: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    lists: dict[str, list[T]] = defaultdict(list)
    for student, one in found:
        lists[student].append(one)
    return {student: tuple(ones) for student, ones in lists.items()}


def _spec(grade: Grade) -> tuple[tuple[str, float], ...]:
    return tuple((check.name, check.max_score) for check in grade.checks)


def _bands(percents: Sequence[float]) -> tuple[Band, ...]:
    most = BANDS[-1] + 10
    found = [Band(low, low + 10, sum(_band(percent) == low for percent in percents)) for low in BANDS]
    over = sum(_whole(percent) > most for percent in percents)
    return (*found, Band(most, None, over)) if over else tuple(found)


def _band(percent: float) -> int | None:
    """The lower end of the band that a percentage is in; None over 100."""
    return None if _whole(percent) > BANDS[-1] + 10 else min(max(int(_whole(percent)) // 10 * 10, 0), BANDS[-1])


def _whole(percent: float) -> float:
    return round(percent, 6)  # 0.7 * 100 is a little less than 70 to a computer, and to nobody else


def _check(name: str, points: float, grades: Iterable[Grade], dropped: Collection[str] = ()) -> CheckSurvey:
    counts: Counter[Outcome] = Counter()
    shares, rests = [], []
    judged, tried = [], []
    stretch = False
    for grade in grades:
        for check in grade.checks:
            if check.name != name:
                continue
            counts[check.outcome] += 1
            stretch = stretch or check.stretch
            share = share_of(check)
            if share is None or (check.stretch and _untried(check)):
                continue
            judged.append(share)
            if _untried(check):
                continue
            tried.append(share)
            rest = [
                other
                for other in grade.checks
                if other is not check and other.judged and not _untried(other) and other.name not in dropped
            ]
            most = total(other.max_score for other in rest)
            if most > 0:
                shares.append(share)
                rests.append(total(other.score or 0.0 for other in rest) / most)
    median, mean = statistics.median(judged) if judged else None, statistics.fmean(tried) if tried else None
    return CheckSurvey(name, points, counts, median, _correlation(shares, rests), mean, stretch)


def _untried(check: CheckResult) -> bool:
    """Whether points say nothing of the check: they are lost for another one, or are a bonus that nobody tried to get."""
    return check.outcome is Outcome.SKIPPED or (check.stretch and check.outcome is Outcome.NOT_STARTED)


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(first) < FEWEST:
        return None
    try:
        return statistics.correlation(first, second)
    except statistics.StatisticsError:  # all the same
        return None


def _misconceptions(grades: Mapping[str, Grade]) -> tuple[Belief, ...]:
    who: dict[str, dict[str, None]] = defaultdict(dict)  # a set that keeps the order
    checks: dict[str, Counter[str]] = defaultdict(Counter)
    sentences: dict[str, Counter[str]] = defaultdict(Counter)
    for student, grade in grades.items():
        for check in grade.checks:
            if check.misconception:
                who[check.misconception][student] = None
                checks[check.misconception][check.name] += 1
                sentences[check.misconception][check.explanation or check.message] += 1
    found = [
        Belief(
            name, sentences[name].most_common(1)[0][0], tuple(students), tuple(check for check, _ in checks[name].most_common())
        )
        for name, students in who.items()
    ]
    return tuple(sorted(found, key=lambda belief: (-len(belief.who), belief.name)))


def _hardest(grades: Mapping[str, Grade], names: Sequence[str]) -> tuple[HardCase, ...]:
    """Every case that somebody fails; those that the same students fail are one, or a list would say one thing ten times."""
    fails: dict[tuple[str, str], list[str]] = defaultdict(list)
    tried: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for student, grade in grades.items():
        if _nothing_ran(grade):  # a file that does not parse says nothing about any case
            continue
        for check in grade.checks:
            for case in check.cases:
                key = check.name, case.name
                if case.outcome in UNTRIED:
                    continue
                tried[key] += 1
                if case.outcome is not Outcome.PASSED:
                    fails[key].append(student)
                    messages[key][case.message or case.outcome.words] += 1
    together: dict[tuple[str, tuple[str, ...], int], list[str]] = defaultdict(list)
    for (check_name, case_name), students in fails.items():
        together[check_name, tuple(students), tried[check_name, case_name]].append(case_name)
    found = []
    for (check_name, who, of), cases in together.items():
        said: Counter[str] = sum((messages[check_name, case] for case in cases), Counter())
        found.append(HardCase(check_name, tuple(cases), who, of, said.most_common(1)[0][0]))
    return tuple(sorted(found, key=lambda case: (-case.share, -len(case.who), names.index(case.check))))


def _unread(marks: Iterable[Mark]) -> Iterable[Look]:
    """What was handed in and could not be graded: another assignment's file, or one of two works."""
    for mark in marks:
        if mark.final is None and mark.row and mark.row.unreadable:
            yield Look(mark.student, Reason.NOT_GRADED, mark.row.unreadable)


def _looks(grades: Mapping[str, Grade]) -> Iterable[Look]:
    for student, grade in grades.items():
        if UNPROTECTED in grade.isolation:
            yield Look(student, Reason.UNPROTECTED, "ran where nothing protected the grader's files")
        for notice in grade.notices:
            yield Look(student, Reason.LINE_STOPPED if notice.kind is NoticeKind.STOPPED else Reason.HANDED_IN, notice.text)
        whole = _alone(grade)
        if _nothing_ran(grade):
            yield Look(student, Reason.NOTHING_RAN, whole)
        for outcome, reason in ENDINGS.items():
            ended = [check for check in grade.checks if check.outcome is outcome]
            if ended and whole:
                yield Look(student, reason, f"every check: {ended[0].message}")
            elif ended:
                yield Look(student, reason, "; ".join(f"{check.name}: {check.message or outcome.words}" for check in ended))


def _alone(grade: Grade) -> str:
    """The one message of all checks, "" where they have several or none."""
    judged = [check for check in grade.checks if check.outcome is not Outcome.TO_MARK]
    messages = {check.message for check in judged}
    return messages.pop() if len(messages) == 1 and len(judged) > 1 else ""


def _nothing_ran(grade: Grade) -> bool:
    return bool(_alone(grade)) and grade.checks[0].outcome is Outcome.CRASHED


def _alike(known: Collection[str], pairs: Iterable[Alike]) -> Iterable[Look]:
    for pair in sorted(pairs, key=lambda pair: -pair.share):
        if pair.first in known and pair.second in known:
            yield Look(pair.first, Reason.ALIKE, f"{100 * pair.share:.0f} % of the smaller one is also in the other", pair.second)
